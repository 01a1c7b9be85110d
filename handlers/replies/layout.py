"""Putting blocks of HTML into messages of the length that Telegram takes."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

# Telegram counts UTF-16 units after it has read the HTML; a few are left for a closing line.
LIMIT = 4000


def visible_length(html: Markup) -> int:
    """Return how long Telegram finds a text: UTF-16 units without tags."""
    return len(html.striptags().encode("utf-16-le")) // 2 if html else 0


def join(blocks: Iterable[Markup]) -> Markup:
    """Return the blocks one below the other."""
    return Markup("\n").join(blocks)


def pages(blocks: Sequence[Markup], limit: int = LIMIT) -> list[list[Markup]]:
    """Return the blocks in runs that each fit into one message; a block is never cut, so each must fit itself."""
    runs: list[list[Markup]] = [[]]
    used = 0
    for block in blocks:
        length = _length(block)
        if runs[-1] and used + length > limit:
            runs.append([])
            used = 0
        runs[-1].append(block)
        used += length
    return runs


def _length(block: Markup) -> int:
    # striptags folds spaces, so that lines are counted one by one with their line breaks.
    return sum(visible_length(line) + 1 for line in block.split("\n"))


def shorten(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters, cut between words and marked where it is cut."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    return (kept[: kept.rfind(" ")] if " " in kept else kept).rstrip(" ,;:—-") + "…"
