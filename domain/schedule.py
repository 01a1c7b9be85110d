"""When a daily digest is due: local time and IANA zone to UTC, each local date exactly once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.chats import Chat

# A digest that could not go out at its time is still worth reading for half a day.
LATEST = timedelta(hours=12)
# The sender needs its seconds; more than this after its time a digest says that it is late.
PUNCTUAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DailyTime:
    """A time of day in an IANA zone."""

    at: time
    timezone: str

    def on(self, day: date) -> datetime:
        """Return when this is on a local date, in UTC.

        In a gap of the clock it is as long after the gap's start as on other days it is after that moment
        (02:30 becomes 03:30); where the clock goes through it twice it is the first time.
        """
        local = datetime.combine(day, self.at, ZoneInfo(self.timezone))
        return local.astimezone(UTC)

    def after(self, moment: datetime) -> "Occurrence":
        """Return the first occurrence later than ``moment`` (aware)."""
        day = moment.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        while (due := self.on(day)) <= moment:
            day += timedelta(days=1)
        # A date that the zone leaves out falls on the same moment as the next one, which then stands for both.
        return self.latest(due)

    def latest(self, moment: datetime) -> "Occurrence":
        """Return the last occurrence not later than ``moment`` (aware)."""
        day = moment.astimezone(ZoneInfo(self.timezone)).date() + timedelta(days=1)
        while (due := self.on(day)) > moment:
            day -= timedelta(days=1)
        return Occurrence(day, due)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A local date and the moment, in UTC, that belongs to it."""

    day: date
    due: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's wish for a digest each day; ``thread_id`` keeps it in its topic."""

    id: int
    chat: int
    thread_id: int | None
    daily: DailyTime
    next_run: datetime
    created_at: datetime


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
    """One digest of one subscription for one local date; it tells what came in from ``since`` up to ``until``."""

    id: int
    subscription: Subscription
    day: date
    due: datetime
    since: datetime
    until: datetime
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """All that a chat has set, and what became of its last digests, newest first."""

    chat: Chat
    subscriptions: tuple[Subscription, ...]
    deliveries: tuple[Delivery, ...]
