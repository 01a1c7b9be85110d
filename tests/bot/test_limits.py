"""Telegram's limits: kept over all chats and calls, answers before digests, and nobody waits for another chat."""

import asyncio
from collections import Counter
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count, cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.limits import AWAY, PATIENCE, Pace
from domain.pace import A_SECOND, BURST, EDITS_IN_A_GROUP, IN_A_GROUP, OVERALL, PAUSE, Turn
from handlers.answering import IN_TURN
from storage.connection import DatabaseAwayError
from storage.pace import Decision, MemoryPaceBook

ANN, BOB, GROUP, CHANNEL = 1, 2, -1001, -1002


class Time:
    """A clock that goes on when nobody has anything left to do: whoever is to wake next, wakes."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleepers: list[tuple[float, int]] = []
        self.numbers = count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        sleeper = (self.now + seconds, next(self.numbers))
        heappush(self.sleepers, sleeper)
        while True:
            for _ in range(10):
                await asyncio.sleep(0)
            if self.sleepers[0] == sleeper:
                heappop(self.sleepers)
                self.now = max(self.now, sleeper[0])
                return


class Telegram:
    """What went out, and when: chat and moment of each message; several may send for the bot in turns."""

    def __init__(self, time: Time, senders: int = 1) -> None:
        self.time = time
        self.book = MemoryPaceBook(time)
        self.paces = cycle([Pace(self.book, time.sleep) for _ in range(senders)])
        self.sent: list[tuple[int, float]] = []
        self.refusals: dict[int, float] = {}

    async def call(self, chat: int) -> object:
        wait = self.refusals.pop(chat, None)
        if wait is not None:
            raise RetryAfter(timedelta(seconds=wait))
        self.sent.append((chat, self.time.now))
        return {"chat": {"id": chat, "type": "channel" if chat == CHANNEL else "supergroup"}}

    async def answer(self, chat: int, endpoint: str = "sendMessage") -> None:
        await next(self.paces).process_request(self.call, (chat,), {}, endpoint, {"chat_id": chat}, None)

    async def digest(self, chat: int) -> timedelta | None:
        pace = next(self.paces)
        wait = await pace.turn_of_digest(chat)
        if wait is None:
            await pace.process_request(self.call, (chat,), {}, "sendMessage", {"chat_id": chat}, IN_TURN)
        return wait

    def most(self, seconds: float, chat: int | None = None) -> int:
        """The most messages within so many seconds."""
        times = [at for to, at in self.sent if chat in (None, to)]
        return max((sum(at <= other < at + seconds for other in times) for at in times), default=0)


@pytest.fixture(params=[1, 3], ids=["one sender", "three senders"])
def telegram(request: pytest.FixtureRequest) -> Telegram:
    return Telegram(Time(), request.param)


async def test_thirty_messages_a_second_go_out_and_no_more(telegram: Telegram):
    await asyncio.gather(*(telegram.digest(chat) for chat in range(1, 151)))
    assert len(telegram.sent) == 150
    assert telegram.most(1.0) <= OVERALL
    assert telegram.sent[-1][1] - telegram.sent[0][1] == pytest.approx(149 * A_SECOND / OVERALL, rel=0.02)


async def test_an_answer_overtakes_the_digests_that_wait(telegram: Telegram):
    digests = [asyncio.create_task(telegram.digest(chat)) for chat in range(100, 200)]
    await telegram.time.sleep(1)
    begin = telegram.time.now
    await telegram.answer(ANN)
    assert telegram.time.now - begin < 0.1
    await asyncio.gather(*digests)
    assert telegram.most(1.0) <= OVERALL


async def test_a_burst_of_answers_goes_out_at_once_and_no_more_than_one_a_second_within_a_minute(telegram: Telegram):
    begin = telegram.time.now
    for _ in range(BURST):
        await telegram.answer(ANN)
    assert telegram.time.now - begin < 1 + BURST / OVERALL, "no more than all the bot's in a second"
    with pytest.raises(RetryAfter):
        await telegram.answer(ANN)
    await telegram.answer(BOB)
    await telegram.time.sleep(61)
    await telegram.answer(ANN)
    assert telegram.most(59.9, ANN) <= BURST


async def test_a_digest_comes_a_second_after_the_last_message_of_its_chat(telegram: Telegram):
    await telegram.answer(ANN)
    assert await telegram.digest(ANN) is None
    first, second = (at for _, at in telegram.sent)
    assert second - first == pytest.approx(1, abs=0.01)


async def test_a_group_has_twenty_a_minute_and_who_is_over_is_told_to_come_again(telegram: Telegram):
    for _ in range(IN_A_GROUP):
        await telegram.answer(GROUP)
        await telegram.time.sleep(1)
    wait = await telegram.digest(GROUP)
    assert wait is not None
    assert 30 < wait.total_seconds() <= 60
    with pytest.raises(RetryAfter):
        await telegram.answer(GROUP)
    assert await telegram.digest(ANN) is None, "others do not wait for a group"
    await telegram.time.sleep(wait.total_seconds())
    await telegram.answer(GROUP)
    assert telegram.most(59.9, GROUP) <= IN_A_GROUP


async def test_edits_leave_a_group_room_for_answers(telegram: Telegram):
    for _ in range(EDITS_IN_A_GROUP):
        await telegram.answer(GROUP, "editMessageText")
    with pytest.raises(RetryAfter):
        await telegram.answer(GROUP, "editMessageText")
    for _ in range(IN_A_GROUP - EDITS_IN_A_GROUP):
        await telegram.answer(GROUP)
    with pytest.raises(RetryAfter):
        await telegram.answer(GROUP)


async def test_a_channel_is_no_group_once_telegram_has_said_what_it_is(telegram: Telegram):
    for _ in range(IN_A_GROUP + 5):
        await telegram.answer(CHANNEL)
        await telegram.time.sleep(1)
    assert len(telegram.sent) == IN_A_GROUP + 5


async def test_after_a_429_its_chat_and_all_digests_wait_and_answers_elsewhere_go_on(telegram: Telegram):
    telegram.refusals[ANN] = 7
    with pytest.raises(RetryAfter):
        await telegram.answer(ANN)
    begin = telegram.time.now
    with pytest.raises(RetryAfter):
        await telegram.answer(ANN)
    await telegram.answer(BOB)
    assert telegram.time.now - begin < 0.1
    assert await telegram.digest(BOB + 1) is None
    assert telegram.time.now - begin == pytest.approx(7, abs=0.1)
    await telegram.answer(ANN)


async def test_one_chat_that_is_to_be_left_alone_for_long_does_not_keep_the_digests_of_others(telegram: Telegram):
    telegram.refusals[ANN] = 3600
    with pytest.raises(RetryAfter):
        await telegram.answer(ANN)
    begin = telegram.time.now
    assert await telegram.digest(BOB) is None
    assert telegram.time.now - begin == pytest.approx(PAUSE, abs=0.1)
    wait = await telegram.digest(ANN)
    assert wait is not None
    assert wait.total_seconds() > 3500
    telegram.refusals[BOB] = 3600
    with pytest.raises(RetryAfter):
        await telegram.answer(BOB)
    begin = telegram.time.now
    wait = await telegram.digest(GROUP)
    assert wait is not None, "two that are refused: it is the bot"
    assert wait.total_seconds() > 3500
    assert telegram.time.now - begin < 1, "who sleeps so long is broken off as one that hangs, and at last given up"


async def test_after_a_second_429_in_that_time_all_wait(telegram: Telegram):
    for chat in (ANN, BOB):
        telegram.refusals[chat] = 7
        with pytest.raises(RetryAfter):
            await telegram.answer(chat)
    with pytest.raises(RetryAfter) as told:
        await telegram.answer(GROUP)
    assert told.value._retry_after.total_seconds() == pytest.approx(7, abs=0.1)
    await telegram.time.sleep(7)
    await telegram.answer(GROUP)


class Away(MemoryPaceBook):
    """A book that nobody can open."""

    async def decide(self, chat: str, decision: Decision) -> Turn:
        raise DatabaseAwayError("gone")


@pytest.mark.faults
async def test_while_the_book_is_away_nothing_goes_out_and_all_are_told_to_come_again(telegram: Telegram):
    telegram.paces = cycle([Pace(Away(telegram.time), telegram.time.sleep)])
    with pytest.raises(RetryAfter):
        await telegram.answer(ANN)
    assert await telegram.digest(BOB) == timedelta(seconds=AWAY)
    pace = next(telegram.paces)
    with pytest.raises(RetryAfter):
        await pace.process_request(telegram.call, (ANN,), {}, "sendMessage", {"chat_id": ANN}, IN_TURN)
    assert telegram.sent == []


@pytest.mark.parametrize("endpoint", ["sendChatAction", "getChatMember", "deleteMessage", "setMessageReaction"])
async def test_what_is_no_message_does_not_count(telegram: Telegram, endpoint: str):
    for _ in range(100):
        await telegram.answer(GROUP, endpoint)
    assert len(telegram.sent) == 100


async def test_chats_that_have_been_quiet_are_forgotten(telegram: Telegram):
    for chat in range(1, 6001):
        await telegram.answer(chat)
        telegram.time.now += 0.1
    assert len(telegram.book) < 4000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from([ANN, BOB, GROUP, CHANNEL, 3, 4, 5]), st.booleans()), max_size=60),
    st.integers(1, 4),
)
async def test_however_many_send_what_no_limit_is_passed(wanted: list[tuple[int, bool]], senders: int):
    telegram = Telegram(Time(), senders)

    async def send(chat: int, as_digest: bool) -> None:
        for _ in range(30):
            try:
                wait = await telegram.digest(chat) if as_digest else await telegram.answer(chat)
            except RetryAfter as error:
                wait = error._retry_after
            if wait is None:
                return
            assert wait.total_seconds() > PATIENCE
            await telegram.time.sleep(wait.total_seconds())

    await asyncio.gather(*(send(chat, as_digest) for chat, as_digest in wanted))
    if wanted:
        assert Counter(chat for chat, _ in telegram.sent) == Counter(chat for chat, _ in wanted)
        assert telegram.most(1.0) <= OVERALL
        assert telegram.most(59.9, GROUP) <= IN_A_GROUP
