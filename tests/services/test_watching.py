"""Watches: who is named in a new article is told at once to those who watch them, once, and not by night."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity
from domain.corrections import Editor, Verdict
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, Metadata, Source
from domain.jobs import Job, JobKind
from domain.ledger import NobodyFound, SeveralPersons
from domain.watching import Alert, Watch
from extraction.fingerprint import fingerprint
from extraction.layout import paragraphs
from services import Services, intake, reading, watching
from services.asking.telling import Place
from services.cards import show
from services.chats import know
from services.correcting.forgetting import KEPT, erase_due, forget
from services.identity.judging import judge
from services.watching import Refusal
from storage import persons
from tests.engines import ON_BOTH
from tests.samples import DAY, Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
ROLE = "the harbour master of Arnby"
WHERE = ("on the quay", "in the court", "at the school", "in the market", "by the bridge", "at the mill", "on the hill")


def text_of(name: str, number: int) -> str:
    heard = f"It was heard {WHERE[number]}, where {number} people had met by then."
    return f"{name}, {ROLE}, said that the pier was sold. {heard}"


def read_as(text: str, name: str) -> Extraction:
    said = Attribution(
        Source(name, passage(text, name).spans, 0),
        passage(text, "said"),
        passage(text, "that the pier was sold"),
        Factuality.CERTAIN,
        AttributionKind.SPEECH,
    )
    return Extraction(Metadata(headline=f"News of {name}"), (named(text, name, roles=(ROLE,)),), (said,))


async def bring(
    services: Services, prepared: Prepared, name: str, number: int, to: ChatIdentity = BOB, *, message: int = 0
) -> int:
    """Bring an article that names somebody, and read it."""
    text = text_of(name, number)
    prepared.results[text] = read_as(text, name)
    taken = await intake.take_in(services, IncomingArticle(text, forward(to, message or 100 * number + 1)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, to.id)
    return taken.article


async def share(services: Services) -> None:
    """Let both chats see Ann's articles."""
    ann = await know(services, ANN)
    await know(services, BOB)
    async with services.database.transaction() as db:
        await db.run("UPDATE chats SET collection_id = :shared", shared=ann.collection)


async def watch(services: Services, name: str, chat: ChatIdentity = ANN) -> Watch:
    found = await watching.watch(services, chat, None, 1, name)
    if isinstance(found, NobodyFound):
        await watching.keep_name(services, Place(chat.id, 900, None), name)
        found = await watching.watch_name(services, chat.id, None, 1, 900)
    assert isinstance(found, Watch)
    return found


async def jobs(services: Services, clock: Clock) -> list[Job]:
    """The jobs that tell of watches and are due, which are done by that."""
    found = []
    clock.now += watching.TOGETHER
    while (job := await services.queue.claim(JobKind.SEND)) is not None:
        await services.queue.finish(job)
        if job.payload["what"] == "alert":
            found.append(job)
    return found


async def told(services: Services, clock: Clock, chat: ChatIdentity = ANN) -> Sequence[Alert]:
    """What the jobs that are due tell a chat."""
    found: list[Alert] = []
    for job in await jobs(services, clock):
        if job.payload["chat"] == chat.id and await watching.quiet_until(services, chat.id) is None:
            new = await watching.due(services, chat.id, 0)
            await watching.begin(services, new)
            await watching.told_of(services, Place(chat.id, 500 + job.id, None), new)
            found += new
    return found


async def test_a_watched_person_is_told_at_once_with_what_they_say(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "roden")
    assert await told(services, clock) == [], "what came before the watch is not told"
    article = await bring(services, prepared, "Ilka Roden", 1)
    (alert,) = await told(services, clock)
    assert (alert.article.id, alert.article.headline) == (article, "News of Ilka Roden")
    assert [each.name for each in alert.watches] == ["Ilka Roden"]
    assert [each.text for each in alert.claims] == ["that the pier was sold"]
    assert not alert.perhaps_told
    assert await told(services, clock) == []


async def test_an_article_that_gets_the_number_of_a_forgotten_one_is_told_too(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "roden")
    first = await bring(services, prepared, "Ilka Roden", 1)
    assert [each.article.id for each in await told(services, clock)] == [first]
    await forget(services, ANN.id, first, Editor(1, "Ann", ANN.id))
    clock.now += 2 * KEPT
    assert await erase_due(services) == 1
    again = await bring(services, prepared, "Ilka Roden", 2)
    assert [each.article.id for each in await told(services, clock)] == [again]


