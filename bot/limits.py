"""One gate for all that a bot sends, so that Telegram's limits are kept across all workers, and all processes.

What they are, and who goes first, is decided in ``domain/pace.py``. No wait of more than a second, or for the digests'
turn of half a minute, is slept through: it is told as Telegram would tell it, by ``RetryAfter``, so that the job goes
back to the queue and its worker to another chat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from domain import pace
from domain.pace import Turn, Whose
from handlers.answering import AT_ONCE, IN_TURN
from handlers.refusals import seconds_of
from storage.connection import DatabaseAwayError
from storage.pace import Decision, MemoryPaceBook, PaceBook

# The longest wait that is slept through, in seconds.
PATIENCE = 1.0
# When to come again where nobody can tell whose turn it is, in seconds.
AWAY = 5.0

_WRITING = ("send", "edit", "copy", "forward")
_NO_MESSAGES = frozenset({"sendChatAction"})


class Pace(BaseRateLimiter[str]):
    """The gate of one process; processes of one bot have the same ``book``.

    After a 429 its chat is left alone for the time that Telegram names, and no digest goes out anywhere for some time;
    answers in other chats go on, until a second chat is refused meanwhile: then it is the bot that Telegram wants to
    wait.
    """

    def __init__(self, book: PaceBook | None = None, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._book = MemoryPaceBook() if book is None else book
        self._sleep = sleep
        self._channels: set[int] = set()
        self._digests = asyncio.Lock()

    async def initialize(self) -> None:
        """There is nothing to get ready."""

    async def shutdown(self) -> None:
        """There is nothing to let go of."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Any:
        """Let a call through when its turn has come; raise RetryAfter where that is not soon."""
        chat = data.get("chat_id")
        if rate_limit_args == AT_ONCE or chat is None or endpoint in _NO_MESSAGES or not endpoint.startswith(_WRITING):
            return await callback(*args, **kwargs)
        if rate_limit_args == IN_TURN:
            await self._take(await self._decide(chat, pace.slot))
        else:
            await self._turn_of_answer(chat, pace.EDITS_IN_A_GROUP if endpoint.startswith("edit") else pace.IN_A_GROUP)
        try:
            result = await callback(*args, **kwargs)
        except RetryAfter as error:
            await self._decide(chat, partial(pace.refused, str(chat), seconds_of(error).total_seconds()))
            raise
        self._learn(result)
        return result

    async def turn_of_digest(self, chat: int) -> timedelta | None:
        """Wait for the turn of a digest's message; where its chat, or the bot, has to wait long, return how long."""
        decision = partial(pace.digest, str(chat), pace.IN_A_GROUP if self._is_group(chat) else None)
        while True:
            # Those of a process ask one after the other, and wait for the bot's turn here.
            async with self._digests:
                while (turn := await self._decide(chat, decision)).whose is Whose.BOTS and turn.wait <= pace.PAUSE:
                    await self._sleep(turn.wait)
            if turn.is_taken:
                return None
            if turn.wait > PATIENCE:
                return timedelta(seconds=turn.wait)
            await self._sleep(turn.wait)

    async def _turn_of_answer(self, chat: int | str, in_a_group: int) -> None:
        decision = partial(pace.answer, str(chat), in_a_group if self._is_group(chat) else None)
        while not (turn := await self._decide(chat, decision)).is_taken and turn.wait <= PATIENCE:
            await self._sleep(turn.wait)
        await self._take(turn)

    async def _take(self, turn: Turn) -> None:
        if not turn.is_taken:
            raise RetryAfter(timedelta(seconds=turn.wait))
        if turn.wait > 0:
            await self._sleep(turn.wait)

    async def _decide(self, chat: int | str, decision: Decision) -> Turn:
        """Make a decision; while the book cannot be opened nobody has a turn."""
        try:
            return await self._book.decide(str(chat), decision)
        except DatabaseAwayError:
            return Turn(AWAY, Whose.CHATS)

    def _is_group(self, chat: int | str) -> bool:
        """Return whether a chat has a group's limit; by its number alone, a channel looks like a group."""
        return not isinstance(chat, int) or (chat < 0 and chat not in self._channels)

    def _learn(self, result: Any) -> None:
        chat = result.get("chat") if isinstance(result, dict) else None
        if chat is not None and chat.get("type") == "channel":
            self._channels.add(chat["id"])
