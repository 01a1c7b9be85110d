"""When digests are due: local times and IANA zones to UTC, each time of each local date exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
WORKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A time of a local date and the moment, in UTC, that belongs to it."""

    day: date
    at: time
    due: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """Times of day, in order and at least one, on some days of the week (ISO: Monday is 1) in an IANA zone."""

    times: tuple[time, ...]
    timezone: str
    days: tuple[int, ...] = EVERY_DAY

    def on(self, day: date) -> list[Occurrence]:
        """Return what falls on a local date, in order.

        A time in a gap of the clock is as long after the gap's start as on other days it is after that moment
        (02:30 becomes 03:30); where the clock goes through it twice it is the first time.
        """
        if day.isoweekday() not in self.days:
            return []
        return [Occurrence(day, at, self._moment(day, at)) for at in self.times]

    def after(self, moment: datetime) -> Occurrence:
        """Return the first occurrence later than ``moment`` (aware)."""
        due = min(each.due for each in self._around(moment) if each.due > moment)
        # In a gap, or on a date that the zone leaves out, two fall on the same moment: the later stands for both.
        return self.latest(due)

    def latest(self, moment: datetime) -> Occurrence:
        """Return the last occurrence not later than ``moment`` (aware)."""
        passed = (each for each in self._around(moment) if each.due <= moment)
        return max(passed, key=lambda each: (each.due, each.day, each.at))

    def _around(self, moment: datetime) -> Iterator[Occurrence]:
        """Yield what falls on the days around, more than a week each way: each day of the week, in any zone."""
        today = moment.astimezone(ZoneInfo(self.timezone)).date()
        for days in range(-9, 10):
            yield from self.on(today + A_DAY * days)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.timezone)).astimezone(UTC)
