"""Limits on what users and chats may have done: counted across restarts, told once a minute, never half taken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.articles import Fetching, InBatch, Taken
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Metadata
from domain.limits import Limits, OverLimit, Rate, What
from domain.messages import Bundle, IncomingMessage
from services import Services, intake, limits, receiving
from services.housekeeping import LIMITS_KEPT, forget_old_jobs
from services.limits import Asker
from tests.samples import NOON, Clock, chat_identity, forward

ANN, GROUP = 100, -500
RATES = {What.ARTICLE: Rate(2, 3), What.LINK: Rate(3, 30), What.QUESTION: Rate(1, 10)}
CHATS = {What.ARTICLE: Rate(4, 40), What.QUESTION: Rate(2, 10)}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def limited(services: Services) -> Services:
    return replace(services, limits=Limits(RATES, CHATS))


def article(number: int, chat: ChatIdentity | None = None, sender: int = ANN) -> IncomingMessage:
    text = f"Article {number} tells of the harbour. " * 12
    brought = replace(forward(chat or chat_identity(ANN), number), sender_id=sender)
    return IncomingMessage(replace(brought, sent_at=NOON + timedelta(hours=number)), text, addressed=True)


async def take(services: Services, message: IncomingMessage) -> object:
    return await receiving.take(services, Bundle((message,)))


async def test_without_limits_everything_is_taken(services: Services):
    assert {type(await take(services, article(number))) for number in range(1, 9)} <= {Taken, InBatch}


async def test_what_is_over_a_users_limit_is_dropped_until_the_minute_is_over(limited: Services, clock: Clock):
    assert [type(await take(limited, article(number))) for number in (1, 2)] == [Taken, Taken]
    over = await take(limited, article(3))
    assert over == OverLimit(What.ARTICLE, NOON + MINUTE, is_chats=False)
    async with limited.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS kept FROM articles") == {"kept": 2}
        assert await db.one("SELECT COUNT(*) AS kept FROM forwards") == {"kept": 2}
    clock.now += MINUTE
    assert isinstance(await take(limited, article(3)), Taken)
    clock.now += MINUTE
    over = await take(limited, article(4))
    assert over == OverLimit(What.ARTICLE, NOON + timedelta(days=1), is_chats=False), "three a day"


async def test_a_group_has_limits_of_its_own_and_a_user_has_them_in_all_chats_together(limited: Services):
    group = chat_identity(GROUP, ChatKind.SUPERGROUP)
    for number, sender in enumerate((1, 1, 2, 2), start=1):
        assert isinstance(await take(limited, article(number, group, sender)), Taken)
    over = await take(limited, article(5, group, 3))
    assert isinstance(over, OverLimit)
    assert over.is_chats
    assert isinstance(await take(limited, article(6, chat_identity(1), 1)), OverLimit), "two a minute, wherever"
    assert isinstance(await take(limited, article(7, chat_identity(3), 3)), Taken), "what was dropped does not count"


async def test_links_are_taken_all_or_none(limited: Services):
    links = tuple(f"https://news.example/{number}" for number in range(5))
    message = replace(article(1), text=" ".join(links), links=links)
    assert isinstance(await take(limited, message), Fetching)
    assert isinstance(await take(limited, replace(message, forward=replace(message.forward, message_id=2))), OverLimit)
    async with limited.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS jobs FROM jobs") == {"jobs": 5}


async def test_an_edit_is_a_further_article(limited: Services):
    first = article(1)
    assert isinstance(await take(limited, first), Taken)
    assert await intake.edit(limited, replace(first, text=f"{first.text} More.")) is True
    over = await intake.edit(limited, replace(first, text=f"{first.text} Still more."))
    assert isinstance(over, OverLimit)
    assert await intake.edit(limited, replace(first, text=f"{first.text} More.")) is True, "nothing has changed"


async def test_limits_survive_a_restart_and_are_forgotten_in_time(limited: Services, clock: Clock):
    asker = Asker(ANN, ANN)
    assert await limits.use(limited, asker, What.QUESTION) is None
    again = replace(limited, leading=type(limited.leading)())
    assert await limits.use(again, asker, What.QUESTION) is not None
    assert await limits.is_to_be_told(again, asker, OverLimit(What.QUESTION, clock.now, is_chats=False))
    clock.now += LIMITS_KEPT + MINUTE
    await forget_old_jobs(limited)
    async with limited.database.reading() as db:
        assert await db.all("SELECT 1 FROM used UNION ALL SELECT 1 FROM held_back") == []


async def test_it_is_said_once_a_minute_to_each_and_once_where_all_have_done_it(limited: Services, clock: Clock):
    own = OverLimit(What.QUESTION, clock.now, is_chats=False)
    everybodys = replace(own, is_chats=True)
    assert await limits.is_to_be_told(limited, Asker(GROUP, 1), own)
    assert not await limits.is_to_be_told(limited, Asker(GROUP, 1), own)
    assert await limits.is_to_be_told(limited, Asker(GROUP, 2), own)
    assert await limits.is_to_be_told(limited, Asker(GROUP, 1), everybodys)
    assert not await limits.is_to_be_told(limited, Asker(GROUP, 2), everybodys)
    articles = replace(own, what=What.ARTICLE)
    assert await limits.is_to_be_told(limited, Asker(GROUP, 1), articles), "what was said of questions says nothing"
    assert not await limits.is_to_be_told(limited, Asker(GROUP, 1), articles)
    clock.now += MINUTE
    assert await limits.is_to_be_told(limited, Asker(GROUP, 1), own)


async def test_bots_that_share_a_file_count_for_themselves(limited: Services):
    asker = Asker(ANN, ANN)
    assert await limits.use(limited, asker, What.QUESTION) is None
    assert await limits.use(replace(limited, bot=2), asker, What.QUESTION) is None


async def test_what_another_way_brings_is_not_counted(limited: Services):
    """An import is the operator's own."""
    for number in range(5):
        assert await intake.take_in_imported(limited, chat_identity(ANN), article(number).text, Metadata())
