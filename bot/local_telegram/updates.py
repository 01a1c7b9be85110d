"""What waits for the bot: the queue behind `getUpdates`, and the signal that something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.local_telegram.objects import Json
from bot.local_telegram.spec import Refused

T = TypeVar("T")

# Kinds of updates that Telegram sends only to a bot that asks for them by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Changes:
    """Wakes everybody who waits for the world to change. For one event loop, not for threads."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def notify(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self) -> None:
        await self._next.wait()

    async def until(self, predicate: Callable[[], T], seconds: float) -> T:
        """Waits until the predicate gives something true and returns that; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not (found := predicate()):
                await self.wait()
            return found


class UpdateQueue:
    """Updates not yet acknowledged. A new `getUpdates` ends the one before it with 409, as Telegram does."""

    def __init__(self, first_id: int, changes: Changes) -> None:
        self._next_id = first_id
        self._changes = changes
        self._poll = 0
        self.pending: list[Json] = []
        self.allowed: list[str] = []
        self.webhook: Json = {}
        self.last_error: Json = {}

    def allow(self, kinds: list[str] | None) -> None:
        """Remembers the kinds that the bot wants; None keeps the last wish, an empty list is the default."""
        if kinds is not None:
            self.allowed = kinds

    def push(self, kind: str, content: Json) -> None:
        if kind in self.allowed or (not self.allowed and kind not in ONLY_ON_REQUEST):
            self.pending.append({"update_id": self._next_id, kind: content})
            self._next_id += 1
        self._changes.notify()

    def inject(self, update: Json) -> None:
        """Adds an update as it is; the next id follows the highest seen."""
        self.pending.append({"update_id": self._next_id, **update})
        self._next_id = max(self._next_id, self.pending[-1]["update_id"]) + 1
        self._changes.notify()

    def posted(self, update: Json) -> None:
        """Forgets an update that the webhook has taken."""
        self.pending.remove(update)
        self._changes.notify()

    async def get(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """The next updates, acknowledging those below `offset`; waits up to `seconds` for the first."""
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._acknowledge(offset)
        self._poll += 1
        mine = self._poll
        self._changes.notify()
        try:
            async with asyncio.timeout(seconds):
                while not self.pending:
                    await self._changes.wait()
                    self._refuse_unless_latest(mine)
        except TimeoutError:
            pass
        return self.pending[:limit]

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def _refuse_unless_latest(self, poll: int) -> None:
        if poll != self._poll:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )


def lane(update: Json) -> int:
    """The chat, or else the user, whose updates come to a webhook one after the other; any number for others."""
    content = next((value for value in update.values() if isinstance(value, dict)), {})
    message = content.get("message")
    place = (message if isinstance(message, dict) else content).get("chat") or content.get("from")
    return int(place["id"]) if isinstance(place, dict) else -int(update["update_id"])
