"""What becomes of a message: taken in, fetched, kept waiting for what belongs to it, or left as talk."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.articles import (
    AlreadyHere,
    Fetching,
    InBatch,
    NothingHere,
    Origin,
    OriginKind,
    SeveralHere,
    Taken,
    TooShort,
    Waiting,
)
from domain.chats import ChatKind
from domain.extraction import Metadata
from domain.intake import FoundArticle, NoArticle
from domain.jobs import JobKind, NewJob
from domain.messages import NEARLY_FULL, Bundle, FileReference, IncomingMessage
from services import Services, intake, receiving, waiting
from services.batches import FEWEST, show
from services.housekeeping import JOBS_KEPT, forget_old_jobs
from tests.engines import ON_BOTH
from tests.samples import Clock, chat_identity, forward
from tests.services.conftest import Pages

ANN = chat_identity(100)
GROUP = chat_identity(-200, ChatKind.SUPERGROUP)
STORY = "The harbour office says that the ferry sank in Lake Oru after it had struck a rock. " * 4
LINK = "https://oru.example/ferry"
FILE = FileReference("f1", "ferry.pdf", "application/pdf", 1000)
CHANNEL = Origin(OriginKind.CHANNEL, "Oru Daily", "orudaily", 7)


def message(number: int = 1, text: str = "", *, seconds: float | None = None, **other: object) -> IncomingMessage:
    """A message of Ann's; by the minute, or so many ``seconds`` after noon."""
    chat = other.pop("chat", ANN)
    came = forward(chat, number, origin=other.pop("origin", None))  # type: ignore[arg-type]
    if seconds is not None:
        came = replace(came, sent_at=forward(ANN, 0).sent_at + timedelta(seconds=seconds))
    return IncomingMessage(came, text, **other)  # type: ignore[arg-type]


async def fetched(services: Services):
    """Claim the next job that fetches and do it."""
    job = await services.queue.claim(JobKind.FETCH)
    assert job is not None
    await services.queue.finish(job)
    incoming = receiving.message_of(job.payload)
    if job.payload["link"]:
        return await receiving.fetch_link(services, incoming, job.payload["link"])
    return await receiving.fetch_file(services, incoming, b"data", job.payload["how"])


async def test_an_article_s_text_is_taken_in_at_once(services: Services):
    assert await receiving.receive(services, message(1, STORY)) == Taken(1)


async def test_talk_waits_for_a_forward_and_is_then_too_short(services: Services, clock: Clock):
    assert await receiving.receive(services, message(1, "Read this!")) == Waiting()
    assert await waiting.due(services, ANN.id) == []
    clock.now += waiting.QUIET
    (bundle,) = await waiting.due(services, ANN.id) or ()
    assert await receiving.take(services, bundle) == TooShort(2)
    await waiting.let_go(services, bundle)
    assert await waiting.due(services, ANN.id) == []


async def test_a_comment_is_a_note_on_every_forward_that_follows_it_and_wants_no_answer(
    services: Services, clock: Clock
):
    await receiving.receive(services, message(1, "Read these!", seconds=0))
    for number in (2, 3):
        story = STORY.replace("rock", f"rock {number}")
        await receiving.receive(services, message(number, story, seconds=0, origin=CHANNEL))
    async with services.database.reading() as db:
        rows = await db.all("SELECT note FROM forwards ORDER BY id")
    assert [row["note"] for row in rows] == ["Read these!", "Read these!"]
    clock.now += waiting.QUIET
    (comment,) = await waiting.due(services, ANN.id) or ()
    assert not comment.first.addressed


async def test_parts_wait_for_each_other_and_not_for_ever(services: Services, clock: Clock):
    long = (STORY * 20)[:NEARLY_FULL].strip() + " end"
    assert await receiving.receive(services, message(1, long, seconds=0)) == Waiting()
    clock.now += waiting.QUIET / 2
    assert await receiving.receive(services, message(2, "the rest", seconds=0)) == Waiting()
    clock.now += waiting.QUIET / 2
    assert await waiting.due(services, ANN.id) == [], "the last came a moment ago"
    clock.now += waiting.QUIET / 2
    (bundle,) = await waiting.due(services, ANN.id) or ()
    assert [each.number for each in bundle.messages] == [1, 2]
    assert await receiving.take(services, bundle) == Taken(1)
    assert await receiving.take(services, bundle) == Taken(1), "done twice, after a power cut say"


async def test_what_waits_is_left_alone_while_updates_of_its_chat_are_to_come(services: Services, clock: Clock):
    await receiving.receive(services, message(1, album="a"))
    clock.now += waiting.LONGEST_WAIT
    update = NewJob(JobKind.UPDATE, "update:0:1", {}, waiting.lane_of_updates(ANN.id))
    async with services.database.transaction() as db:
        await services.queue.put(db, [update])
    assert await waiting.due(services, ANN.id) is None


