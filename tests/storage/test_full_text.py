"""Beginnings of words: looked for with the words that begin so, of very many the first by their letters."""

import random

import pytest

from domain.chats import CollectionId
from domain.extraction import Factuality, Passage, Span
from storage import asked, claims, full_text
from storage.asked import Wanted
from storage.claims import NewClaim
from storage.connection import Database, Engine
from tests.samples import NOON
from tests.storage.test_persons import article

EITHER = '("evacu"* OR "evacuation")'


@pytest.mark.parametrize(
    ("most", "match", "found"),
    [
        (10, EITHER, {"The evacuation began.", "Two were evacuated."}),
        (1, EITHER, {"The evacuation began.", "Two were evacuated."}),
        (1, '"evacu"*', {"Two were evacuated."}),
        (2, '"evacu"*', {"The evacuation began.", "Two were evacuated."}),
        (1, f'{EITHER} AND "began"', {"The evacuation began."}),
        (1, f'{EITHER} OR "ferry"', {"The evacuation began.", "Two were evacuated.", "A ferry sank."}),
        (1, '"ferry"*', {"A ferry sank."}),
        (1, '"e"*', {"Two were evacuated."}),
        (9, '("none"* OR "nonesuch")', set()),
        (9, '"none"* OR "ferry"', {"A ferry sank."}),
    ],
)
async def test_half_a_word_stands_for_so_many_words_that_begin_so(
    database: Database, home: int, monkeypatch: pytest.MonkeyPatch, most: int, match: str, found: set[str]
):
    monkeypatch.setattr(full_text, "BEGUN", most)
    async with database.transaction() as db:
        if db.engine is Engine.POSTGRESQL and most < 9:
            pytest.skip("PostgreSQL looks for all words that begin so")
        for number, text in enumerate(("The evacuation began.", "Two were evacuated.", "A ferry sank.")):
            claim = NewClaim(Passage(text, (Span(0, len(text)),)), Factuality.CERTAIN, 1)
            await claims.replace(db, home, await article(db, home, f"{text} {number}"), [claim], NOON)
        assert {claim.text for claim in await asked.by_words(db, home, match, Wanted(), 9)} == found


@pytest.mark.parametrize(
    ("match", "query"),
    [
        ('"ferry"', "'#7' & ('ferry')"),
        ('"ferry"*', "'#7' & ('ferry':*)"),
        ('"ferry" "pier"', "'#7' & ('ferry' & 'pier')"),
        ('"ferry" AND ("pi"* OR "quay") NOT "tram"', "'#7' & ('ferry' & ( 'pi':* | 'quay' ) & ! 'tram')"),
        ('"Port of Sól" OR "a"', "'#7' & (('port' <-> 'of' <-> 'sol') | 'a')"),
        ('("a")("b")', "'#7' & (( 'a' ) & ( 'b' ))"),
    ],
)
def test_an_expression_is_written_anew_for_postgresql(match: str, query: str):
    assert full_text.as_tsquery(match, CollectionId(7)) == query


async def test_the_longest_article_is_kept_and_found(database: Database, home: int):
    """So many different words are more than PostgreSQL's index of one text takes."""
    chance = random.Random(5)  # noqa: S311  # no secret
    words = ["".join(chance.choices("abcdefghij", k=7)) for _ in range(125_000)]
    async with database.transaction() as db:
        number = await article(db, home, " ".join(words))
        found = await full_text.newest(db, full_text.ARTICLES, CollectionId(home), f'"{words[50_000]}"', 9)
    assert found == [number]
