"""What a digest tells: only what is new for its subscription, or has changed since it was told.

A claim that says what was told before, in a reprint or in other words, counts as told.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.chats import ChatIdentity
from domain.corrections import Correction, CorrectionState
from domain.digests import ComposedDigest, DigestClaim, Nothing, StoryList, ToldClaim, Trouble
from domain.pictures import Newsmakers
from domain.subscriptions import Delivery, Filters, WhenEmpty
from services import Services
from services.access import Right, allowed
from services.chats import know
from services.correcting.notices import at_once
from services.digesting.changing import changed
from services.digesting.choosing import MOST_ARTICLES, Chosen, Wanted, choose
from services.digesting.people import may_help, newsmakers, of_the_day
from services.digesting.telling import listed_stories, told_stories
from storage import corrections, deliveries, news
from storage.connection import Reader

# Reading takes seconds; what has waited for longer than this waits because something is wrong.
LATE = timedelta(minutes=10)
CORRECTIONS_SHOWN = 5
MOST_CORRECTIONS = 100
# More articles than these are not counted.
MOST_COUNTED = 100_000
STORIES_A_PAGE = 8


async def compose(services: Services, delivery: Delivery) -> ComposedDigest | Nothing:
    """Return what a planned digest says."""
    subscription = delivery.subscription
    wish = subscription.wish
    async with services.database.reading() as db:
        chat = await allowed(db, subscription.chat, Right.READ)
    if chat is None:
        return Nothing()
    wanted = Wanted(chat.collection, delivery.since, delivery.until, wish.filters, subscription.id)
    composed = await _compose(services, wanted, wish.target, delivery.id)
    silent = composed.is_empty and composed.trouble is None and wish.when_empty is WhenEmpty.SILENCE
    return Nothing() if silent else replace(composed, pictured=wish.pictures and may_help(composed))


async def on_demand(
    services: Services, identity: ChatIdentity, since: datetime, until: datetime, filters: Filters | None = None
) -> ComposedDigest:
    """Return what came in; it does not matter what the chat was told before, nor does this count as told."""
    chat = await know(services, identity)
    return await _compose(services, Wanted(chat.collection, since, until, filters or Filters()), chat.id, None)


async def picture(services: Services, delivery: Delivery) -> Newsmakers | None:
    """Return the picture that follows a digest; None where it would not help."""
    subscription = delivery.subscription
    async with services.database.reading() as db:
        chat = await allowed(db, subscription.chat, Right.READ)
        if chat is None:
            return None
        wanted = Wanted(chat.collection, delivery.since, delivery.until, subscription.wish.filters)
        chosen = await choose(db, wanted)
        return await newsmakers(db, wanted, chosen.articles, subscription.wish.timetable.timezone)


async def stories_of_delivery(services: Services, chat: int, delivery: int, page: int) -> StoryList | None:
    """Return a page of all stories of a digest; None where it is none that the chat set up or was sent."""
    async with services.database.reading() as db:
        found = await deliveries.find(db, delivery)
        if found is None or chat not in (found.subscription.chat, found.subscription.wish.target):
            return None
        filters = found.subscription.wish.filters
        return await _stories(db, found.subscription.chat, found.since, found.until, filters, page)


async def stories_of_period(
    services: Services, chat: int, since: datetime, until: datetime, page: int
) -> StoryList | None:
    """Return a page of all stories that came in from ``since`` up to, not including, ``until``."""
    async with services.database.reading() as db:
        return await _stories(db, chat, since, until, Filters(), page)


async def _stories(
    db: Reader, chat: int, since: datetime, until: datetime, filters: Filters, page: int
) -> StoryList | None:
    known = await allowed(db, chat, Right.READ)
    if known is None:
        return None
    chosen = await choose(db, Wanted(known.collection, since, until, filters))
    first = page * STORIES_A_PAGE
    shown = await listed_stories(db, known.collection, chosen.stories[first : first + STORIES_A_PAGE])
    return StoryList(shown, page, len(chosen.stories) > first + STORIES_A_PAGE)


async def _compose(services: Services, wanted: Wanted, target: int, delivery: int | None) -> ComposedDigest:
    async with services.database.reading() as db:
        chosen = await choose(db, wanted)
    async with services.database.reading() as db:
        made = await _corrections(db, wanted, target)
        updates: list[DigestClaim] = []
        if wanted.subscription is not None:
            updates = await changed(db, wanted.collection, wanted.subscription, wanted.until)
        known = [each for each in updates if _is_put_right(each, made)]
        stories, more = await told_stories(
            db, wanted.collection, chosen.stories, [each for each in updates if each not in known]
        )
        people = await of_the_day(db, wanted, chosen.articles)
        articles = await _count(db, wanted, chosen)
        reprints = await _reprints(db, wanted)
        trouble = await news.trouble(db, wanted.collection, wanted.since, wanted.until, services.clock() - LATE)
    told = at_once([each for each in made if each.new.editor.chat != target])
    return ComposedDigest(
        since=wanted.since,
        until=wanted.until,
        articles=articles,
        stories=stories,
        more_stories=more,
        people=people,
        corrections=tuple(told[:CORRECTIONS_SHOWN]),
        more_corrections=len(told[CORRECTIONS_SHOWN:]),
        corrected=_told(known),
        trouble=trouble if trouble != Trouble() else None,
        delivery=delivery,
        reprints=reprints,
    )


async def _reprints(db: Reader, wanted: Wanted) -> int:
    """Return how many articles of a digest of all were others over again."""
    if wanted.filters != Filters():
        return 0
    return await news.reprinted(db, wanted.collection, wanted.since, wanted.until, MOST_COUNTED)


async def _count(db: Reader, wanted: Wanted, chosen: Chosen) -> int:
    if wanted.filters != Filters() or len(chosen.articles) < MOST_ARTICLES:
        return len(chosen.articles)
    return await news.count(db, wanted.collection, wanted.since, wanted.until, MOST_COUNTED)


async def _corrections(db: Reader, wanted: Wanted, target: int) -> list[Correction]:
    """Return what was put right, in the time of a digest, of what its chat had been told, oldest first."""
    made = await corrections.latest(db, wanted.collection, MOST_CORRECTIONS)
    return [
        each
        for each in reversed(made)
        if wanted.since <= each.made_at < wanted.until
        and each.state is CorrectionState.STANDING
        and any(told_in == target for told_in, *_ in each.new.said.get("told", ()))
    ]


def _is_put_right(found: DigestClaim, made: list[Correction]) -> bool:
    """Return whether a claim has changed by a correction: that is told as such."""
    place = (found.claim.article.id, found.claim.text)
    return any((each.new.article, each.new.said.get("text")) == place for each in made)


def _told(claims: list[DigestClaim]) -> tuple[ToldClaim, ...]:
    return tuple(told for each in claims for told in each.told)
