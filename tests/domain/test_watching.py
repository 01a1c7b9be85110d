"""Quiet times: once a day, from and to a local time, whatever the clock does meanwhile."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.watching import Quiet

NIGHT = Quiet(time(22), time(7), "Europe/Vilnius")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # Hypothesis wants bounds without a zone
ZONES = st.sampled_from(["Europe/Vilnius", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


def local(text: str, zone: str = "Europe/Vilnius", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-03-12T21:59:59", None),
        ("2026-03-12T22:00", "2026-03-13T07:00"),
        ("2026-03-13T06:59:59", "2026-03-13T07:00"),
        ("2026-03-13T07:00", None),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # the night is an hour shorter
        ("2026-10-25T00:30", "2026-10-25T07:00"),  # and here an hour longer
    ],
)
def test_a_night_goes_over_midnight_and_through_changes_of_the_clock(moment: str, until: str | None):
    assert NIGHT.until(local(moment)) == (local(until) if until else None)


def test_a_quiet_time_within_a_day_is_no_night():
    lunch = Quiet(time(12), time(13, 30), "UTC")
    assert lunch.until(local("2026-03-12T13:00", "UTC")) == local("2026-03-12T13:30", "UTC")
    assert lunch.until(local("2026-03-12T23:00", "UTC")) is None


def test_an_end_that_the_clock_passes_twice_is_the_first_and_one_that_it_leaves_out_comes_as_long_after():
    early = Quiet(time(22), time(3, 30), "Europe/Vilnius")
    assert early.until(local("2026-10-25T03:10")) == local("2026-10-25T03:30")
    assert early.until(local("2026-10-25T03:40", fold=1)) is None
    assert early.until(local("2026-03-29T02:59")) == local("2026-03-29T04:30")


@given(MOMENTS, ZONES, st.times(), st.times())
def test_every_quiet_moment_has_an_end_within_a_day_at_which_it_is_quiet_no_more(
    moment: datetime, zone: str, begins: time, ends: time
):
    if (begins.hour, begins.minute) == (ends.hour, ends.minute):
        return
    quiet = Quiet(begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0), zone)
    until = quiet.until(moment)
    if until is not None:
        assert moment < until <= moment + timedelta(hours=26)
        assert quiet.until(until) is None
        assert quiet.until(until - timedelta(seconds=1)) in (until, None)
