"""Putting right: each kind holds at once and after every later reading, and is taken back without a trace."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.articles import IncomingArticle, MessagePart, Taken
from domain.chats import ChatIdentity
from domain.correcting import CannotUndo, EndedBefore, Made, NotHere, NothingToChange, NotUnderstood, Undone
from domain.corrections import CorrectionKind, CorrectionState, Editor
from domain.extraction import Extraction, ExtractionFailure, Factuality, FailureReason
from domain.jobs import Job, JobKind
from domain.ledger import Card, LedgerClaim
from domain.messages import IncomingMessage
from handlers.replies.corrections import not_understood
from services import Services, digesting, intake, reading
from services.cards import card_shown, show
from services.correcting import candidates, forgetting, history, making, notices, undoing
from services.housekeeping import forget_old_jobs
from services.rereading import look, reread, to_reread
from storage import articles, claims, news, persons, reprints, told
from storage.connection import Row
from storage.opening import open_database, open_queue
from storage.told import ToldMessage
from tests.engines import ON_BOTH, tables
from tests.samples import DAY, HOUR, Clock, chat_identity, forward
from tests.services.conftest import Pages, Prepared
from tests.services.counted import assert_counted
from tests.services.test_correcting_applied import BODY, READ, READ_OTHERWISE

ANN = chat_identity(100)
BOB = chat_identity(200)
EDITOR = Editor(7, "Ann", 100)
K = CorrectionKind


async def bring(services: Services, text: str = BODY, message: int = 1, chat: ChatIdentity = ANN) -> int:
    """Take an article in and read it."""
    incoming = IncomingArticle(text, forward(chat, message), (MessagePart(message, text),))
    taken = await intake.take_in(services, incoming)
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, chat.id)
    await card_shown(services, chat.id, taken.article, 50 + message)
    return taken.article


async def run_jobs(services: Services, kind: JobKind) -> list[Job]:
    """Take every job of a kind that is ready; what is to be read is read."""
    jobs = []
    while (job := await services.queue.claim(kind)) is not None:
        if kind is JobKind.EXTRACT:
            await reading.read(services, **job.payload)
        await services.queue.finish(job)
        jobs.append(job)
    return jobs


async def card_of(services: Services, article: int, chat: int = ANN.id) -> Card:
    card = await show(services, chat, article)
    assert card is not None
    return card


def says(card: Card) -> dict[str, tuple[str | None, str]]:
    """By content: who says it, and how surely."""
    return {
        claim.text.strip("“”."): (
            claim.claimant.name or claim.claimant.text if claim.claimant else None,
            claim.factuality.value,
        )
        for claim in card.claims
    }


def _name(claim: LedgerClaim) -> str | None:
    return (claim.claimant.name or claim.claimant.text) if claim.claimant else None


def unnumbered(card: Card) -> Card:
    """A card without numbers, which differ where another machine cuts claims otherwise or somebody came later."""
    claims = (
        replace(claim, id=0, claimant=claim.claimant and replace(claim.claimant, person=None)) for claim in card.claims
    )
    return replace(card, claims=tuple(claims))


async def claim_of(services: Services, article: int, words: str) -> int:
    card = await card_of(services, article)
    return next(claim.id for claim in card.claims if words in claim.text)


async def person_of(services: Services, article: int, name: str) -> int:
    found = await making.correctable(services, ANN.id, article)
    assert found is not None
    return next(person.id for person in found.people if person.name == name)


async def made(outcome: object, services: Services) -> int:
    assert isinstance(outcome, Made), outcome
    await run_jobs(services, JobKind.EXTRACT)
    return outcome.correction.id


@pytest.fixture
async def article(services: Services, prepared: Prepared) -> int:
    prepared.results[BODY] = READ
    number = await bring(services)
    await run_jobs(services, JobKind.EXTRACT)
    await run_jobs(services, JobKind.SEND)
    return number


async def correct(services: Services, article: int, case: str, editor: Editor = EDITOR) -> object:
    """Make one correction of a kind; what it needs is looked up first."""
    place = (services, editor.chat, article)
    match case:
        case "speaker":
            venn = await person_of(services, article, "Oskar Venn")
            return await making.speaker(*place, await claim_of(services, article, "sold the pier"), venn, editor)
        case "speaker by name":
            denial = await claim_of(services, article, "sold the pier")
            return await making.speaker(*place, denial, "Uma Falk", editor)
        case "nobody":
            return await making.speaker(*place, await claim_of(services, article, "It is mine"), None, editor)
        case "not a claim":
            return await making.not_a_claim(*place, await claim_of(services, article, "council"), editor)
        case "status":
            claim = await claim_of(services, article, "It is mine")
            return await making.factuality(*place, claim, Factuality.POSSIBLE, editor)
        case "not a person":
            return await making.not_a_person(*place, await person_of(services, article, "Brekke Lane"), editor)
        case "another person":
            venn = await person_of(services, article, "Oskar Venn")
            return await making.another_person(*place, venn, None, editor)
        case "headline":
            return await making.metadata(*place, K.HEADLINE, "Whose pier?", editor)
        case "date":
            return await making.metadata(*place, K.DATE, "11 March 2026", editor)
        case _:
            return await making.metadata(*place, K.PUBLISHER, "Quay News", editor)


CASES = [
    "speaker", "speaker by name", "nobody", "not a claim", "status", "not a person", "another person", "headline",
    "date", "publisher",
]  # fmt: skip


def shows(case: str, card: Card) -> bool:
    """Whether a card shows what a correction says."""
    told = says(card)
    names = {person.name for person in card.people}
    denial = next((who for words, who in told.items() if "sold the pier" in words), None)
    return {
        "speaker": denial == ("Oskar Venn", "CT-"),
        "speaker by name": denial == ("Uma Falk", "CT-"),
        "nobody": told.get("It is mine", ("",))[0] is None,
        "not a claim": not any("council" in words for words in told),
        "status": told.get("It is mine", ("", ""))[1] == "PS+",
        "not a person": "Brekke Lane" not in names,
        "another person": True,
        "headline": card.metadata.headline == "Whose pier?",
        "date": card.metadata.date_published == "2026-03-11" and card.article.seen_at.day == 11,
        "publisher": card.article.publisher == "Quay News",
    }[case]


@pytest.mark.parametrize("case", CASES)
async def test_a_correction_holds_survives_another_reading_and_leaves_no_trace_when_undone(
    services: Services, prepared: Prepared, article: int, case: str
):
    as_read = await card_of(services, article)
    settled = await _settled(services, article)
    number = await made(await correct(services, article, case), services)
    assert shows(case, await card_of(services, article))
    prepared.results[BODY] = READ_OTHERWISE
    assert await reread(services, article, "a new model") is not None
    assert shows(case, await card_of(services, article))
    prepared.results[BODY] = READ
    await reread(services, article, "the old model")
    assert isinstance(await undoing.undo(services, ANN.id, number, EDITOR), Undone)
    await run_jobs(services, JobKind.EXTRACT)
    assert unnumbered(await card_of(services, article)) == unnumbered(as_read)
    assert await _settled(services, article) == settled
    assert isinstance(await undoing.undo(services, ANN.id, number, EDITOR), EndedBefore)


async def _settled(services: Services, article: int) -> str:
    async with services.database.reading() as db:
        row = await db.one("SELECT settled_at FROM articles WHERE id = :article", article=article)
    assert row is not None
    return str(row["settled_at"])


@asynccontextmanager
async def opened(path: Path, prepared: Prepared) -> AsyncIterator[Services]:
    """The use cases over a file of their own, for each of the many examples of a property."""
    database = await open_database(f"sqlite:///{path}")
    clock = Clock()
    pages = Pages()
    yield Services(database, open_queue(database, clock), prepared, pages, pages, clock, "Europe/Vilnius")
    await database.close()


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*CASES, "undo", "undo", "undo"]), st.integers(0, 5)), min_size=2, max_size=7),
    st.booleans(),
)
async def test_after_any_corrections_and_undos_an_article_is_as_read_afresh_with_those_that_are_left(
    steps: list[tuple[str, int]], otherwise: bool
):
    prepared = Prepared({BODY: READ})
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder) / "one.db", prepared) as services:
            article, standing = await bring(services), []
            for step, pick in steps:
                if step != "undo":
                    with_claims = {"not a claim": "council", "status": "mine", "nobody": "mine"}
                    told = says(await card_of(services, article))
                    if step in with_claims and not any(with_claims[step] in words for words in told):
                        continue
                    if step == "not a person" and "Brekke Lane" not in await names_in(services, article):
                        continue
                    outcome = await correct(services, article, step)
                    if isinstance(outcome, Made):
                        standing.append((step, outcome.correction.id))
                elif standing:
                    _, number = standing.pop(pick % len(standing))
                    assert isinstance(await undoing.undo(services, ANN.id, number, EDITOR), Undone)
                await run_jobs(services, JobKind.EXTRACT)
                await assert_counted(services)
            prepared.results[BODY] = READ_OTHERWISE if otherwise else READ
            await reread(services, article, "once more")
            left = unnumbered(await card_of(services, article))
        async with opened(Path(folder) / "other.db", Prepared({BODY: READ})) as services:
            article = await bring(services)
            for step, _ in standing:
                await made(await correct(services, article, step), services)
            services.extraction.results[BODY] = READ_OTHERWISE if otherwise else READ  # type: ignore[attr-defined]
            await reread(services, article, "once more")
            assert unnumbered(await card_of(services, article)) == left


async def names_in(services: Services, article: int) -> set[str]:
    return {person.name for person in (await card_of(services, article)).people}


async def test_the_newer_of_two_headlines_holds_and_undoing_it_brings_the_one_before_back(
    services: Services, article: int
):
    await made(await correct(services, article, "headline"), services)
    newer = await making.metadata(services, ANN.id, article, K.HEADLINE, "Our <pier>", EDITOR)
    await made(newer, services)
    assert (await card_of(services, article)).metadata.headline == "Our <pier>"
    for headline in ("Whose pier?", "The pier"):
        assert isinstance(await undoing.undo_latest(services, ANN.id, EDITOR), Undone)
        await run_jobs(services, JobKind.EXTRACT)
        assert (await card_of(services, article)).metadata.headline == headline
    assert await undoing.undo_latest(services, ANN.id, EDITOR) == NotHere()


async def test_undoing_the_older_of_two_headlines_first_leads_back_to_what_the_machine_said(
    services: Services, article: int
):
    older = await made(await correct(services, article, "headline"), services)
    newer = await made(await making.metadata(services, ANN.id, article, K.HEADLINE, "Our pier", EDITOR), services)
    for number, headline in ((older, "Our pier"), (newer, "The pier")):
        await undoing.undo(services, ANN.id, number, EDITOR)
        await run_jobs(services, JobKind.EXTRACT)
        assert (await card_of(services, article)).metadata.headline == headline


async def test_a_claim_keeps_its_number_when_it_is_given_to_somebody_else(services: Services, article: int):
    before = await claim_of(services, article, "sold the pier")
    await made(await correct(services, article, "speaker"), services)
    assert await claim_of(services, article, "sold the pier") == before


@ON_BOTH
async def test_a_claim_given_to_somebody_is_theirs_and_no_longer_the_others(services: Services, article: int):
    await made(await correct(services, article, "speaker"), services)
    for name, count in (("Ilka Roden", 0), ("Oskar Venn", 2)):
        (person,) = await candidates.called(services, ANN.id, name)
        async with services.database.reading() as db:
            said = await claims.of_person(db, 1, person.id, claims.Part.SOURCE, 9, 0)
        assert len(said) == count


async def test_somebody_elses_mentions_are_filed_under_them(services: Services, article: int):
    before = await person_of(services, article, "Oskar Venn")
    await made(await correct(services, article, "another person"), services)
    assert await person_of(services, article, "Oskar Venn") != before
    assert isinstance(await undoing.undo_latest(services, ANN.id, EDITOR), Undone)
    await run_jobs(services, JobKind.EXTRACT)
    assert await person_of(services, article, "Oskar Venn") == before
    assert [person.id for person in await candidates.called(services, ANN.id, "Oskar Venn")] == [before]


async def test_nobody_is_left_over_of_a_new_name_that_is_taken_back(services: Services, article: int):
    venn = await person_of(services, article, "Oskar Venn")
    for read_between in (True, False):
        outcome = await making.another_person(services, ANN.id, article, venn, "Lars Bergen", EDITOR)
        assert isinstance(outcome, Made)
        if read_between:
            await run_jobs(services, JobKind.EXTRACT)
        await undoing.undo(services, ANN.id, outcome.correction.id, EDITOR)
        await run_jobs(services, JobKind.EXTRACT)
        assert await candidates.called(services, ANN.id, "Lars Bergen") == ()
        (known,) = await candidates.called(services, ANN.id, "Oskar Venn")
        assert (known.id, known.articles) == (venn, 1)


async def test_two_people_of_an_article_that_are_said_to_be_one_stand_on_one_row_until_that_is_undone(
    services: Services, article: int
):
    roden, venn = await person_of(services, article, "Ilka Roden"), await person_of(services, article, "Oskar Venn")
    before = await _mentions(services, article)
    number = await made(await making.another_person(services, ANN.id, article, venn, roden, EDITOR), services)
    named = {row["person_id"] for row in await _mentions(services, article) if "Lane" not in row["text"]}
    assert named == {roden}
    await reread(services, article, "once more")
    assert {row["person_id"] for row in await _mentions(services, article) if "Lane" not in row["text"]} == {roden}
    await undoing.undo(services, ANN.id, number, EDITOR)
    await run_jobs(services, JobKind.EXTRACT)
    assert await _mentions(services, article) == before


async def _mentions(services: Services, article: int) -> list[Row]:
    async with services.database.reading() as db:
        return list(await db.all("SELECT * FROM mentions WHERE article_id = :article ORDER BY start", article=article))


async def test_who_is_nobody_is_not_found_any_more(services: Services, article: int):
    assert len(await candidates.called(services, ANN.id, "Brekke Lane")) == 1
    await made(await correct(services, article, "not a person"), services)
    assert await candidates.called(services, ANN.id, "Brekke Lane") == ()
    await undoing.undo_latest(services, ANN.id, EDITOR)
    await run_jobs(services, JobKind.EXTRACT)
    assert len(await candidates.called(services, ANN.id, "Brekke Lane")) == 1


async def edited(services: Services, prepared: Prepared, text: str, read: Extraction) -> None:
    prepared.results[text] = read
    assert await intake.edit(services, IncomingMessage(forward(ANN, 1), text))
    await run_jobs(services, JobKind.EXTRACT)


async def test_a_correction_is_reopened_only_where_the_articles_own_words_changed(
    services: Services, prepared: Prepared
):
    body = BODY + " It rains." * 20
    prepared.results[body] = READ
    article = await bring(services, body)
    await made(await correct(services, article, "status"), services)
    await made(await correct(services, article, "not a person"), services)
    text = body.replace("Brekke Lane", "Brekke Street")
    await edited(services, prepared, text, Extraction(READ.metadata, READ.people[:2], READ.attributions, READ.claims))
    found = (await history.history(services, ANN.id)).entries
    assert [(entry.correction.new.kind, entry.correction.state) for entry in found] == [
        (K.NOT_A_PERSON, CorrectionState.REOPENED),
        (K.FACTUALITY, CorrectionState.STANDING),
    ]
    (job,) = [job for job in await run_jobs(services, JobKind.SEND) if job.payload["what"] == "reopened"]
    assert (job.payload["chat"], job.payload["message"]) == (ANN.id, 51)
    assert await notices.reopened(services, ANN.id, job.payload["correction"]) == found[0].correction
    assert await notices.reopened(services, ANN.id, found[1].correction.id) is None
    assert says(await card_of(services, article))["It is mine"][1] == "PS+"
    about = await history.history(services, ANN.id, 0, article)
    assert [edit.changes for edit in about.edits] == [(("Lane", "Street"),)]


async def test_what_is_read_again_in_vain_stays_as_it_was(services: Services, prepared: Prepared, article: int):
    as_read = await card_of(services, article)
    prepared.results[BODY] = ExtractionFailure(FailureReason.TIMEOUT)
    found = await reread(services, article, "a slow model")
    assert found is not None and found.failure is FailureReason.TIMEOUT
    assert await card_of(services, article) == as_read


async def test_a_dry_run_tells_what_another_reading_would_change_and_keeps_nothing(
    services: Services, prepared: Prepared, article: int
):
    await made(await correct(services, article, "status"), services)
    as_read = await card_of(services, article)
    same = await look(services, article)
    assert same is not None and (same.claims_changed, same.people_changed, same.holding) == (False, False, 1)
    prepared.results[BODY] = READ_OTHERWISE
    found = await look(services, article)
    assert found is not None and (found.claims_changed, found.people_changed, found.reopened) == (True, True, 0)
    assert await card_of(services, article) == as_read
    assert await reread(services, article, "for good") == found


async def test_a_chat_sees_only_what_another_reading_has_changed(services: Services, prepared: Prepared, article: int):
    await reread(services, article, "the same again")
    assert await run_jobs(services, JobKind.SEND) == []
    prepared.results[BODY] = READ_OTHERWISE
    await reread(services, article, "another model")
    assert [job.payload["what"] for job in await run_jobs(services, JobKind.SEND)] == ["card"]


async def test_articles_to_be_read_again_are_those_of_the_chat_since_a_day(services: Services, article: int):
    other = await bring(services, "Another text. " * 12, 2, BOB)
    assert await to_reread(services, None, None, 0) == [article, other]
    assert await to_reread(services, BOB.id, None, 0) == [other]
    assert await to_reread(services, ANN.id, services.clock() + DAY, 0) == []
    assert await to_reread(services, None, None, article) == [other]
    assert await to_reread(services, 999, None, 0) is None


# ----------------------------------------------------------------- what cannot be taken


@pytest.mark.parametrize("case", CASES)
async def test_nothing_of_another_collection_can_be_put_right_or_undone(services: Services, article: int, case: str):
    await bring(services, "Another text. " * 12, 2, BOB)
    as_read = await card_of(services, article)
    outsider = Editor(8, "Bob", BOB.id)
    assert await correct(services, article, case, outsider) == NotHere()
    assert await forgetting.forget(services, BOB.id, article, outsider) == NotHere()
    number = await made(await correct(services, article, case), services)
    assert await undoing.undo(services, BOB.id, number, outsider) == NotHere()
    assert await undoing.undo_latest(services, BOB.id, outsider) == NotHere()
    assert (await history.history(services, BOB.id)).entries == ()
    assert await making.correctable(services, BOB.id, article) is None
    await undoing.undo(services, ANN.id, number, EDITOR)
    await run_jobs(services, JobKind.EXTRACT)
    assert unnumbered(await card_of(services, article)) == unnumbered(as_read)


async def test_numbers_that_fit_nothing_change_nothing(services: Services, article: int):
    place = (services, ANN.id, article, 999)
    assert await making.not_a_claim(*place, EDITOR) == NotHere()
    assert await making.factuality(*place, Factuality.DENIED, EDITOR) == NotHere()
    assert await making.speaker(*place, 1, EDITOR) == NotHere()
    assert await making.not_a_person(*place, EDITOR) == NotHere()
    assert await making.another_person(*place, None, EDITOR) == NotHere()
    denial = await claim_of(services, article, "sold the pier")
    assert await making.speaker(services, ANN.id, article, denial, 999, EDITOR) == NotHere()
    venn = await person_of(services, article, "Oskar Venn")
    assert await making.another_person(services, ANN.id, article, venn, 999, EDITOR) == NotHere()
    assert await making.not_a_claim(services, ANN.id, 999, denial, EDITOR) == NotHere()
    assert (await history.history(services, ANN.id)).entries == ()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (K.HEADLINE, "…"),
        (K.HEADLINE, "word " * 100),
        (K.PUBLISHER, "12"),
        (K.PUBLISHER, "word " * 40),
        (K.DATE, "soon"),
        (K.DATE, "2030-01-01"),
        (K.DATE, "31 Feb 2026"),
        (K.DATE, "1 " * 400),
    ],
)
async def test_what_is_typed_and_cannot_be_taken_gets_a_sentence(
    services: Services, article: int, kind: CorrectionKind, typed: str
):
    outcome = await making.metadata(services, ANN.id, article, kind, typed, EDITOR)
    assert isinstance(outcome, NotUnderstood) and len(not_understood(outcome)) > 20
    assert (await history.history(services, ANN.id)).entries == ()


@pytest.mark.parametrize(
    ("kind", "typed"), [(K.HEADLINE, " The  pier "), (K.DATE, "10 March 2026"), (K.PUBLISHER, "Pier Post")]
)
async def test_what_is_so_already_is_no_correction(services: Services, article: int, kind: CorrectionKind, typed: str):
    assert isinstance(await making.metadata(services, ANN.id, article, kind, typed, EDITOR), NothingToChange)


async def test_nobody_is_taken_for_themselves(services: Services, article: int):
    denial = await claim_of(services, article, "sold the pier")
    roden = await person_of(services, article, "Ilka Roden")
    for same in (roden, "ilka roden"):
        outcome = await making.speaker(services, ANN.id, article, denial, same, EDITOR)
        assert isinstance(outcome, NothingToChange)
    assert isinstance(await making.speaker(services, ANN.id, article, denial, "??", EDITOR), NotUnderstood)
    outcome = await making.another_person(services, ANN.id, article, roden, roden, EDITOR)
    assert isinstance(outcome, NothingToChange)
    outcome = await making.factuality(services, ANN.id, article, denial, Factuality.DENIED, EDITOR)
    assert isinstance(outcome, NothingToChange)


# ----------------------------------------------------------------- others hear of it


async def tell(services: Services, article: int, words: str, *messages: ToldMessage) -> None:
    claim = await claim_of(services, article, words)
    async with services.database.transaction() as db:
        for message in messages:
            await told.keep(db, message, {"kind": "digest"}, [claim], services.clock())


async def test_each_chat_that_was_told_hears_of_a_correction_once_below_its_latest_message(
    services: Services, clock: Clock, article: int
):
    await tell(services, article, "mine", ToldMessage(ANN.id, 60, None), ToldMessage(ANN.id, 61, 4))
    number = await made(await correct(services, article, "status"), services)
    assert [job.payload["what"] for job in await run_jobs(services, JobKind.SEND)] == ["card"]
    clock.now += 2 * making.QUIET
    (job,) = await run_jobs(services, JobKind.SEND)
    assert (job.payload["what"], job.payload["message"], job.payload["thread"]) == ("correction", 61, 4)
    (found,) = await notices.due(services, ANN.id, 61, number)
    assert found.id == number
    assert not await notices.due(services, BOB.id, 61, number)
    assert not await notices.due(services, ANN.id, 60, number)
    assert await run_jobs(services, JobKind.SEND) == []


async def test_of_several_corrections_in_a_row_one_message_tells(services: Services, clock: Clock, article: int):
    """The job of the last one tells all, those of one thing as one, and none of them is told again."""
    await tell(services, article, "mine", ToldMessage(ANN.id, 61, None))
    mine = await claim_of(services, article, "mine")
    numbers = [
        await made(await making.factuality(services, ANN.id, article, mine, status, EDITOR), services)
        for status in (Factuality.POSSIBLE, Factuality.PROBABLE)
    ]
    numbers.append(await made(await making.speaker(services, ANN.id, article, mine, "Uma Falk", EDITOR), services))
    clock.now += 2 * making.QUIET
    await run_jobs(services, JobKind.SEND)
    assert [len(await notices.due(services, ANN.id, 61, number)) for number in numbers] == [0, 0, 3]
    due = await notices.due(services, ANN.id, 61, numbers[-1])
    first, second = notices.at_once(due)
    assert (first.new.said["factuality"], first.new.corrected["factuality"]) == ("CT+", "PR+")
    assert second.new.corrected["name"] == "Uma Falk"
    await notices.sent(services, ANN.id, 70, None, due)
    assert not await notices.due(services, ANN.id, 61, numbers[-1])


async def test_whoever_puts_something_right_alone_is_not_told_so(services: Services, clock: Clock, article: int):
    await tell(services, article, "mine", ToldMessage(ANN.id, 61, None))
    mine = await claim_of(services, article, "mine")
    alone = Editor(ANN.id, "Ann", ANN.id)
    await made(await making.factuality(services, ANN.id, article, mine, Factuality.POSSIBLE, alone), services)
    clock.now += 2 * making.QUIET
    assert {job.payload["what"] for job in await run_jobs(services, JobKind.SEND)} == {"card"}


async def test_who_takes_a_slip_back_at_once_troubles_nobody(services: Services, clock: Clock, article: int):
    await tell(services, article, "mine", ToldMessage(ANN.id, 60, None))
    number = await made(await correct(services, article, "status"), services)
    await undoing.undo(services, ANN.id, number, EDITOR)
    clock.now += 2 * making.QUIET
    await run_jobs(services, JobKind.EXTRACT)
    jobs = [job for job in await run_jobs(services, JobKind.SEND) if job.payload["what"] == "correction"]
    assert [job.payload["undone"] for job in jobs] == [False, True]
    assert not await notices.due(services, ANN.id, 60, number)
    assert not await notices.taken_back(services, ANN.id, number)


async def test_what_stands_is_told_though_the_last_of_several_was_taken_back(
    services: Services, clock: Clock, article: int
):
    await tell(services, article, "mine", ToldMessage(ANN.id, 60, None))
    mine = await claim_of(services, article, "mine")
    first = await made(await correct(services, article, "status"), services)
    last = await made(await making.speaker(services, ANN.id, article, mine, "Uma Falk", EDITOR), services)
    await undoing.undo(services, ANN.id, last, EDITOR)
    assert [each.id for each in await notices.due(services, ANN.id, 60, last)] == [first]


async def test_who_has_heard_of_a_correction_hears_of_its_end(services: Services, clock: Clock, article: int):
    await tell(services, article, "mine", ToldMessage(ANN.id, 60, None))
    number = await made(await correct(services, article, "status"), services)
    clock.now += 2 * making.QUIET
    await run_jobs(services, JobKind.SEND)
    await notices.sent(services, ANN.id, 70, None, await notices.due(services, ANN.id, 60, number))
    await undoing.undo(services, ANN.id, number, EDITOR)
    (job,) = [each for each in await run_jobs(services, JobKind.SEND) if each.payload["what"] == "correction"]
    assert job.payload["undone"] is True
    assert [each.id for each in await notices.taken_back(services, ANN.id, number)] == [number]
    assert not await notices.due(services, ANN.id, 60, number)


async def test_the_card_alone_is_told_nothing(services: Services, clock: Clock, article: int):
    await made(await correct(services, article, "status"), services)
    clock.now += 2 * making.QUIET
    assert {job.payload["what"] for job in await run_jobs(services, JobKind.SEND)} == {"card"}


# ----------------------------------------------------------------- forgetting


async def seen_of(services: Services, article: int) -> list[object]:
    """All ways in which an article may show."""
    async with services.database.reading() as db:
        since, until = services.clock() - 9 * DAY, services.clock() + 9 * DAY
        return [
            await show(services, ANN.id, article),
            await articles.find(db, 1, article),
            await articles.search(db, 1, '"pier"', 9),
            await news.articles(db, 1, since, until, 9),
            await articles.find_same(db, 1, BODY),
            await articles.numbers(db, None, None, 0),
            await articles.collection_of(db, article),
            await claims.search(db, 1, '"pier"', 9),
            await claims.of_article(db, 1, article),
            await news.named(db, [article], 9) if await articles.find(db, 1, article) else [],
            await persons.bearers(db, 1, "Ilka Roden"),
            await candidates.called(services, ANN.id, "Ilka Roden"),
            (await digesting.on_demand(services, ANN, since, until)).stories,
            (await history.history(services, ANN.id, 0, article)).article,
            await to_reread(services, ANN.id, None, 0),
        ]


async def test_a_forgotten_article_shows_nowhere_and_comes_back_whole(services: Services, clock: Clock, article: int):
    clock.now += HOUR
    await made(await correct(services, article, "status"), services)
    as_read, everywhere = await card_of(services, article), await seen_of(services, article)
    assert [bool(each) for each in everywhere] == [True] * len(everywhere)
    forgot = await forgetting.forget(services, ANN.id, article, EDITOR)
    assert isinstance(forgot, Made)
    assert not any(await seen_of(services, article))
    kinds = [entry.correction.new.kind for entry in (await history.history(services, ANN.id)).entries]
    assert kinds == [K.FORGOTTEN]
    await reading.read(services, article, ANN.id, "a job that was under way")
    assert not any(await seen_of(services, article))
    assert isinstance(await undoing.undo_latest(services, ANN.id, EDITOR), Undone)
    await run_jobs(services, JobKind.EXTRACT)
    assert await card_of(services, article) == as_read
    assert await seen_of(services, article) == everywhere


async def test_whom_other_articles_name_stays_when_one_is_forgotten(
    services: Services, prepared: Prepared, article: int
):
    other = "Ilka Roden speaks. " * 8
    prepared.results[other] = Extraction(people=(replace(READ.people[0], mentions=READ.people[0].mentions),))
    await bring(services, other, 2)
    await forgetting.forget(services, ANN.id, article, EDITOR)
    (roden,) = await candidates.called(services, ANN.id, "Ilka Roden")
    assert roden.articles == 1
    assert await candidates.called(services, ANN.id, "Oskar Venn") == ()


@ON_BOTH
async def test_an_article_forgotten_for_a_day_is_erased_with_all_that_refers_to_it(
    services: Services, clock: Clock, article: int
):
    await made(await correct(services, article, "status"), services)
    await tell(services, article, "mine", ToldMessage(ANN.id, 60, None))
    assert isinstance(await forgetting.forget(services, ANN.id, article, EDITOR), Made)
    clock.now += forgetting.KEPT - timedelta(minutes=1)
    await forget_old_jobs(services)
    async with services.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS n FROM articles") == {"n": 1}
    clock.now += timedelta(minutes=2)
    await forget_old_jobs(services)
    async with services.database.reading() as db:
        kept = {name for name in await tables(db) if await db.one(f"SELECT 1 AS found FROM {name}")}  # noqa: S608  # names of tables
    assert kept == {"collections", "chats", "told", "turns", "schema_steps"}
    assert await undoing.undo_latest(services, ANN.id, EDITOR) == NotHere()


async def test_a_reprint_speaks_for_itself_when_the_first_is_forgotten(services: Services, article: int):
    async with services.database.transaction() as db:
        await db.run("UPDATE articles SET content_hash = 'x' WHERE id = :article", article=article)
    again = await bring(services, BODY, 2)
    async with services.database.transaction() as db:
        await db.run("INSERT INTO reprints (article_id, reprint_of) VALUES (:again, :a)", again=again, a=article)
    await forgetting.forget(services, ANN.id, article, EDITOR)
    async with services.database.reading() as db:
        assert await reprints.standing(db, again) == (None, 0)


async def test_a_forgotten_text_that_comes_again_is_new_and_the_old_one_stays_away(
    services: Services, clock: Clock, article: int
):
    forgot = await forgetting.forget(services, ANN.id, article, EDITOR)
    assert isinstance(forgot, Made)
    again = await bring(services, BODY, 2)
    assert again != article
    assert isinstance(await undoing.undo(services, ANN.id, forgot.correction.id, EDITOR), CannotUndo)
    clock.now += 2 * DAY
    await forget_old_jobs(services)
    assert (await card_of(services, again)).claims


async def test_the_cards_of_a_forgotten_article_are_told(services: Services, article: int):
    await forgetting.forget(services, ANN.id, article, EDITOR)
    (job,) = await run_jobs(services, JobKind.SEND)
    assert (job.payload["what"], job.payload["message"]) == ("forgotten", 51)
