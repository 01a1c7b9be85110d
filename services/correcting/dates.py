"""A day as somebody types it."""

from datetime import UTC, date, datetime, timedelta

from domain.correcting import NotUnderstood, Unclear

LONGEST = 40


def day_of(typed: str, now: datetime) -> str | NotUnderstood:
    """Return a day as ISO 8601; days come before months, and a day without a year has been already."""
    day = _plain(typed) or _in_words(typed, now)
    if day is None:
        return NotUnderstood(Unclear.NO_DATE)
    if day > (now + timedelta(days=1)).date():
        return NotUnderstood(Unclear.NOT_YET, day=day)
    return day.isoformat()


def _plain(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _in_words(typed: str, now: datetime) -> date | None:
    # It takes half a second to import, which only who types a date should wait for.
    import dateparser

    if len(typed) > LONGEST:
        return None
    options = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month"],
        "RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None),
    }
    found = dateparser.parse(typed, languages=["en", "ru", "uk"], settings=options)
    return found.date() if found else None
