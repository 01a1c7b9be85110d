"""Sources set apart by layout: "Rud: Sale was a mistake", "RUD: I deny it.", '"A mistake." — Rud'."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from domain.extraction import AttributionKind
from extraction.candidates import Candidate, propose
from extraction.languages import language_read, read_data
from extraction.lexicon import Construction, cue_lexicon, lemma_of
from extraction.quotations import QuotationIndex, paragraph_ranges
from extraction.trees import VERBAL

LONGEST_LABEL = 8  # tokens that name a source before a colon or after a dash
DASHES = frozenset({"—", "–", "―", "--", "-", "~"})


def _labels() -> frozenset[str]:
    return _labels_of(language_read())


@cache
def _labels_of(language: str) -> frozenset[str]:
    return frozenset(read_data("labels.toml", language)["labels"]["words"].split())


def spoken_lines(doc: Doc, index: QuotationIndex) -> Iterator[Candidate]:
    """Yield the headline's colon, a transcript's speakers, and a quotation signed after a dash."""
    ranges = paragraph_ranges(doc)
    colons = [_label_end(doc, start, end) for start, end in ranges]
    spoken = Counter(_label(doc, start, colon) for (start, _), colon in zip(ranges, colons, strict=True))
    for number, ((start, end), colon) in enumerate(zip(ranges, colons, strict=True)):
        if colon is not None and colon + 1 < end:
            label = _label(doc, start, colon)
            speaks = label.isupper() or spoken[label] > 1 or index.starting_at(colon + 1) is not None
            named = (number == 0 or speaks) and _names_source(doc, start, colon)
            if named and _says_something(doc, colon + 1, end):
                yield _candidate(colon, range(start, colon), range(colon + 1, end))
        yield from _signed(doc, start, end, index)
    if ranges:
        yield from _reported_headline(doc, *ranges[0])


def _reported_headline(doc: Doc, start: int, end: int) -> Iterator[Candidate]:
    """Yield a headline that ends in its source, which a parser takes for a list: "Ferry Sank, Coast Guard Says"."""
    comma = max((i for i in range(start, end) if doc[i].text == ","), default=end)
    words = [i for i in range(comma + 1, end) if doc[i].is_alpha]
    if not 2 <= len(words) <= LONGEST_LABEL:
        return
    for verb in (words[0], words[-1]):
        word = cue_lexicon().verbs.get(lemma_of(doc[verb]))
        names = set(words) - {verb}
        if word is None or Construction.QUOTE not in word.kinds or doc[verb].pos_ not in VERBAL:
            continue
        if not any(doc[i].pos_ in VERBAL for i in names):
            yield propose(
                verb,
                cue={verb},
                source=names,
                content=set(range(start, comma)),
                kind=AttributionKind.SPEECH,
                construction=Construction.HEADLINE,
            )
            return


def _label_end(doc: Doc, start: int, end: int) -> int | None:
    return next((i for i in range(start + 1, min(end, start + LONGEST_LABEL + 1)) if doc[i].text == ":"), None)


def _label(doc: Doc, start: int, colon: int | None) -> str:
    return doc[start:colon].text if colon is not None else ""


def _names_source(doc: Doc, start: int, end: int) -> bool:
    words = [doc[i] for i in range(start, end) if doc[i].is_alpha]
    return (
        bool(words)
        and (words[-1].pos_ in ("NOUN", "PROPN") or words[-1].is_title)
        and not any(word.pos_ in VERBAL or word.lower_ in _labels() for word in words)
    )


def _says_something(doc: Doc, start: int, end: int) -> bool:
    return any(doc[i].pos_ in VERBAL or doc[i].is_quote for i in range(start, end))


def _signed(doc: Doc, start: int, end: int, index: QuotationIndex) -> Iterator[Candidate]:
    """Yield a quotation with the name after its dash, in the same line or the next."""
    for dash in range(max(start, end - LONGEST_LABEL - 1), end - 1):
        quotation = index.at(dash - 1) if doc[dash].text in DASHES and dash > 0 else None
        if quotation is None or index.quotations[quotation].end != dash:
            continue
        words = [doc[i] for i in range(dash + 1, end) if doc[i].is_alpha]
        if words and words[0].pos_ == "PROPN" and not any(word.pos_ in VERBAL for word in words):
            said = index.quotations[quotation]
            yield _candidate(dash, range(dash + 1, end), range(said.start, said.end))
            return


def _candidate(mark: int, source: range, content: range) -> Candidate:
    return propose(
        mark,
        cue={mark},
        source=set(source),
        content=set(content),
        kind=AttributionKind.SPEECH,
        construction=Construction.HEADLINE,
    )
