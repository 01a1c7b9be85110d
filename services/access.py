"""Who may see and do what. Every use case asks here for the collection of the chat that asks, and nowhere else."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from domain.chats import Chat, Role
from services import Services
from storage import chats, sharing
from storage.connection import Reader


class Right(StrEnum):
    """What a chat may do with the collection that it sees."""

    READ = "read"
    """See, find and count its articles, and be sent digests of them."""
    ADD = "add"
    """Bring articles, and edit those that its messages brought."""
    CORRECT = "correct"
    """Put right what was read in any of them, and have one forgotten."""
    MANAGE = "manage"
    """Say which other chats see it, and as what."""


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.EDITOR: frozenset({Right.READ, Right.ADD, Right.CORRECT}),
    Role.READER: frozenset({Right.READ}),
}


# So long a chat that the bot is closed to is not told so again.
TOLD_AGAIN = timedelta(days=1)


async def allowed(db: Reader, chat: int, right: Right) -> Chat | None:
    """Return the chat with the collection that it sees; None where it is not known or has no such right there.

    What a chat asks for by a number is looked up in that collection, so that a number of another one finds nothing,
    just as one that nobody has.
    """
    known = await chats.find(db, chat)
    return known if known is not None and may(known, right) else None


def may(chat: Chat, right: Right) -> bool:
    """Return whether a chat has a right in the collection that it sees."""
    return right in RIGHTS[chat.role]


async def is_allowed(services: Services, chat: int, right: Right) -> bool:
    """Return whether a chat has a right; one that is not known yet will own what it brings."""
    async with services.database.reading() as db:
        return await is_allowed_in(db, chat, right)


async def is_allowed_in(db: Reader, chat: int, right: Right) -> bool:
    """Do the same where a connection is at hand."""
    known = await chats.find(db, chat)
    return known is None or may(known, right)


def lets_in(services: Services, user: int) -> bool:
    """Return whether the bot is open to a user."""
    return not services.allowed_users or user in services.allowed_users


async def is_to_be_told(services: Services, chat: int) -> bool:
    """Return whether a chat is to be told that the bot is closed to it: so it is once a day."""
    now = services.clock()
    async with services.database.transaction() as db:
        return await sharing.turn_away(db, services.bot, chat, now, now - TOLD_AGAIN)
