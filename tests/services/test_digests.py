"""What digests tell, and what is forgotten."""

from datetime import time, timedelta

from domain.articles import IncomingArticle
from domain.extraction import Metadata
from domain.jobs import JobKind
from domain.schedule import Timetable
from services import Services, chats, digesting, intake, reading
from services.housekeeping import JOBS_KEPT, forget_old_jobs
from tests.samples import DAY, Clock, chat_identity, forward
from tests.services.wishing import subscribe

ANN = chat_identity(100)
MINUTE = timedelta(minutes=1)


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


async def test_what_was_imported_is_archive_and_no_news(services: Services):
    article = await intake.take_in_imported(services, ANN, "An old text.", Metadata())
    assert article is not None
    await reading.read(services, article, None)
    now = services.clock()
    assert (await digesting.on_demand(services, ANN, now - DAY, now + DAY)).articles == 0
