"""Updates by long polling, committed to the queue before Telegram is told that they have arrived.

The library's own updater acknowledges first and handles afterwards: what is in flight dies with the process.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import BaseRequest

from domain.jobs import JobKind, NewJob, backoff
from handlers.refusals import seconds_of
from services import Services
from services.waiting import lane_of_updates

# How long Telegram holds a call that has nothing to tell, in seconds.
HELD = 25
# A connection that has died silently is given up this long after Telegram should have answered, in seconds.
GRACE = 10
WAIT_AFTER_CONFLICT = timedelta(seconds=10)

log = structlog.get_logger()

RawUpdate = Mapping[str, Any]


class Poller:
    """Fetches updates for one bot; ``address`` is the root of its methods, with the token in it."""

    def __init__(
        self, request: BaseRequest, address: str, bot: int, services: Services, allowed: Sequence[str]
    ) -> None:
        self._request = request
        self._address = address
        self._bot = bot
        self._services = services
        self._allowed = json.dumps(list(allowed))
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch updates until cancelled; whatever fails is tried again, more and more slowly."""
        failures = 0
        while True:
            try:
                await self._keep(await self._fetch())
            except TelegramError as error:
                failures += 1
                wait = _wait(error, failures)
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
        if not updates:
            return
        async with self._services.database.transaction() as db:
            new = await self._services.queue.put(db, [self._job(update) for update in updates])
        self._offset = int(updates[-1]["update_id"]) + 1
        log.debug("updates are kept", action="updates.kept", received=len(updates), new=new)

    def _job(self, update: RawUpdate) -> NewJob:
        key = f"update:{self._bot}:{update['update_id']}"
        sender = owner_of(update)
        lane = lane_of_updates(chat_of(update), sender)
        return NewJob(JobKind.UPDATE, key, dict(update), lane=lane, owner=sender)


def chat_of(update: RawUpdate) -> int | None:
    """Return the chat that an update comes from, or else the user; None for what has neither.

    What one sends there is handled in order: others need not wait until all of it is.
    """
    content = _content(update)
    return _number(content.get("message"), "chat", "from") or _number(content, "chat", "from")


def owner_of(update: RawUpdate) -> int:
    """Return who has done what an update tells of: a user, or a chat that posts as such; 0 for neither."""
    return _number(_content(update), "sender_chat", "from", "chat") or 0


def _content(update: RawUpdate) -> Mapping[str, Any]:
    return next((value for key, value in update.items() if key != "update_id" and isinstance(value, Mapping)), {})


def _number(place: object, *names: str) -> int | None:
    parts = (place.get(name) for name in names) if isinstance(place, Mapping) else ()
    return next((part.get("id") for part in parts if isinstance(part, Mapping)), None)


def _wait(error: TelegramError, failures: int) -> timedelta:
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    if isinstance(error, Conflict):
        log.error("another process fetches this bot's updates: stop one of them", action="updates.conflict")
        return WAIT_AFTER_CONFLICT
    log.warning("no updates could be fetched", action="updates.failed", error=type(error).__name__, failures=failures)
    return backoff(failures)