async def test_a_link_is_fetched_with_what_is_written_beside_it(services: Services, pages: Pages):
    pages.contents[LINK] = (FoundArticle(STORY, Metadata("Ferry sinks", "Oru Daily", url=LINK)),)
    assert await receiving.receive(services, message(1, f"Read: {LINK}", links=(LINK,))) == Fetching()
    assert await fetched(services) == Taken(1)
    async with services.database.reading() as db:
        row = await db.one("SELECT a.headline, a.url, f.note FROM articles a JOIN forwards f ON f.article_id = a.id")
    assert row == {"headline": "Ferry sinks", "url": LINK, "note": "Read:"}
    await receiving.receive(services, message(2, LINK, links=(LINK,)))
    assert isinstance(await fetched(services), AlreadyHere)


@ON_BOTH
async def test_the_longest_link_is_fetched(services: Services, pages: Pages):
    link = f"{LINK}?from={random.Random(1).randbytes(1_900).hex()}"  # noqa: S311  # no secret
    pages.contents[link] = (FoundArticle(STORY, Metadata("Ferry sinks", "Oru Daily", url=link)),)
    assert await receiving.receive(services, message(1, "Read: here", links=(link,))) == Fetching()
    assert await fetched(services) == Taken(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (NoArticle.LOG_IN, NoArticle.LOG_IN),
        ((FoundArticle("Ferry sinks"),), NoArticle.NO_ARTICLE_ON_PAGE),
    ],
)
async def test_a_link_without_an_article_is_told(services: Services, pages: Pages, content, reason: NoArticle):
    pages.contents[LINK] = content
    await receiving.receive(services, message(1, LINK, links=(LINK,)))
    assert await fetched(services) == NothingHere(LINK, reason)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"text": LINK}, Fetching()),
        ({"text": f"look {LINK}"}, TooShort(3)),
        ({"text": f"look {LINK}", "origin": CHANNEL}, Fetching()),
        ({"text": f"@bot {LINK}", "addressed": True}, Fetching()),
    ],
)
async def test_in_a_group_links_in_talk_are_not_for_the_bot(services: Services, other: dict[str, object], expected):
    given = {"addressed": False, **other}
    assert await receiving.receive(services, message(1, links=(LINK,), chat=GROUP, **given)) == expected  # type: ignore[arg-type]


async def test_a_file_is_fetched_and_a_large_one_is_not(services: Services, pages: Pages):
    pages.contents["ferry.pdf"] = (FoundArticle(STORY),)
    assert await receiving.receive(services, message(1, "For Monday", file=FILE)) == Fetching()
    assert await fetched(services) == Taken(1)
    large = replace(FILE, size=receiving.LARGEST_FILE + 1)
    assert await receiving.receive(services, message(2, file=large)) == NothingHere("ferry.pdf", NoArticle.TOO_LARGE)
    assert await services.queue.claim(JobKind.FETCH) is None


async def test_several_articles_in_a_file_are_offered_and_taken_as_the_sender_says(services: Services, pages: Pages):
    several = tuple(FoundArticle(f"Headline {number}\n\n{STORY}") for number in range(3))
    pages.contents["ferry.pdf"] = several
    await receiving.receive(services, message(1, file=FILE))
    assert await fetched(services) == SeveralHere("ferry.pdf", ("Headline 0", "Headline 1", "Headline 2"))
    await receiving.split_file(services, message(1, file=FILE), "each")
    assert await fetched(services) == Taken(1)
    async with services.database.reading() as db:
        assert len(await db.all("SELECT id FROM articles")) == 3
    await receiving.split_file(services, message(1, file=FILE), "one")
    assert await fetched(services) == Taken(4)


async def test_many_in_a_row_are_a_batch_and_no_more_than_those(services: Services):
    found = [
        await receiving.receive(services, message(number, f"{STORY}{number}", seconds=number))
        for number in range(1, FEWEST + 3)
    ]
    assert found[: FEWEST - 1] == [Taken(number) for number in range(1, FEWEST)]
    assert found[FEWEST - 1 :] == [InBatch()] * 3
    later = await receiving.receive(services, message(50, f"{STORY} later", seconds=600))
    assert isinstance(later, Taken)
    batch = await show(services, ANN.id, 1)
    assert batch is not None
    assert (len(batch.items), batch.first_message, batch.under_way) == (FEWEST + 2, 1, FEWEST + 2)
    assert await show(services, 999, 1) is None


async def test_what_gives_no_article_is_told_with_its_batch(services: Services):
    for number in range(1, FEWEST + 1):
        await receiving.receive(services, message(number, f"{STORY}{number}", seconds=number))
    await receiving.receive(services, message(9, LINK, links=(LINK,), seconds=9))
    assert await fetched(services) == InBatch()
    batch = await show(services, ANN.id, 1)
    assert batch is not None
    assert [(item.what, item.problem) for item in batch.items if item.article is None] == [(LINK, "not_found")]


async def test_an_edited_message_that_still_waits_is_taken_as_edited(services: Services, clock: Clock):
    await receiving.receive(services, message(1, STORY, album="a"))
    assert await intake.edit(services, message(1, STORY + "Edited.", album="a"))
    clock.now += waiting.QUIET
    (bundle,) = await waiting.due(services, ANN.id) or ()
    assert bundle.first.text.endswith("Edited.")


