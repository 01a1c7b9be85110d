"""What is asked of a person's claims, on either engine."""

from domain.chats import CollectionId
from domain.extraction import Factuality, Passage, Span
from storage import asked, claims, persons
from storage.asked import Wanted
from storage.claims import NewClaim, Part
from storage.connection import Database
from tests.samples import NOON
from tests.storage.test_persons import article


async def test_the_claims_about_a_person_are_found(database: Database, home: int):
    text = "The ferry sank."
    async with database.transaction() as db:
        number = await article(db, home, text)
        zora = await persons.add(db, CollectionId(home), "Zora Lind")
        about = NewClaim(Passage(text, (Span(0, len(text)),)), Factuality.CERTAIN, 1, about=(zora,))
        await claims.replace(db, CollectionId(home), number, [about], NOON)
        found = await asked.by_person(db, CollectionId(home), zora, (Part.ABOUT, Part.SOURCE), Wanted(), 9)
        assert [claim.text for claim in found] == [text]
        assert await asked.by_person(db, CollectionId(home), zora, (Part.SOURCE,), Wanted(), 9) == []
