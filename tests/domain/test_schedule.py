"""Times in a zone: each time of each local date exactly once, whatever the clock there does."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from domain.schedule import EVERY_DAY, WORKDAYS, Occurrence, Timetable

A_DAY = timedelta(days=1)
ZONES = sorted(zone for zone in available_timezones() if zone != "localtime")
TIMES = st.times(min_value=time(0, 0), max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DAILY = st.builds(Timetable, st.tuples(TIMES), st.sampled_from(ZONES))
SEVERAL = st.builds(
    Timetable,
    st.lists(TIMES, min_size=1, max_size=4, unique=True).map(lambda times: tuple(sorted(times))),
    st.sampled_from(ZONES),
    st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days))),
)

# Samoa went to bed on 29 December 2011 and rose on the 31st; Kwajalein had no 21 August 1993.
SAMOA, BEFORE_SAMOA = "Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)
KWAJALEIN, BEFORE_KWAJALEIN = "Pacific/Kwajalein", datetime(1993, 8, 19, tzinfo=UTC)


def changes(zone: str, year: int) -> list[datetime]:
    """Every moment of a year, to the second, at which the zone's clock jumps."""
    there, found = ZoneInfo(zone), []
    before = datetime(year, 1, 1, tzinfo=UTC)
    while before.year == year:
        after = before + A_DAY
        if before.astimezone(there).utcoffset() != after.astimezone(there).utcoffset():
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                same = middle.astimezone(there).utcoffset() == low.astimezone(there).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        before = after
    return found


def moment_of(day: date, at: time, zone: str) -> datetime:
    """The moment that belongs to a local time, from the zone's offsets alone, without the library's own rule."""
    there, written = ZoneInfo(zone), datetime.combine(day, at, UTC)
    nearby = sorted({(written + A_DAY * days / 4).astimezone(there).utcoffset() for days in range(-8, 9)})
    shown = [written - offset for offset in nearby]
    there_are = [each for each in shown if each.astimezone(there).replace(tzinfo=None) == written.replace(tzinfo=None)]
    # In a gap: as if the clock had not jumped, that is with the offset before it, the smaller one.
    return min(there_are) if there_are else written - nearby[0]


@st.composite
def times_near_a_change(draw: st.DrawFn) -> tuple[Timetable, date]:
    """A timetable whose times lie about a jump of the clock, and the local date before it."""
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(1900, 2037))
    jumps = changes(zone, year)
    assume(jumps)
    jump = draw(st.sampled_from(jumps)).astimezone(ZoneInfo(zone))
    near = st.integers(-200, 200).map(lambda minutes: (jump + timedelta(minutes=minutes)).time())
    times = st.lists(near.map(lambda at: at.replace(second=0, microsecond=0, fold=0)), min_size=1, max_size=3)
    days = st.just(EVERY_DAY) | st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))
    return Timetable(tuple(sorted(set(draw(times)))), zone, draw(days)), jump.date() - A_DAY


def skipped(day: date, zone: str) -> bool:
    """Whether no moment of the zone has this date: noon of it is another date there, and so is every hour."""
    hours = (datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC) for hour in range(24))
    return all(hour.astimezone(ZoneInfo(zone)).date() != day for hour in hours)


@given(DAILY, MOMENTS)
@example(Timetable((time(8),), SAMOA), BEFORE_SAMOA)
@example(Timetable((time(0),), SAMOA), BEFORE_SAMOA)
@example(Timetable((time(23, 59),), KWAJALEIN), BEFORE_KWAJALEIN)
def test_after_goes_through_every_local_date_once_and_in_order(daily: Timetable, moment: datetime):
    before = daily.after(moment)
    for _ in range(8):
        found = daily.after(before.due)
        assert found.due > before.due
        between = [before.day + A_DAY * count for count in range(1, (found.day - before.day).days)]
        assert found.day > before.day
        assert all(skipped(day, daily.timezone) for day in between)
        assert not skipped(found.day, daily.timezone)
        before = found


@given(DAILY, MOMENTS)
@example(Timetable((time(8),), SAMOA), BEFORE_SAMOA + 2 * A_DAY)
@example(Timetable((time(8),), KWAJALEIN), BEFORE_KWAJALEIN + 2 * A_DAY)
def test_latest_and_after_enclose_the_moment_and_follow_each_other(daily: Timetable, moment: datetime):
    latest, following = daily.latest(moment), daily.after(moment)
    assert latest.due <= moment < following.due
    assert daily.after(latest.due) == following
    assert daily.latest(following.due) == following
    assert daily.latest(following.due - timedelta(microseconds=1)) == latest


@given(DAILY, MOMENTS)
def test_an_occurrence_shows_its_time_on_its_date_unless_the_clock_left_that_time_out(
    daily: Timetable, moment: datetime
):
    found = daily.after(moment)
    local = found.due.astimezone(ZoneInfo(daily.timezone))
    wanted = datetime.combine(found.day, found.at, ZoneInfo(daily.timezone))
    if local.replace(tzinfo=None) == wanted.replace(tzinfo=None):
        assert local.fold == 0, "where the clock goes through it twice, it is the first time"
    else:
        assert local.replace(tzinfo=None) > wanted.replace(tzinfo=None), "a time left out is made later, never earlier"
        assert wanted.replace(fold=0).utcoffset() != wanted.replace(fold=1).utcoffset()


