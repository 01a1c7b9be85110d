"""People whom the archive knows, found by their full names in a text that nothing else found people in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.chats import CollectionId
from domain.extraction import Extraction, KeyClaim, Mention, NamedPerson, Reading, Span
from storage import persons
from storage.connection import Reader

LONGEST_NAME = 4
# Names further down an article are seldom new; this bounds the time that a book takes.
MOST_WORDS = 1_000
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class _Found:
    person: int
    mention: Mention


async def with_known_people(db: Reader, collection: CollectionId, text: str, extraction: Extraction) -> Extraction:
    """Return the extraction with the collection's people whom the text names in full, if it could not be read in full.

    Where a name is known, its last word alone is the same person's.
    """
    if extraction.reading is Reading.FULL:
        return extraction
    runs = list(_runs(text))
    known = await persons.bearers_of_all(db, collection, {_text(text, run) for run in runs})
    taken = {
        at for person in extraction.people for one in person.mentions for at in range(one.span.start, one.span.end)
    }
    found = list(_without_overlap(_named(text, runs, known), taken))
    people = (*extraction.people, *_people(found, text, taken))
    return replace(extraction, people=people, claims=tuple(_about(claim, people) for claim in extraction.claims))


def _runs(text: str) -> Iterator[tuple[Span, ...]]:
    """Yield runs of two to four words with single spaces between them, written as names are."""
    words = [Span(*match.span()) for _, match in zip(range(MOST_WORDS), _WORD.finditer(text), strict=False)]
    for start in range(len(words)):
        for count in range(2, LONGEST_NAME + 1):
            run = tuple(words[start : start + count])
            if len(run) < count or not all(_touch(text, one, other) for one, other in pairwise(run)):
                break
            if _capital(text, run[0]) and _capital(text, run[-1]):
                yield run


def _touch(text: str, one: Span, other: Span) -> bool:
    return text[one.end : other.start] in (" ", "\u00a0")


def _capital(text: str, word: Span) -> bool:
    """Say whether a word has a capital; letters of a script without them count as such."""
    return not text[word.start].islower()


def _text(text: str, run: Sequence[Span]) -> str:
    return text[run[0].start : run[-1].end].rstrip(".")


def _named(text: str, runs: Sequence[Sequence[Span]], known: Mapping[str, int]) -> Iterator[_Found]:
    """Yield the known names, the longest first."""
    for run in sorted(runs, key=len, reverse=True):
        name = _text(text, run)
        if name in known:
            yield _Found(known[name], Mention(name, Span(run[0].start, run[0].start + len(name))))


def _without_overlap(found: Iterator[_Found], taken: set[int]) -> Iterator[_Found]:
    for one in found:
        places = set(range(one.mention.span.start, one.mention.span.end))
        if not places & taken:
            taken |= places
            yield one


def _people(found: Sequence[_Found], text: str, taken: set[int]) -> list[NamedPerson]:
    mentions: dict[int, list[Mention]] = {}
    for one in found:
        mentions.setdefault(one.person, []).append(one.mention)
    for named in mentions.values():
        named += _surnames(text, named[0].text.split()[-1], taken)
        named.sort(key=lambda mention: mention.span)
    people = [NamedPerson(max((m.text for m in named), key=len), (), (), tuple(named)) for named in mentions.values()]
    return sorted(people, key=lambda person: person.mentions[0].span)


def _surnames(text: str, surname: str, taken: set[int]) -> list[Mention]:
    places = (Span(*match.span()) for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", text))
    return [Mention(surname, place) for place in places if place.start not in taken]


def _about(claim: KeyClaim, people: Sequence[NamedPerson]) -> KeyClaim:
    named = tuple(
        number
        for number, person in enumerate(people)
        if any(
            span.start <= one.span.start and one.span.end <= span.end for one in person.mentions for span in claim.spans
        )
    )
    return replace(claim, people=named)
