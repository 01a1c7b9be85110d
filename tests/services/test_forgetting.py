"""Forgetting several articles that have people in common: in every order each comes back whole, or is erased."""

from datetime import timedelta
from itertools import permutations

import pytest

from domain.correcting import Made, NotHere, Undone
from domain.corrections import Editor, Verdict
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, Source
from domain.jobs import JobKind
from domain.messages import IncomingMessage
from services import Services, intake
from services.correcting import candidates, forgetting, making, prompts, undoing
from services.housekeeping import forget_old_jobs
from services.identity.judging import judge
from storage import forgotten, told
from storage.told import ToldMessage
from tests.engines import ON_BOTH, ON_SQLITE, broken_references
from tests.samples import Clock, forward, named, passage
from tests.services.conftest import Prepared
from tests.services.counted import assert_counted, rows
from tests.services.test_correcting import ANN, EDITOR, bring, card_of, claim_of, run_jobs

MILL = "Odo Quist said the mill is shut. It rained in the town on that day and nobody came to look at it at all."
BRIDGE = "Odo Quist said the bridge is open. The wind was strong and the boats stayed in the port all the week long."
OTTO = BRIDGE.replace("Odo Quist", "Otto Quistberg")


def saying(text: str, name: str, what: str) -> Extraction:
    """An article in which one person says one thing."""
    source = Source(name, passage(text, name).spans, 0)
    said = Attribution(source, passage(text, "said"), passage(text, what), Factuality.CERTAIN, AttributionKind.SPEECH)
    return Extraction(people=(named(text, name),), attributions=(said,))


async def both(services: Services, prepared: Prepared, other: str = BRIDGE) -> tuple[int, int]:
    prepared.results[MILL] = saying(MILL, "Odo Quist", "the mill is shut")
    prepared.results[BRIDGE] = saying(BRIDGE, "Odo Quist", "the bridge is open")
    prepared.results[OTTO] = saying(OTTO, "Otto Quistberg", "the bridge is open")
    return await bring(services, MILL, 1), await bring(services, other, 2)


async def forget(services: Services, article: int) -> int:
    made = await forgetting.forget(services, ANN.id, article, EDITOR)
    assert isinstance(made, Made)
    return made.correction.id


async def undo(services: Services, correction: int) -> None:
    assert isinstance(await undoing.undo(services, ANN.id, correction, EDITOR), Undone)
    await run_jobs(services, JobKind.EXTRACT)


async def erase(services: Services, clock: Clock) -> None:
    clock.now += forgetting.KEPT + timedelta(minutes=1)
    await forget_old_jobs(services)
    assert await rows(services, "SELECT * FROM forgotten") == []
    async with services.database.reading() as db:
        assert await broken_references(db) == []
    await assert_counted(services)


@pytest.mark.parametrize("hidden", list(permutations((0, 1))))
@pytest.mark.parametrize("back", [(), (0,), (1,), (0, 1), (1, 0)])
@pytest.mark.parametrize("other", [BRIDGE, OTTO])
async def test_two_forgotten_articles_with_one_person_come_back_and_are_erased_in_every_order(
    services: Services, prepared: Prepared, clock: Clock, hidden: tuple[int, ...], back: tuple[int, ...], other: str
):
    found = await both(services, prepared, other)
    if other == OTTO:
        one, two = (each["id"] for each in await rows(services, "SELECT id FROM persons ORDER BY id"))
        await judge(services, ANN.id, one, two, Verdict.SAME, EDITOR)
    as_read = [await card_of(services, article) for article in found]
    known = await candidates.called(services, ANN.id, "Odo Quist")
    corrections = {index: await forget(services, found[index]) for index in hidden}
    assert await candidates.called(services, ANN.id, "Odo Quist") == ()
    await assert_counted(services)
    for index in back:
        await undo(services, corrections[index])
        await assert_counted(services)
    if len(back) == 2:
        assert [await card_of(services, article) for article in found] == as_read
        assert await candidates.called(services, ANN.id, "Odo Quist") == known
    await erase(services, clock)
    assert {row["id"] for row in await rows(services, "SELECT id FROM articles")} == {found[index] for index in back}
    assert bool(await rows(services, "SELECT * FROM persons")) is bool(back)
    for index in back:
        card = await card_of(services, found[index])
        assert len(card.people) == 1 and [bool(claim.claimant) for claim in card.claims] == [True]


