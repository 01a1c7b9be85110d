"""Places in an article that are found again in another version of its text.

A place is kept as its words and those around it (W3C Web Annotation Data Model, TextQuoteSelector). Blanks do not
count: where lines break may change without the place being lost.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from domain.corrections import Anchor
from domain.extraction import Span

# Characters of context on each side; more where a text repeats itself.
CONTEXT = 32
# Where words stand again that are few, one side must agree in so many characters beyond blanks …
CONTEXT_THAT_TELLS = 8
# … while so many words by themselves are the same place.
LONG = 40


def anchor(text: str, span: Span) -> Anchor:
    """Return the anchor of ``span``, less the blanks at its ends, which finds it again in the same ``text``.

    Raises ValueError for a span of blanks.
    """
    span = _without_blanks(text, span)
    context = CONTEXT
    while True:
        made = Anchor(
            text[span.start : span.end],
            text[max(0, span.start - context) : span.start],
            text[span.end : span.end + context],
        )
        if find(text, made) == span or context > len(text):
            return made
        context *= 2


def find(text: str, sought: Anchor) -> Span | None:
    """Return where the anchor's words stand; None where they do not, or where it is open which place is meant."""
    words = sought.exact.split()
    if not words:
        return None
    solid = [index for index, character in enumerate(text) if not character.isspace()]
    packed = "".join(text[index] for index in solid)
    places = [
        (_agreement(packed, bisect_left(solid, span.start), bisect_left(solid, span.end), sought), span)
        for span in _occurrences(text, words, sought)
    ]
    if not places:
        return None
    best = max(agreement for agreement, _ in places)
    found = [span for agreement, span in places if agreement == best]
    enough = best[0] or len("".join(words)) >= LONG
    return found[0] if len(found) == 1 and enough else None


def around(spans: Iterable[Span]) -> Span:
    """Return the span from the first of several pieces to the last; ValueError where there are none."""
    pieces = sorted(spans)
    if not pieces:
        raise ValueError("a place without a piece")
    return Span(pieces[0].start, max(piece.end for piece in pieces))


def _without_blanks(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start == end:
        raise ValueError("a place without words")
    return Span(start, end)


def _occurrences(text: str, words: Sequence[str], sought: Anchor) -> Iterator[Span]:
    """Return where the words stand, blanks aside; not within longer words, unless the place itself was."""
    before = r"(?<!\w)" if re.match(r"\w", words[0]) and not re.search(r"\w\Z", sought.prefix) else ""
    behind = r"(?!\w)" if re.search(r"\w\Z", words[-1]) and not re.match(r"\w", sought.suffix) else ""
    pattern = before + r"\s+".join(re.escape(word) for word in words) + behind
    for match in re.finditer(f"(?=({pattern}))", text):
        yield Span(*match.span(1))


def _agreement(packed: str, start: int, end: int, sought: Anchor) -> tuple[bool, int]:
    """Return whether the context of a place tells that it is the one, and by how many characters it agrees."""
    prefix, suffix = ("".join(side.split()) for side in (sought.prefix, sought.suffix))
    before = _in_common(prefix[::-1], packed[max(0, start - len(prefix)) : start][::-1])
    behind = _in_common(suffix, packed[end : end + len(suffix)])
    tells = _tells(before, prefix, at_the_edge=start == 0) or _tells(behind, suffix, at_the_edge=end == len(packed))
    return tells, before + behind


def _tells(agreeing: int, side: str, *, at_the_edge: bool) -> bool:
    return agreeing >= min(CONTEXT_THAT_TELLS, len(side)) if side else at_the_edge


def _in_common(one: str, other: str) -> int:
    """Return with how many equal characters two texts begin."""
    differing = (index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(differing, min(len(one), len(other)))
