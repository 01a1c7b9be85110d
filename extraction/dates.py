"""Dates as pages write them, to ISO 8601.

A numeric date with slashes or hyphens is read day-first or month-first only on evidence: a number above 12, a clock
with AM or PM (a habit of the countries that put the month first), or both readings being the same day.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files

# Minutes east of Greenwich, only of zones whose letters mean one offset wherever they are used: not ET, BST or IST.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180}
_ZONES |= {"edt": -240, "est": -300, "cdt": -300, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480}
_LEAP_YEAR = 2000
_DIGIT = re.compile(r"\d")
# Every form of date has one of these: most lines have none, and are not looked at further.
_YEAR = re.compile(r"(?:19|20)\d\d|['’/.-]\d\d")
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?!\d)(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>z\b|(?:utc|gmt)?\s?[+−-]\s?\d{1,2}(?::?\d\d)?(?!\d)|[a-z]{2,4}t\b|utc\b|msk\b)\)?)?"
)
_CLOCK_AFTER = re.compile(
    rf"(?:t|[\s,|•·@–—-]{{1,6}})(?:(?:at|um|à|a las|klo?|kell|в|о)\b\.?\s*)?{_CLOCK}", re.IGNORECASE
)
_CLOCK_BEFORE = re.compile(rf"{_CLOCK}[\s,|•·–—-]{{1,4}}(?:(?:on|[a-z]{{3,9}}),?\s*)?$", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:ago|yesterday|today|just now)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands.

    ``value`` is ISO 8601, "--03-06" for a day without its year, or None where day and month cannot be told apart.
    """

    value: str | None
    start: int
    end: int


def find_dates(text: str) -> list[FoundDate]:
    """Return the dates with a year in ``text``, with their clock where one stands beside them."""
    return [_found(text, match) for match in _forms().finditer(text)] if _YEAR.search(text) else []


def find_yearless(text: str) -> list[FoundDate]:
    """Return the days without a year in ``text``: "March 6"."""
    return [_found_yearless(match) for match in _yearless().finditer(text)] if _DIGIT.search(text) else []


def is_date_line(text: str) -> bool:
    """Say whether a line holds a date or an age ("2 hours ago") and nothing else."""
    told = bool(find_dates(text) or find_yearless(text) or _RELATIVE.search(text))
    return told and not re.search(r"[^\W\d]", without_dates(text))


def without_dates(text: str) -> str:
    """Return what a line holds beside dates and the words of date lines, without signs around it."""
    for found in reversed(find_dates(text)):
        text = text[: found.start] + " " + text[found.end :]
    rest = _date_words().sub(" ", _yearless().sub(" ", text))
    return " ".join(rest.split()).strip(" .,:;|•·@()–—-")


def tells_change(text: str) -> bool:
    """Say whether the date behind ``text`` is that of a change rather than of publication."""
    return not _words("changed").isdisjoint(re.findall(r"\w+", text.lower()))


def month_pattern() -> str:
    """Return a regular expression for a month's name in any language of the table."""
    return "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))


@cache
def _months() -> dict[str, int]:
    table = tomllib.loads((files("extraction") / "data" / "months.toml").read_text(encoding="utf-8"))
    return {name: int(number) for number, names in table.items() for name in names}


@cache
def _words(name: str) -> frozenset[str]:
    table = tomllib.loads((files("extraction") / "data" / "date_lines.toml").read_text(encoding="utf-8"))
    return frozenset(table[name].split())


@cache
def _date_words() -> re.Pattern[str]:
    known = sorted(_words("words") | _words("changed"), key=len, reverse=True)
    zone = r"(?-i:[ECMPW]?E?[SD]?T|GMT|UTC)"
    return re.compile(rf"(?<![\w’'])(?:{'|'.join(map(re.escape, known))}|{zone}|\d+)(?![\w’'])", re.IGNORECASE)


@cache
def _yearless() -> re.Pattern[str]:
    month = month_pattern()
    return re.compile(
        rf"\b(?:(?P<m1>{month})\b\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?P<m2>{month}))\b",
        re.IGNORECASE,
    )


def _found_yearless(match: re.Match[str]) -> FoundDate:
    month = _months()[(match["m1"] or match["m2"]).lower()]
    day = _date(_LEAP_YEAR, month, int(match["d1"] or match["d2"]))
    return FoundDate(f"--{day:%m-%d}" if day else None, match.start(), match.end())


@cache
def _forms() -> re.Pattern[str]:
    month, year = month_pattern(), r"(?:19|20)\d\d"
    forms = (
        rf"(?<!\d)(?P<y1>{year})([-/.])(?P<m1>\d{{1,2}})\2(?P<d1>\d{{1,2}})(?!\d)",
        rf"(?P<y2>{year})\s?年\s?(?P<m2>\d{{1,2}})\s?月\s?(?P<d2>\d{{1,2}})\s?日",
        rf"(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:of\s|de\s)?\s*(?P<m3>{month})\b\.?,?[\s-]*"
        rf"(?:de\s|del\s)?\s*(?:(?P<y3>{year})(?!\d)(?:\s?(?:года|года|року|[гр])\b\.?)?|['’](?P<short>\d\d)\b)",
        rf"\b(?P<m4>{month})\b\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>{year})(?!\d)",
        rf"(?<![\d/.-])(?P<a5>\d{{1,2}})(?P<mark>[/.-])(?P<b5>\d{{1,2}})(?P=mark)(?P<y5>{year}|\d\d)(?![\d/-])",
    )
    return re.compile("|".join(forms), re.IGNORECASE)


def _found(text: str, match: re.Match[str]) -> FoundDate:
    clock = _CLOCK_AFTER.match(text, match.end())
    end = clock.end() if clock else match.end()
    start = match.start()
    if clock is None:
        clock = _CLOCK_BEFORE.search(text[max(0, start - 40) : start])
        start -= len(clock.group()) if clock else 0
    day = _day(match, clock)
    return FoundDate(_with_clock(day, clock) if day else None, start, end)


def _day(match: re.Match[str], clock: re.Match[str] | None) -> date | None:
    part = match.groupdict()
    for form in "3124":
        if year := part["y" + form] or (part["short"] and "20" + part["short"]):
            month = part["m" + form].lower()
            return _date(int(year), _months().get(month) or int(month), int(part["d" + form]))
    year = int(part["y5"]) + (2000 if len(part["y5"]) == 2 else 0)
    first, second = int(part["a5"]), int(part["b5"])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if day_first is None or month_first is None or day_first == month_first:
        return day_first or month_first
    # Points belong to countries that put the day first.
    if part["mark"] == ".":
        return day_first
    return month_first if clock and clock["half"] else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_clock(day: date, clock: re.Match[str] | None) -> str:
    if clock is None:
        return day.isoformat()
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    moment = datetime(day.year, day.month, day.day, hour, int(clock["minute"]), tzinfo=_zone(clock["zone"]))
    if clock["second"] is None:
        return moment.isoformat(timespec="minutes")
    return moment.replace(second=int(clock["second"])).isoformat()


def _zone(name: str | None) -> timezone | None:
    if name is None:
        return None
    offset = re.search(r"([+−-])\s?(\d{1,2}):?(\d\d)?", name)
    if offset is None:
        minutes = _ZONES.get(name.lower())
    else:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        minutes = -minutes if offset[1] != "+" else minutes
    return None if minutes is None or abs(minutes) > 14 * 60 else timezone(timedelta(minutes=minutes))
