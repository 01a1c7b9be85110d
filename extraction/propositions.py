"""What an article states: its sentences, and the contents of its attributions, as propositions that could stand alone.

A proposition is a run or several runs of the article's own tokens. What wraps it in the text is cut off, and a "he"
or "she" at its head gives way to the name that the article has for that person.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from extraction.attributions import pieces
from extraction.layout import ParagraphKind

_FEWEST_WORDS = 5
_MOST_WORDS = 60
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_MARKS = frozenset("\"“”„«»‘’'`") | {"''", "``"}
# The least share of a sentence that an attribution's content makes up where the sentence is that attribution.
_WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class Proposition:
    """``pieces`` in reading order, ``place`` the first token that it has in the text.

    ``leans`` says that it begins with a word that points to something before it.
    """

    pieces: tuple[DocSpan, ...]
    place: int
    attribution: int | None
    leans: bool


@cache
def _phrases() -> Mapping[str, frozenset[tuple[str, ...]]]:
    table = tomllib.loads((files("extraction") / "data" / "claims.toml").read_text(encoding="utf-8"))
    return {name: frozenset(tuple(phrase.split()) for phrase in phrases) for name, phrases in table.items()}


def propositions(doc: Doc) -> list[Proposition]:
    """Return the statements of the article's body in the order of the text."""
    by_sentence = _attributions_by_sentence(doc)
    names = _names_by_token(doc)
    found = []
    for sentence in _sentences(doc):
        tokens, attribution = _kernel(doc, sentence, by_sentence.get(sentence.start, ()))
        tokens = _unwrapped(doc, tokens)
        if _tells(doc, tokens, attribution):
            found.append(_proposition(doc, tokens, attribution, names))
    return found


def _sentences(doc: Doc) -> Iterator[DocSpan]:
    """Yield the sentences of the body that assert something."""
    for sentence in doc.sents:
        kind = doc._.paragraphs[doc._.paragraph_of[sentence.start]].kind
        if kind is ParagraphKind.BODY and not sentence.text.rstrip("\"”’') \n").endswith("?"):
            yield sentence


def _attributions_by_sentence(doc: Doc) -> dict[int, list[int]]:
    """Return, by a sentence's first token, the attributions whose content it shares."""
    first = {token.i: sentence.start for sentence in doc.sents for token in sentence}
    found: dict[int, list[int]] = {}
    for index, attribution in enumerate(doc._.attributions):
        starts = {first[i] for piece in attribution.content for i in range(piece.start, piece.end)}
        for start in starts:
            found.setdefault(start, []).append(index)
    return found


def _kernel(doc: Doc, sentence: DocSpan, attributions: Sequence[int]) -> tuple[list[int], int | None]:
    """Return what a sentence says: the content of the attribution that it is, or all of its tokens."""
    best, most = None, _WHOLE
    for index in attributions:
        found = doc._.attributions[index]
        frame = _count(found.source, sentence) + _count(found.cue, sentence)
        share = _count(found.content, sentence) / max(len(sentence) - frame, 1)
        if share > most:
            best, most = index, share
    if best is None:
        return list(range(sentence.start, sentence.end)), None
    content = {i for piece in doc._.attributions[best].content for i in range(piece.start, piece.end)}
    return [token.i for token in sentence if token.i in content], best


def _count(runs: Sequence[DocSpan], sentence: DocSpan) -> int:
    return sum(max(0, min(run.end, sentence.end) - max(run.start, sentence.start)) for run in runs)


def _unwrapped(doc: Doc, tokens: list[int]) -> list[int]:
    """Cut connectives, "that" and lone marks off the front, and lone marks off the back."""
    tokens = [i for i in tokens if not doc[i].is_space]
    before = -1
    while tokens and before != len(tokens):
        before = len(tokens)
        tokens = tokens[_wrapper(doc, tokens) :]
        while tokens and (doc[tokens[0]].text in {",", ";", ":", ".", "-", "–", "—", "•", ")", "*"}):
            tokens = tokens[1:]
    tokens = [i for at, i in enumerate(tokens) if doc[i].text != "," or at == 0 or doc[tokens[at - 1]].text != ","]
    return _balanced(doc, tokens)


