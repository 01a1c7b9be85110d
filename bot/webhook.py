"""Updates as Telegram posts them: each is committed to the queue before the 200 that acknowledges it."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.places import Webhook
from bot.serving import serving
from bot.updates import HIGHEST, GatheringInbox, Inbox
from domain.jobs import backoff
from handlers.context import Bot
from handlers.refusals import seconds_of
from handlers.register import ALLOWED_UPDATES

# A body has at most so many bytes; Telegram's longest update is far from it.
LONGEST = 1_000_000
# A body must be here, and an update be kept, within so many seconds; Telegram itself waits for a minute.
PATIENCE = 20.0
# Strangers are logged once in so many seconds.
TOLD_AGAIN = 60.0
# So many calls Telegram may make at a time; those of one chat it makes one after the other.
AT_A_TIME = 40
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header

log = structlog.get_logger()


@asynccontextmanager
async def receiving(webhook: Webhook, bot: Bot, inbox: Inbox, others: Sequence[BaseRoute] = ()) -> AsyncIterator[str]:
    """Take updates as long as the context is open, and yield the root at which we listen.

    The webhook stays set at the end: Telegram keeps what comes meanwhile, for a day. Where Telegram cannot be reached
    at the start it is told later. Raises ListenError where nobody can listen there, and telegram.error.TelegramError
    where Telegram knows no such token or refuses the address.
    """
    async with listening(webhook, inbox, others) as root, announced(webhook, bot):
        yield root


def listening(webhook: Webhook, inbox: Inbox, others: Sequence[BaseRoute] = ()) -> AbstractAsyncContextManager[str]:
    """Take updates as long as the context is open, and yield the root at which we listen; raises ListenError."""
    door = _Door(inbox, webhook.secret)
    app = Starlette(routes=[*others, Route("/{path:path}", door.receive, methods=["POST"])])
    return serving(app, webhook.host, webhook.port, shared=webhook.is_shared)


@asynccontextmanager
async def announced(webhook: Webhook, bot: Bot) -> AsyncIterator[None]:
    """Tell Telegram where to post, in the beginning or, where it cannot be reached then, while the context is open.

    Raises telegram.error.TelegramError where Telegram knows no such token or refuses the address.
    """
    wait = await _set(webhook, bot)
    later = asyncio.create_task(_set_later(webhook, bot, wait), name="webhook") if wait else None
    try:
        yield
    finally:
        if later is not None:
            later.cancel()
            await asyncio.gather(later, return_exceptions=True)


async def _set(webhook: Webhook, bot: Bot, failures: int = 1) -> timedelta | None:
    """Tell Telegram where to post; return how long to wait where that is to be tried again."""
    try:
        await bot.set_webhook(
            webhook.url, allowed_updates=ALLOWED_UPDATES, secret_token=webhook.secret, max_connections=AT_A_TIME
        )
    except (InvalidToken, BadRequest):
        raise
    except TelegramError as error:
        log.warning("the webhook could not be set", action="webhook.unset", error=error.message)
        return seconds_of(error) if isinstance(error, RetryAfter) else backoff(failures)
    log.info("the webhook is set", action="webhook.set")
    return None


async def _set_later(webhook: Webhook, bot: Bot, wait: timedelta | None) -> None:
    failures = 1
    while wait is not None:
        await asyncio.sleep(wait.total_seconds())
        failures += 1
        try:
            wait = await _set(webhook, bot, failures)
        except TelegramError as error:
            log.error("Telegram does not take the webhook", action="webhook.refused", error=error.message)
            return


class _Door:
    """Takes what is posted with the ``secret``, whatever the path: who stands before us may change that."""

    def __init__(self, inbox: Inbox, secret: str) -> None:
        self._inbox = GatheringInbox(inbox)
        self._secret = secret.encode()
        self._told_at = -TOLD_AGAIN

    async def receive(self, request: Request) -> Response:
        """Keep an update."""
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), self._secret):
            self._tell_of_stranger()
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
                return Response(status_code=413) if body is None else await _kept(self._inbox, body)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)

    def _tell_of_stranger(self) -> None:
        """Log who does not know the secret, but not as often as they please."""
        now = time.monotonic()
        if now - self._told_at >= TOLD_AGAIN:
            self._told_at = now
            log.warning("somebody calls the webhook who does not know its secret", action="webhook.stranger")


async def _body(request: Request) -> bytes | None:
    """Return the body, or None where it is too long; of that no more is read."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > LONGEST:
            log.error("an update is too long", action="update.too_long")
            return None
    return bytes(read)


async def _kept(inbox: GatheringInbox, body: bytes) -> Response:
    """Commit what can be an update; what cannot is taken as well, or Telegram would repeat it for a day."""
    update = _update(body)
    if update is None:
        log.error("what was posted is no update", action="update.unparsable", bytes=len(body))
        return Response()
    try:
        await inbox.keep(update)
    except Exception:
        # The database, say: Telegram comes again.
        log.exception("an update could not be kept", action="updates.error")
        return Response(status_code=503, headers={"Retry-After": "1"})
    return Response()


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = found.get("update_id") if isinstance(found, dict) else None
    return found if isinstance(number, int) and 0 <= number < HIGHEST else None
