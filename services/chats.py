"""Which chat it is, and how it is set up."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from domain.chats import Chat, ChatIdentity
from domain.subscriptions import ChatSettings
from services import Services
from services.access import Right, allowed
from storage import chats, deliveries, erasing, subscriptions
from storage.connection import Writer

# For so long a digest that has ended by itself is told of.
_LATELY = timedelta(days=30)


async def find(services: Services, chat: int) -> ChatIdentity | None:
    """Return a chat that the bot has met."""
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
    return known.identity if known else None


async def bot_of(services: Services, chat: int) -> int | None:
    """Return the number of the bot that has met a chat."""
    async with services.database.reading() as db:
        return await chats.bot_of(db, chat)


async def know(services: Services, identity: ChatIdentity) -> Chat:
    """Return the chat with its collection; a new one gets an empty collection of its own."""
    async with services.database.reading() as db:
        chat = await chats.find(db, identity.id)
    if chat is not None and chat.identity == identity:
        return chat
    return await services.database.transact(partial(know_in, services, identity))


async def know_in(services: Services, identity: ChatIdentity, db: Writer) -> Chat:
    """Do the same in a transaction."""
    chat = await chats.find(db, identity.id)
    if chat is None:
        return await chats.add(db, services.bot, identity, services.default_timezone, services.clock())
    if chat.identity == identity:
        return chat
    await chats.rename(db, identity)
    return replace(chat, identity=identity)


async def language_of(services: Services, chat: int) -> str | None:
    """Return the code of the language that a chat is spoken to in; None where it is not known."""
    async with services.database.reading() as db:
        return await chats.language_of(db, chat)


async def speak(services: Services, identity: ChatIdentity, language: str) -> None:
    """Keep the language that was chosen for a chat."""
    await know(services, identity)
    async with services.database.transaction() as db:
        await chats.set_language(db, identity.id, language)


async def meet_in(services: Services, chat: int, language: str) -> None:
    """Keep the language of somebody whose private chat has just been met; one that is kept already stays."""
    async with services.database.reading() as db:
        met = await chats.find(db, chat)
    if met is not None and met.language is None:
        async with services.database.transaction() as db:
            await chats.set_language(db, chat, language)


async def settings(services: Services, identity: ChatIdentity) -> ChatSettings:
    """Return how the chat is set up."""
    chat = await know(services, identity)
    async with services.database.reading() as db:
        wanted = await subscriptions.of_chat(db, chat.id)
        last = await deliveries.last(db, chat.id, limit=3)
        lost = await subscriptions.lost_of(db, chat.id, services.clock() - _LATELY, limit=3)
        known = await allowed(db, chat.id, Right.READ)
        days = await erasing.kept_days(db, known.collection) if known else None
    return ChatSettings(chat, tuple(wanted), tuple(last), days, tuple(lost))
