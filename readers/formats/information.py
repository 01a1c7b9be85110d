"""What a document's properties claim about it, kept where its text bears it out.

The properties of most office files are those of a template, of the program or of whoever typed or printed it.
"""

import re
from datetime import datetime

from domain.extraction import Metadata

# Headline, byline and date stand near an end of the text.
_TOP = 2_000
_BOTTOM = 500
_LONGEST = 300
# A PDF's date (ISO 32000-1, 7.9.4), D:YYYYMMDDHHmmSS, or an ISO 8601 one.
_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d{2})-?(\d{2})")


def borne_out(text: str, title: str | None, author: str | None, date: str | None) -> Metadata:
    """Return those of title, author and date that the text itself has where an article has them."""
    place = _plain(f"{text[:_TOP]} {text[-_BOTTOM:]}")
    return Metadata(
        headline=" ".join(title.split()) if title and _stands(title, _plain(text[:_TOP])) else None,
        author=(" ".join(author.split()),) if author and _stands(author, place) else (),
        date_published=_day(date, place) if date else None,
    )


def _plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "


def _stands(words: str, place: str) -> bool:
    """One word is nobody's name and no headline; Chinese or Thai, written without spaces, is one word however long."""
    plain = _plain(words)
    long_enough = len(plain.split()) > 1 or not plain.isascii()
    return long_enough and len(words) <= _LONGEST and plain in place


def _day(date: str, place: str) -> str | None:
    """The day as ISO 8601 where its day and year stand in the text side by side, a month at most between them."""
    match = _DATE.match(date.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    number = f"0?{int(month)}", f"0?{int(day)}"
    forms = rf" {number[1]} \w+ (?:de )?{year} | \w+ {number[1]} {year} | {year} {number[0]} {number[1]} "
    try:
        datetime(int(year), int(month), int(day))  # noqa: DTZ001  # only to see whether there is such a day
    except ValueError:
        return None
    return f"{year}-{month}-{day}" if re.search(forms, place) else None
