"""What digests tell, and what is forgotten."""

from datetime import UTC, datetime, time, timedelta

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity
from domain.extraction import Extraction, Factuality, KeyClaim, Metadata
from domain.jobs import JobKind
from domain.schedule import Timetable
from services import Services, chats, digesting, intake, reading
from services.housekeeping import JOBS_KEPT, forget_old_jobs
from tests.samples import DAY, NOON, Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared
from tests.services.wishing import subscribe

ANN, BOB = chat_identity(100), chat_identity(200)
EIGHT = Timetable((time(8),), "UTC")
MINUTE = timedelta(minutes=1)
TOMORROW_AT_EIGHT = datetime(2026, 3, 13, 8, tzinfo=UTC)


async def bring(services: Services, message: int, text: str | None = None, chat: ChatIdentity = ANN) -> int:
    taken = await intake.take_in(services, IncomingArticle(text or f"Text {message}.", forward(chat, message)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, chat.id)
    return taken.article


async def test_a_subscription_sets_the_chats_zone(services: Services):
    await subscribe(services, ANN, None, Timetable((time(8),), "Asia/Kathmandu"))
    current = await chats.settings(services, ANN)
    assert current.chat.timezone == "Asia/Kathmandu"
    assert [each.wish.timetable for each in current.subscriptions] == [Timetable((time(8),), "Asia/Kathmandu")]


async def test_old_jobs_are_forgotten(services: Services, clock: Clock):
    await intake.take_in(services, IncomingArticle("Text.", forward(ANN)))
    job = await services.queue.claim(JobKind.EXTRACT)
    assert job is not None
    await services.queue.finish(job)
    clock.now += JOBS_KEPT
    await forget_old_jobs(services)
    assert (JobKind.EXTRACT, "done") in await services.queue.counts()
    clock.now += MINUTE
    await forget_old_jobs(services)
    assert await services.queue.counts() == {(JobKind.SEND, "ready"): 1}


async def test_the_last_day_on_demand(services: Services, clock: Clock, prepared: Prepared):
    body = "Ilka Roden left. The pier is closed. It may rain. Nobody knows."
    keys = tuple(
        KeyClaim(text, passage(body, text).spans, None, (), Factuality.CERTAIN, rank)
        for rank, text in enumerate(("It may rain", "The pier is closed", "Nobody knows"), start=1)
    )
    prepared.results[body] = Extraction(Metadata(headline="The pier"), (named(body, "Ilka Roden"),), (), keys)
    await bring(services, 1)
    clock.now = NOON + DAY
    article = await bring(services, 2, body)
    unread = await intake.take_in(services, IncomingArticle("Not read yet.", forward(ANN, 3)))
    assert unread == Taken(article + 1)
    clock.now += MINUTE
    digest = await digesting.latest(services, ANN)
    assert (digest.since, digest.until) == (clock.now - DAY, clock.now)
    assert (digest.total, digest.unread) == (1, 1), "what is read later is told later"
    assert [(each.name, each.articles) for each in digest.people] == [("Ilka Roden", 1)]
    (shown,) = digest.articles
    assert shown.article.headline == "The pier"
    assert [claim.text for claim in shown.claims] == ["It may rain", "The pier is closed"]


async def test_a_digest_shows_the_newest_and_counts_the_rest(services: Services, clock: Clock):
    for message in range(digesting.ARTICLES_SHOWN + 3):
        clock.now += MINUTE
        await bring(services, message)
    clock.now += MINUTE
    digest = await digesting.latest(services, ANN)
    assert digest.total == digesting.ARTICLES_SHOWN + 3
    assert [each.article.id for each in digest.articles] == list(range(digest.total, 3, -1))


async def test_a_chat_that_nobody_has_written_in_has_an_empty_digest(services: Services):
    digest = await digesting.latest(services, BOB)
    assert (digest.total, digest.unread, digest.articles, digest.people) == (0, 0, (), ())


async def test_what_was_imported_is_archive_and_no_news(services: Services):
    article = await intake.take_in_imported(services, ANN, "An old text.", Metadata())
    assert article is not None
    await reading.read(services, article, None)
    assert (await digesting.latest(services, ANN)).total == 0
