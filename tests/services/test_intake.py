"""Taking articles in: each text once, nothing lost, and whoever brings one is answered."""

import asyncio

import pytest

from domain.articles import AlreadyHere, ArticleState, IncomingArticle, Taken
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import ExtractionFailure, FailureReason, Metadata
from domain.jobs import JobKind
from services import Services, chats, intake, reading
from services.cards import card_shown, show, showing
from tests.samples import HOUR, Clock, chat_identity, forward

ANN, BOB = chat_identity(100), chat_identity(200)
TEXT = "The ferry sank in Lake Oru, the harbour office says."


def incoming(message: int = 1, text: str = TEXT, chat: ChatIdentity = ANN, sender: str = "Ann") -> IncomingArticle:
    return IncomingArticle(text, forward(chat, message, sender))


async def jobs(services: Services) -> dict[str, str]:
    """Every job's key and state."""
    async with services.database.reading() as db:
        return {row["key"]: row["state"] for row in await db.all("SELECT key, state FROM jobs ORDER BY id")}


async def test_a_new_article_is_kept_and_queued_to_be_read_at_once(services: Services):
    taken = await intake.take_in(services, incoming())
    assert taken == Taken(1)
    card = await show(services, ANN.id, 1)
    assert card is not None
    assert (card.state, card.article.forward) == (ArticleState.RECEIVED, forward(ANN))
    job = await services.queue.claim(JobKind.EXTRACT)
    assert job is not None
    assert job.payload == {"article": 1, "chat": ANN.id, "occasion": "read"}


async def test_a_note_follows_if_reading_takes_long(services: Services, clock: Clock):
    await intake.take_in(services, incoming())
    assert await services.queue.claim(JobKind.SEND) is None
    clock.now += intake.NOTE_AFTER
    note = await services.queue.claim(JobKind.SEND)
    assert note is not None
    assert note.payload == {"what": "card", "article": 1, "chat": ANN.id}


async def test_the_same_message_once_more_is_answered_as_the_first_time(services: Services):
    assert await intake.take_in(services, incoming()) == Taken(1)
    before = await jobs(services)
    assert await intake.take_in(services, incoming()) == Taken(1)
    assert await jobs(services) == before


async def test_the_same_text_from_another_message_is_here_already(services: Services):
    await intake.take_in(services, incoming(1, sender="Ann"))
    before = await jobs(services)
    again = await intake.take_in(services, incoming(2, TEXT.replace(" ", "  "), sender="Cleo"))
    assert again == AlreadyHere(1, forward(ANN, 1, "Ann"))
    assert await jobs(services) == before


async def test_another_chat_has_its_own_article_of_the_same_text(services: Services):
    assert await intake.take_in(services, incoming()) == Taken(1)
    assert await intake.take_in(services, incoming(chat=BOB)) == Taken(2)
    assert await show(services, BOB.id, 1) is None
    assert await show(services, 999, 1) is None


async def test_of_two_messages_at_the_same_moment_one_brings_the_article(services: Services):
    found = await asyncio.gather(*(intake.take_in(services, incoming(message)) for message in range(1, 9)))
    taken = [each for each in found if isinstance(each, Taken)]
    others = [each for each in found if isinstance(each, AlreadyHere)]
    assert taken == [Taken(1)]
    assert len(others) == 7
    first = others[0].first
    assert {each.first for each in others} == {first}
    assert found[first.message_id - 1] == Taken(1)
    assert [key for key in await jobs(services) if key.startswith("extract")] == ["extract:1:read"]


async def test_a_message_that_brings_another_text_than_before_brings_both(services: Services):
    assert await intake.take_in(services, incoming(1)) == Taken(1)
    assert await intake.take_in(services, incoming(1, TEXT + " Edited.")) == Taken(2)
    assert await intake.take_in(services, incoming(1)) == Taken(1)


async def test_an_article_whose_keeping_fails_leaves_no_job(services: Services, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(intake.articles, "add_forward", fail)
    with pytest.raises(OSError, match="disk full"):
        await intake.take_in(services, incoming())
    assert await jobs(services) == {}
    assert await show(services, ANN.id, 1) is None


async def test_an_article_that_was_imported_is_shown_to_the_first_who_forwards_it(services: Services):
    article = await intake.take_in_imported(services, ANN, TEXT, Metadata())
    assert article is not None
    await reading.read(services, article, None)
    assert not any(key.startswith("card:") for key in await jobs(services))
    assert await intake.take_in(services, incoming()) == Taken(article)
    assert any(key.startswith("card:") for key in await jobs(services)), "somebody waits for its card"
    assert await intake.take_in(services, incoming(2)) == AlreadyHere(article, forward(ANN))


async def test_an_import_that_is_run_again_reads_only_what_was_not_read(services: Services):
    first = await intake.take_in_imported(services, ANN, TEXT, Metadata(headline="Ferry sinks"))
    assert first == 1
    assert await intake.take_in_imported(services, ANN, TEXT, Metadata()) == first, "kept, but not read yet"
    await reading.read(services, first, None)
    assert await intake.take_in_imported(services, ANN, TEXT, Metadata()) is None
    card = await show(services, ANN.id, first)
    assert card is not None
    assert (card.state, card.article.headline, card.article.forward) == (ArticleState.READ, "Ferry sinks", None)


@pytest.mark.parametrize("reason", FailureReason)
async def test_a_text_whose_reading_failed_by_chance_is_read_again(services, prepared, reason):
    prepared.results[TEXT] = ExtractionFailure(reason)
    await intake.take_in(services, incoming(1))
    await reading.read(services, 1, ANN.id)
    if reason is FailureReason.UNREADABLE_SCRIPT:
        assert await intake.take_in(services, incoming(2)) == AlreadyHere(1, forward(ANN))
        return
    assert await intake.take_in(services, incoming(2)) == Taken(1)
    assert await services.queue.claim(JobKind.EXTRACT) is not None
    job = await services.queue.claim(JobKind.EXTRACT)
    assert job is not None
    del prepared.results[TEXT]
    await reading.read(services, **job.payload)
    card = await show(services, ANN.id, 1)
    assert card is not None and card.state is ArticleState.READ


async def test_a_new_chat_gets_the_default_zone_and_a_renamed_one_keeps_its_archive(services: Services):
    await intake.take_in(services, incoming())
    renamed = ChatIdentity(ANN.id, ChatKind.PRIVATE, "Ann Renamed", "ann")
    known = await chats.know(services, renamed)
    assert (known.identity, known.timezone) == (renamed, "Europe/Vilnius")
    assert await chats.find(services, ANN.id) == renamed
    assert await chats.find(services, 999) is None
    assert await show(services, ANN.id, 1) is not None


async def test_which_message_shows_an_article_is_kept(services: Services, clock: Clock):
    await intake.take_in(services, incoming())
    before = await showing(services, ANN.id, 1)
    assert before is not None and before.message is None
    await card_shown(services, ANN.id, 1, 55)
    clock.now += HOUR
    after = await showing(services, ANN.id, 1)
    assert after is not None and after.message == 55
