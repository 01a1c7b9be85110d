"""Who gets which digest when, and what became of each."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.chats import Chat
from domain.schedule import Timetable

# A digest that could not go out at its time is still worth reading for half a day.
LATEST = timedelta(hours=12)
# The sender needs its seconds; more than this after its time a digest says that it is late.
PUNCTUAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a digest is limited to; what is empty does not limit it."""

    people: tuple[int, ...] = ()
    """Persons by number; one of them speaks or is named."""
    words: str | None = None
    """A boolean expression as it was written: ``dam AND (cracks OR repair) NOT football``."""
    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes."""
    origins: int = 1
    """Only claims with at least so many independent origins."""
    disputed: bool = False
    """Only denials and contradictions, with what they are about."""
    names: tuple[str, ...] = ()
    """Persons, besides those by number, whom no article had named when they were wished for."""

    @property
    def of_people(self) -> bool:
        """Whether a digest is limited to certain people."""
        return bool(self.people or self.names)


class WhenEmpty(StrEnum):
    """What comes when nothing is new."""

    LINE = "line"
    SILENCE = "silence"


class SubscriptionState(StrEnum):
    """Whether digests come: ``paused`` until somebody goes on, ``ended`` for good, ``draft`` before it is wished."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be sent: when, to which chat and topic, and what."""

    timetable: Timetable
    target: int
    thread_id: int | None = None
    filters: Filters = field(default_factory=Filters)
    when_empty: WhenEmpty = WhenEmpty.LINE
    pictures: bool = True
    """Whether a picture of its people follows a digest that has many."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish that a chat has.

    ``chat`` set it up: it tells that chat's articles, and is seen and changed there; ``target`` may be a channel.
    ``owner`` is the user who made it (0 where unknown): told when it ends by itself, for ``reason``.
    """

    id: int
    chat: int
    owner: int
    wish: Wish
    state: SubscriptionState
    next_run: datetime
    created_at: datetime
    reason: str | None = None


class DeliveryState(StrEnum):
    """How far a digest has come; ``uncertain`` was cut off in mid-send, ``missed`` came too late to be sent."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest of one subscription, for one time ``at`` of a local date.

    It tells what came in from ``since`` up to ``until``. ``attempts`` counts the calls of Telegram that it has taken.
    """

    id: int
    subscription: Subscription
    day: date
    at: time
    due: datetime
    since: datetime
    until: datetime
    state: DeliveryState
    reason: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """All that a chat has set, and what became of its last digests, newest first.

    ``kept_days`` is for how many days the articles that it sees are kept; None is for good. ``lost`` are digests that
    have ended by themselves of late.
    """

    chat: Chat
    subscriptions: tuple[Subscription, ...]
    deliveries: tuple[Delivery, ...]
    kept_days: int | None = None
    lost: tuple[Subscription, ...] = ()
