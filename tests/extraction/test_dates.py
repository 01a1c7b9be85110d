"""Dates as pages write them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.dates import find_dates, find_yearless, is_date_line, without_dates


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
        ("15. Mai 2026", "2026-05-15"),
        ("Fri 13/03/2026 17:52", "2026-03-13T17:52"),
        ("6 березня 2026", "2026-03-06"),
        ("6 березня 2026 року, 14:05", "2026-03-06T14:05"),
        ("6 марта 2026 г.", "2026-03-06"),
        ("6 марта 2026 года в 14:05", "2026-03-06T14:05"),
        ("06-MAR-2026", "2026-03-06"),
        ("6 Mar '26", "2026-03-06"),
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
        ("Freitag, 6. März 2026, 14:05 Uhr", True),
        ("Veröffentlicht am 15. Mai 2026", True),
        ("Опубликовано 6 марта 2026 года в 14:05", True),
        ("п'ятниця, 6 березня 2026", True),
        ("Publié le 6 mars 2026 à 18h40", True),
        ("Am 15. Mai 2026 tagte der Rat", False),
        ("6 марта 2026 года совет собрался", False),
        ("Veröffentlicht", False),
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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("HALVENSTAD, March 6", ["--03-06"]),
        ("Friday 6th March", ["--03-06"]),
        ("6 марта", ["--03-06"]),
        ("29 February", ["--02-29"]),
        ("31 February", [None]),
        ("March", []),
        ("Mayor 6", []),
        ("6", []),
    ],
)
def test_a_day_without_a_year(text: str, values: list[str | None]) -> None:
    """It is told as such: which year it means is not in the line."""
    assert [found.value for found in find_yearless(text)] == values


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Radio Sennet | 6 March 2026 | 14:05", "Radio Sennet"),
        ("HALVENSTAD, March 6 -", "HALVENSTAD"),
        ("Published: 6 March 2026", ""),
        ("The council met", "The council met"),
    ],
)
def test_what_stands_beside_a_date(line: str, rest: str) -> None:
    """Dates, clocks and the words of date lines are taken out with the signs between them."""
    assert without_dates(line) == rest


_NAMES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_FORMS = [
    "{day} {en} {year}",
    "{en} {day}, {year}",
    "Published: {day} {en} {year}",
    "{day}. {de} {year}",
    "{day} {uk} {year} року",
    "{day} {ru} {year} г.",
    "{year}-{month:02}-{day:02}",
    "{day}.{month}.{year}",
    "Sennet Radio | {day} {en} {year}",
    "HALVENSTAD, {en} {day}, {year}",
]
_CLOCKS = ["", ", {hour:02}:{minute:02}", " {hour:02}:{minute:02}"]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.times(), st.sampled_from(_FORMS), st.sampled_from(_CLOCKS))
def test_a_date_that_was_written_is_read_back(day: date, at: time, form: str, clock: str) -> None:
    """Whatever the day, the form and the language."""
    months = {language: names.split()[day.month - 1] for language, names in _NAMES.items()}
    parts = {"year": day.year, "month": day.month, "day": day.day, "hour": at.hour, "minute": at.minute}
    read = [found.value for found in find_dates((form + clock).format(**parts, **months))]
    assert read == [f"{day.isoformat()}T{at:%H:%M}" if clock else day.isoformat()]
