"""Dates as pages write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.dates import find_dates, is_date_line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-06", "2026-03-06"),
        ("2026-03-06T21:26:56Z", "2026-03-06T21:26:56+00:00"),
        ("2026-03-06T21:26:56+02:00", "2026-03-06T21:26:56+02:00"),
        ("2026-03-06 21:26", "2026-03-06T21:26"),
        ("2026/3/6", "2026-03-06"),
        ("6 March 2026, 21:26", "2026-03-06T21:26"),
        ("6th of March 2026", "2026-03-06"),
        ("March 6, 2026", "2026-03-06"),
        ("Mar. 6, 2026 at 9:26 p.m.", "2026-03-06T21:26"),
        ("Friday, March 6, 2026 12:05 AM", "2026-03-06T00:05"),
        ("Published 9:26 PM EST, Fri March 6, 2026", "2026-03-06T21:26-05:00"),
        ("06 Mar 2026 04:25 GMT+2", "2026-03-06T04:25+02:00"),
        ("06 Mar 2026 04:25 (UTC)", "2026-03-06T04:25+00:00"),
        ("3/6/2026, 9:26:56 PM", "2026-03-06T21:26:56"),
        ("03/13/2026", "2026-03-13"),
        ("13/03/2026", "2026-03-13"),
        ("3/3/2026", "2026-03-03"),
        ("6.3.2026", "2026-03-06"),
        ("06.03.2026 18:40", "2026-03-06T18:40"),
        ("6. März 2026", "2026-03-06"),
        ("6 mars 2026 à 18h40", "2026-03-06T18:40"),
        ("6 de marzo de 2026", "2026-03-06"),
        ("21:26, 6 марта 2026", "2026-03-06T21:26"),
        ("6 marca 2026", "2026-03-06"),
        ("2026年3月6日", "2026-03-06"),
    ],
)
def test_a_date_is_read(text: str, value: str) -> None:
    """Every usual form becomes ISO 8601, as precise as it stands."""
    assert [found.value for found in find_dates(text)] == [value]


@pytest.mark.parametrize("text", ["3/6/2026", "3/6/2026 21:26", "03-06-2026", "6/3/26"])
def test_day_and_month_are_not_guessed(text: str) -> None:
    """Without evidence for which number is the day the date stays unknown."""
    assert [found.value for found in find_dates(text)] == [None]


@pytest.mark.parametrize("text", ["31/2/2026", "99/99/2026", "31 February 2026"])
def test_a_day_that_never_was_is_unknown(text: str) -> None:
    """An impossible date has no value."""
    assert [found.value for found in find_dates(text)] == [None]


@pytest.mark.parametrize("text", ["", "March", "in 2026", "6 March", "12.5.1.7", "1/2", "call 555-03-2026-1"])
def test_no_date_where_none_is(text: str) -> None:
    """A month, a year, a day without a year or other numbers are no date."""
    assert find_dates(text) == []


def test_an_ambiguous_zone_is_left_out() -> None:
    """Letters that mean several offsets give a local time without one."""
    assert [found.value for found in find_dates("6 March 2026, 21:26 IST")] == ["2026-03-06T21:26"]


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("Friday, March 6, 2026", True),
        ("Updated: 6 March 2026, 21:26 GMT", True),
        ("2 hours ago", True),
        ("Yesterday at 14:00", True),
        ("March 6", True),
        ("On March 6, 2026 the council met", False),
        ("21", False),
        ("The first", False),
    ],
)
def test_a_date_line_holds_nothing_but_a_date(line: str, is_date: bool) -> None:
    """A sentence that names a date is no date line."""
    assert is_date_line(line) is is_date


@given(st.text(alphabet="0123456789/.-: ,PMmarchMärz年月日TZ+", max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    """A found date lies inside the text."""
    assert all(0 <= found.start < found.end <= len(text) for found in find_dates(text))
