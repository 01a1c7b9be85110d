"""Imported files are known by their bytes, to the collection that was given them."""

from storage import imports
from storage.connection import Database


async def test_a_file_is_known_to_its_own_collection_alone(database: Database, home: int, other: int):
    async with database.transaction() as db:
        await imports.add(db, home, "a1", 3)
        await imports.add(db, home, "a1", 5)
    async with database.reading() as db:
        assert await imports.find(db, home, "a1") == 3
        assert await imports.find(db, home, "a2") is None
        assert await imports.find(db, other, "a1") is None
