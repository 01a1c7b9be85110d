"""Names of people in Russian text, by natasha, with the form that they have in the nominative.

natasha and pymorphy3 come with the extra ``ru``; this module is imported only where they are installed.
"""

from collections.abc import Callable, Sequence
from functools import cache

from natasha import Doc, NewsEmbedding, NewsMorphTagger, NewsNERTagger, Segmenter  # type: ignore[import-untyped]
from natasha.doc import DocToken  # type: ignore[import-untyped]  # it ships no types
from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]  # it ships no types
from pymorphy3.analyzer import Parse  # type: ignore[import-untyped]

from domain.extraction import Span
from extraction.named_spans import NamedSpan

# What pymorphy calls the parts of names, and the names of Universal Dependencies for it.
_PARTS = ("Name", "Surn", "Patr")
_GENDERS = {"Masc": "masc", "Fem": "femn"}
_CASES = {"Nom": "nomn", "Gen": "gent", "Dat": "datv", "Acc": "accs", "Ins": "ablt", "Loc": "loct"}


@cache
def load() -> Callable[[str], list[NamedSpan]]:
    """Return what finds the names in a paragraph; the models stay in this process."""
    segmenter, embedding, words = Segmenter(), NewsEmbedding(), MorphAnalyzer()
    names, forms = NewsNERTagger(embedding), NewsMorphTagger(embedding)

    def find(text: str) -> list[NamedSpan]:
        doc = Doc(text)
        doc.segment(segmenter)
        doc.tag_ner(names)
        doc.tag_morph(forms)
        people = (span for span in doc.spans if span.type == "PER")
        return [NamedSpan(one.text, Span(one.start, one.stop), _nominative(words, one.tokens)) for one in people]

    return find


def _nominative(words: MorphAnalyzer, tokens: Sequence[DocToken]) -> str:
    """Return the dictionary form of a name; its words agree in gender with the given name, if it has one."""
    analysed = [words.parse(token.text) for token in tokens]
    gender = next((found for token, parses in zip(tokens, analysed, strict=True) if (found := _sure(parses))), None)
    if gender is None:
        gender = next((_GENDERS[g] for token in tokens if (g := (token.feats or {}).get("Gender")) in _GENDERS), None)
    pairs = zip(tokens, analysed, strict=True)
    return " ".join(_form(token, parses, gender) for token, parses in pairs).replace(" - ", "-").replace(" .", ".")


def _sure(parses: Sequence[Parse]) -> str | None:
    """Return the gender that a given name or a patronymic tells."""
    told = {parse.tag.gender for parse in parses if {"Name", "Patr"} & set(map(str, parse.tag.grammemes))}
    return told.pop() if len(told) == 1 else None


def _form(token: DocToken, parses: Sequence[Parse], gender: str | None) -> str:
    case = _CASES.get((token.feats or {}).get("Case", ""))
    fitting = [
        parse
        for parse in parses
        if any(part in parse.tag for part in _PARTS) and (gender is None or parse.tag.gender in (gender, None))
    ]
    best = next((parse for parse in fitting if parse.tag.case == case), fitting[0] if fitting else None)
    inflected = best.inflect({"nomn", "sing"}) if best is not None else None
    return _cased_like(inflected.word, token.text) if inflected is not None else token.text


def _cased_like(word: str, text: str) -> str:
    return word.title() if text[:1].isupper() else word
