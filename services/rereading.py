"""Reading articles again with the present model and rules; what was put right in them stays so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chats import CollectionId
from domain.extraction import Extraction, FailureReason, Span
from services import Services
from services.cards import show_again
from services.correcting.applying import corrected
from services.reading import extracted, ledger_claims, read
from storage import articles, chats, claims, corrections, persons
from storage.connection import Reader


@dataclass(frozen=True, slots=True)
class Reread:
    """What another reading has changed in an article, and how many of its corrections hold or are open again."""

    claims_changed: bool
    people_changed: bool
    holding: int
    reopened: int
    failure: FailureReason | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What an article says, as far as two readings can be compared."""

    claims: frozenset[tuple[object, ...]]
    people: frozenset[tuple[Span, str]]


async def to_reread(services: Services, chat: int | None, since: datetime | None, after: int) -> Sequence[int] | None:
    """Return the articles of a chat's collection, or of all of the bot's, that were received since a moment, by number.

    Only numbers higher than ``after`` count. None where the chat is not known.
    """
    async with services.database.reading() as db:
        known = await chats.find(db, chat) if chat is not None else None
        if chat is not None and known is None:
            return None
        if known is not None:
            return await articles.numbers(db, known.collection, since, after)
        own = await chats.collections(db, services.bot)
        return sorted([each for of in own for each in await articles.numbers(db, of, since, after)])


async def others(services: Services) -> Sequence[int]:
    """Return the chats of other bots with collections of their own, whose cards this one cannot edit."""
    async with services.database.reading() as db:
        own = await chats.collections(db, services.bot)
        return [chat for chat, collection in await chats.of_other_bots(db, services.bot) if collection not in own]


async def reread(services: Services, article: int, occasion: str) -> Reread | None:
    """Read an article again and keep what comes out; chats that are shown it see it only where it has changed."""
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, article)
        if collection is None:
            return None
        before, held = await _said(db, collection, article), await corrections.standing(db, article)
    failure = await read(services, article, None, occasion, shown=False)
    async with services.database.transaction() as db:
        after, holding = await _said(db, collection, article), await corrections.standing(db, article)
        if after != before:
            await show_again(services, db, article, occasion)
    return _compared(before, after, len(holding), len(held) - len(holding), failure)


async def look(services: Services, article: int) -> Reread | None:
    """Return what reading an article again would change; nothing is kept."""
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, article)
        stored = await articles.find(db, collection, article) if collection is not None else None
        if collection is None or stored is None:
            return None
        before, made = await _said(db, collection, article), await corrections.standing(db, article)
    result = await extracted(services, collection, stored, made)
    if not isinstance(result, Extraction):
        return _compared(before, _Said(frozenset(), frozenset()), len(made), 0, result.reason)
    holds = corrected(stored.body, result, made)
    return _compared(
        before, _would_say(stored.body, holds.extraction), len(made) - len(holds.reopened), len(holds.reopened)
    )


def _compared(before: _Said, after: _Said, holding: int, reopened: int, failure: FailureReason | None = None) -> Reread:
    return Reread(before.claims != after.claims, before.people != after.people, holding, reopened, failure)


async def _said(db: Reader, collection: CollectionId, article: int) -> _Said:
    told = await claims.of_article(db, collection, article)
    named = await persons.of_article(db, article)
    return _Said(
        frozenset(
            (each.text, each.claimant.text if each.claimant else None, each.kind, each.factuality, each.rank)
            for each in told
        ),
        frozenset((mention.span, mention.text) for person in named for mention in person.mentions),
    )


def _would_say(text: str, found: Extraction) -> _Said:
    told = ledger_claims(text, found, range(len(found.people)))
    named: dict[Span, str] = {}
    for person in found.people:
        for mention in person.mentions:
            named.setdefault(mention.span, mention.text)
    return _Said(
        frozenset(
            (each.content.text, each.source.text if each.source else None, each.kind, each.factuality, each.rank)
            for each in told
        ),
        frozenset(named.items()),
    )
