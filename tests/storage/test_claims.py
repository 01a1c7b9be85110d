"""Claims: kept with source and cue, newest first, found by words, seen by their own collection alone."""

from datetime import datetime

import pytest

from domain.articles import OriginKind
from domain.extraction import AttributionKind, Factuality, Metadata, Passage, Span
from domain.ledger import Claimant, LedgerClaim
from storage import articles, claims, persons
from storage.claims import NewClaim, Part
from storage.connection import Database, Engine, Writer
from tests.samples import DAY, NOON, forward, passage
from tests.storage.conftest import HOME

BODY = "Żóra Lind, mayor of Oru, denied that the ferry was sold. The pier is closed. Auditors doubt it."


async def article(db: Writer, collection: int, body: str = BODY, at: datetime = NOON) -> int:
    number = await articles.add(db, collection, body, Metadata(headline="The ferry"), at)
    assert number is not None
    return number


def plain(text: str, rank: int | None = None, about: tuple[int, ...] = ()) -> NewClaim:
    return NewClaim(Passage(text, (Span(0, len(text)),)), Factuality.CERTAIN, rank, about=about)


async def test_a_claim_comes_back_as_it_was_kept(database: Database, home: int):
    async with database.transaction() as db:
        zora = await persons.add(db, home, "Żóra Lind")
        number = await article(db, home)
        await articles.add_forward(db, number, forward(HOME, 5))
        claim = NewClaim(
            content=passage(BODY, "that the ferry was sold"),
            factuality=Factuality.DENIED,
            rank=1,
            kind=AttributionKind.SPEECH,
            source=passage(BODY, "Żóra Lind, mayor of Oru"),
            source_person=zora,
            source_job_title="mayor of Oru",
            cue=passage(BODY, "denied"),
            lead_in="denied",
            about=(zora,),
        )
        unnamed = NewClaim(passage(BODY, "The pier is closed"), Factuality.UNKNOWN, None, AttributionKind.BELIEF)
        await claims.replace(db, home, number, [claim, unnamed, plain("Auditors doubt it", 2)], NOON)
        first, second, third = await claims.of_article(db, home, number)
    assert first == LedgerClaim(
        id=first.id,
        text="that the ferry was sold",
        factuality=Factuality.DENIED,
        kind=AttributionKind.SPEECH,
        claimant=Claimant("Żóra Lind, mayor of Oru", zora, "Żóra Lind", "mayor of Oru"),
        cue="denied",
        lead_in="denied",
        rank=1,
        article=first.article,
    )
    assert first.article.headline == "The ferry"
    assert first.article.forward is not None
    assert first.article.forward.message_id == 5
    assert first.article.forward.origin.kind is OriginKind.NONE
    assert (second.text, second.kind, second.claimant, second.rank) == ("Auditors doubt it", None, None, 2)
    assert second.lead_in is None
    assert (third.text, third.kind, third.claimant, third.rank) == (
        "The pier is closed",
        AttributionKind.BELIEF,
        None,
        None,
    )


async def test_key_claims_come_first_by_rank_and_the_others_as_the_text_has_them(database: Database, home: int):
    async with database.transaction() as db:
        number = await article(db, home)
        kept = [plain("a"), plain("b", 3), plain("c", 1), plain("d"), plain("e", 2)]
        await claims.replace(db, home, number, kept, NOON)
        assert [each.text for each in await claims.of_article(db, home, number)] == ["c", "e", "b", "a", "d"]


async def test_a_persons_claims_come_newest_first_and_key_claims_first_in_an_article(database: Database, home: int):
    async with database.transaction() as db:
        zora = await persons.add(db, home, "Żóra Lind")
        for days in (3, 0, 7):
            number = await article(db, home, f"Text {days}", NOON - days * DAY)
            first, second = plain(f"{days} first", about=(zora,)), plain(f"{days} second", about=(zora, zora))
            kept = [first, second, plain(f"{days} key", 1, about=(zora,))]
            await claims.replace(db, home, number, kept, NOON - days * DAY)
        pages = [await claims.of_person(db, home, zora, Part.ABOUT, 5, offset) for offset in (0, 5, 10)]
        assert await claims.of_person(db, home, zora, Part.SOURCE, 4, 0) == []
        assert await claims.of_person(db, home, zora + 1, Part.ABOUT, 4, 0) == []
    assert [[each.text for each in page] for page in pages] == [
        ["0 key", "0 first", "0 second", "3 key", "3 first"],
        ["3 second", "7 key", "7 first", "7 second"],
        [],
    ]


