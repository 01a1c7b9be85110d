"""From the runs of characters on pages to paragraphs in reading order. Pure geometry, in points, y upwards.

Columns are found by recursive cuts along white space (the XY-cut of Nagy, Seth and Viswanathan 1992), with lines that
cross a gutter, as headlines do, read where they stand.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, takewhile
from math import inf
from statistics import median

from readers.formats.document import Block

# Lines this far from a page's edge, counted in lines, may be running headers and footers.
_EDGE_LINES = 3
_BINS = 400
# A column: at least so many lines on either side of the gutter, so many characters each, as tables have not.
_COLUMN_LINES = 4
_COLUMN_CHARACTERS = 15
_DEEPEST = 4
_HEADING_WORDS = 40
_FINISHED = re.compile(r"[.!?…:;。！？؟।][\"'“”‘’»«)\]]*$")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:\w{1,10}\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|von|de|sur|из|z)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BULLET = re.compile(r"[•▪◦‣●■]")
_ENDS_WITHIN_WORD = re.compile(r"\w[-\u00ad]$")
_CUT_WORD = re.compile(r"([^\W\d_]+)-$")
_NEXT_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side; where several stand in one line, that line."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """Height of the line's middle."""
        return (self.bottom + self.top) / 2


Page = Sequence[Run]


def blocks_of(pages: Sequence[Page]) -> tuple[Block, ...]:
    """Return the paragraphs and headings of a document's pages, page furniture left out, cut words mended."""
    cleaned = _without_furniture(pages)
    size, bold = _body(cleaned)
    paragraphs: list[list[Run]] = []
    for region in (region for page in cleaned for region in _regions(page, _DEEPEST)):
        found = list(_paragraphs(_lines(region), size))
        if paragraphs and found and _goes_on(paragraphs[-1], found[0], size):
            paragraphs[-1] += found.pop(0)
        paragraphs += found
    words = Counter(word for page in cleaned for run in page for word in re.findall(r"[\w-]+", run.text))
    levels = _levels(paragraphs, size)
    return tuple(
        Block(text, _level(lines, size, bold, levels)) for lines in paragraphs if (text := _joined(lines, words))
    )


# Page furniture


def _without_furniture(pages: Sequence[Page]) -> list[list[Run]]:
    """Drop what stands at the edge of page after page, its numbers aside, and page numbers."""
    edges = [_edges(_lines(page)) for page in pages]
    often = Counter(key for edge in edges for key in {_key(line) for side in edge for line in side})
    repeated = {key for key, count in often.items() if len(pages) > 1 and count >= max(2, len(pages) / 2)}
    body, _ = _body(pages)
    kept = []
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        # A headline in large type may be the running header of the pages that follow.
        most = 1.15 * body if number == 0 else inf
        dropped = [line for side in edge for line in takewhile(partial(_is_furniture, repeated, most), side)]
        kept.append([run for run in page if not any(_same_line(run, line) for line in dropped)])
    return kept


def _edges(lines: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """The first lines of a page and the last, each from the edge inwards."""
    most = min(_EDGE_LINES, len(lines) // 2)
    return list(lines[:most]), list(reversed(lines[len(lines) - most :]))


def _is_furniture(repeated: Set[tuple[str, int]], most: float, line: Run) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text)) or (_key(line) in repeated and line.size <= most)


def _key(line: Run) -> tuple[str, int]:
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.middle / 10)


# Reading order


def _regions(runs: Sequence[Run], depth: int) -> Iterator[Sequence[Run]]:
    """Parts of a page in reading order, each of one column."""
    gutter = _gutter(runs) if depth else None
    if gutter is None:
        if runs:
            yield runs
        return
    for crossing, band in _bands(runs, gutter):
        if crossing:
            yield band
            continue
        sides = [[run for run in band if run.right <= gutter], [run for run in band if run.right > gutter]]
        for side in reversed(sides) if _is_right_to_left(runs) else sides:
            yield from _regions(side, depth - 1)


