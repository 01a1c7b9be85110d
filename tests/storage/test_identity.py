"""Judgements and doubts on who is who, as they are kept: by rows, by groups, and never across collections."""

import pytest

from domain.corrections import Clue, CorrectionKind, Editor, NewCorrection, Verdict
from domain.extraction import Metadata
from domain.identity import Comparison, Evidence
from storage import articles, corrections, identity, persons
from storage.connection import Database, Writer
from storage.identity import Pin
from tests.samples import NOON, named

SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE
EDITOR = Editor(1, "Ann", 100)


async def keep(db: Writer, collection: int, *names: str) -> list[int]:
    """Persons, each named by an article of their own."""
    rows = []
    for name in names:
        rows.append(await persons.add(db, collection, name))
        await persons.add_names(db, collection, rows[-1], [name])
        body = f"{name} spoke, as number {rows[-1]}."
        article = await articles.add(db, collection, body, Metadata(), NOON)
        assert article is not None
        await articles.mark_read(db, article, Metadata(), NOON)
        await persons.add_mentions(db, article, rows[-1], named(body, name).mentions)
    return rows


async def say(db: Writer, collection: int, one: int, other: int, verdict: Verdict) -> int:
    kind = CorrectionKind.SAME_PERSON
    number = await corrections.add(db, collection, NewCorrection(kind, None, None, {}, {}, EDITOR), NOON)
    await identity.judge(db, one, other, verdict, number)
    return number


async def raise_doubt(db: Writer, collection: int, person: int, candidate: int) -> None:
    (article,) = await identity.newest_articles(db, person, 1)
    compared = Comparison(candidate, candidate, 1.0, (Evidence(Clue("places", {"count": 3}), 1.0),))
    await identity.doubt(db, collection, article, person, [compared], NOON)


async def test_what_is_said_last_of_two_rows_holds_whichever_comes_first(database: Database, home: int):
    async with database.transaction() as db:
        one, other = await keep(db, home, "A", "B")
        assert await identity.judged(db, one, other) is None
        await say(db, home, one, other, UNSURE)
        number = await say(db, home, other, one, DIFFERENT)
        said = await identity.judged(db, one, other)
        assert said is not None
        assert (said.left, said.right, said.verdict, said.correction) == (one, other, DIFFERENT, number)
        assert list(await identity.withdraw(db, number)) == [one, other]
        assert await identity.judged(db, one, other) is None
        assert list(await identity.withdraw(db, number)) == []


async def test_a_group_is_whom_positive_judgements_reach(database: Database, home: int):
    async with database.transaction() as db:
        one, two, three, four = await keep(db, home, "A", "B", "C", "D")
        await say(db, home, one, two, SAME)
        await say(db, home, three, two, SAME)
        await say(db, home, three, four, DIFFERENT)
        assert sorted(await identity.group_of(db, three)) == [one, two, three]
        assert sorted(await identity.group_of(db, four)) == [four]


@pytest.mark.parametrize(("verdict", "spoken"), [(DIFFERENT, True), (UNSURE, True), (SAME, False)])
async def test_groups_are_spoken_of_through_any_of_their_rows(
    database: Database, home: int, verdict: Verdict, spoken: bool
):
    async with database.transaction() as db:
        one, two, three, four = await keep(db, home, "A", "B", "C", "D")
        await say(db, home, two, three, verdict)
        assert await identity.is_spoken_of(db, {one, two}, {three, four}) is spoken
        assert await identity.is_spoken_of(db, {three, four}, {one, two}) is spoken
        assert not await identity.is_spoken_of(db, {one}, {three, four})
        assert (await identity.kept_apart(db, {one, two}, {three, four}) is not None) is (verdict is DIFFERENT)


async def test_a_pin_of_an_article_speaks_of_whom_the_machine_had_found(database: Database, home: int):
    async with database.transaction() as db:
        one, two, three = await keep(db, home, "A", "B", "C")
        (article,) = await identity.newest_articles(db, one, 1)
        await identity.set_pins(db, article, {"a": Pin(one, two)})
        assert await identity.is_spoken_of(db, {one}, {two})
        assert await identity.is_spoken_of(db, {two}, {one})
        assert not await identity.is_spoken_of(db, {one}, {three})


