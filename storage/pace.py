"""Where it is kept what a bot has sent lately, so that all who send keep Telegram's limits together."""

import time
from collections.abc import Callable
from typing import Protocol

from domain.pace import BotTurns, ChatTurns, Turn, quiet_from

# So many chats are kept in memory before those that have been quiet are forgotten.
REMEMBERED = 2000

# Decides, at a moment, on what bot and chat have sent, and adds what it decides.
Decision = Callable[[BotTurns, ChatTurns, float], Turn]


class PaceBook(Protocol):
    """What one bot has sent lately; decisions on it are made one after another, by whatever process."""

    async def decide(self, chat: str, decision: Decision) -> Turn:
        """Make a decision that concerns a chat, and keep what it has added."""


class MemoryPaceBook:
    """The book of the only process of a bot; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._bot = BotTurns()
        self._chats: dict[str, ChatTurns] = {}
        self._remembered = REMEMBERED

    async def decide(self, chat: str, decision: Decision) -> Turn:
        """Make a decision; nothing is awaited, so no other comes between."""
        now = self._clock()
        if len(self._chats) >= self._remembered:
            self._chats = {key: turns for key, turns in self._chats.items() if quiet_from(turns) > now}
            self._remembered = REMEMBERED + 2 * len(self._chats)
        return decision(self._bot, self._chats.setdefault(chat, []), now)

    def __len__(self) -> int:
        """Return how many chats are remembered."""
        return len(self._chats)
