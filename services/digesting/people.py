"""Who is in the news, and how much more or less than before."""

from collections.abc import Collection
from datetime import timedelta

from domain.digests import PersonOfTheDay
from domain.subscriptions import Filters
from services.digesting.choosing import Wanted
from storage import news
from storage.connection import Reader

PEOPLE_SHOWN = 6
# People are compared with their mean in so many periods before, each as long as this one.
PERIODS = 3
# Of longer ones, nothing is left to compare with.
LONGEST = timedelta(days=31)


async def of_the_day(db: Reader, wanted: Wanted, articles: Collection[int]) -> tuple[PersonOfTheDay, ...]:
    """Return whom most of the articles name; nothing is compared where filters choose the articles."""
    found = await news.named(db, articles, PEOPLE_SHOWN)
    since, length = wanted.since, wanted.until - wanted.since
    first = since - PERIODS * length if length <= LONGEST else since
    if not found or wanted.filters != Filters() or not await news.count(db, wanted.collection, first, since, 1):
        return tuple(PersonOfTheDay(name, count) for _, name, count in found)
    numbers = [person for person, _, _ in found]
    before = await news.named_before(db, wanted.collection, numbers, first, since)
    known = {*before, *await news.known_before(db, wanted.collection, {*numbers} - before.keys(), since)}
    return tuple(
        PersonOfTheDay(name, count, count - round(before.get(person, 0) / PERIODS), person not in known)
        for person, name, count in found
    )
