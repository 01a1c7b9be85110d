"""A fresh database on either engine, and two collections in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.chats import ChatIdentity, ChatKind
from storage import chats
from storage.connection import Database
from storage.opening import open_database
from tests.conftest import url_on
from tests.engines import ENGINES
from tests.samples import NOON

BOT = 7
HOME = ChatIdentity(100, ChatKind.PRIVATE, "Ann")
OTHER = ChatIdentity(200, ChatKind.PRIVATE, "Bob")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """What is about storage holds on every engine."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_on(engine, request, tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def home(database: Database) -> int:
    """The collection of Ann's chat."""
    async with database.transaction() as db:
        return (await chats.add(db, BOT, HOME, "UTC", NOON)).collection


@pytest.fixture
async def other(database: Database) -> int:
    """The collection of Bob's chat."""
    async with database.transaction() as db:
        return (await chats.add(db, BOT, OTHER, "UTC", NOON)).collection
