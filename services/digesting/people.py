"""Who is in the news, and how much more or less than before."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.digests import ComposedDigest, PersonOfTheDay
from domain.pictures import Newsmaker, Newsmakers
from domain.subscriptions import Filters
from services.digesting.choosing import Wanted
from storage import news, pictures
from storage.connection import Reader

PEOPLE_SHOWN = 6
# People are compared with their mean in so many periods before, each as long as this one.
PERIODS = 3
# Of longer ones, nothing is left to compare with.
LONGEST = timedelta(days=31)
# A picture helps where many people have claims in several stories, and not all of them the same few.
LEAST_PEOPLE, LEAST_STORIES, LEAST_CLAIMS = 5, 3, 3
# As many as a phone shows at once.
MOST_DRAWN = 8


async def of_the_day(db: Reader, wanted: Wanted, articles: Collection[int]) -> tuple[PersonOfTheDay, ...]:
    """Return whom most of the articles name; nothing is compared where filters choose the articles.

    Who goes by one name, be it one person or two, stands there once.
    """
    found = await news.named(db, articles, PEOPLE_SHOWN)
    first = await _compared_since(db, wanted) if found else None
    if first is None:
        return tuple(PersonOfTheDay(name, count) for _, name, count in found)
    numbers = [person for persons, _, _ in found for person in persons]
    before = await news.named_before(db, wanted.collection, numbers, first, wanted.since)
    unknown = await _unknown(db, wanted, {*numbers} - before.keys())
    return tuple(
        PersonOfTheDay(
            name,
            count,
            count - round(sum(before.get(each, 0) for each in persons) / PERIODS),
            unknown.issuperset(persons),
        )
        for persons, name, count in found
    )


def may_help(digest: ComposedDigest) -> bool:
    """Return whether a digest may have people and stories enough for a picture."""
    return len(digest.people) >= LEAST_PEOPLE and len(digest.stories) + digest.more_stories >= LEAST_STORIES


async def newsmakers(db: Reader, wanted: Wanted, articles: Collection[int], timezone: str) -> Newsmakers | None:
    """Return who speaks and is spoken about in the articles; None where they are too few for a picture."""
    found = await pictures.newsmakers(db, wanted.collection, articles)
    if len(found) < LEAST_PEOPLE or found[0][2].claims + found[0][3].claims < LEAST_CLAIMS:
        return None
    shown = found[:MOST_DRAWN]
    first = await _compared_since(db, wanted)
    people = [Newsmaker(*each) for each in shown]
    if first is not None:
        numbers = [each.id for each in people]
        before = await pictures.claims_before(db, wanted.collection, numbers, first, wanted.since)
        unknown = await _unknown(db, wanted, {*numbers} - before.keys())
        means = {number: round(before.get(number, 0) / PERIODS) for number in numbers}
        people = [Newsmaker(*each, before=means[each[0]], is_new=each[0] in unknown) for each in shown]
    since, until = (moment.astimezone(ZoneInfo(timezone)).date() for moment in (wanted.since, wanted.until))
    return Newsmakers(since, until, tuple(people), len(found) - len(shown))


async def _compared_since(db: Reader, wanted: Wanted) -> datetime | None:
    """Return when the time begins that is compared with; None where nothing is, as where filters choose."""
    length = wanted.until - wanted.since
    if length > LONGEST or wanted.filters != Filters():
        return None
    first = wanted.since - PERIODS * length
    return first if await news.count(db, wanted.collection, first, wanted.since, 1) else None


async def _unknown(db: Reader, wanted: Wanted, persons: Collection[int]) -> set[int]:
    """Return which of the persons no article has named before."""
    return {*persons} - await news.known_before(db, wanted.collection, persons, wanted.since)
