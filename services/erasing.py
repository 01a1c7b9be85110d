"""Erasing what a chat, or a user, has brought: out of sight at once, out of the files within moments.

What only they brought is erased: articles, with all that was read in them. What others brought, too, stays with these,
without name and note. Where other chats see a collection whose owner goes, the eldest of those who may add owns it.
A job does the work, in steps that hold up nobody else; a process that dies goes on where it was.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from domain.chats import Chat, ChatIdentity, ChatKind, CollectionId, Role
from domain.erasing import Asked, Erased
from domain.jobs import JobKind, NewJob
from domain.sharing import Event
from services import Services
from services.cards import show_again
from services.sharing import heir, tell
from storage import chats, deliveries, erasing, forgotten, sharing
from storage.connection import Writer
from storage.erasing import Scope

# So many articles are erased in one transaction.
STEP = 20
# Whoever has themselves erased goes with their number and name.
_UNNAMED = ChatIdentity(0, ChatKind.PRIVATE, "", None)


async def forget_chat(services: Services, asked: Asked) -> None:
    """Begin to erase all of a chat, that is all that it brought, also where it shared the articles of another one."""
    await _begin(services, asked, [Scope(asked.chat, None, services.clock())])


async def forget_user(services: Services, asked: Asked) -> None:
    """Begin to erase what a user brought: in a private chat all of it and in groups, in a group that there alone."""
    now = services.clock()
    scope = Scope(asked.chat, asked.user, now)
    if asked.chat == asked.user:
        await _begin(services, asked, [Scope(asked.chat, None, now), Scope(None, asked.user, now)])
    else:
        await _begin(services, asked, [scope])


async def go_on(services: Services, payload: Mapping[str, Any]) -> Erased | timedelta:
    """Erase some more of what a job tells of; return how long to wait for the next step, or what is done."""
    asked_in = payload["chat"]
    until = datetime.fromisoformat(payload["until"])
    scopes = [Scope(chat, user, until) for chat, user in payload["scopes"]]
    if await _is_busy(services, scopes):
        return timedelta(seconds=1)
    for collection in payload["collections"]:
        if await _erase_some(services, collection, until):
            return timedelta()
    for scope in scopes:
        if await _erase_brought(services, scope):
            return timedelta()
    if not await _erase_chats(services, scopes, payload["channels"]):
        return timedelta(seconds=1)
    if not await services.database.scrub():
        return timedelta(seconds=10)
    return Erased(asked_in, payload["message"], payload["language"])


async def _is_busy(services: Services, scopes: Collection[Scope]) -> bool:
    async with services.database.reading() as db:
        return any([await erasing.is_busy(db, scope) for scope in scopes])


async def _erase_chats(services: Services, scopes: Collection[Scope], channels: Collection[int]) -> bool:
    """Erase what is left of chats; False, and nothing, where something of a scope is there again, or may come."""
    async with services.database.transaction() as db:
        if not all([await _is_gone(services, db, scope) for scope in scopes]):
            return False
        for scope in scopes:
            if scope.user is None and scope.chat is not None:
                await erasing.erase_chat(db, scope.chat)
                await erasing.forget_lanes(db, scope.chat)
        for channel in channels:
            await erasing.erase_chat(db, channel)
    return True


async def _is_gone(services: Services, db: Writer, scope: Scope) -> bool:
    """Return whether nothing of a scope is left, and nobody has anything in hand that may bring it back."""
    # What was in hand at the beginning may have been put back, by whoever had it or for one who died.
    await erasing.withdraw_jobs(db, scope, services.clock(), before=scope.until)
    return not await erasing.is_busy(db, scope) and not await erasing.brought(db, scope, 1)


async def _begin(services: Services, asked: Asked, scopes: list[Scope]) -> None:
    now = services.clock()
    doomed: list[CollectionId] = []
    channels: list[int] = []
    async with services.database.transaction() as db:
        for scope in scopes:
            names = set(await erasing.names_in(db, scope))
            if asked.user in (scope.user, scope.chat):
                names.add(asked.name)
            await erasing.forget_names(db, scope, names - {""})
            await erasing.withdraw_jobs(db, scope, now)
            if scope.user is not None:
                await erasing.forget_rows_of_user(db, scope.user, scope.chat)
            elif scope.chat is not None:
                channels += await erasing.channels_of(db, scope.chat)
                doomed += await _forget_chat(services, db, scope.chat, now)
        # The file is written anew once for whoever asks again and again: others wait for that.
        for earlier in await erasing.take_back(db, asked.chat, scopes):
            until = datetime.fromisoformat(earlier["until"])
            doomed += [each for each in earlier["collections"] if await erasing.is_left(db, each, until)]
            channels += earlier["channels"]
        payload = {
            "chat": asked.chat,
            "message": asked.message,
            "language": asked.language,
            "until": now.isoformat(),
            "scopes": [[scope.chat, scope.user] for scope in scopes],
            "collections": doomed,
            "channels": channels,
        }
        # Its key is remembered, and tells nobody's number.
        key = f"erase:{token_hex(8)}"
        await services.queue.put(db, [NewJob(JobKind.ERASE, key, payload, f"erase:{asked.chat}")])


async def _forget_chat(services: Services, db: Writer, chat: int, now: datetime) -> list[CollectionId]:
    """Erase a chat's own rows, and return the collections that nobody sees from now on."""
    known = await chats.find(db, chat)
    if known is None:
        return []
    await erasing.forget_rows_of_chat(db, chat)
    await erasing.forget_editors(db, chat)
    seen = sorted({known.collection, known.own_collection})
    doomed = [each for each in seen if not await erasing.is_of_others(db, each, chat)]
    for each in set(seen) - set(doomed):
        await _hand_over(services, db, known, each)
    await erasing.begin_anew(db, chat, now)
    return doomed


