"""Quotations found by their characters, whatever the parse says.

Press text leaves quotation marks open, mixes styles and drops strays into mid-sentence. So a mark that has no
partner is skipped, except where print leaves it open by convention: a speech that runs over several paragraphs
opens each of them and closes only the last. Time is linear in the length of the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from extraction.findings import findings

# Two apostrophes and two backticks are one mark each.
DOUBLE = re.compile(r"''|``|[\"“”„‟«»＂]")
SINGLE = re.compile(r"(?<!['‘’])['‘’‚](?!['‘’])")
OPENING_DOUBLE = frozenset({"“", "„", "«", "‟", "``"})
CLOSING_DOUBLE = frozenset({"”", "»"})
BEFORE_OPENING = frozenset("([{—–-/:…>\"“„«'‘`")


SHORTEST = 3  # characters of a single mark and what it quotes; less is a contraction, as in "rock 'n' roll"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The tokens from ``start`` up to, not including, ``end``, marks included.

    ``unclosed`` means that the speech goes on in the next paragraph.
    """

    start: int
    end: int
    unclosed: bool = False


class _Side(Enum):
    OPENS = auto()
    CLOSES = auto()
    EITHER = auto()


class Paragraphs:
    """Finds a token's paragraph, and the next, in logarithmic time."""

    def __init__(self, doc: Doc) -> None:
        self._ranges = paragraph_ranges(doc)
        self._starts = [start for start, _ in self._ranges]

    def at(self, token: int) -> tuple[int, int]:
        """Return the range of tokens of the paragraph that a token stands in."""
        return self._ranges[bisect_right(self._starts, token) - 1]

    def below(self, token: int) -> tuple[int, int] | None:
        """Return the range of the next paragraph."""
        number = bisect_right(self._starts, token)
        return self._ranges[number] if number < len(self._ranges) else None


class QuotationIndex:
    """Finds the quotation at a token in logarithmic time."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self.quotations = quotations
        self._starts = [quotation.start for quotation in quotations]

    def at(self, token: int) -> int | None:
        """Return the number of the quotation that covers a token."""
        number = bisect_right(self._starts, token) - 1
        return number if number >= 0 and token < self.quotations[number].end else None

    def starting_at(self, token: int) -> int | None:
        """Return the number of the quotation that begins at a token."""
        number = self.at(token)
        return number if number is not None and self.quotations[number].start == token else None


def paragraph_ranges(doc: Doc) -> list[tuple[int, int]]:
    """Return the first and the past-the-last token of each paragraph that has tokens."""
    numbers = findings(doc).paragraph_of or [0] * len(doc)
    firsts = [i for i in range(len(doc)) if i == 0 or numbers[i] != numbers[i - 1]]
    return list(pairwise([*firsts, len(doc)])) if firsts else []


def _side(text: str, mark: re.Match[str]) -> _Side:
    """Say which side of a quotation a double mark stands on: by what touches it, else by its shape."""
    before, after = text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]
    free_before, free_after = not before.strip() or before in "([{", not after.strip() or after in ",.;:!?)]}"
    if free_before != free_after:
        return _Side.OPENS if free_before else _Side.CLOSES
    if mark.group() in OPENING_DOUBLE:
        return _Side.OPENS
    if mark.group() in CLOSING_DOUBLE:
        return _Side.CLOSES
    if free_before:
        return _Side.EITHER
    return _Side.OPENS if before in BEFORE_OPENING else _Side.CLOSES


@dataclass(frozen=True, slots=True)
class _Doubles:
    """The outermost pairs of double marks in one paragraph, and the marks that found no partner there."""

    pairs: list[tuple[int, int]]
    left_open: int | None
    closed_before: int | None


def _read_doubles(text: str) -> _Doubles:
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    closed_before = None
    for mark in DOUBLE.finditer(text):
        side = _side(text, mark)
        misplaced = side is _Side.CLOSES and text[mark.start() - 1] in ",:"  # as in: she said," it is late".
        if side is _Side.OPENS or (not waiting and (side is _Side.EITHER or misplaced)):
            waiting.append(mark.start())
        elif waiting:
            opening = waiting.pop()
            while pairs and pairs[-1][0] > opening:
                pairs.pop()
            pairs.append((opening, mark.end()))
        elif not pairs:
            closed_before = mark.end()
    return _Doubles(pairs, waiting[-1] if waiting else None, closed_before)


def _single_pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of single marks between two places; a plural's apostrophe closes only as the last choice."""
    opening = last_choice = None
    for mark in SINGLE.finditer(text, start, end):
        before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        if opening is None:
            free = not before.strip() or before in BEFORE_OPENING
            if free and after.strip() and mark.group() != "’" and not after.isdigit():
                opening, last_choice = mark.start(), None
        elif before.strip() and not after.isalnum() and mark.group() != "‘":
            if mark.start() - opening < SHORTEST:
                opening = None
            elif before not in "sS" or not text[mark.end() : mark.end() + 2].lstrip()[:1].isalpha():
                yield opening, mark.end()
                opening = last_choice = None
            else:
                last_choice = mark.end()
    if opening is not None and last_choice is not None:
        yield opening, last_choice


def _double_spans(texts: Sequence[str]) -> Iterator[list[tuple[int, int, bool]]]:
    """Yield, for each paragraph, (start, end, unclosed) of what stands between double marks."""
    carried = False
    read = [_read_doubles(text) for text in texts]
    for number, (text, here) in enumerate(zip(texts, read, strict=True)):
        pairs = here.pairs
        if carried and here.closed_before is not None:
            pairs = [(0, here.closed_before), *(pair for pair in pairs if pair[0] >= here.closed_before)]
        following = read[number + 1] if number + 1 < len(texts) else None
        carried = following is not None and (_opens_with_mark(texts[number + 1]) or following.closed_before is not None)
        last = here.left_open
        if last is not None and (carried or (last == 0 and not pairs)):
            pairs = [*(pair for pair in pairs if pair[1] <= last), (last, len(text))]
        else:
            carried = False
        yield [(start, end, carried and start == last) for start, end in pairs]


def _opens_with_mark(text: str) -> bool:
    mark = DOUBLE.match(text)
    return mark is not None and _side(text, mark) is _Side.OPENS


def _with_singles(text: str, doubles: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    place = 0
    for start, end, unclosed in [*doubles, (len(text), len(text), False)]:
        yield from ((*single, False) for single in _single_pairs(text, place, start))
        if start < end:
            yield start, end, unclosed
        place = end


def _quotations(doc: Doc, ranges: Sequence[tuple[int, int]]) -> Iterator[Quotation]:
    starts = [token.idx for token in doc]
    whole = doc.text  # built anew each time that it is asked for
    texts = [whole[starts[a] : starts[b - 1] + len(doc[b - 1])] for a, b in ranges]
    free = 0  # two marks may share a token: it belongs to the first quotation
    for (first, _), text, doubles in zip(ranges, texts, _double_spans(texts), strict=True):
        base = starts[first]
        for start, end, unclosed in _with_singles(text, doubles):
            token, past = bisect_right(starts, base + start) - 1, bisect_left(starts, base + end)
            if max(token, free) < past:
                yield Quotation(max(token, free), past, unclosed)
                free = past


@Language.component("presswatch_quotations")
def find_quotations(doc: Doc) -> Doc:
    """Leave the outermost quotations in ``findings(doc).quotations``, in the order of the text."""
    findings(doc).quotations = tuple(_quotations(doc, paragraph_ranges(doc)))
    return doc
