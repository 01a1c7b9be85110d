"""What an edit changed in a text, word by word."""

from collections.abc import Sequence
from difflib import SequenceMatcher

# Beyond so many words that differ in the middle, comparing them one by one would take too long.
MOST_WORDS = 2_000
# Words that stay, between two that changed, are told together with these.
JOINED = 2


def changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return what was replaced by what, in the order of the text; of what was added or left out, one side is empty."""
    old, new = before.split(), after.split()
    head = _in_common(old, new)
    old, new = old[head:], new[head:]
    tail = _in_common(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return ((" ".join(old), " ".join(new)),)
    return tuple((" ".join(old[a:b]), " ".join(new[c:d])) for a, b, c, d in _runs(old, new))


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    runs: list[tuple[int, int, int, int]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if runs and a - runs[-1][1] <= JOINED:
            runs[-1] = (runs[-1][0], b, runs[-1][2], d)
        else:
            runs.append((a, b, c, d))
    return runs


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    differing = (index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(differing, min(len(one), len(other)))