async def _hand_over(services: Services, db: Writer, chat: Chat, collection: CollectionId) -> None:
    """Give a collection that others see to the eldest of them, if it was the chat's, else tell its owner."""
    if chat.collection != collection:
        return
    others = [each for each in await sharing.members(db, collection) if each.chat.id != chat.id]
    if chat.role is not Role.OWNER:
        owner = next((each for each in others if each.role is Role.OWNER), None)
        if owner is not None:
            await tell(services, db, owner.chat.id, Event.ERASED, _UNNAMED, chat.role)
        return
    await erasing.forget_inviters(db, collection)
    if others:
        owner = heir(others)
        await sharing.set_role(db, collection, owner.chat.id, Role.OWNER)
        await tell(services, db, owner.chat.id, Event.INHERITED, _UNNAMED, Role.OWNER)


async def _erase_some(services: Services, collection: CollectionId, until: datetime) -> int:
    """Erase some of a collection that nobody sees, and at last itself; return how much."""
    async with services.database.transaction() as db:
        if not await erasing.is_left(db, collection, until):
            return 0
        found = await erasing.erase_some(db, collection, STEP)
        if not found:
            await erasing.erase_collection(db, collection)
    return found


async def _erase_brought(services: Services, scope: Scope) -> int:
    """Erase some articles of a scope, or that it brought them; return how many."""
    async with services.database.transaction() as db:
        found = await erasing.brought(db, scope, STEP)
        for seen in {collection for _, collection, _ in found}:
            await deliveries.forget_parts(db, [member.chat.id for member in await sharing.members(db, seen)])
        for article, collection, others in found:
            if others:
                await erasing.forget_forwards(db, scope, article)
            else:
                neighbours = await forgotten.neighbours(db, article)
                await erasing.erase_article(db, collection, article, services.clock())
                for each in neighbours:
                    await show_again(services, db, each, f"erased {article}")
    return len(found)
