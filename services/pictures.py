"""What the pictures of a person show: their timeline, and the net of who speaks about whom around them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import dropwhile

from domain.pictures import DayTally, Figure, Net, Period, Step, Tally, Timeline, Voice
from services import Services
from services.access import Right, allowed
from storage import persons, pictures
from storage.pictures import Heard
from storage.values import normalise

# As many periods as a phone can show side by side.
MOST_PERIODS = 31
# As many names as it can show without one above the other, and voices among those around the person.
MOST_FIGURES = 7
MOST_VOICES = 6

# Sources of which an article does not tell whom it means, in the form in which names are compared.
_PRONOUNS = frozenset({"i", "we", "you", "he", "she", "it", "they", "him", "her", "them", "us", "who", "this", "one"})


async def timeline(services: Services, chat: int, person: int) -> Timeline | None:
    """Return when claims by and about a person were made, or None where the chat's collection has no such person.

    A person without claims has no periods.
    """
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await persons.find(db, known.collection, person) if known else None
        if known is None or found is None:
            return None
        days, older = await pictures.days(db, known.collection, found.id)
    if not days:
        today = services.clock().date()
        return Timeline(found, Step.DAY, today, today, ())
    step = _step(days[0].day, days[-1].day)
    every = _periods(days, step)
    shown = list(dropwhile(lambda period: not _claims(period), every[-MOST_PERIODS:]))
    first = next(each.day for each in days if _start(each.day, step) >= shown[0].first)
    before = older + sum(_claims(period) for period in every[: -len(shown)])
    return Timeline(found, step, first, days[-1].day, tuple(shown), before)


async def net(services: Services, chat: int, person: int) -> Net | None:
    """Return who speaks about whom around a person, or None where the chat's collection has no such person."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await persons.find(db, known.collection, person) if known else None
        if known is None or found is None:
            return None
        since = await pictures.since(db, [found.id])
        speaks = await pictures.speaks_about(db, known.collection, found.id, since)
        denies = await pictures.denies(db, known.collection, found.id, since)
        heard = await pictures.spoken_about_by(db, known.collection, found.id, since)
        own, others, unnamed = _voices([*speaks, *denies], heard, found.id)
        around = _around(own, found.id)
        shown = around[:MOST_FIGURES]
        people = [each for each in shown if each > 0]
        among = await pictures.spoken_among(db, known.collection, people)
        names = others | await pictures.called(db, known.collection, people)
    voices = [each for each in own if each.speaker in shown or each.about in shown]
    voices += among[:MOST_VOICES]
    return Net(
        person=found,
        figures=tuple(Figure(each, names[each]) for each in shown),
        voices=tuple(sorted(voices, key=lambda each: -each.claims)),
        left_out=len(around) - len(shown),
        voices_left_out=len(among[MOST_VOICES:]),
        unnamed=unnamed,
    )


def _voices(speaks: Iterable[Heard], heard: Iterable[Heard], person: int) -> tuple[list[Voice], dict[int, str], int]:
    """Return the voices of a person and about them, the names of those who are none, and how many claims have no name.

    Who is no person has a negative number.
    """
    numbers: dict[str, int] = {}
    names: dict[int, str] = {}
    counts: dict[tuple[int, bool], tuple[int, int]] = {}
    unnamed = 0
    for own, each in [*((True, each) for each in speaks), *((False, each) for each in heard)]:
        called = normalise(each.name or "").removeprefix("the ")
        if each.person is None and (not called or called in _PRONOUNS):
            unnamed += 0 if own else each.claims
            continue
        number = each.person or numbers.setdefault(called, -1 - len(numbers))
        names.setdefault(number, each.name or "")
        claims, denials = counts.get((number, own), (0, 0))
        counts[number, own] = claims + each.claims, denials + each.denials
    voices = [Voice(*(person, number) if own else (number, person), *both) for (number, own), both in counts.items()]
    return voices, names, unnamed


def _claims(period: Period) -> int:
    return period.says.claims + period.said.claims


def _around(voices: Iterable[Voice], person: int) -> list[int]:
    """Return who speaks about the person or is spoken about by them, most first, and persons before others."""
    counts = Counter[int]()
    for voice in voices:
        counts[voice.about if voice.speaker == person else voice.speaker] += voice.claims
    return [figure for figure, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] < 0, abs(pair[0])))]


def _step(first: date, last: date) -> Step:
    """Return the shortest step with which the whole span can be shown; years, where none will do."""
    spans = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31}
    days = (last - first).days + 1
    return next((step for step, length in spans.items() if days <= length * (MOST_PERIODS - 1)), Step.YEAR)


def _start(day: date, step: Step) -> date:
    """Return the first day of the period in which a day lies."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            # The first days of the calendar lie in a week that begins before it.
            return date.fromordinal(max(1, day.toordinal() - day.weekday()))
        case Step.MONTH:
            return day.replace(day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)


def _next(start: date, step: Step) -> date:
    """Return the first day of the period after the one that begins on ``start``."""
    days = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 32, Step.YEAR: 367}
    return _start(start + timedelta(days[step]), step)


def _periods(days: Sequence[DayTally], step: Step) -> list[Period]:
    """Return the periods of the whole span, also those without claims."""
    tallies: dict[date, tuple[Tally, Tally]] = {}
    for each in days:
        start = _start(each.day, step)
        says, said = tallies.get(start, (Tally(), Tally()))
        tallies[start] = (says + each.says, said + each.said)
    starts = [min(tallies)]
    while starts[-1] < max(tallies):
        starts.append(_next(starts[-1], step))
    return [Period(start, *tallies.get(start, (Tally(), Tally()))) for start in starts]
