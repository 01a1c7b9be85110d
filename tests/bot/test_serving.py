"""Who keeps a connection without asking anything is hung up on; who asks is answered, however long it takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import serving as serving_module
from bot.serving import serving

SOON = 0.1
GET = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"
POST = b"POST /early HTTP/1.1\r\nHost: bot\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "HEAD", SOON)


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async def thought_over(_: Request) -> Response:
        await asyncio.sleep(3 * SOON)
        return Response("here you are")

    async def early(_: Request) -> Response:
        return Response(status_code=403)

    routes = [Route("/", thought_over), Route("/early", early, methods=["POST"])]
    async with serving(Starlette(routes=routes), "127.0.0.1", 0) as root:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(root).port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def trickle(writer: asyncio.StreamWriter, sent: bytes) -> None:
    """Send a byte at a time until we are hung up on."""
    try:
        for each in sent:
            writer.write(bytes([each]))
            await writer.drain()
            await asyncio.sleep(SOON / 20)
    except ConnectionError:
        return


async def ended(reader: asyncio.StreamReader) -> None:
    """Wait until nothing comes any more."""
    async with asyncio.timeout(20):
        try:
            while await reader.read(1000):
                pass
        except ConnectionError:
            return


@pytest.mark.parametrize("sent", [b"", GET[:-2] + b"X-Long: " + 100_000 * b"x"])
async def test_who_never_comes_to_the_end_of_a_head_is_hung_up_on(sent: bytes):
    async with connected() as (reader, writer):
        trickling = asyncio.create_task(trickle(writer, sent))
        await ended(reader)
        trickling.cancel()


async def test_who_sends_a_head_without_end_is_hung_up_on_however_quickly(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serving_module, "HEAD", 3600)
    async with connected() as (reader, writer):
        writer.write(GET[:-2] + b"X-Long: " + 200_000 * b"x")
        await ended(reader)


async def test_who_goes_on_to_send_what_was_refused_is_hung_up_on():
    async with connected() as (reader, writer):
        writer.write(POST)
        trickling = asyncio.create_task(trickle(writer, 100_000 * b"x"))
        await ended(reader)
        trickling.cancel()


async def test_who_has_asked_is_answered_however_long_it_takes_and_may_ask_again():
    async with connected() as (reader, writer):
        for _ in range(2):
            writer.write(GET)
            async with asyncio.timeout(20):
                assert b"here you are" in await reader.readuntil(b"here you are")
