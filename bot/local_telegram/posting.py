"""The local Telegram posts updates to a bot's webhook, as Telegram's servers do; for tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from bot.local_telegram.local import LocalTelegram
from bot.local_telegram.objects import Json
from bot.local_telegram.updates import lane

DEFAULT_CONNECTIONS = 40


@asynccontextmanager
async def posting(
    local: LocalTelegram, way: Callable[[str], str], first_wait: float = 0.05, longest_wait: float = 1.0
) -> AsyncIterator[None]:
    """Posts what is pending to the webhook that is set, as long as the context is open.

    `way` gives for the webhook's public address the one on the loopback interface, as a proxy before the bot does.
    The updates of a chat come one after the other, others beside them; what is not answered with 2xx comes again, after
    waits that are doubled from `first_wait` to `longest_wait` (seconds).
    """
    async with httpx.AsyncClient(timeout=60) as client:
        poster = _Poster(local, client, way, (first_wait, longest_wait))
        task = asyncio.create_task(poster.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Poster:
    def __init__(
        self, local: LocalTelegram, client: httpx.AsyncClient, way: Callable[[str], str], waits: tuple[float, float]
    ) -> None:
        self._local = local
        self._client = client
        self._way = way
        self._first_wait, self._longest_wait = waits
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            while True:
                changed = asyncio.ensure_future(self._local.changed())
                self._start()
                await asyncio.wait({changed, *self._busy.values()}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
                self._busy = {key: task for key, task in self._busy.items() if not task.done()}
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _start(self) -> None:
        """Takes up the next update of each chat that has none under way."""
        webhook = self._local.updates.webhook
        most = webhook.get("max_connections", DEFAULT_CONNECTIONS) if webhook else 0
        for update in self._local.updates.pending:
            key = lane(update)
            if len(self._busy) < most and key not in self._busy:
                self._busy[key] = asyncio.create_task(self._deliver(update))

    async def _deliver(self, update: Json) -> None:
        updates, wait = self._local.updates, self._first_wait
        while updates.webhook and update in updates.pending:
            problem = await self._post(updates.webhook, update)
            if problem is None:
                updates.posted(update)
                return
            updates.last_error = {"last_error_date": int(time.time()), "last_error_message": problem}
            await asyncio.sleep(wait)
            wait = min(2 * wait, self._longest_wait)

    async def _post(self, webhook: Json, update: Json) -> str | None:
        """Posts an update once; returns what was wrong with the answer."""
        secret = webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            response = await self._client.post(self._way(webhook["url"]), json=update, headers=headers)
        except httpx.HTTPError as error:
            return f"Connection failed: {type(error).__name__}"
        return None if response.is_success else f"Wrong response from the webhook: {response.status_code}"
