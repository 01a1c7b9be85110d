"""A fresh file, and two collections in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.chats import ChatIdentity, ChatKind
from storage import chats
from storage.sqlite.database import SqliteDatabase
from tests.samples import NOON

BOT = 7
HOME = ChatIdentity(100, ChatKind.PRIVATE, "Ann")
OTHER = ChatIdentity(200, ChatKind.PRIVATE, "Bob")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(tmp_path / "test.db")
    yield opened
    await opened.close()


@pytest.fixture
async def home(database: SqliteDatabase) -> int:
    """The collection of Ann's chat."""
    async with database.transaction() as db:
        return (await chats.add(db, BOT, HOME, "UTC", NOON)).collection


@pytest.fixture
async def other(database: SqliteDatabase) -> int:
    """The collection of Bob's chat."""
    async with database.transaction() as db:
        return (await chats.add(db, BOT, OTHER, "UTC", NOON)).collection
