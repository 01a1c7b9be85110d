"""Where a content begins and ends: whole quotations, no loose ends."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from spacy.tokens import Doc

from domain.extraction import AttributionKind
from extraction.candidates import Candidate
from extraction.findings import findings
from extraction.lexicon import Construction
from extraction.quotations import QuotationIndex
from extraction.quoted_speech import MARKS

ASIDES = frozenset({"relcl", "appos"})
SET_OFF = frozenset({",", "--", "-", "—", "–"})
KEPT = frozenset("$%()[]?!")  # punctuation that belongs to the words it touches
ENDS = frozenset(".!?")
REACH = 60  # tokens from a reporting clause to the end of its sentence

WHOLE_QUOTATIONS = frozenset({Construction.CLAUSE, Construction.QUOTE, Construction.ACCORDING})


def finish(doc: Doc, found: Iterable[Candidate], index: QuotationIndex) -> list[Candidate]:
    """Join what one cue takes, complete its quotations and trim its edges; what is left empty goes.

    Cues inside quotation marks go too: what a quoted voice says of others is part of the quotation.
    """
    done = []
    for candidate in _joined(c for c in found if index.at(c.head) is None):
        content = set(candidate.content)
        content |= _touched(content, index) - candidate.cue - candidate.source
        if candidate.construction not in WHOLE_QUOTATIONS:
            content = without_aside(doc, content, index)
        content = trimmed(doc, content)
        if content:
            done.append(replace(candidate, content=frozenset(content)))
    return _continued(doc, done, index)


def _joined(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Join a verb's clause with the quotations that touch its clause."""
    by_head: dict[int, Candidate] = {}
    for candidate in found:
        other = by_head.get(candidate.head)
        if other is None:
            by_head[candidate.head] = candidate
        elif candidate.construction is Construction.QUOTE:
            content = (
                other.content | candidate.content if other.construction is Construction.CLAUSE else candidate.content
            )
            by_head[candidate.head] = replace(candidate, content=content)
    return iter(by_head.values())


def _touched(content: set[int], index: QuotationIndex) -> set[int]:
    numbers = {index.at(i) for i in content} - {None}
    return {i for n in numbers if n is not None for i in range(index.quotations[n].start, index.quotations[n].end)}


def trimmed(doc: Doc, content: set[int]) -> set[int]:
    """Drop punctuation, except quotation marks, and blanks from both edges of each run of tokens."""
    kept: set[int] = set()
    for _, pairs in groupby(enumerate(sorted(content)), key=lambda pair: pair[1] - pair[0]):
        run = deque(i for _, i in pairs)
        while run and _loose(doc, run[0]):
            run.popleft()
        while run and _loose(doc, run[-1]):
            run.pop()
        kept.update(run)
    return kept


def without_aside(doc: Doc, content: set[int], index: QuotationIndex) -> set[int]:
    """Cut the relative clause or apposition that a comma sets off at the end of a noun phrase: the reporter's aside."""
    last = max(content, default=-1)
    if last < 0 or index.at(last) is not None:
        return content
    for i in sorted(content):
        token, start = doc[i], doc[i].left_edge.i
        if token.dep_ not in ASIDES or token.right_edge.i < last - 1 or start - 1 not in content:
            continue
        if token.dep_ == "appos" and doc[start].pos_ not in ("DET", "PRON"):
            continue  # more often a member of a list than an apposition
        if doc[start - 1].text in SET_OFF and index.at(i) is None:
            return {j for j in content if j < start}
    return content


def _loose(doc: Doc, i: int) -> bool:
    return doc[i].is_space or (doc[i].is_punct and doc[i].text not in MARKS and doc[i].text not in KEPT)


def _continued(doc: Doc, found: list[Candidate], index: QuotationIndex) -> list[Candidate]:
    """Give a speech the quotations that follow it in the same paragraph and that nobody else claims."""
    claimed = {index.at(i) for c in found for i in c.content}
    out = []
    for candidate in sorted(found, key=lambda c: c.head):
        if candidate.construction in WHOLE_QUOTATIONS and candidate.kind is AttributionKind.SPEECH:
            content = set(candidate.content)
            place = max(content | candidate.cue | candidate.source) + 1
            while (number := _next_quotation(doc, place, index)) is not None and number not in claimed:
                quotation = index.quotations[number]
                content.update(range(quotation.start, quotation.end))
                claimed.add(number)
                place = quotation.end
            content |= _next_paragraphs(content, index)
            candidate = replace(candidate, content=frozenset(content))
        out.append(candidate)
    return out


def _next_paragraphs(content: set[int], index: QuotationIndex) -> set[int]:
    """Return the rest of a quotation that its paragraph leaves open."""
    last = index.at(max(content))
    rest: set[int] = set()
    while last is not None and index.quotations[last].unclosed:
        last += 1
        rest.update(range(index.quotations[last].start, index.quotations[last].end))
    return rest


def _next_quotation(doc: Doc, place: int, index: QuotationIndex) -> int | None:
    """Return the quotation that opens the sentence after the one that ``place`` stands in."""
    paragraph_of = findings(doc).paragraph_of
    paragraph = paragraph_of[place - 1] if paragraph_of else 0
    ended = doc[place - 1].text in MARKS and doc[place - 2].text in ENDS
    for i in range(place, min(len(doc), place + REACH)):
        if paragraph_of and paragraph_of[i] != paragraph:
            return None
        number = index.at(i)
        if number is not None:
            last = doc[index.quotations[number].end - 2].text
            return number if ended and last not in (",", "-", "--", "—") else None
        if doc[i].text in ENDS:
            ended = True
        elif ended and not doc[i].is_space and not doc[i].is_punct:
            return None
    return None
