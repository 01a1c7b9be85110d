"""Who may see and do what. Every use case asks here for the collection of the chat that asks, and nowhere else."""

from collections.abc import Mapping
from enum import StrEnum

from domain.chats import Chat, Role
from services import Services
from storage import chats
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
        known = await chats.find(db, chat)
    return known is None or may(known, right)
