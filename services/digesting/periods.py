"""The time that a digest is asked for: "3d", "12h", "since Monday", "last week"."""

import re
from datetime import UTC, datetime, timedelta

from services.asking.times import period

_LENGTH = re.compile(r"(?:the )?(?:last )?(?P<count>\d{1,3}) ?(?P<unit>h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
# Nobody has anything from before.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def period_before(words: str, now: datetime, timezone: str) -> tuple[datetime, datetime] | None:
    """Return the time that words mean, as far as it has passed, as aware moments; None where they mean none."""
    text = " ".join(words.split())
    if length := _LENGTH.fullmatch(text):
        since = now - int(length["count"]) * _UNITS[length["unit"].lower()]
        return (since, now) if since < now else None
    found = period(text, now, timezone) if text else None
    if found is None or found.since is None:
        return None
    since, until = max(found.since.astimezone(UTC), _EARLIEST), min(found.until or now, now).astimezone(UTC)
    return (since, until) if since < until else None
