"""Judgements on who is who: positive ones join transitively, a negative one blocks, each can be taken back."""

from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.corrections import CorrectionState, Editor, Verdict
from domain.extraction import Mention, Metadata, Span
from domain.identity import Contradicts, KeptApart, Merged, Noted, OneAlready, UnknownPerson
from domain.jobs import JobKind
from services import Services
from services.chats import know
from services.correcting import undoing
from services.identity.judging import judge, withdraw
from storage import articles, corrections, identity, persons
from storage.opening import open_database, open_queue
from tests.samples import Clock, chat_identity
from tests.services.conftest import Pages, Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
EDITOR = Editor(1, "Ann", ANN.id)
SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE


async def keep(services: Services, *names: str) -> list[int]:
    """Persons of Ann's chat."""
    chat = await know(services, ANN)
    await know(services, BOB)
    rows = []
    async with services.database.transaction() as db:
        for name in names:
            rows.append(await persons.add(db, chat.collection, name))
            await persons.add_names(db, chat.collection, rows[-1], [name])
    return rows


async def undo(services: Services, number: int) -> None:
    collection = (await know(services, ANN)).collection
    async with services.database.transaction() as db:
        found = await corrections.find(db, collection, number)
        assert found is not None
        await withdraw(db, collection, found)
        await corrections.end(db, number, CorrectionState.UNDONE, "Ann", services.clock())


async def test_the_same_are_shown_as_one_by_the_fullest_name(services: Services):
    short, full = await keep(services, "V. Golenko", "Viktor Golenko")
    became = await judge(services, ANN.id, short, full, SAME, EDITOR)
    assert isinstance(became, Merged)
    assert (became.person.id, became.person.name) == (full, "Viktor Golenko")
    async with services.database.reading() as db:
        assert list(await persons.members(db, short)) == [short, full]
        assert list(await persons.names_of(db, short)) == ["Viktor Golenko", "V. Golenko"]
        assert [each.id for each in await persons.find_by_words(db, 1, ["golenko"], 9)] == [full]
        assert [each.id for each in await persons.find_by_words(db, 1, ["v", "viktor"], 9)] == [full]
        assert await persons.bearers(db, 1, "V. Golenko") == {full: "Viktor Golenko"}


async def test_saying_the_same_again_changes_nothing(services: Services):
    one, other = await keep(services, "A", "B")
    first = await judge(services, ANN.id, one, other, SAME, EDITOR)
    assert await judge(services, ANN.id, other, one, SAME, EDITOR) == first


async def test_a_negative_judgement_blocks_what_would_join_two_groups(services: Services):
    one, two, three, four = await keep(services, "A", "B", "C", "D")
    apart = await judge(services, ANN.id, one, three, DIFFERENT, EDITOR)
    assert isinstance(apart, KeptApart)
    for pair in ((one, two), (three, four)):
        assert isinstance(await judge(services, ANN.id, *pair, SAME, EDITOR), Merged)
    refused = await judge(services, ANN.id, two, four, SAME, EDITOR)
    assert isinstance(refused, Contradicts)
    assert refused.earlier.id == apart.correction
    await undo(services, apart.correction)
    assert isinstance(await judge(services, ANN.id, two, four, SAME, EDITOR), Merged)


async def test_those_who_are_one_are_told_apart_only_when_that_is_undone(services: Services):
    one, two, three = await keep(services, "A", "B", "C")
    await judge(services, ANN.id, one, two, SAME, EDITOR)
    link = await judge(services, ANN.id, two, three, SAME, EDITOR)
    refused = await judge(services, ANN.id, one, three, DIFFERENT, EDITOR)
    assert isinstance(refused, Contradicts) and isinstance(link, Merged)
    assert refused.earlier.id == link.correction


async def test_who_did_not_know_may_know_later(services: Services):
    one, other = await keep(services, "A", "B")
    noted = await judge(services, ANN.id, one, other, UNSURE, EDITOR)
    assert isinstance(noted, Noted)
    assert isinstance(await judge(services, ANN.id, one, other, DIFFERENT, EDITOR), KeptApart)
    async with services.database.reading() as db:
        found = await corrections.find(db, 1, noted.correction)
    assert found is not None
    assert found.state is CorrectionState.UNDONE


