"""Persons whom a chat watches: it hears at once when an article names one of them, but for its quiet time."""

from dataclasses import dataclass
from datetime import datetime, time

from domain.ledger import ArticleReference, LedgerClaim
from domain.schedule import Timetable


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody whom a chat, or a topic of it (0 where it has none), watches.

    ``person`` is None while nobody in what the chat sees is called ``name``. ``owner`` is the user who wished for it.
    """

    id: int
    chat: int
    thread_id: int
    owner: int
    name: str
    person: int | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local times between which nothing is told at once, every day, in an IANA zone; they may go over midnight."""

    begins: time
    ends: time
    timezone: str

    def until(self, moment: datetime) -> datetime | None:
        """Return when the quiet time ends in which a moment (aware) falls; None where it falls in none.

        It begins, and ends, once on each local date, also where the clock is put forward or back meanwhile.
        """
        beginning, end = Timetable((self.begins,), self.timezone), Timetable((self.ends,), self.timezone)
        is_quiet = beginning.latest(moment).due > end.latest(moment).due
        return end.after(moment).due if is_quiet else None


@dataclass(frozen=True, slots=True)
class Alert:
    """An article that names people who are watched, with its claims by and about them.

    ``unsure`` are those who may only be somebody else of that name; ``perhaps_told`` where it is not known whether the
    chat has got it already.
    """

    watches: tuple[Watch, ...]
    article: ArticleReference
    claims: tuple[LedgerClaim, ...]
    perhaps_told: bool = False
    unsure: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Watched:
    """Whom a chat watches, and when it hears of nothing at once."""

    watches: tuple[Watch, ...]
    quiet: Quiet | None
