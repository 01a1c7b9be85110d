"""All processes that send for a bot decide on one book, one after another."""

import asyncio
import re
from collections.abc import Callable
from functools import partial

import pytest

from domain import pace
from domain.pace import A_SECOND, BURST, OVERALL, BotTurns, ChatTurns, Turn, Whose
from storage.connection import Database
from storage.opening import open_pace_book
from storage.pace import MemoryPaceBook, PaceBook
from tests.engines import POSTGRESQL

SENDERS = 3


@pytest.fixture
def books(database: Database, engine: str) -> list[PaceBook]:
    """The books of several senders: in PostgreSQL, of several processes; else there is but one process."""
    if engine == POSTGRESQL:
        return [open_pace_book(database, 5_000_000_000) for _ in range(SENDERS)]
    return [open_pace_book(database, 5_000_000_000)] * SENDERS


def noting(times: list[float], decision: Callable[[BotTurns, ChatTurns, float], Turn]) -> Callable[..., Turn]:
    """A decision that writes down when the message will go."""

    def decide(bot: BotTurns, turns: ChatTurns, now: float) -> Turn:
        turn = decision(bot, turns, now)
        times.append(now + turn.wait)
        return turn

    return decide


async def test_senders_share_the_bots_slots(books: list[PaceBook]):
    times: list[float] = []
    asked = [
        books[number % SENDERS].decide(str(number), noting(times, partial(pace.answer, str(number), None)))
        for number in range(1, 3 * OVERALL + 1)
    ]
    turns = await asyncio.gather(*asked)
    assert all(turn.is_taken for turn in turns)
    times.sort()
    gaps = [later - earlier for earlier, later in zip(times, times[OVERALL:], strict=False)]
    assert min(gaps) >= A_SECOND - 1e-3
    assert len(gaps) == 2 * OVERALL


async def test_what_one_sender_was_refused_all_leave_alone(books: list[PaceBook]):
    first, second, third = books
    await first.decide("1", partial(pace.refused, "1", 30.0))
    for book in books:
        closed = await book.decide("1", partial(pace.answer, "1", None))
        assert closed.whose is Whose.CHATS
        assert 25 < closed.wait <= 30
    assert (await second.decide("2", partial(pace.digest, "2", None))).whose is Whose.BOTS
    assert (await third.decide("2", partial(pace.answer, "2", None))).is_taken


async def test_a_chats_messages_count_whoever_sends_them(books: list[PaceBook]):
    for number in range(BURST):
        assert (await books[number % SENDERS].decide("7", partial(pace.answer, "7", None))).is_taken
    for book in books:
        assert not (await book.decide("7", partial(pace.answer, "7", None))).is_taken


@pytest.mark.parametrize("engine", [POSTGRESQL])
async def test_bots_keep_their_own_pace(database: Database):
    one, other = open_pace_book(database, 1), open_pace_book(database, 2)
    await one.decide("1", partial(pace.refused, "1", 30.0))
    assert (await other.decide("1", partial(pace.answer, "1", None))).is_taken


@pytest.mark.parametrize("engine", [POSTGRESQL])
async def test_a_servers_clock_that_is_put_back_makes_nobody_wait(database: Database):
    book, hour = open_pace_book(database, 1), 3600
    for _ in range(BURST):
        await book.decide("1", partial(pace.answer, "1", None))
    async with database.transaction() as db:
        for row in await db.all("SELECT chat, turns FROM paces"):
            # Written an hour ago by a clock that was two hours ahead.
            kept = re.sub(r"\d{9,}\.\d+", lambda found: str(float(found[0]) + hour), row["turns"])
            await db.run("UPDATE paces SET turns = :turns WHERE chat = :chat", turns=kept, chat=row["chat"])
    for decision in (pace.answer, pace.digest):
        turn = await book.decide("1", partial(decision, "1", None))
        assert turn.wait <= 2, turn


@pytest.mark.parametrize("engine", [POSTGRESQL])
async def test_a_chat_that_has_been_quiet_leaves_no_trace(database: Database):
    book = open_pace_book(database, 1)
    await book.decide("1", partial(pace.answer, "1", None))
    async with database.transaction() as db:
        await db.run("UPDATE paces SET quiet_from = 0")
    await open_pace_book(database, 1).decide("2", partial(pace.answer, "2", None))
    async with database.reading() as db:
        assert [row["chat"] for row in await db.all("SELECT chat FROM paces ORDER BY chat")] == ["", "2"]


def test_the_one_process_on_a_file_keeps_its_pace_in_memory(tmp_path):
    assert isinstance(open_pace_book(object(), 1), MemoryPaceBook)
