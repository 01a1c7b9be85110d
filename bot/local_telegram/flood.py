"""Telegram's limits on messages, for worlds that are to have them: what is over is refused with 429."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from bot.local_telegram.objects import Chat
from bot.local_telegram.spec import Refused

OVERALL, SECOND = 30, 1.0
IN_A_CHAT, IN_A_GROUP, MINUTE = 60, 20, 60.0


@dataclass(slots=True)
class Flood:
    """Counts messages; `clock` gives seconds."""

    clock: Callable[[], float]
    _all: deque[float] = field(default_factory=lambda: deque(maxlen=OVERALL))
    _chats: dict[int, deque[float]] = field(default_factory=dict)
    refused: int = 0

    def check(self, chat: Chat) -> None:
        """Counts a message; raises `Refused` with how long to wait where it is one too many."""
        now = self.clock()
        sent = self._chats.setdefault(chat.id, deque(maxlen=IN_A_CHAT))
        waits = [_left(self._all, OVERALL, SECOND, now), _left(sent, IN_A_CHAT, MINUTE, now)]
        if chat.type in ("group", "supergroup"):
            waits.append(_left(sent, IN_A_GROUP, MINUTE, now))
        wait = ceil(max(waits))
        if wait > 0:
            self.refused += 1
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        self._all.append(now)
        sent.append(now)


def _left(sent: deque[float], most: int, seconds: float, now: float) -> float:
    """Seconds until one more may come where `most` are let through in so many seconds."""
    return sent[-most] + seconds - now if len(sent) >= most else 0.0
