"""What one tap, or one line of words, does to a wish; None where that cannot be."""

from dataclasses import replace
from datetime import time
from typing import TypeVar

from domain.subscriptions import Filters, WhenEmpty, Wish

# Of one digest.
MOST_TIMES = 6
MOST_PEOPLE = 10
MOST_ORIGINS = 9
_A_DAY = 24 * 60

T = TypeVar("T")


def on_days(wish: Wish, days: tuple[int, ...]) -> Wish:
    """Have digests come on these days of the week."""
    return replace(wish, timetable=replace(wish.timetable, days=tuple(sorted(days))))


def turn_day(wish: Wish, day: int) -> Wish | None:
    """Add a day of the week, or take it away; one has to stay."""
    days = _turned(wish.timetable.days, day)
    return on_days(wish, days) if days else None


def at(wish: Wish, times: tuple[time, ...]) -> Wish:
    """Have digests come at these times of day."""
    return replace(wish, timetable=replace(wish.timetable, times=tuple(sorted(set(times)))[:MOST_TIMES]))


def turn_time(wish: Wish, moment: time) -> Wish | None:
    """Add a time of day, or take it away; one has to stay."""
    times = _turned(wish.timetable.times, moment)
    return at(wish, times) if 1 <= len(times) <= MOST_TIMES else None


def shift(wish: Wish, minutes: int) -> Wish:
    """Move all times of day, around midnight too."""
    moved = [(each.hour * 60 + each.minute + minutes) % _A_DAY for each in wish.timetable.times]
    return at(wish, tuple(time(*divmod(each, 60)) for each in moved))


def in_zone(wish: Wish, zone: str) -> Wish:
    """Have digests come by the clock of a zone."""
    return replace(wish, timetable=replace(wish.timetable, timezone=zone))


def to(wish: Wish, target: int, thread_id: int | None) -> Wish:
    """Have digests go to a chat, or a topic of it."""
    return replace(wish, target=target, thread_id=thread_id)


def turn_empty(wish: Wish) -> Wish:
    """Have one line come, or nothing, when nothing is new."""
    return replace(wish, when_empty=WhenEmpty.SILENCE if wish.when_empty is WhenEmpty.LINE else WhenEmpty.LINE)


def turn_pictures(wish: Wish) -> Wish:
    """Have a picture of the people follow digests, or none."""
    return replace(wish, pictures=not wish.pictures)


def turn_person(wish: Wish, person: int) -> Wish | None:
    """Add somebody to those whom the digest is about, or take them away."""
    people = _turned(wish.filters.people, person)
    return replace(wish, filters=replace(wish.filters, people=people)) if len(people) <= MOST_PEOPLE else None


def turn_name(wish: Wish, name: str) -> Wish | None:
    """Add somebody whom no article has named yet, or take them away."""
    names = _turned(wish.filters.names, name)
    return replace(wish, filters=replace(wish.filters, names=names)) if len(names) <= MOST_PEOPLE else None


def limited(wish: Wish, filters: Filters) -> Wish:
    """Limit the digest to what fits filters."""
    return replace(wish, filters=filters)


def about(wish: Wish, words: str | None) -> Wish:
    """Limit the digest to what fits an expression."""
    return replace(wish, filters=replace(wish.filters, words=words))


def turn_publisher(wish: Wish, publisher: str) -> Wish:
    """Add a publisher, or take it away."""
    return replace(wish, filters=replace(wish.filters, publishers=_turned(wish.filters.publishers, publisher)))


def turn_language(wish: Wish, language: str) -> Wish:
    """Add a language, or take it away."""
    return replace(wish, filters=replace(wish.filters, languages=_turned(wish.filters.languages, language)))


def from_origins(wish: Wish, origins: int) -> Wish | None:
    """Limit the digest to claims with so many independent origins."""
    return replace(wish, filters=replace(wish.filters, origins=origins)) if 1 <= origins <= MOST_ORIGINS else None


def turn_disputed(wish: Wish) -> Wish:
    """Limit the digest to what is denied or contradicted, or do not any more."""
    return replace(wish, filters=replace(wish.filters, disputed=not wish.filters.disputed))


def of_all(wish: Wish) -> Wish:
    """Limit the digest by nothing."""
    return replace(wish, filters=Filters())


def _turned(values: tuple[T, ...], value: T) -> tuple[T, ...]:
    return tuple(each for each in values if each != value) if value in values else (*values, value)