async def test_an_edit_to_the_text_of_another_article_changes_nothing(services: Services):
    await receiving.receive(services, message(1, STORY))
    await receiving.receive(services, message(2, STORY + "Other."))
    assert await intake.edit(services, message(2, STORY))
    async with services.database.reading() as db:
        rows = await db.all("SELECT body FROM articles ORDER BY id")
    assert [row["body"] for row in rows] == [STORY, STORY + "Other."]


async def test_a_message_that_brought_nothing_has_nothing_to_edit(services: Services):
    assert not await intake.edit(services, message(1, STORY))


async def test_a_message_that_waited_may_wait_again_after_an_edit(services: Services, clock: Clock):
    await receiving.receive(services, message(1, "A word"))
    clock.now += waiting.QUIET
    (bundle,) = await waiting.due(services, ANN.id) or ()
    await waiting.let_go(services, bundle)
    job = await services.queue.claim(JobKind.GATHER)
    assert job is not None
    await services.queue.finish(job)
    assert await receiving.receive(services, message(1, STORY, album="a")) == Waiting()
    clock.now += waiting.QUIET
    assert await services.queue.claim(JobKind.GATHER) is not None


async def test_an_edit_while_a_message_is_taken_in_is_not_lost(services: Services, clock: Clock):
    await receiving.receive(services, message(1, STORY, album="a"))
    clock.now += waiting.QUIET
    (bundle,) = await waiting.due(services, ANN.id) or ()
    await intake.edit(services, message(1, STORY + "Edited.", album="a"))
    assert await receiving.take(services, bundle) == Taken(1)
    await waiting.let_go(services, bundle)
    clock.now += waiting.QUIET
    (again,) = await waiting.due(services, ANN.id) or ()
    assert await receiving.take(services, again) == Taken(1)
    async with services.database.reading() as db:
        assert await db.all("SELECT body FROM articles") == [{"body": STORY + "Edited."}]


async def test_a_part_that_is_asked_for_again_stays_a_part(services: Services, clock: Clock):
    long = (STORY * 20)[:NEARLY_FULL].strip() + " end"
    await receiving.receive(services, message(1, long, seconds=0))
    await receiving.receive(services, message(2, STORY, seconds=0))
    clock.now += waiting.QUIET
    (bundle,) = await waiting.due(services, ANN.id) or ()
    await receiving.take(services, bundle)
    assert await receiving.take(services, Bundle((message(2, STORY, seconds=0),))) == Taken(1)
    await intake.edit(services, message(1, long + " more", seconds=0))
    async with services.database.reading() as db:
        (row,) = await db.all("SELECT body FROM articles")
    assert " more" in row["body"] and row["body"].endswith(STORY)


@pytest.mark.parametrize(
    ("other", "taken"),
    [({}, False), ({"addressed": True}, True), ({"origin": CHANNEL}, True), ({"text": STORY * 3}, True)],
)
async def test_in_a_group_people_s_talk_is_no_article(services: Services, other: dict[str, object], taken: bool):
    given = {"text": STORY, "addressed": False, **other}
    found = await receiving.receive(services, message(1, chat=GROUP, **given))  # type: ignore[arg-type]
    assert isinstance(found, Taken) == taken


async def test_where_a_link_gives_nothing_the_message_itself_may_be_the_article(services: Services):
    lines = "\n".join(["The ferry stays in port"] * 12)
    await receiving.receive(services, message(1, f"{lines}\n{LINK}", links=(LINK,)))
    assert await fetched(services) == Taken(1)


async def test_a_batch_ends_with_its_time(services: Services):
    for number in range(1, FEWEST + 1):
        await receiving.receive(services, message(number, f"{STORY}{number}", seconds=number))
    for number, seconds in ((20, 3600.0), (21, -3600.0)):
        found = await receiving.receive(services, message(number, f"{STORY}{number}", seconds=seconds))
        assert isinstance(found, Taken)


async def test_what_somebody_asks_for_is_in_no_batch(services: Services):
    for number in range(1, FEWEST + 1):
        await receiving.receive(services, message(number, f"{STORY}{number}", seconds=number))
    asked = Bundle((message(9, f"{STORY}9", seconds=9),))
    assert isinstance(await receiving.take(services, asked, alone=True), Taken)


async def test_what_waits_in_vain_is_forgotten(services: Services, clock: Clock):
    await receiving.receive(services, message(1, "A word"))
    clock.now += 2 * JOBS_KEPT
    await forget_old_jobs(services)
    async with services.database.reading() as db:
        assert await db.all("SELECT * FROM waiting_messages") == []


async def test_a_row_that_cannot_be_read_stops_nothing(services: Services):
    await receiving.receive(services, message(1, "A word"))
    async with services.database.transaction() as db:
        await db.run("UPDATE waiting_messages SET message = '{}'")
    assert await receiving.receive(services, message(2, STORY)) == Taken(1)
