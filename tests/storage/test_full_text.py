"""Beginnings of words: looked for with the words that begin so, of very many the first by their letters."""

import pytest

from domain.extraction import Factuality, Passage, Span
from storage import asked, claims, full_text
from storage.asked import Wanted
from storage.claims import NewClaim
from storage.sqlite.database import SqliteDatabase
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
    database: SqliteDatabase, home: int, monkeypatch: pytest.MonkeyPatch, most: int, match: str, found: set[str]
):
    monkeypatch.setattr(full_text, "BEGUN", most)
    async with database.transaction() as db:
        for number, text in enumerate(("The evacuation began.", "Two were evacuated.", "A ferry sank.")):
            claim = NewClaim(Passage(text, (Span(0, len(text)),)), Factuality.CERTAIN, 1)
            await claims.replace(db, home, await article(db, home, f"{text} {number}"), [claim], NOON)
        assert {claim.text for claim in await asked.by_words(db, home, match, Wanted(), 9)} == found
