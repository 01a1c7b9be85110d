"""When digests are due: local times and IANA zones to UTC, each time of each local date exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
WORKDAYS = (1, 2, 3, 4, 5)
# Days within which a day of the week comes again, in any zone: one of them may be left out.
_AROUND = 10


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
        later = self._nearest(moment, range(-1, _AROUND), lambda due: due > moment)
        due = min(each.due for each in later)
        # In a gap, or on a date that the zone leaves out, two fall on the same moment: the later stands for both.
        return max((each for each in later if each.due == due), key=_in_order)

    def latest(self, moment: datetime) -> Occurrence:
        """Return the last occurrence not later than ``moment`` (aware)."""
        return max(self._nearest(moment, range(1, -_AROUND, -1), lambda due: due <= moment), key=_in_order)

    def _nearest(self, moment: datetime, days: range, wanted: Callable[[datetime], bool]) -> list[Occurrence]:
        """Return what is wanted of the first of these days, counted from the local one, that has any, and of the next.

        Of the next one, too, because a date that the zone leaves out falls into the one after it.
        """
        today = moment.astimezone(_zone(self.timezone)).date()
        found: list[Occurrence] = []
        for number in days:
            had_any = bool(found)
            found += [each for each in self.on(today + A_DAY * number) if wanted(each.due)]
            if had_any:
                break
        return found

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at.replace(fold=0), _zone(self.timezone)).astimezone(UTC)


def _in_order(occurrence: Occurrence) -> tuple[datetime, date, time]:
    return occurrence.due, occurrence.day, occurrence.at


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