async def test_a_doubt_is_kept_once_and_open_until_it_is_answered(database: Database, home: int, other: int):
    async with database.transaction() as db:
        known, half = await keep(db, home, "Viktor Golenko", "V. Golenko")
        for _ in range(2):
            await raise_doubt(db, home, half, known)
        (doubt,) = await identity.open_doubts(db, home, 9)
        assert (doubt.person, doubt.candidate, doubt.evidence) == (half, known, (Clue("places", {"count": 3}),))
        assert await identity.to_ask(db, doubt.article) == doubt
        assert await identity.find_doubt(db, other, doubt.id) is None
        assert await identity.open_doubts(db, other, 9) == []
        assert await identity.open_doubts(db, home, 9, doubt.id) == []
        await identity.asked(db, doubt.id, NOON)
        assert await identity.to_ask(db, doubt.article) is None
        assert await identity.is_open(db, doubt.id)


@pytest.mark.parametrize("verdict", [SAME, DIFFERENT, UNSURE])
async def test_any_answer_settles_a_doubt(database: Database, home: int, verdict: Verdict):
    async with database.transaction() as db:
        known, half = await keep(db, home, "Viktor Golenko", "V. Golenko")
        await raise_doubt(db, home, half, known)
        (doubt,) = await identity.open_doubts(db, home, 9)
        number = await say(db, home, known, half, verdict)
        if verdict is SAME:
            await identity.show_by(db, [known, half], known)
        assert not await identity.is_open(db, doubt.id)
        await identity.withdraw(db, number)
        await identity.show_by(db, [half], half)
        assert await identity.is_open(db, doubt.id)


async def test_a_doubt_ends_with_the_name_that_raised_it(database: Database, home: int):
    async with database.transaction() as db:
        known, half = await keep(db, home, "Viktor Golenko", "V. Golenko")
        await raise_doubt(db, home, half, known)
        (doubt,) = await identity.open_doubts(db, home, 9)
        await persons.remove_of_article(db, doubt.article)
        assert not await identity.is_open(db, doubt.id)


async def test_bearers_are_shown_by_one_row_and_belong_to_the_collection(database: Database, home: int, other: int):
    async with database.transaction() as db:
        one, two = await keep(db, home, "Viktor Golenko", "V. Golenko")
        await keep(db, other, "Viktor Golenko")
        assert sorted((await identity.bearers_of_words(db, home, [{"golenko"}], 9))[0]) == [one, two]
        await identity.show_by(db, [one, two], one)
        assert await identity.bearers_of_words(db, home, [{"golenko"}, {"viktor", "v"}, set()], 9) == [[one], [one], []]
        assert await identity.names_of(db, [one]) == {one: {one: ("Viktor Golenko",), two: ("V. Golenko",)}}
        assert await identity.bearers_of_words(db, home, [set()], 9) == [[]]
        assert len(await identity.newest_articles(db, one, 9)) == 2


async def test_what_is_looked_for_together_is_what_is_looked_for_one_by_one(database: Database, home: int):
    people = [f"Vera {letter}olenko" for letter in "BCDFGHJKLMNPQRSTVWXZ"] * 3
    async with database.transaction() as db:
        rows = await keep(db, home, *people)
        words = [{f"{letter}olenko".lower()} for letter in "BCDFGHJKLMNPQRSTVWXZ"] * 3
        together = await identity.bearers_of_words(db, home, words, 2)
        assert together == [(await identity.bearers_of_words(db, home, [each], 2))[0] for each in words]
        assert {len(each) for each in together} == {2}
        newest = await identity.newest_of_each(db, rows, 1)
        assert newest == {row: list(await identity.newest_articles(db, row, 1)) for row in rows}
        assert all(newest.values()) and await identity.newest_of_each(db, [], 1) == {}
