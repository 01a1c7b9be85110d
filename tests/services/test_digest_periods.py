"""The time that a digest is asked for lies behind, and is read in the zone of the chat."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.digesting.periods import period_before, split_period
from tests.samples import DAY, HOUR, NOON


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("3d", (NOON - 3 * DAY, NOON)),
        ("12 h", (NOON - 12 * HOUR, NOON)),
        ("2 Weeks", (NOON - 14 * DAY, NOON)),
        ("the last 5 days", (NOON - 5 * DAY, NOON)),
        ("since Monday", (datetime(2026, 3, 8, 22, tzinfo=UTC), NOON)),
        ("yesterday", (datetime(2026, 3, 10, 22, tzinfo=UTC), datetime(2026, 3, 11, 22, tzinfo=UTC))),
        ("today", (datetime(2026, 3, 11, 22, tzinfo=UTC), NOON)),
        ("month", (NOON - 30 * DAY, NOON)),
        ("week", (NOON - 7 * DAY, NOON)),
        ("3 Tage", (NOON - 3 * DAY, NOON)),
        ("letzte 2 Wochen", (NOON - 14 * DAY, NOON)),
        ("3 jours", (NOON - 3 * DAY, NOON)),
        ("за 3 дні", (NOON - 3 * DAY, NOON)),
        ("за последние 2 недели", (NOON - 14 * DAY, NOON)),
        ("3 ימים", (NOON - 3 * DAY, NOON)),
        ("seit Montag", (datetime(2026, 3, 8, 22, tzinfo=UTC), NOON)),
        ("вчора", (datetime(2026, 3, 10, 22, tzinfo=UTC), datetime(2026, 3, 11, 22, tzinfo=UTC))),
        ("999999999 years", None),
        ("5", None),
        ("-1", None),
        ("08:00", None),
        ("0d", None),
        ("until Monday", None),
        ("soon", None),
        ("", None),
    ],
)
def test_words_for_a_time(words: str, period: tuple[datetime, datetime] | None):
    assert period_before(words, NOON, "Europe/Vilnius") == period


@pytest.mark.parametrize(
    ("words", "since", "rest"),
    [
        ("1d Ada Quill", NOON - DAY, "Ada Quill"),
        ("since Monday Quill", datetime(2026, 3, 8, 22, tzinfo=UTC), "Quill"),
        ("3 Tage", NOON - 3 * DAY, ""),
    ],
)
def test_a_name_may_stand_behind_the_time(words: str, since: datetime, rest: str):
    assert split_period(words, NOON, "Europe/Vilnius") == ((since, NOON), rest)


def test_words_without_a_time_are_all_left():
    assert split_period("Ada Quill", NOON, "Europe/Vilnius") == (None, "Ada Quill")


@settings(max_examples=40)
@given(st.text(max_size=12) | st.from_regex(r"(since |last )?\d{1,4} ?[a-z]{1,6}", fullmatch=True))
def test_whatever_is_written_means_a_time_that_has_passed_or_none(words: str):
    found = period_before(words, NOON, "America/St_Johns")
    if found is not None:
        since, until = found
        assert since < until <= NOON
        assert since >= datetime(1970, 1, 1, tzinfo=UTC)