@ON_BOTH
async def test_of_a_merged_person_the_names_go_that_only_a_forgotten_article_has(
    services: Services, prepared: Prepared, clock: Clock
):
    mill, _ = await both(services, prepared, OTTO)
    one, two = (each["id"] for each in await rows(services, "SELECT id FROM persons ORDER BY id"))
    await judge(services, ANN.id, one, two, Verdict.SAME, EDITOR)
    known = await candidates.called(services, ANN.id, "Odo Quist")
    number = await forget(services, mill)
    assert await candidates.called(services, ANN.id, "Odo Quist") == ()
    assert [each.name for each in await candidates.called(services, ANN.id, "Otto Quistberg")] == ["Otto Quistberg"]
    await undo(services, number)
    assert await candidates.called(services, ANN.id, "Odo Quist") == known
    await forget(services, mill)
    await erase(services, clock)
    assert [row["name"] for row in await rows(services, "SELECT name FROM persons")] == ["Otto Quistberg"] * 2
    assert await rows(services, "SELECT * FROM person_names WHERE name LIKE '%Odo%'") == []


async def test_one_article_that_cannot_be_erased_does_not_keep_the_others(
    services: Services, prepared: Prepared, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    mill, bridge = await both(services, prepared)
    await forget(services, mill)
    await forget(services, bridge)
    clock.now += forgetting.KEPT + timedelta(minutes=1)
    erased = forgotten.erase

    async def failing(db: object, article: int) -> None:
        if article == mill:
            raise ValueError("out of order")
        await erased(db, article)  # type: ignore[arg-type]

    monkeypatch.setattr(forgotten, "erase", failing)
    with pytest.raises(ExceptionGroup):
        await forget_old_jobs(services)
    assert [row["article_id"] for row in await rows(services, "SELECT article_id FROM forgotten")] == [mill]


async def test_questions_about_an_article_go_with_it(services: Services, prepared: Prepared, clock: Clock):
    mill, bridge = await both(services, prepared)
    for message, article in ((70, mill), (71, bridge)):
        await prompts.remember(services, ANN.id, message, None, {"ask": "date", "article": article, "number": 0})
    await forget(services, mill)
    await erase(services, clock)
    assert await prompts.asked(services, ANN.id, 70) is None
    assert await prompts.asked(services, ANN.id, 71) is not None


async def test_a_correction_of_a_forgotten_article_cannot_be_undone_until_it_is_back(
    services: Services, prepared: Prepared
):
    mill, _ = await both(services, prepared)
    found = await making.correctable(services, ANN.id, mill)
    assert found is not None
    made = await making.not_a_person(services, ANN.id, mill, found.people[0].id, Editor(7, "Ann", ANN.id))
    assert isinstance(made, Made)
    await run_jobs(services, JobKind.EXTRACT)
    number = await forget(services, mill)
    assert await undoing.undo(services, ANN.id, made.correction.id, EDITOR) == NotHere()
    await undo(services, number)
    await undo(services, made.correction.id)
    assert len((await card_of(services, mill)).people) == 1


@ON_SQLITE
async def test_cards_change_with_each_forgotten_article_although_its_correction_gets_the_number_of_an_erased_one(
    services: Services, prepared: Prepared, clock: Clock
):
    mill, bridge = await both(services, prepared)
    changed = []
    for _ in range(2):
        async with services.database.transaction() as db:
            await db.run("INSERT INTO reprints (article_id, reprint_of) VALUES (:one, :of)", one=bridge, of=mill)
        await run_jobs(services, JobKind.SEND)
        number = await forget(services, bridge)
        jobs = await run_jobs(services, JobKind.SEND)
        changed.append((number, [job.payload["article"] for job in jobs if job.payload["what"] == "card"]))
        await erase(services, clock)
        assert await bring(services, BRIDGE, 2) == bridge
    assert changed == [(1, [mill]), (1, [mill])]


@ON_SQLITE
async def test_chats_hear_of_each_correction_although_it_gets_the_number_of_an_erased_one(
    services: Services, prepared: Prepared, clock: Clock
):
    mill, bridge = await both(services, prepared)
    claims = {bridge: await claim_of(services, bridge, "bridge"), mill: await claim_of(services, mill, "mill")}
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(ANN.id, 60, None), {"kind": "digest"}, list(claims.values()), services.clock())
    heard = []
    for article, (message, text) in {bridge: (2, BRIDGE), mill: (1, MILL)}.items():
        made = await making.factuality(services, ANN.id, article, claims[article], Factuality.POSSIBLE, EDITOR)
        assert isinstance(made, Made)
        clock.now += 2 * making.QUIET
        edited = text.replace(" is ", " was ") + " It rains." * 20
        assert await intake.edit(services, IncomingMessage(forward(ANN, message), edited))
        await run_jobs(services, JobKind.EXTRACT)
        jobs = [job.payload for job in await run_jobs(services, JobKind.SEND)]
        heard.append([(job["what"], job["correction"]) for job in jobs if "correction" in job])
        await forget(services, article)
        await erase(services, clock)
    assert heard == [[("reopened", 1), ("correction", 1)]] * 2
