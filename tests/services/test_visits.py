"""How often the database is asked on an article's way: each visit waits for a thread, each transaction for the disk."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

from domain.articles import AlreadyHere, IncomingArticle, Taken
from domain.messages import IncomingMessage
from services import Services, cards, intake, reading, receiving, relating
from storage.connection import Database
from tests.samples import chat_identity, forward
from tests.visits import Visits

ANN = chat_identity(100)
STORY = "The harbour office says that the ferry sank in Lake Oru after it had struck a rock. " * 4


async def visits(services: Services, does: Callable[[Services], Awaitable[Any]]) -> tuple[Any, Counter[str]]:
    """Return what comes of it, and how often each way of the database was taken."""
    counted = Visits(services.database)
    found = await does(replace(services, database=cast(Database, counted)))
    return found, counted.asked


async def test_a_forwarded_article_is_one_look_and_one_transaction(services: Services) -> None:
    message = IncomingMessage(forward(ANN, 1), STORY)
    taken, asked = await visits(services, lambda counted: receiving.receive(counted, message))
    assert isinstance(taken, Taken)
    assert asked == {"look": 1, "transact": 1}
    again = IncomingMessage(forward(ANN, 2), STORY)
    known, asked = await visits(services, lambda counted: receiving.receive(counted, again))
    assert isinstance(known, AlreadyHere)
    assert asked == {"look": 1, "transact": 1}


async def test_an_article_is_related_by_one_look_and_one_transaction(services: Services) -> None:
    taken = await intake.take_in(services, IncomingArticle(STORY, forward(ANN)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, ANN.id)
    _, asked = await visits(services, lambda counted: relating.relate(counted, taken.article, "read"))
    assert asked == {"look": 1, "transact": 1}
    _, asked = await visits(services, lambda counted: relating.relate(counted, taken.article + 1, "read"))
    assert asked == {"look": 1}


async def test_what_a_chat_is_shown_is_one_look(services: Services) -> None:
    taken = await intake.take_in(services, IncomingArticle(STORY, forward(ANN)))
    assert isinstance(taken, Taken)
    found, asked = await visits(services, lambda counted: cards.showing(counted, ANN.id, taken.article))
    assert (found.message, found.in_batch) == (None, False)
    assert asked == {"look": 1}
