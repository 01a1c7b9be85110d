"""What is written alike in pictures and in their captions."""

from datetime import date

from domain.pictures import Step, Timeline

# Stands after a number of denials; before it, it would multiply.
DENIAL = "✗"
_EACH = {Step.DAY: "by day", Step.WEEK: "by week", Step.MONTH: "by month", Step.YEAR: "by year"}


def called(first: date, step: Step) -> str:
    """Return what a period is called: "9 Mar", "Mar 2026" or "2026"; a week by its Monday."""
    match step:
        case Step.MONTH:
            return f"{first:%b} {first.year}"
        case Step.YEAR:
            return str(first.year)
    return f"{first.day} {first:%b}"


def span(shown: Timeline) -> str:
    """Return from when to when, and how long the periods are: "10–18 March 2026, by day"."""
    first, last = shown.first, shown.last
    end = f"{last.day} {last:%B} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        start = f"{first.day}–"
    elif first.year == last.year:
        start = f"{first.day} {first:%B} – "
    else:
        start = f"{first.day} {first:%B} {first.year} – "
    return f"{start}{end}, {_EACH[shown.step]}"
