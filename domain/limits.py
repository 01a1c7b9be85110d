"""How much one user, and one chat, may ask of the bot: so much of each kind within a minute and within a day.

A span begins with the first that comes after the one before has ended (a fixed window). What comes while a count is
below its limit is taken whole, even where the limit is passed by it: nothing is half taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class What(StrEnum):
    """What is counted."""

    ARTICLE = "article"
    LINK = "link"
    FILE = "file"
    QUESTION = "question"
    TAP = "tap"


class Span(StrEnum):
    """Within which time it is counted."""

    MINUTE = "minute"
    DAY = "day"

    @property
    def length(self) -> timedelta:
        """How long that is."""
        return timedelta(minutes=1) if self is Span.MINUTE else timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many within a minute, and within a day."""

    minute: int
    day: int

    def within(self, span: Span) -> int:
        """Return how many within a span."""
        return self.minute if span is Span.MINUTE else self.day


Rates = Mapping[What, Rate]

# A newsroom forwards hundreds a day, and Telegram lets somebody forward a hundred at a time.
BY_DEFAULT: Rates = {
    What.ARTICLE: Rate(300, 3_000),
    What.LINK: Rate(100, 1_000),
    What.FILE: Rate(60, 500),
    What.QUESTION: Rate(60, 2_000),
    What.TAP: Rate(240, 10_000),
}
# Where nothing else is set, a chat may do as much as so many of its users.
CHAT_TIMES = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of each user in all chats, and of each group or channel; what is not named is not limited."""

    user: Rates = field(default_factory=dict)
    chat: Rates = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Used:
    """How many there were in the span that began at a moment."""

    began_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class OverLimit:
    """It is dropped, and what comes before ``until``, too. ``is_chats`` where all of a chat have done it together."""

    what: What
    until: datetime
    is_chats: bool


def counted(before: Used | None, span: Span, most: int, number: int, now: datetime) -> Used | datetime:
    """Return the count with ``number`` more in it, or when the span ends that is full."""
    if before is None or now >= before.began_at + span.length:
        return Used(now, number)
    if before.count >= most:
        return before.began_at + span.length
    return Used(before.began_at, before.count + number)


_ENTRY = re.compile(
    r"(?P<chat>chat\s+)?(?P<what>article|link|file|question|tap)s?\s*=\s*(?P<minute>\d+)\s*/\s*(?P<day>\d+)"
)


def parse(written: str) -> Limits:
    """Return the limits of ``articles=300/3000, chat questions=200/5000``; ``off`` is none, what is left out as usual.

    Raises ValueError with a sentence for whoever has written it.
    """
    if written.strip().lower() == "off":
        return Limits()
    user, chat = dict(BY_DEFAULT), dict[What, Rate]()
    for entry in filter(None, (part.strip().lower() for part in written.split(","))):
        found = _ENTRY.fullmatch(entry)
        if found is None or not 0 < int(found["minute"]) <= int(found["day"]):
            raise ValueError(
                "write off, or how many a minute and a day, as articles=300/3000, links=100/1000, files=60/500, "
                "questions=60/2000, taps=240/10000, chat articles=900/9000, and a comma between two"
            )
        (chat if found["chat"] else user)[What(found["what"])] = Rate(int(found["minute"]), int(found["day"]))
    together = {what: Rate(CHAT_TIMES * rate.minute, CHAT_TIMES * rate.day) for what, rate in user.items()}
    return Limits(user, together | chat)
