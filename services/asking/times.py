"""When it was: "since Monday", "last week", "in March", "on 6 March", in the asker's time zone."""

import re
from calendar import monthrange
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.questions import Period

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LEADS = re.compile(
    r"(?P<how>since|after|as of|starting|until|till|before|by|on|in|within|during|throughout|over|for)\b\s*", re.I
)
_LAST = re.compile(
    r"(?:the )?(?:last|past) (?:(?P<count>\d{1,3}|\w+|couple of) )?(?P<unit>hour|day|week|month|year)s?", re.I
)
_MONTH = re.compile(r"(?:early |late |mid )?[a-z]{3,9}\.?(?: \d{4})?", re.I)
_WEEKDAY = re.compile(
    r"(?:last |this |this past )?(?P<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*(?: (?:morning|afternoon|evening|night))?",
    re.I,
)
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "few": 3, "couple of": 2,
}  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {
    "hour": timedelta(hours=1),
    "day": _DAY,
    "week": _WEEK,
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_SINCE = frozenset({"since", "as of", "starting", "after"})
_UNTIL = frozenset({"until", "till", "by", "before"})


def period(words: str, now: datetime, timezone: str) -> Period | None:
    """Return the time that words mean, as aware moments, or None where they mean none.

    ``now`` is aware; dates lie before it where the words leave that open.
    """
    local = now.astimezone(ZoneInfo(timezone))
    text = " ".join(words.casefold().split())
    if between := re.fullmatch(r"(?:between|from) (.+?) (?:and|to|until|till) (.+)", text):
        # "between 3 and 7 March"
        month = re.sub(r"\d{1,2}(?:st|nd|rd|th)?\s*", "", between[2], count=1) if len(between[1]) <= 4 else ""
        first, last = _span(f"{between[1]} {month}".strip(), local), _span(between[2], local)
        return Period(first.since, last.until) if first and last else None
    lead = _LEADS.match(text)
    how, rest = (lead["how"], text[lead.end() :]) if lead else ("", text)
    span = _span(rest or text, local)
    if span is None:
        return None
    if how in _SINCE:
        return Period(span.until if how == "after" and span.until else span.since, None)
    if how in _UNTIL:
        return Period(None, span.since if how == "before" else span.until)
    return span


def _span(text: str, now: datetime) -> Period | None:
    """Return the day, week, month or other time that words name."""
    today = _midnight(now)
    monday = today - today.weekday() * _DAY
    known = {
        "today": Period(today, today + _DAY),
        "this morning": Period(today, today + _DAY),
        "this evening": Period(today, today + _DAY),
        "yesterday": Period(today - _DAY, today),
        "last night": Period(today - _DAY, today + _DAY),
        "the day before yesterday": Period(today - 2 * _DAY, today - _DAY),
        "this week": Period(monday, None),
        "last week": Period(monday - _WEEK, monday),
        "this weekend": Period(monday + 5 * _DAY if today.weekday() > 4 else monday - 2 * _DAY, None),
        "last weekend": Period(monday - 2 * _DAY, monday),
        "this month": Period(today.replace(day=1), None),
        "this year": Period(today.replace(day=1, month=1), None),
    }
    if text in known:
        return known[text]
    if text in ("last month", "last year"):
        first = today.replace(day=1) if text == "last month" else today.replace(day=1, month=1)
        earlier = (first - _DAY).replace(day=1)
        return Period(earlier if text == "last month" else earlier.replace(month=1), first)
    if weekday := _WEEKDAY.fullmatch(text):
        back = (today.weekday() - _DAYS.index(weekday["day"][:3])) % 7 or (7 if text.startswith("last") else 0)
        return Period(_midnight(today - back * _DAY), _midnight(today - (back - 1) * _DAY))
    if last := _LAST.fullmatch(text):
        count = last["count"] or "1"
        number = int(count) if count.isdigit() else _COUNTS.get(count, 1)
        return Period(now - number * _UNITS[last["unit"]], None)
    return _read(text, now)


def _read(text: str, now: datetime) -> Period | None:
    """Return the day or month of a date; the library that reads it takes its time to load."""
    import dateparser

    settings = {
        "RELATIVE_BASE": now.replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "DATE_ORDER": "DMY",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    words = re.sub(r"\A(?:the|early|late|mid) ", "", text).replace(" of ", " ")
    if re.fullmatch(r"\d{4}", words):
        start = _midnight(now).replace(year=int(words), month=1, day=1) if 1 <= int(words) < 9999 else None
        return Period(start, start.replace(year=start.year + 1)) if start else None
    found = dateparser.parse(words, languages=["en"], settings=settings)
    if found is None:
        return None
    start = datetime.combine(found.date(), time(), now.tzinfo)
    if _MONTH.fullmatch(words) and not words.startswith("a few"):
        return Period(start, start + monthrange(start.year, start.month)[1] * _DAY)
    return Period(start, start + _DAY)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)