# In most years the clocks of most zones do not jump.
@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(times_near_a_change())
def test_about_every_jump_of_a_clock_each_wished_time_of_each_date_comes_once(near: tuple[Timetable, date]):
    """Going from one to the next gives just the moments that belong to the wished times, each once and in order."""
    timetable, day = near
    days = [day + A_DAY * number for number in range(-8, 12)]
    wished = {
        (moment_of(each, at, timetable.timezone), each, at)
        for each in days
        for at in timetable.times
        if each.isoweekday() in timetable.days
    }
    # What falls on one moment is one; the later of them stands for both.
    expected = sorted({due: (due, each, at) for due, each, at in sorted(wished)}.values())
    for before, following in pairwise(expected):
        found = timetable.after(before[0])
        assert (found.due, found.day, found.at) == following
        middle = before[0] + (following[0] - before[0]) / 2
        assert timetable.latest(middle).due == before[0]
        assert timetable.latest(following[0]) == timetable.after(middle) == found


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "America/Nuuk"])
def test_every_date_of_two_centuries_has_its_time_once(zone: str):
    """At the hour at which clocks there jump, so that gaps and hours that come twice are met each year."""
    daily = Timetable((time(2, 30),), zone)
    found = daily.after(datetime(1900, 1, 1, tzinfo=UTC))
    while found.day.year < 2038:
        following = daily.after(found.due)
        assert following.day == found.day + A_DAY
        assert timedelta(hours=20) < following.due - found.due < timedelta(hours=28)
        found = following


@pytest.mark.parametrize(
    ("at", "zone", "day", "due"),
    [
        (time(8), "UTC", date(2026, 3, 12), "2026-03-12T08:00"),
        (time(8), "Europe/Vilnius", date(2026, 3, 28), "2026-03-28T06:00"),
        (time(8), "Europe/Vilnius", date(2026, 3, 29), "2026-03-29T05:00"),
        # 02:30 is left out on 29 March in Berlin: 03:30 of summer time.
        (time(2, 30), "Europe/Berlin", date(2026, 3, 29), "2026-03-29T01:30"),
        # 02:30 comes twice on 25 October: the first, still summer time.
        (time(2, 30), "Europe/Berlin", date(2026, 10, 25), "2026-10-25T00:30"),
        # Midnight itself is left out in Cairo.
        (time(0, 0), "Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00"),
        # Half an hour of summer time.
        (time(2, 15), "Australia/Lord_Howe", date(2026, 10, 4), "2026-10-03T15:45"),
        (time(5, 45), "Asia/Kathmandu", date(2026, 1, 1), "2026-01-01T00:00"),
    ],
)
def test_known_days(at: time, zone: str, day: date, due: str):
    assert Timetable((at,), zone).on(day) == [Occurrence(day, at, datetime.fromisoformat(due).replace(tzinfo=UTC))]


def test_the_date_that_samoa_left_out_is_passed_over():
    daily = Timetable((time(8),), SAMOA)
    first = daily.after(datetime(2011, 12, 29, tzinfo=UTC))
    second = daily.after(first.due)
    assert [first.day, second.day] == [date(2011, 12, 29), date(2011, 12, 31)]
    assert second == Occurrence(date(2011, 12, 31), time(8), datetime(2011, 12, 30, 18, tzinfo=UTC))


@given(SEVERAL, MOMENTS)
def test_times_and_days_of_the_week_follow_each_other_without_a_gap(timetable: Timetable, moment: datetime):
    """From one occurrence to the next there is none that was wished for, but those on one moment, which are one."""
    before = timetable.after(moment)
    for _ in range(6):
        found = timetable.after(before.due)
        assert found.due > before.due
        assert found.at in timetable.times
        assert found.day.isoweekday() in timetable.days
        days = [before.day + A_DAY * count for count in range((found.day - before.day).days + 1)]
        wished = [each for day in days for each in timetable.on(day) if before.due < each.due < found.due]
        assert wished == []
        assert timetable.latest(found.due) == found
        before = found


@given(SEVERAL, MOMENTS)
def test_only_days_of_the_week_that_were_wished_for_have_any(timetable: Timetable, moment: datetime):
    day = moment.date()
    assert [each.at for each in timetable.on(day)] == (
        list(timetable.times) if day.isoweekday() in timetable.days else []
    )


def test_workdays_pass_over_the_weekend():
    timetable = Timetable((time(8), time(18)), "Europe/Vilnius", WORKDAYS)
    found = [timetable.after(datetime(2026, 3, 13, 5, tzinfo=UTC))]
    for _ in range(2):
        found.append(timetable.after(found[-1].due))
    assert [(each.day, each.at) for each in found] == [
        (date(2026, 3, 13), time(8)),
        (date(2026, 3, 13), time(18)),
        (date(2026, 3, 16), time(8)),
    ]


def test_two_times_that_a_gap_brings_together_are_one():
    timetable = Timetable((time(2, 30), time(3, 30)), "Europe/Berlin")
    found = timetable.after(datetime(2026, 3, 29, tzinfo=UTC))
    assert found == Occurrence(date(2026, 3, 29), time(3, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert timetable.after(found.due).day == date(2026, 3, 30)