def _wrapper(doc: Doc, tokens: Sequence[int]) -> int:
    """Return how many tokens at the front are a connective phrase, with the comma or "that" behind it."""
    lowered = [doc[i].lower_ for i in tokens[:8]]
    if lowered[:1] == ["that"] and doc[tokens[0]].dep_ == "mark":
        return 1
    for count in range(min(6, len(lowered) - 1), 0, -1):
        if tuple(lowered[:count]) in _phrases()["wrappers"]:
            behind = lowered[count]
            if behind in {",", "that", ":"} or (count == 1 and doc[tokens[0]].dep_ == "cc"):
                return count + (behind in {",", "that", ":"})
    return 0


def _balanced(doc: Doc, tokens: list[int]) -> list[int]:
    """Cut a mark of quotation that opens or closes nothing within the tokens."""
    while tokens and doc[tokens[-1]].text in {",", ";", ":", "-", "–", "—"}:
        tokens = tokens[:-1]
    marks = [i for i in tokens if doc[i].text in _MARKS and len(doc[i].text.strip()) <= 2]
    quoting = [i for i in marks if doc[i].text not in {"'", "’"}] or marks
    if len(quoting) % 2:
        tokens = [i for i in tokens if i not in {quoting[0], quoting[-1]} or i not in {tokens[0], tokens[-1]}]
    return tokens


def _tells(doc: Doc, tokens: Sequence[int], attribution: int | None) -> bool:
    """Say whether the tokens tell something by themselves: no fragment, nothing of the page about itself."""
    count = sum(doc[i].is_alpha or doc[i].like_num for i in tokens)
    if not _FEWEST_WORDS <= count <= _MOST_WORDS:
        return False
    if attribution is not None:
        return _is_content(doc, tokens)
    return _is_clause(doc, tokens) and not _own_talk(doc, tokens)


def _is_content(doc: Doc, tokens: Sequence[int]) -> bool:
    """What is said is a clause, an infinitive or a thing; "among those who left" is none of them."""
    inside = set(tokens)
    heads = [doc[i] for i in tokens if doc[i].head.i not in inside or doc[i].head.i == i]
    return any(head.pos_ in {"VERB", "AUX"} or head.dep_ in {"dobj", "pobj", "attr", "nsubjpass"} for head in heads)


def _is_clause(doc: Doc, tokens: Sequence[int]) -> bool:
    """A finite verb with its subject stands among the tokens, at the root of the sentence."""
    root = doc[tokens[0]].sent.root
    verbs = {root.i} | {token.i for token in root.children if token.dep_ in {"conj", "ccomp"}}
    return any(token.dep_ in _SUBJECTS and token.head.i in verbs for token in (doc[i] for i in tokens))


def _own_talk(doc: Doc, tokens: Sequence[int]) -> bool:
    quoted = any(doc[i].text in _MARKS for i in tokens)
    return not quoted and any((doc[i].lower_,) in _phrases()["own_talk"] for i in tokens)


def _names_by_token(doc: Doc) -> dict[int, DocSpan]:
    """Return, by token, the person's name that it is the head of, as its bearer's fullest mention."""
    found = {}
    for person in doc._.people:
        fullest = max(person.mentions, key=len)
        for mention in person.mentions:
            found[mention.root.i] = fullest
    return found


def _proposition(doc: Doc, tokens: list[int], attribution: int | None, names: Mapping[int, DocSpan]) -> Proposition:
    place, runs = tokens[0], pieces(doc, tokens)
    head = doc[place]
    if (name := _antecedent(doc, head, names)) is not None:
        return Proposition((name, *pieces(doc, tokens[1:])), place, attribution, leans=False)
    leans = (head.lower_,) in _phrases()["leaning"] and head.dep_ != "expl"
    return Proposition(runs, place, attribution, leans)


def _antecedent(doc: Doc, head: Token, names: Mapping[int, DocSpan]) -> DocSpan | None:
    """Return the name for a "he" or "she" at the head: the one person who is a subject in the sentence before."""
    if head.lower_ not in {"he", "she"} or head.dep_ not in _SUBJECTS or head.sent.start == 0:
        return None
    before = doc[head.sent.start - 1].sent
    if doc._.paragraph_of[head.i] - doc._.paragraph_of[before.start] > 1:
        return None
    subjects = {names[token.i] for token in before if token.i in names and token.dep_ in _SUBJECTS}
    return next(iter(subjects)) if len(subjects) == 1 else None
