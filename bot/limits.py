"""Telegram's limits on what a bot sends, kept across all workers, and who goes first.

Telegram asks for about 30 messages a second in all, one a second in a chat (short bursts may pass), 20 a minute in a
group. What somebody waits for goes before digests. No wait of more than a second is slept through: it is told as
Telegram would tell it, by ``RetryAfter``, so that the job goes back to the queue and its worker to another chat.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from handlers.answering import IN_TURN
from handlers.refusals import seconds_of

# In all, a second, and what two messages may differ in how long they take to arrive.
OVERALL = 30
A_SECOND = 1.05
# In a group, a minute, and what two messages may differ in how long they take to arrive.
IN_A_GROUP = 20
A_MINUTE = 61.0
# Cards that say more by and by take no more of them, so that there is room for what somebody waits for.
EDITS_IN_A_GROUP = 12
# Answers in one chat come as people ask and tap, in bursts, but not more of them than seconds within a minute.
BURST = 60
# The longest wait that is slept through, in seconds.
PATIENCE = 1.0
# Digests come evenly, so many seconds apart.
APART = A_SECOND / OVERALL
# One that comes late by less than this, in seconds, does not delay those behind it.
MADE_UP = 0.25
# A 429 may be one chat's affair: no longer than so many seconds does it keep digests from the others.
PAUSE = 30.0
# So many chats are kept before those that have been quiet are forgotten.
REMEMBERED = 2000

_WRITING = ("send", "edit", "copy", "forward")
_NO_MESSAGES = frozenset({"sendChatAction"})


@dataclass(slots=True)
class _Chat:
    """When a chat's last messages had their turn, and until when Telegram wants it left alone."""

    turns: deque[float] = field(default_factory=lambda: deque(maxlen=BURST))
    closed_until: float = 0.0

    def opens(self, now: float, *, in_a_group: int | None, evenly: bool) -> float:
        """Return when the next message may go, ``evenly`` a second after the one before.

        In a group, ``in_a_group`` may have gone within a minute.
        """
        opens = max(now, self.closed_until)
        if evenly and self.turns:
            opens = max(opens, self.turns[-1] + 1)
        if len(self.turns) >= BURST:
            opens = max(opens, self.turns[-BURST] + A_MINUTE)
        if in_a_group is not None and len(self.turns) >= in_a_group:
            opens = max(opens, self.turns[-in_a_group] + A_MINUTE)
        return opens

    def is_quiet(self, now: float) -> bool:
        """Return whether nothing is to be remembered of the chat."""
        return self.closed_until <= now and (not self.turns or self.turns[-1] + A_MINUTE <= now)


class Pace(BaseRateLimiter[str]):
    """The one gate through which all messages of a bot go out.

    After a 429 its chat is left alone for the time that Telegram names, and no digest goes out anywhere for some time;
    answers in other chats go on, until a second chat is refused meanwhile: then it is the bot that Telegram wants to
    wait.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=OVERALL)
        self._chats: dict[int | str, _Chat] = {}
        self._remembered = REMEMBERED
        self._channels: set[int] = set()
        self._slots, self._digests = asyncio.Lock(), asyncio.Lock()
        self._waiting = 0
        self._closed_until = self._digests_closed_until = self._last_digest = 0.0

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
        if chat is None or endpoint in _NO_MESSAGES or not endpoint.startswith(_WRITING):
            return await callback(*args, **kwargs)
        if rate_limit_args != IN_TURN:
            await self._turn_of_answer(chat, EDITS_IN_A_GROUP if endpoint.startswith("edit") else IN_A_GROUP)
        await self._slot()
        try:
            result = await callback(*args, **kwargs)
        except RetryAfter as error:
            self._refused(chat, seconds_of(error).total_seconds())
            raise
        self._learn(result)
        return result

    async def turn_of_digest(self, chat: int) -> timedelta | None:
        """Wait for the turn of a digest's message; where its chat has to wait longer than others, return how long."""
        now = self._clock()
        found = self._chat(chat)
        opens = found.opens(now, in_a_group=IN_A_GROUP if self._is_group(chat) else None, evenly=True)
        if opens - now > PATIENCE:
            return timedelta(seconds=opens - now)
        if opens > now:
            await self._sleep(opens - now)
        async with self._digests:
            while (wait := (opens := self._digest_opens()) - self._clock()) > 0:
                await self._sleep(wait)
            self._last_digest = opens if self._clock() - opens < MADE_UP else self._clock()
        found.turns.append(self._clock())
        return None

    async def _turn_of_answer(self, chat: int | str, in_a_group: int) -> None:
        now = self._clock()
        found = self._chat(chat)
        most = in_a_group if self._is_group(chat) else None
        opens = max(found.opens(now, in_a_group=most, evenly=False), self._closed_until)
        if opens - now > PATIENCE:
            raise RetryAfter(timedelta(seconds=opens - now))
        found.turns.append(opens)
        if opens > now:
            await self._sleep(opens - now)

    async def _slot(self) -> None:
        """Wait until one more message of the bot may go; those that wait here go before digests."""
        self._waiting += 1
        try:
            async with self._slots:
                while (wait := self._opens() - self._clock()) > 0:
                    await self._sleep(wait)
                self._sent.append(self._clock())
        finally:
            self._waiting -= 1

    def _opens(self) -> float:
        """Return when the next message of the bot may go."""
        return self._sent[0] + A_SECOND if len(self._sent) == OVERALL else 0.0

    def _digest_opens(self) -> float:
        """Return when the next digest may go: evenly, so that an answer never waits for a whole second's worth."""
        opens = max(self._opens(), self._closed_until, self._digests_closed_until, self._last_digest + APART)
        return max(opens, self._clock() + APART) if self._waiting else opens

    def _refused(self, chat: int | str, wait: float) -> None:
        now = self._clock()
        refused = self._chat(chat)
        if any(each.closed_until > now for each in self._chats.values() if each is not refused):
            self._closed_until = max(self._closed_until, now + wait)
        refused.closed_until = max(refused.closed_until, now + wait)
        self._digests_closed_until = max(self._digests_closed_until, now + min(wait, PAUSE))

    def _chat(self, chat: int | str) -> _Chat:
        if len(self._chats) >= self._remembered:
            now = self._clock()
            self._chats = {key: each for key, each in self._chats.items() if not each.is_quiet(now)}
            self._remembered = REMEMBERED + 2 * len(self._chats)
        return self._chats.setdefault(chat, _Chat())

    def _is_group(self, chat: int | str) -> bool:
        """Return whether a chat has a group's limit; by its number alone, a channel looks like a group."""
        return not isinstance(chat, int) or (chat < 0 and chat not in self._channels)

    def _learn(self, result: Any) -> None:
        chat = result.get("chat") if isinstance(result, dict) else None
        if chat is not None and chat.get("type") == "channel":
            self._channels.add(chat["id"])
