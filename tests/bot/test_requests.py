"""Calls over aiohttp end as the library's errors do, and say whether Telegram may have had them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.calls import WatchedCalls
from bot.requests import AiohttpRequest, proxy_of
from domain.jobs import Later
from handlers.refusals import may_have_arrived, outcome_of

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


async def heard(reader: asyncio.StreamReader) -> bytes:
    """Return a whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return head + await reader.readexactly(int(length[1]) if length else 0)


@asynccontextmanager
async def serving(
    answer: bytes | None, got: list[bytes] | None = None, arrived: asyncio.Event | None = None
) -> AsyncIterator[str]:
    """Answer each connection with these bytes and hang up, or, with None, say nothing."""
    open_still = asyncio.Event()

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await heard(reader)
        if got is not None:
            got.append(said)
        if arrived is not None:
            arrived.set()
        if answer is None:
            await open_still.wait()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        open_still.set()
        server.close()


@asynccontextmanager
async def requests(size: int = 4, read: float = 5, pool: float = 5) -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(size, read_timeout=read, pool_timeout=pool, connect_timeout=0.2) as made:
        yield made


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, TimedOut),
        (b"", NetworkError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", NetworkError),
        (b"nothing that is HTTP\r\n\r\n", NetworkError),
    ],
)
async def test_a_line_that_breaks_after_telegram_was_reached_may_have_done_it(answer: bytes | None, kind: type):
    async with serving(answer) as root, requests(read=0.2) as request:
        with pytest.raises(NetworkError) as raised:
            await request.do_request(f"{root}/bot1:x/sendMessage", "POST")
    assert type(raised.value) is kind
    assert may_have_arrived(raised.value)


@pytest.mark.parametrize("root", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http:///nowhere"])
async def test_what_was_never_reached_has_done_nothing(root: str):
    async with requests() as request:
        with pytest.raises(NetworkError) as raised:
            await request.do_request(f"{root}/bot1:x/sendMessage", "POST")
    assert not may_have_arrived(raised.value)


async def test_a_call_that_finds_no_free_connection_was_not_sent():
    got: list[bytes] = []
    arrived = asyncio.Event()
    async with serving(None, got, arrived) as root, requests(size=1, pool=0.1) as request:
        first = asyncio.create_task(request.do_request(root, "POST"))
        await arrived.wait()
        with pytest.raises(TimedOut) as raised:
            await request.do_request(root, "POST")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert not may_have_arrived(raised.value)
    assert len(got) == 1


async def test_a_moved_address_is_not_followed():
    moved = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nhi"
    async with serving(moved) as root, requests() as request:
        assert await request.do_request(root, "GET") == (302, b"hi")


@pytest.mark.parametrize("size", [10, 2_000_000])
async def test_a_file_arrives_whole_under_its_own_name(size: int):
    got: list[bytes] = []
    sent = RequestData(
        [RequestParameter("document", None, [InputFile(b"\x00" * 10 + b"z" * (size - 10), "Žinių.txt")])]
    )
    async with serving(OK, got) as root, requests() as request:
        assert await request.do_request(root, "POST", sent) == (200, b"hi")
    assert 'filename="Žinių.txt"'.encode() in got[0]
    assert got[0].count(b"z") >= size - 10


async def test_a_request_can_be_shut_down_twice_and_begun_again():
    async with serving(OK) as root:
        request = AiohttpRequest()
        await request.shutdown()
        with pytest.raises(RuntimeError):
            await request.do_request(root, "GET")
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.do_request(root, "GET") == (200, b"hi")
            await request.shutdown()
            await request.shutdown()


@pytest.mark.parametrize(
    ("known", "url", "proxy"),
    [
        ({}, "https://api.example/bot", None),
        ({"https": "http://p:1"}, "https://api.example/bot", "http://p:1"),
        ({"http": "http://p:1"}, "https://api.example/bot", None),
        ({"all": "http://p:2"}, "https://api.example/bot", "http://p:2"),
        ({"all": "http://p:2", "https": "http://p:1"}, "https://api.example/bot", "http://p:1"),
        ({"all": "http://p:2", "no": "api.example"}, "https://api.example/bot", None),
        ({"https": "p:1"}, "https://api.example/bot", "http://p:1"),
    ],
)
def test_a_proxy_is_the_environments(known: dict[str, str], url: str, proxy: str | None):
    assert proxy_of(url, known) == proxy


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, scheme: str):
    async with serving(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as root:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, root.replace("//", "//ann:hunter-22@"))
        async with requests() as request:
            with pytest.raises(NetworkError, match="407") as raised:
                await request.do_request("https://api.example/bot1:token/getMe", "POST")
    assert "hunter" not in raised.value.message
    assert not may_have_arrived(raised.value)


@pytest.mark.parametrize("root", ["http:///x", "http://x:99999", "http:", "ftp://x"])
async def test_an_address_that_is_none_is_not_told_with_the_token_in_it(root: str):
    async with requests() as request:
        with pytest.raises(NetworkError) as raised:
            await request.do_request(f"{root}/bot1:token/getMe", "POST")
    assert "token" not in raised.value.message


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b'{"ok": true, "result": {"text": "Ann', b"[1]", b"\xff"])
@pytest.mark.parametrize("way", [lambda request: request, lambda request: WatchedCalls(request, lambda *_: None)])
async def test_what_is_no_answer_of_telegrams_is_not_logged_and_may_have_been_done(
    body: bytes, way: Any, caplog: pytest.LogCaptureFixture
):
    """A proxy's page, or an answer that was cut off."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    async with serving(answer) as root, requests() as request:
        with pytest.raises(NetworkError) as raised:
            await way(request).post(f"{root}/bot1:x/sendMessage")
    assert may_have_arrived(raised.value)
    assert isinstance(outcome_of(raised.value), Later)
    assert caplog.text == ""


async def test_calls_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch):
    got: list[bytes] = []
    async with serving(OK, got) as root:
        monkeypatch.setenv("HTTP_PROXY", root)
        monkeypatch.setenv("http_proxy", root)
        async with requests() as request:
            assert await request.do_request("http://api.example/bot1:x/getMe", "POST") == (200, b"hi")
    assert got[0].startswith(b"POST http://api.example/bot1:x/getMe ")
