"""The keys by which claims are found that may be on one matter, and the relations that are kept of them."""

import pytest

from domain.corrections import CorrectionKind, Editor, NewCorrection
from domain.extraction import Factuality, Metadata, Passage, Span
from domain.gists import Gist
from domain.ledger import RelationKind, RelationState
from storage import articles, claims, corrections, relations
from storage.claims import NewClaim
from storage.connection import Database
from storage.relations import CANDIDATES, WINDOW, NewRelation
from tests.samples import DAY, NOON


async def keep(database: Database, collection: int, text: str, *keys: str, days: int = 0) -> tuple[int, int]:
    """An article with one claim that is found by the keys; return their numbers."""
    seen_at = NOON + days * DAY
    async with database.transaction() as db:
        article = await articles.add(db, collection, text, Metadata(), seen_at)
        assert article is not None
        content = Passage(text, (Span(0, len(text)),))
        await claims.replace(db, collection, article, [NewClaim(content, Factuality.CERTAIN, 1, gist=Gist())], seen_at)
        (claim,) = await relations.compared_of(db, collection, article)
        await relations.set_keys(db, collection, article, {claim.id: keys})
    return article, claim.id


async def candidates(database: Database, collection: int, *keys: str, aside: int = 0, days: int = 0) -> list[int]:
    async with database.reading() as db:
        found = await relations.candidates(db, collection, {1: keys}, NOON + days * DAY, {aside})
    return list(found[1])


async def test_claims_are_found_by_the_keys_they_share_most_first(database: Database, home: int):
    _, one = await keep(database, home, "one", "@1", "mill")
    _, both = await keep(database, home, "both", "@1", "mill", "fire")
    _, none = await keep(database, home, "none", "@2")
    assert await candidates(database, home, "mill", "fire") == [both, one]
    assert none not in await candidates(database, home, "@1")
    assert await candidates(database, home, "harbour") == []
    assert await candidates(database, home) == []


async def test_each_claim_of_an_article_has_candidates_of_its_own(database: Database, home: int):
    _, one = await keep(database, home, "one", "@1", "mill")
    _, other = await keep(database, home, "other", "fire")
    async with database.reading() as db:
        wanted = {7: ["@1", "fire"], 8: ["fire", "harbour"], 9: ["harbour"], 10: []}
        found = await relations.candidates(db, home, wanted, NOON, {0})
    assert found == {7: (other, one), 8: (other,), 9: (), 10: ()}


async def test_no_claim_is_found_of_the_same_article_another_collection_or_another_time(
    database: Database, home: int, other: int
):
    article, mine = await keep(database, home, "mine", "@1")
    _, late = await keep(database, home, "late", "@1", days=WINDOW + 1)
    await keep(database, other, "theirs", "@1")
    assert await candidates(database, home, "@1") == [mine]
    assert await candidates(database, home, "@1", aside=article) == []
    assert await candidates(database, home, "@1", days=WINDOW + 1) == [late]


async def test_of_many_claims_the_newest_are_candidates(database: Database, home: int):
    made = [(await keep(database, home, f"text {number}", "@1"))[1] for number in range(CANDIDATES + 5)]
    assert await candidates(database, home, "@1") == made[:4:-1]


async def test_a_claim_that_is_gone_is_found_no_more(database: Database, home: int):
    article, _ = await keep(database, home, "mine", "@1")
    async with database.transaction() as db:
        await claims.replace(db, home, article, [], NOON)
        assert await db.one("SELECT COUNT(*) AS found FROM claim_keys") == {"found": 0}


async def test_new_keys_take_the_place_of_those_before(database: Database, home: int):
    article, claim = await keep(database, home, "mine", "@1")
    async with database.transaction() as db:
        await relations.set_keys(db, home, article, {claim: ["@2"]})
    assert await candidates(database, home, "@1") == []
    assert await candidates(database, home, "@2") == [claim]


def denial(one: int, other: int, score: float = 0.9) -> NewRelation:
    return NewRelation(one, other, RelationKind.DENIES, RelationState.SUGGESTED, score, ("One denies it",))


@pytest.fixture
async def pair(database: Database, home: int) -> tuple[int, int]:
    """Two claims."""
    return (await keep(database, home, "first"))[1], (await keep(database, home, "second"))[1]


async def test_what_the_machine_found_before_gives_way(database: Database, home: int, pair: tuple[int, int]):
    one, other = pair
    async with database.transaction() as db:
        assert await relations.replace(db, home, [one], [denial(one, other)]) == {one, other}
        assert await relations.replace(db, home, [one], [denial(one, other)]) == set()
        assert await relations.replace(db, home, [one], [denial(other, one)]) == {one, other}
        (kept,) = await relations.of_claims(db, [one])
        assert kept.relation == denial(other, one)
        assert await relations.replace(db, home, [other], []) == {one, other}
        assert await relations.of_claims(db, [one, other]) == []


async def test_what_somebody_judged_stays(database: Database, home: int, pair: tuple[int, int]):
    one, other = pair
    rejected = NewRelation(one, other, RelationKind.DENIES, RelationState.REJECTED, 0.9, ())
    made = NewCorrection(CorrectionKind.RELATION, None, None, {}, {"state": "rejected"}, Editor(5, "Ann", 100))
    async with database.transaction() as db:
        correction = await corrections.add(db, home, made, NOON)
        await relations.judge(db, home, rejected, correction)
        assert await relations.replace(db, home, [one, other], [denial(other, one)]) == set()
        assert await relations.of_claims(db, [one]) == []
        (kept,) = await relations.of_claims(db, [one], rejected=True)
        assert (kept.relation, kept.correction) == (rejected, correction)
        assert await relations.judged_by(db, home, correction) == kept
        assert [each.id for each in await relations.judgements(db, home)] == [correction]


async def test_a_persons_fellows_are_all_rows_that_are_the_same_person(database: Database, home: int):
    async with database.transaction() as db:
        for number, by in ((1, 1), (2, 1), (3, 3)):
            await db.run(
                "INSERT INTO persons (id, collection_id, name, canonical_id) VALUES (:id, :collection, :name, :by)",
                id=number,
                collection=home,
                name=f"Person {number}",
                by=by,
            )
        found = await relations.fellows(db, [2, 3])
        assert {person: set(rows) for person, rows in found.items()} == {2: {1, 2}, 3: {3}}
        assert await relations.canonical(db, [1, 2, 9]) == {1: 1, 2: 1}
        assert await relations.names_of(db, [2]) == {2: "Person 2"}


async def test_nothing_is_asked_for_no_claims(database: Database):
    async with database.reading() as db:
        assert await relations.of_claims(db, []) == []
        assert await relations.people_of(db, []) == {}
        assert await relations.articles_of(db, []) == set()
