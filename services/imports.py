"""Files that an import need not open again."""

import hashlib

from domain.chats import ChatIdentity
from services import Services
from services.chats import know
from storage import imports


async def articles_imported_of(services: Services, to: ChatIdentity, data: bytes) -> int | None:
    """Return how many articles a file holds that the chat's collection has been given already; else None."""
    chat = await know(services, to)
    async with services.database.reading() as db:
        return await imports.find(db, chat.collection, _hash(data))


async def file_imported(services: Services, to: ChatIdentity, data: bytes, articles: int) -> None:
    """Keep that every one of a file's ``articles`` is in the chat's collection and has been read."""
    chat = await know(services, to)
    async with services.database.transaction() as db:
        await imports.add(db, chat.collection, _hash(data), articles)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
