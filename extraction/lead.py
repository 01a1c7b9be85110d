"""The first sentences of an article in a language that is read only roughly, as its claims."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from domain.extraction import Factuality, KeyClaim, NamedPerson, Span
from extraction.languages import read_data
from extraction.layout import Paragraph, ParagraphKind

_MOST = 3
_FEWEST_LETTERS = 25
_FEWEST_SYLLABLES = 8
_LONGEST = 400
# A sentence ends in a full stop, with the marks that close it, before a space; the point of a short word, an initial
# or a number may be an abbreviation's. Chinese, Japanese and Indian stops need no space.
_END = re.compile(
    r"(?<=\w{3})[.]+[\"”»’)\]]*(?=\s+[^\sa-zа-яёіїєґў–—-])|[!?…؟]+[\"”»’)\]]*(?=\s)|[。！？｡।॥።]+[」』”’）]*"
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def lead_claims(page: Sequence[Paragraph], people: Sequence[NamedPerson] = ()) -> tuple[KeyClaim, ...]:
    """Return the first sentences of the body that are long enough to tell something, as the article's claims."""
    found = []
    for line in page:
        if line.kind is ParagraphKind.BODY:
            found += [_claim(line, span, rank=0, people=people) for span in sentences(line.text) if _tells(line, span)]
        if len(found) >= _MOST:
            break
    chosen = enumerate(found[:_MOST], start=1)
    return tuple(KeyClaim(one.text, one.spans, None, one.people, one.factuality, rank) for rank, one in chosen)


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a paragraph, blanks around them left out."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        if piece.strip():
            yield Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
        start = end


def _tells(line: Paragraph, span: Span) -> bool:
    text = line.text[span.start : span.end]
    letters = sum(character.isalpha() for character in text)
    if text.lower().startswith(_pointing_back()):
        return False
    few = _FEWEST_SYLLABLES if _UNSPACED.search(text) else _FEWEST_LETTERS
    return letters >= few and not text.endswith(("?", "？", "؟", ":"))


@cache
def _pointing_back() -> tuple[str, ...]:
    return tuple(read_data("lead.toml")["pointing_back"])


def _claim(line: Paragraph, span: Span, rank: int, people: Sequence[NamedPerson]) -> KeyClaim:
    text = line.text[span.start : span.end]
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0].rstrip()
    place = Span(line.span.start + span.start, line.span.start + span.start + len(text))
    named = tuple(
        number
        for number, person in enumerate(people)
        if any(place.start <= one.span.start and one.span.end <= place.end for one in person.mentions)
    )
    return KeyClaim(" ".join(text.split()), (place,), None, named, Factuality.CERTAIN, rank)
