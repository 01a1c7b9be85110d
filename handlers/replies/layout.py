"""Putting blocks of HTML into messages of the length that Telegram takes."""

import html
import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

# Telegram counts UTF-16 units after it has read the HTML; a few are left for a closing line.
LIMIT = 4000


_TAG = re.compile(r"<[^>]*>")
# Marks that turn the direction of writing would turn our own words around them, too.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible_length(markup: Markup) -> int:
    """Return how long Telegram finds a text: UTF-16 units without tags."""
    return _units(html.unescape(_TAG.sub("", markup)))


def join(blocks: Iterable[Markup]) -> Markup:
    """Return the blocks one below the other."""
    return Markup("\n").join(blocks)


def fit(blocks: Sequence[Markup]) -> Markup:
    """Return the blocks one below the other, as many as one message takes, marked where some are left out."""
    kept = pages(blocks)[0]
    return join(kept if len(kept) == len(blocks) else [*kept, Markup("…")])


def pages(blocks: Sequence[Markup], limit: int = LIMIT) -> list[list[Markup]]:
    """Return the blocks in runs that each fit into one message; a block is never cut, so each must fit itself."""
    runs: list[list[Markup]] = [[]]
    used = 0
    for block in blocks:
        length = visible_length(block) + 1
        if runs[-1] and used + length > limit:
            runs.append([])
            used = 0
        runs[-1].append(block)
        used += length
    return runs


def shorten(text: str, limit: int) -> str:
    """Return a text on one line of at most ``limit`` UTF-16 units, cut between words and marked where it is cut."""
    line = " ".join(_TURNS.sub("", text).split())
    if _units(line) <= limit:
        return line
    kept = line.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return (kept[: kept.rfind(" ")] if " " in kept else kept).rstrip(" ,;:—-") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
