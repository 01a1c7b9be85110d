"""The time that a digest is asked for: "3d", "12h", "since Monday", "last week", "3 Tage"."""

import re
import tomllib
from calendar import day_name
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from services.asking.times import period
from services.subscribing.lines import parse

# "5", "-1" and "08:00" are no dates.
_NUMBER = re.compile(r"[-+]\d+|\d{1,3}|\d{5,}|\d{1,2}[:.]\d{2}")
_CENTURY = 100 * 365 * 24
# Nobody has anything from before.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def period_before(words: str, now: datetime, timezone: str) -> tuple[datetime, datetime] | None:
    """Return the time that words mean, as far as it has passed, as aware moments; None where they mean none."""
    text = " ".join(words.split())
    if length := _lengths().fullmatch(text):
        since = now - timedelta(hours=min(int(length["count"] or 1) * _hours(length), _CENTURY))
        return (max(since, _EARLIEST), now) if since < now else None
    text = _in_english(text)
    found = period(text, now, timezone) if text and not _NUMBER.fullmatch(text) else None
    if found is None or found.since is None:
        return None
    since, until = max(found.since.astimezone(UTC), _EARLIEST), min(found.until or now, now).astimezone(UTC)
    return (since, until) if since < until else None


def split_period(words: str, now: datetime, timezone: str) -> tuple[tuple[datetime, datetime] | None, str]:
    """Return the time that the first words mean, as many as mean one, and the words behind them."""
    said = words.split()
    for count in range(len(said), 0, -1):
        found = period_before(" ".join(said[:count]), now, timezone)
        if found is not None:
            return found, " ".join(said[count:])
    return None, words


def _in_english(text: str) -> str:
    """Return "since Monday" for "seit Montag", "today" for "heute"; all else as it is."""
    said = text.casefold().replace("’", "'")
    for day, names in _words()["days"].items():
        if said in names:
            return day
    lead, _, rest = said.partition(" ")
    named = parse(rest).days
    return f"since {day_name[named[0] - 1]}" if lead in _words()["since"]["words"] and len(named) == 1 else text


def _hours(length: re.Match[str]) -> int:
    return next(int(hours) for hours in _units() if length[f"unit{hours}"] is not None)


@cache
def _lengths() -> re.Pattern[str]:
    """Return what fits "3d", "the last 5 days", "3 Tage", "week"; each unit is a group named by its hours."""
    units = "|".join(f"(?P<unit{hours}>{'|'.join(names)})" for hours, names in _units().items())
    lead = "|".join(_words()["last"]["words"])
    return re.compile(rf"(?:(?:{lead}) )*(?P<count>\d{{1,4}})? ?(?:{units})", re.IGNORECASE)


def _units() -> Mapping[str, list[str]]:
    return _words()["hours"]


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    read: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
        (files("services.digesting") / "data" / "periods.toml").read_text(encoding="utf-8")
    )
    return read
