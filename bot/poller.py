"""Updates by long polling, committed to the queue before Telegram is told that they have arrived.

The library's own updater acknowledges first and handles afterwards: what is in flight dies with the process.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.updates import Inbox, RawUpdate
from domain.jobs import backoff
from handlers.context import App
from handlers.refusals import seconds_of
from handlers.register import ALLOWED_UPDATES

# How long Telegram holds a call that has nothing to tell, in seconds.
HELD = 25
# A connection that has died silently is given up this long after Telegram should have answered, in seconds.
GRACE = 10
WAIT_AFTER_CONFLICT = timedelta(seconds=10)
# A call of the process before this one, which was killed, may be held for a while yet; in seconds.
SETTLED = 60.0

log = structlog.get_logger()


@asynccontextmanager
async def polling(app: App, inbox: Inbox, request: BaseRequest) -> AsyncIterator[None]:
    """Fetch updates as long as the context is open.

    Raises telegram.error.TelegramError where Telegram cannot be told that they will be fetched.
    """
    # Telegram refuses to hand out updates as long as a webhook is set; what waits is not dropped.
    await app.bot.delete_webhook()
    poller = Poller(request, app.bot.base_url, inbox, ALLOWED_UPDATES)
    task = asyncio.create_task(poller.run(), name="poller")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Poller:
    """Fetches updates for one bot; ``address`` is the root of its methods, with the token in it."""

    def __init__(self, request: BaseRequest, address: str, inbox: Inbox, allowed: Sequence[str]) -> None:
        self._request = request
        self._address = address
        self._inbox = inbox
        self._allowed = json.dumps(list(allowed))
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch updates until cancelled; whatever fails is tried again, more and more slowly."""
        failures, began = 0, time.monotonic()
        while True:
            try:
                await self._keep(await self._fetch())
            except TelegramError as error:
                failures += 1
                wait = _wait(error, failures, is_settled=time.monotonic() - began >= SETTLED)
            except Exception:
                # The database, say: what is not committed is not acknowledged either, and comes again.
                log.exception("updates could not be kept", action="updates.error")
                failures += 1
                wait = backoff(failures)
            else:
                failures = 0
                continue
            await asyncio.sleep(wait.total_seconds())

    async def _fetch(self) -> list[RawUpdate]:
        parameters: dict[str, Any] = {"timeout": HELD, "allowed_updates": self._allowed}
        if self._offset is not None:
            parameters["offset"] = self._offset
        # Not the library's get_updates: one update that it cannot parse would come back for ever.
        found = await self._request.post(
            f"{self._address}/getUpdates?{urlencode(parameters)}", read_timeout=HELD + GRACE
        )
        return cast(list[RawUpdate], found)

    async def _keep(self, updates: Sequence[RawUpdate]) -> None:
        """Commit the updates; only then does the offset move on, which acknowledges them at the next call."""
        await self._inbox.keep(updates)
        if updates:
            self._offset = int(updates[-1]["update_id"]) + 1


def _wait(error: TelegramError, failures: int, *, is_settled: bool) -> timedelta:
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    if isinstance(error, Conflict):
        # Whoever operates the bot is told of errors.
        tell = log.error if is_settled else log.warning
        tell("another process fetches this bot's updates: stop one of them", action="updates.conflict")
        return WAIT_AFTER_CONFLICT
    log.warning("no updates could be fetched", action="updates.failed", error=type(error).__name__, failures=failures)
    return backoff(failures)
