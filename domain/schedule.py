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


# When an occurrence is due, its date and its time: so they sort.
_Moment = tuple[datetime, date, time]


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
        return [Occurrence(day, at, due) for due, day, at in self._on(day, _zone(self.timezone))]

    def after(self, moment: datetime) -> Occurrence:
        """Return the first occurrence later than ``moment`` (aware)."""
        later = self._nearest(moment, range(-1, _AROUND), lambda due: due > moment)
        due = min(later)[0]
        # In a gap, or on a date that the zone leaves out, two fall on the same moment: the later stands for both.
        _, day, at = max(each for each in later if each[0] == due)
        return Occurrence(day, at, due)

    def latest(self, moment: datetime) -> Occurrence:
        """Return the last occurrence not later than ``moment`` (aware)."""
        due, day, at = max(self._nearest(moment, range(1, -_AROUND, -1), lambda due: due <= moment))
        return Occurrence(day, at, due)

    def _nearest(self, moment: datetime, days: range, wanted: Callable[[datetime], bool]) -> list[_Moment]:
        """Return what is wanted of the first of these days, counted from the local one, that has any, and of the next.

        Of the next one, too, because a date that the zone leaves out falls into the one after it.
        """
        zone = _zone(self.timezone)
        today = moment.astimezone(zone).date()
        found: list[_Moment] = []
        for number in days:
            had_any = bool(found)
            found += [each for each in self._on(today + A_DAY * number, zone) if wanted(each[0])]
            if had_any:
                break
        return found

    def _on(self, day: date, zone: ZoneInfo) -> list[_Moment]:
        if day.isoweekday() not in self.days:
            return []
        return [(datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC), day, at) for at in self.times]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