@pytest.mark.parametrize("chat", [BOB.id, 999])
async def test_another_chat_judges_nobody(services: Services, chat: int):
    one, other = await keep(services, "A", "B")
    assert await judge(services, chat, one, other, SAME, EDITOR) == UnknownPerson(one)
    assert await judge(services, ANN.id, one, 77, SAME, EDITOR) == UnknownPerson(77)
    assert isinstance(await judge(services, ANN.id, one, one, SAME, EDITOR), OneAlready)


ROWS = 6
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([SAME, DIFFERENT, UNSURE]), st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)),
        st.tuples(st.none(), st.integers(0, 20), st.just(0)),
    ),
    max_size=14,
)


def groups(standing: dict[frozenset[int], tuple[Verdict, int]]) -> set[frozenset[int]]:
    """The groups that the positive judgements make, found the simplest way."""
    found = [{row} for row in range(ROWS)]
    for pair, (verdict, _) in standing.items():
        if verdict is SAME:
            touched = [group for group in found if group & pair]
            found = [group for group in found if not group & pair] + [set().union(*touched)]
    return {frozenset(group) for group in found}


def refused(standing: dict[frozenset[int], tuple[Verdict, int]], verdict: Verdict, pair: frozenset[int]) -> bool:
    """Whether the naive model refuses a judgement."""
    if pair in standing and standing[pair][0] is verdict:
        return False
    of = {row: group for group in groups(standing) for row in group}
    one, other = sorted(pair)
    if of[one] == of[other]:
        return verdict is not SAME
    apart = (each for each, (said, _) in standing.items() if said is DIFFERENT)
    return verdict is not DIFFERENT and any(each & of[one] and each & of[other] for each in apart)


@given(STEPS)
@settings(max_examples=25)
async def test_groups_are_those_of_a_naive_model(steps: list[tuple[Verdict | None, int, int]]):
    """Over random judgements and undoings, each refusal and each group is the naive model's."""
    with TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{folder}/test.db")
        pages, clock = Pages(), Clock()
        services = Services(database, open_queue(database, clock), Prepared(), pages, pages, clock, "UTC")
        rows = await keep(services, *(f"Person {number}" for number in range(ROWS)))
        standing: dict[frozenset[int], tuple[Verdict, int]] = {}
        for verdict, one, other in steps:
            if verdict is None:
                known = sorted(standing, key=lambda pair: standing[pair][1])
                if known:
                    await undo(services, standing.pop(known[one % len(known)])[1])
            elif one != other:
                pair = frozenset({one, other})
                expected = refused(standing, verdict, pair)
                became = await judge(services, ANN.id, rows[one], rows[other], verdict, EDITOR)
                assert isinstance(became, Contradicts) == expected
                if isinstance(became, Merged | KeptApart | Noted):
                    standing[pair] = (verdict, became.correction)
            async with database.reading() as db:
                shown = {row: list(await persons.members(db, rows[row])) for row in range(ROWS)}
                reached = {row: sorted(await identity.group_of(db, rows[row])) for row in range(ROWS)}
            assert {frozenset(map(rows.index, each)) for each in shown.values()} == groups(standing)
            assert shown == reached
        await database.close()


async def test_the_cards_that_name_them_are_brought_up_to_date_at_once(services: Services):
    """After a merge and after its undoing; a verdict that changes nobody's name leaves cards alone."""
    one, other, third = await keep(services, "V. Golenko", "Viktor Golenko", "Ada Kestrel")
    collection = (await know(services, ANN)).collection
    shown = {}
    async with services.database.transaction() as db:
        for person in (one, other, third):
            article = await articles.add(db, collection, f"Text {person}", Metadata(), services.clock())
            assert article is not None
            await persons.add_mentions(db, article, person, [Mention("Text", Span(0, 4))])
            await articles.set_card_message(db, article, ANN.id, 50 + article)
            shown[person] = article

    async def edited() -> list[int]:
        found = []
        while (job := await services.queue.claim(JobKind.SEND)) is not None:
            found.append(job.payload["article"])
            await services.queue.finish(job)
        return sorted(found)

    await judge(services, ANN.id, one, third, DIFFERENT, EDITOR)
    assert await edited() == []
    merged = await judge(services, ANN.id, one, other, SAME, EDITOR)
    assert isinstance(merged, Merged)
    assert await edited() == [shown[one], shown[other]]
    await undoing.undo(services, ANN.id, merged.correction, EDITOR)
    assert await edited() == [shown[one], shown[other]]