def _bands(runs: Sequence[Run], gutter: float) -> Iterator[tuple[bool, list[Run]]]:
    """From the top: what crosses the gutter, and what stands beside it."""
    band: list[Run] = []
    crossing = False
    for run in sorted(runs, key=lambda run: -run.middle):
        crosses = run.left < gutter < run.right
        if band and crosses != crossing:
            yield crossing, band
            band = []
        crossing = crosses
        band.append(run)
    if band:
        yield crossing, band


def _gutter(runs: Sequence[Run]) -> float | None:
    """The x of the white space between two columns, or None where there is one column."""
    if len(runs) < 2 * _COLUMN_LINES:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    if not 0 < right - left < 1e6:
        return None
    bin_width = (right - left) / _BINS
    covered = _coverage(runs, left, bin_width)
    middle = range(_BINS // 8, _BINS - _BINS // 8)
    least = min(covered[at] for at in middle)
    at = max(_stretches(covered, middle, least), key=len)
    x = left + (at[0] + len(at) / 2) * bin_width
    wide_enough = len(at) * bin_width >= 0.5 * median(run.size for run in runs)
    return x if wide_enough and _are_columns(runs, x) else None


def _coverage(runs: Sequence[Run], left: float, bin_width: float) -> list[int]:
    """How many runs stand over each bin of the width."""
    changes = [0] * (_BINS + 2)
    for run in runs:
        changes[int((run.left - left) / bin_width)] += 1
        changes[min(_BINS, int((run.right - left) / bin_width)) + 1] -= 1
    covered, now = [], 0
    for change in changes[:_BINS]:
        now += change
        covered.append(now)
    return covered


def _stretches(covered: Sequence[int], middle: range, least: int) -> Iterator[range]:
    start = None
    for at in middle:
        if covered[at] == least and start is None:
            start = at
        if start is not None and covered[at] != least:
            yield range(start, at)
            start = None
    if start is not None:
        yield range(start, middle.stop)


def _are_columns(runs: Sequence[Run], x: float) -> bool:
    left = [run for run in runs if run.right <= x]
    right = [run for run in runs if run.left >= x]
    if (len(runs) - len(left) - len(right)) * 3 > len(runs):
        return False
    if any(len(_lines(side)) < _COLUMN_LINES for side in (left, right)):
        return False
    if any(sum(len(run.text) for run in side) < _COLUMN_CHARACTERS * len(side) for side in (left, right)):
        return False
    beside = min(max(run.top for run in left), max(run.top for run in right)) - max(
        min(run.bottom for run in left), min(run.bottom for run in right)
    )
    return beside >= _COLUMN_LINES / 2 * median(run.size for run in runs)


# Lines and paragraphs


def _same_line(one: Run, other: Run) -> bool:
    return abs(one.middle - other.middle) < 0.5 * min(one.top - one.bottom, other.top - other.bottom)


def _lines(runs: Sequence[Run]) -> list[Run]:
    """Runs of one height made one line, from the top down."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.middle):
        if lines and _same_line(lines[-1][0], run):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_line(line) for line in lines]


def _line(runs: list[Run]) -> Run:
    if len(runs) == 1:
        return runs[0]
    order = sorted(runs, key=lambda run: run.left, reverse=_is_right_to_left(runs))
    longest = max(runs, key=lambda run: len(run.text))
    return replace(
        longest,
        text=" ".join(run.text for run in order),
        left=min(run.left for run in runs),
        right=max(run.right for run in runs),
        bold=all(run.bold for run in runs),
    )


def _is_right_to_left(runs: Sequence[Run]) -> bool:
    letters = sum(len(run.text) for run in runs)
    return sum(len(_RIGHT_TO_LEFT.findall(run.text)) for run in runs) * 2 > letters


def _paragraphs(lines: Sequence[Run], body: float) -> Iterator[list[Run]]:
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    steps = [above.bottom - below.bottom for above, below in pairwise(lines) if _alike(above, below)]
    step = median(steps) if steps else 0.0
    paragraph = [lines[0]]
    for above, below in pairwise(lines):
        if _breaks(above, below, left, right, step, body):
            yield paragraph
            paragraph = []
        paragraph.append(below)
    yield paragraph


def _alike(above: Run, below: Run) -> bool:
    return abs(above.size - below.size) < 0.12 * max(above.size, below.size) and above.bold == below.bold


def _breaks(above: Run, below: Run, left: float, right: float, step: float, body: float) -> bool:
    if not _alike(above, below):
        return True
    size = below.size
    if step and above.bottom - below.bottom > max(1.3 * step, step + 0.2 * size):
        return True
    if size > 1.15 * body or _ENDS_WITHIN_WORD.search(above.text):
        return False
    if _BULLET.match(below.text):
        return True
    indented = above.left - left < 0.8 * size <= below.left - left < 6 * size
    if indented and not _BULLET.match(above.text):
        return True
    # A writer's line break: the next word would still have fitted into the line.
    letter = (below.right - below.left) / max(1, len(below.text))
    room = right - above.right - letter * len((below.text.split() or [""])[0])
    short = above.right - above.left < 0.7 * (right - left)
    return room > 1.5 * size and (short or bool(_FINISHED.search(above.text)))


def _goes_on(last: Sequence[Run], first: Sequence[Run], body: float) -> bool:
    """A paragraph that a column's or page's end has cut in two."""
    above, below = last[-1], first[0]
    if not _alike(above, below) or below.size > 1.15 * body or _FINISHED.search(above.text):
        return False
    return below.text[:1].islower() or (
        len(last) > 1 and above.right - above.left > 0.9 * (last[-2].right - last[-2].left)
    )


def _joined(lines: Sequence[Run], words: Counter[str]) -> str:
    parts: list[str] = []
    for line in lines:
        text = " ".join(line.text.split())
        if parts and text:
            parts[-1], glue = _ending(parts[-1], text, words)
            parts.append(glue)
        parts.append(text)
    return "".join(parts)


def _ending(line: str, below: str, words: Counter[str]) -> tuple[str, str]:
    """Return a line as it is before the next, and what stands between the two."""
    if line.endswith("\u00ad"):
        return line[:-1], ""
    head, tail = _CUT_WORD.search(line[-60:]), _NEXT_WORD.match(below)
    if head and tail:
        return (line[:-1] if _was_cut(head[1], tail[0], words) else line), ""
    if _ENDS_WITHIN_WORD.search(line[-2:]) and below[0].isalnum():
        return line, ""
    unspaced = line and _UNSPACED.match(line[-1]) and _UNSPACED.match(below)
    return line, "" if unspaced else " "


def _was_cut(head: str, tail: str, words: Counter[str]) -> bool:
    """The hyphen goes unless the document writes the word with it elsewhere, or names and numbers stand around it."""
    if not tail[0].islower():
        return False
    return words[f"{head}-{tail}"] <= words[head + tail]


# Headings


def _body(pages: Sequence[Page]) -> tuple[float, bool]:
    """The size and weight of most characters."""
    sizes: Counter[float] = Counter()
    bold = 0
    for run in (run for page in pages for run in page):
        sizes[round(run.size, 1)] += len(run.text)
        bold += len(run.text) if run.bold else 0
    return (sizes.most_common(1)[0][0] if sizes else 0.0), bold * 2 > sizes.total()


def _levels(paragraphs: Sequence[Sequence[Run]], body: float) -> list[float]:
    return sorted({round(lines[0].size) for lines in paragraphs if lines[0].size > 1.15 * body}, reverse=True)


def _level(lines: Sequence[Run], body: float, body_bold: bool, levels: Sequence[float]) -> int:
    """1 for the largest type; bold lines in the size of the body come last."""
    if sum(len(line.text.split()) for line in lines) > _HEADING_WORDS:
        return 0
    if lines[0].size > 1.15 * body:
        return 1 + levels.index(round(lines[0].size))
    bold = all(line.bold for line in lines) and not body_bold
    return 1 + len(levels) if bold and len(lines) <= 3 else 0