async def test_who_says_a_claim_is_not_whom_it_is_about(database: Database, home: int):
    async with database.transaction() as db:
        zora, ada = await persons.add(db, home, "Żóra Lind"), await persons.add(db, home, "Ada Ruun")
        said = NewClaim(passage(BODY, "The pier is closed"), Factuality.CERTAIN, None, source_person=zora, about=(ada,))
        await claims.replace(db, home, await article(db, home), [said], NOON)

        async def count(person: int, part: Part) -> int:
            return len(await claims.of_person(db, home, person, part, 9, 0))

        assert [await count(zora, Part.SOURCE), await count(zora, Part.ABOUT)] == [1, 0]
        assert [await count(ada, Part.SOURCE), await count(ada, Part.ABOUT)] == [0, 1]


async def test_another_collection_never_sees_a_claim(database: Database, home: int, other: int):
    async with database.transaction() as db:
        zora = await persons.add(db, home, "Żóra Lind")
        number = await article(db, home)
        await claims.replace(db, home, number, [plain("The pier is closed", about=(zora,))], NOON)
        for collection, seen in ((home, True), (other, False)):
            assert bool(await claims.of_article(db, collection, number)) is seen
            assert bool(await claims.of_person(db, collection, zora, Part.ABOUT, 9, 0)) is seen
            assert bool(await claims.search(db, collection, '"pier"', 9)) is seen


@pytest.mark.parametrize(
    ("match", "found"),
    [
        ('"pier"', ["The PIER is closed"]),
        ('"pi"*', ["The PIER is closed"]),
        ('"zora" "ferry"', ["the ferry was sold"]),
        ('"closed" "ferry"', []),
        ('"tram"', []),
    ],
)
async def test_claims_are_found_by_the_words_of_content_and_source(
    database: Database, home: int, match: str, found: list[str]
):
    async with database.transaction() as db:
        said = NewClaim(
            passage(BODY, "the ferry was sold"),
            Factuality.DENIED,
            1,
            AttributionKind.SPEECH,
            passage(BODY, "Żóra Lind"),
        )
        await claims.replace(db, home, await article(db, home), [said, plain("The PIER is closed")], NOON)
        assert [each.text for each in await claims.search(db, home, match, 9)] == found


async def test_a_search_shows_the_newest_and_only_so_many(database: Database, home: int):
    async with database.transaction() as db:
        for days in (3, 0, 7):
            number = await article(db, home, f"Text {days}", NOON - days * DAY)
            await articles.mark_read(db, number, Metadata(), NOON)
            await claims.replace(db, home, number, [plain(f"{days} ferries")], NOON - days * DAY)
        found = await claims.search(db, home, '"ferries"', 2)
    assert [each.text for each in found] == ["0 ferries", "3 ferries"]


async def test_claims_that_were_taken_back_are_found_nowhere(database: Database, home: int):
    async with database.transaction() as db:
        zora = await persons.add(db, home, "Żóra Lind")
        kept, removed = await article(db, home), await article(db, home, BODY + " Again.")
        for number in (kept, removed):
            await claims.replace(db, home, number, [plain("The pier is closed", about=(zora,))], NOON)
        await claims.replace(db, home, removed, [], NOON)
        assert await claims.of_article(db, home, removed) == []
        assert [each.article.id for each in await claims.of_person(db, home, zora, Part.ABOUT, 9, 0)] == [kept]
        assert [each.article.id for each in await claims.search(db, home, '"pier"', 9)] == [kept]
        await claims.replace(db, home, removed, [plain("The quay is closed")], NOON)
        assert [each.article.id for each in await claims.search(db, home, '"quay"', 9)] == [removed]
        assert [each.article.id for each in await claims.search(db, home, '"pier"', 9)] == [kept]


async def test_an_article_that_goes_takes_its_claims_along(database: Database, home: int):
    async with database.transaction() as db:
        number = await article(db, home)
        await claims.replace(db, home, number, [plain("The pier is closed")], NOON)
        await db.run("DELETE FROM articles WHERE id = :number", number=number)
        assert await claims.of_article(db, home, number) == []
        assert await claims.search(db, home, '"pier"', 9) == []
        if db.engine is Engine.SQLITE:
            await db.run("INSERT INTO claims_search (claims_search) VALUES ('integrity-check')")
            await db.run("INSERT INTO articles_search (articles_search) VALUES ('integrity-check')")
        else:
            assert await db.all("SELECT id FROM claims_search UNION ALL SELECT id FROM articles_search") == []
