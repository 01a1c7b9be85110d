"""What the collection's newest articles are from, on either engine."""

import pytest

from domain.chats import CollectionId
from domain.extraction import Metadata
from storage import articles, outlets
from storage.connection import Database
from tests.samples import NOON


async def test_articles_that_wait_to_be_read_take_the_place_of_none(
    database: Database, home: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outlets, "_ARTICLES", 1)
    collection = CollectionId(home)
    async with database.transaction() as db:
        number = await articles.add(db, collection, "Text.", Metadata(publisher="Harbour Post", language="en"), NOON)
        assert number is not None
        await articles.mark_read(db, number, Metadata(publisher="Harbour Post", language="en"), NOON)
        await articles.add(db, collection, "Next.", Metadata(publisher="Hill Herald", language="fr"), NOON)
        assert await outlets.publishers(db, collection, 9) == ["Harbour Post"]
        assert await outlets.languages(db, collection, 9) == ["en"]
        assert await outlets.articles_of(db, collection, "Harbour Post", 9) == [number]