async def test_the_chat_that_is_shown_the_card_reads_it_there(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    await watch(services, "Ilka Roden", BOB)
    article = await bring(services, prepared, "Ilka Roden", 1, ANN)
    assert {job.payload["chat"] for job in await jobs(services, clock)} == {BOB.id}
    card = await show(services, ANN.id, article)
    assert card is not None
    assert card.watched == ("Ilka Roden",)


async def test_another_topic_than_that_of_the_card_is_told(services: Services, prepared: Prepared, clock: Clock):
    await bring(services, prepared, "Ilka Roden", 0, ANN)
    assert isinstance(await watching.watch(services, ANN, 7, 1, "Ilka Roden"), Watch)
    await bring(services, prepared, "Ilka Roden", 1, ANN)
    assert [job.payload["thread"] for job in await jobs(services, clock)] == [7]


async def test_articles_in_a_row_have_no_card_and_are_told_together(
    services: Services, prepared: Prepared, clock: Clock
):
    await bring(services, prepared, "Ilka Roden", 0, ANN, message=900)
    await watch(services, "Ilka Roden")
    clock.now += DAY
    for number in range(1, 6):
        text = text_of("Ilka Roden", number)
        prepared.results[text] = read_as(text, "Ilka Roden")
        here = forward(ANN, 0)
        await intake.take_in(services, IncomingArticle(text, replace(here, message_id=number, sent_at=clock.now)))
    for number in range(2, 7):
        await reading.read(services, number, ANN.id)
    assert len(await told(services, clock)) == 5
    assert len({job.id for job in await jobs(services, clock)}) == 0


@ON_BOTH
async def test_other_chats_hear_nothing(services: Services, prepared: Prepared, clock: Clock):
    await bring(services, prepared, "Ilka Roden", 0, ANN)
    await watch(services, "Ilka Roden")
    await bring(services, prepared, "Ilka Roden", 1, BOB)
    assert await jobs(services, clock) == []


async def test_neither_imports_nor_further_readings_tell(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    article = await bring(services, prepared, "Ilka Roden", 1)
    assert len(await told(services, clock)) == 1
    await reading.read(services, article, BOB.id, "again")
    imported = text_of("Ilka Roden", 2)
    prepared.results[imported] = read_as(imported, "Ilka Roden")
    number = await intake.take_in_imported(services, BOB, imported, Metadata())
    assert number is not None
    await reading.read(services, number, None)
    assert await jobs(services, clock) == []


async def test_reprints_do_not_tell_again(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await watch(services, "Ilka Roden")
    body = " ".join(text_of("Ilka Roden", number) for number in range(3))
    for number, text in enumerate((body, f"Seen elsewhere\n\n{body}")):
        prepared.results[text] = replace(read_as(text, "Ilka Roden"), fingerprint=fingerprint(paragraphs(body)))
        taken = await intake.take_in(services, IncomingArticle(text, forward(BOB, 1 + number * 100)))
        assert isinstance(taken, Taken)
        await reading.read(services, taken.article, BOB.id)
        assert len(await told(services, clock)) == (1 if number == 0 else 0)


async def test_a_name_that_nobody_bears_yet_is_waited_for_and_then_followed(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    waiting = await watch(services, "Roden")
    assert waiting.person is None
    await bring(services, prepared, "Oskar Venn", 0)
    assert await told(services, clock) == []
    await bring(services, prepared, "Ilka Roden", 1)
    assert [each.watches[0].name for each in await told(services, clock)] == ["Ilka Roden"]
    (bound,) = (await watching.watched(services, ANN.id)).watches
    assert (bound.id, bound.name) == (waiting.id, "Ilka Roden")
    assert bound.person is not None


async def test_who_turns_out_to_be_the_same_is_followed(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await bring(services, prepared, "Marta Quist", 1)
    watched = await watch(services, "Ilka Roden")
    async with services.database.reading() as db:
        (other,) = await persons.bearers(db, (await know(services, ANN)).collection, "Marta Quist")
    assert watched.person is not None
    await judge(services, ANN.id, watched.person, other, Verdict.SAME, Editor(1, "Ann", ANN.id))
    await bring(services, prepared, "Marta Quist", 2)
    assert len(await told(services, clock)) == 1


async def test_who_may_be_somebody_else_of_the_name_is_told_as_such(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    watched = await watch(services, "Ilka Roden")
    text = "Ilka Roden said that the pier was sold. She plays the violin in the town's orchestra."
    prepared.results[text] = replace(read_as(text, "Ilka Roden"), people=(named(text, "Ilka Roden"),))
    taken = await intake.take_in(services, IncomingArticle(text, forward(BOB, 50)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, BOB.id)
    (alert,) = await told(services, clock)
    assert alert.unsure == {watched.id}
    assert [each.text for each in alert.claims] == ["that the pier was sold"]


async def test_what_comes_by_night_is_told_together_in_the_morning(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    await watching.set_quiet(services, ANN, (time(22), time(7)))
    zone = ZoneInfo("Europe/Vilnius")
    clock.now = datetime(2026, 3, 28, 23, tzinfo=zone).astimezone(UTC)
    for number in (1, 2, 3):
        await bring(services, prepared, "Ilka Roden", number)
        clock.now += timedelta(hours=1)
    assert await told(services, clock) == []
    clock.now = datetime(2026, 3, 29, 6, 59, tzinfo=zone).astimezone(UTC)
    assert await told(services, clock) == []
    clock.now = datetime(2026, 3, 29, 7, tzinfo=zone).astimezone(UTC)
    assert len(await told(services, clock)) == 3


async def test_a_quiet_time_that_is_taken_back_holds_nothing_up(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    await watching.set_quiet(services, ANN, (time(13), time(23)))
    await bring(services, prepared, "Ilka Roden", 1)
    assert await told(services, clock) == []
    assert await watching.set_quiet(services, ANN, None) is None
    assert len(await told(services, clock)) == 1


async def test_what_was_cut_off_in_mid_send_is_told_again_and_says_so(
    services: Services, prepared: Prepared, clock: Clock
):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    await bring(services, prepared, "Ilka Roden", 1)
    found = await watching.due(services, ANN.id, 0)
    await watching.begin(services, found)
    (alert,) = await watching.due(services, ANN.id, 0)
    assert alert.perhaps_told
    await watching.give_back(services, found)
    (alert,) = await watching.due(services, ANN.id, 0)
    assert not alert.perhaps_told, "here Telegram has said that it did not get it"
    await watching.begin(services, [alert])
    (alert,) = await watching.due(services, ANN.id, 0)
    await watching.begin(services, [alert])
    await watching.give_back(services, [alert])
    (alert,) = await watching.due(services, ANN.id, 0)
    assert alert.perhaps_told, "it did not get this attempt, perhaps the one before"


async def test_a_topic_that_is_gone_ends_no_watch_in_another(services: Services, prepared: Prepared):
    await bring(services, prepared, "Ilka Roden", 0, ANN)
    for topic in (None, 7, 8):
        assert isinstance(await watching.watch(services, ANN, topic, 1, "Ilka Roden"), Watch)
    await watching.stop_all(services, ANN.id, 7)
    assert [each.thread_id for each in (await watching.watched(services, ANN.id)).watches] == [0, 8]
    await watching.stop_all(services, ANN.id, 0)
    assert [each.thread_id for each in (await watching.watched(services, ANN.id)).watches] == [8]
    await watching.stop_all(services, ANN.id)
    assert (await watching.watched(services, ANN.id)).watches == ()


async def test_several_who_may_be_meant_are_told_apart_by_their_roles(services: Services, prepared: Prepared):
    for number, (name, role) in enumerate((("Ilka Roden", "harbour master"), ("Otto Roden", "mayor"))):
        text = f"{name}, the {role}, said that the pier was sold. It was heard {WHERE[number]}."
        person = named(text, name, roles=(role,))
        prepared.results[text] = Extraction(Metadata(), (person,))
        taken = await intake.take_in(services, IncomingArticle(text, forward(ANN, number + 1)))
        assert isinstance(taken, Taken)
        await reading.read(services, taken.article, ANN.id)
    found = await watching.watch(services, ANN, None, 1, "Roden")
    assert isinstance(found, SeveralPersons)
    assert {each.called for each in found.candidates} == {"Ilka Roden, harbour master", "Otto Roden, mayor"}


async def test_watches_are_each_chats_own(services: Services, prepared: Prepared):
    await bring(services, prepared, "Ilka Roden", 0, ANN)
    watched = await watch(services, "Ilka Roden")
    assert watched.person is not None
    await know(services, BOB)
    assert await watching.watch_person(services, BOB.id, None, 1, watched.person) is Refusal.GONE
    assert await watching.watch_name(services, BOB.id, None, 1, 900) is Refusal.GONE
    assert not await watching.stop(services, BOB.id, watched.id)
    assert await watching.watch(services, ANN, None, 1, "Roden") is Refusal.KNOWN
    assert await watching.stop(services, ANN.id, watched.id)
    assert (await watching.watched(services, ANN.id)).watches == ()


async def test_a_chat_watches_so_many_at_most(services: Services):
    for number in range(watching.MOST):
        await watch(services, f"Name{number} Of Nobody")
    await watching.keep_name(services, Place(ANN.id, 901, None), "One More")
    assert await watching.watch_name(services, ANN.id, None, 1, 901) is Refusal.TOO_MANY


async def test_what_the_chat_may_see_no_more_is_not_told(services: Services, prepared: Prepared, clock: Clock):
    await share(services)
    await bring(services, prepared, "Ilka Roden", 0)
    await watch(services, "Ilka Roden")
    await bring(services, prepared, "Ilka Roden", 1)
    async with services.database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (77, '2026')")
        await db.run("UPDATE chats SET collection_id = 77 WHERE id = :chat", chat=ANN.id)
    assert await told(services, clock) == []
    assert [each.person for each in (await watching.watched(services, ANN.id)).watches] == [None], "but it waits there"
