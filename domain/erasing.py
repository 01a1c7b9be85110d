"""Erasing what a chat or a user has brought."""

from dataclasses import dataclass

# What a collection may be told to keep its articles for, in days.
SHORTEST_KEPT, LONGEST_KEPT = 1, 36500


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants something erased, with a button below ``message`` in ``chat``; ``user`` pressed it."""

    chat: int
    message: int
    user: int
    name: str
    """The user's name at that time."""
    language: str | None


@dataclass(frozen=True, slots=True)
class Erased:
    """All is gone, from the files too; ``asked`` is to be told."""

    chat: int
    message: int
    language: str | None
