"""The step that turns evidence from sentences into kinds with their values."""

import json
import sqlite3
from collections.abc import Awaitable, Callable

import aiosqlite
import pytest

from storage.sqlite import migrations

STEP = 22
AT = "2026-03-12T08:00:00.000Z"


Turned = Callable[[list[str]], Awaitable[tuple[list[object], list[object]]]]


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Turned:
    """What becomes of sentences that were kept with a doubt, and with a judgement."""
    steps = migrations.steps()

    async def became(sentences: list[str]) -> tuple[list[object], list[object]]:
        async with aiosqlite.connect(":memory:", isolation_level=None) as db:
            db.row_factory = sqlite3.Row
            monkeypatch.setattr(migrations, "steps", lambda: [each for each in steps if each[0] < STEP])
            await migrations.migrate(db)
            await keep(db, sentences)
            monkeypatch.setattr(migrations, "steps", lambda: steps)
            await migrations.migrate(db)
            (doubt,) = await db.execute_fetchall("SELECT evidence FROM doubts")
            said, other = await db.execute_fetchall("SELECT corrected FROM corrections ORDER BY id")
        assert json.loads(other["corrected"]) == {"verdict": "same"}
        return json.loads(doubt["evidence"]), json.loads(said["corrected"])["evidence"]

    return became


async def keep(db: aiosqlite.Connection, sentences: list[str]) -> None:
    kept = json.dumps(sentences, ensure_ascii=False)
    await db.execute("INSERT INTO doubts VALUES (1, 1, 1, 2, 1, 0.5, ?, ?, NULL)", (kept, AT))
    for number, corrected in enumerate((f'{{"verdict": "same", "evidence": {kept}}}', '{"verdict": "same"}')):
        await db.execute(
            """INSERT INTO corrections (id, collection_id, kind, said, corrected, chat_id, user_id, user_name, made_at,
            state) VALUES (?, 1, 'same_person', '{}', ?, 0, 0, '', ?, 'standing')""",
            (number, corrected, AT),
        )


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("the same full name", {"kind": "name_full"}),
        ("told as somebody's relative", {"kind": "kin"}),
        ("another person may be meant as well", {"kind": "namesakes", "count": 1}),
        ("12 other persons may be meant as well", {"kind": "namesakes", "count": 12}),
        ("in both “mayor of “Oru”” or much like it", {"kind": "role_word", "role": "mayor of “Oru”"}),
        ("in both much like “director”", {"kind": "role_general", "role": "director"}),
        ("here “mayor”, there “judge, retired”", {"kind": "role_other", "here": "mayor", "there": "judge, retired"}),
        ("here sport, there trade", {"kind": "field_far_by_topic", "here": "sport", "there": "trade"}),
        ("both of one field: sport", {"kind": "field_by_topic", "field": "sport"}),
        ("named together with Uma Falk, Ilse Orn in both", {"kind": "fellows", "names": ["Uma Falk, Ilse Orn"]}),
        ("3 places or names of things in both", {"kind": "places", "count": 3}),
        ("40 years between their ages", {"kind": "other_age", "count": 40}),
        ("5 years between the articles", {"kind": "years", "count": 5}),
        ("told as of somebody unheard of before", {"kind": "unheard_of", "before": 1}),
    ],
)
async def test_a_sentence_becomes_a_kind_with_its_values(turned: Turned, sentence: str, kept: dict[str, object]):
    assert await turned([sentence]) == ([kept], [kept])


async def test_the_order_stays_and_what_is_not_known_goes(turned: Turned):
    kept = [{"kind": "name_near"}, {"kind": "caution"}]
    sentences = ["nearly the same name", "something else", "so part of this speaks against it"]
    assert await turned(sentences) == (kept, kept)
    assert await turned([]) == ([], [])
