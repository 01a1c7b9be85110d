"""What is written alike in pictures and in their captions."""

from datetime import date, datetime

from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from domain.pictures import Newsmaker, Step, Timeline
from handlers.replies.language import ENGLISH, later, locale, spoken
from handlers.replies.language import gettext as _

# Stands after a number of denials; before it, it would multiply.
DENIAL = "✗"
_EACH = {
    Step.DAY: later("{days}, by day"),
    Step.WEEK: later("{days}, by week"),
    Step.MONTH: later("{days}, by month"),
    Step.YEAR: later("{days}, by year"),
}


def number(count: int) -> str:
    """Return "1,234"."""
    return format_decimal(count, locale=locale())


def called(first: date, step: Step) -> str:
    """Return what a period is called: "9 Mar", "Mar 2026" or "2026"; a week by its Monday."""
    english = spoken() == ENGLISH
    match step:
        case Step.MONTH:
            return format_date(first, "MMM y", locale()) if english else _local(first, "yMMM")
        case Step.YEAR:
            return str(first.year)
    return format_date(first, "d MMM", locale()) if english else _local(first, "MMMd")


def change(person: Newsmaker) -> str | None:
    """Return "+4", "−2" or "new" of somebody who is compared with before; None where there is no change."""
    if person.is_new:
        return _("new")
    return f"{person.change:+d}".replace("-", "−") if person.change else None


def span(shown: Timeline) -> str:
    """Return from when to when, and how long the periods are: "10–18 March 2026, by day"."""
    first, last = shown.first, shown.last
    if first == last:
        return days(first, last)
    return _(_EACH[shown.step]).format(days=days(first, last))


def days(first: date, last: date) -> str:
    """Return from when to when: "10–18 March 2026", or one day."""
    if first == last:
        return format_date(last, "d MMMM y" if spoken() == ENGLISH else "long", locale())
    if spoken() != ENGLISH:
        return format_interval(first, last, "yMMMMd", locale=locale())
    end = format_date(last, "d MMMM y", locale())
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale())
    return f"{start} – {end}"


def _local(day: date, skeleton: str) -> str:
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001  # a day
