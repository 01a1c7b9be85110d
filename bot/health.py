"""What machines ask the bot: whether it lives, whether it can work, and how it has fared."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.connection import Database

# A database that takes longer to answer than so many seconds is not one to work with.
PATIENCE = 2.0
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger()


def routes(database: Database, measured: Callable[[], Awaitable[bytes]]) -> list[Route]:
    """Return what answers at /healthz, /readyz and /metrics; ``measured`` gives the text of the last."""
    return [
        Route("/healthz", _lives, methods=["GET"]),
        Route("/readyz", partial(_is_ready, database), methods=["GET"]),
        Route("/metrics", partial(_measured, measured), methods=["GET"]),
    ]


async def reaches(database: Database) -> bool:
    """Return whether a database answers soon."""
    try:
        async with asyncio.timeout(PATIENCE), database.reading() as db:
            await db.one("SELECT 1 AS found")
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it, it is away
        log.debug("the database does not answer", action="database.silent", error=type(error).__name__)
        return False
    return True


async def _lives(_: Request) -> Response:
    return PlainTextResponse("alive\n")


async def _is_ready(database: Database, _: Request) -> Response:
    if await reaches(database):
        return PlainTextResponse("ready\n")
    return PlainTextResponse("the database does not answer\n", 503)


async def _measured(measured: Callable[[], Awaitable[bytes]], _: Request) -> Response:
    return Response(await measured(), headers={"content-type": EXPOSITION})
