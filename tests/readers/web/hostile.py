"""A server on the loopback address that answers with whatever bytes a test wants, and remembers who asked for what."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from readers.web.addresses import parse_allowed
from readers.web.fetch import Fetcher, Limits, trusted

CERTIFICATE = Path(__file__).with_name("press.example.pem")
# Enough for a busy machine; what is to run out of time is given less.
LIMITS = Limits(seconds=60.0, size=100_000)

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "press.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def fetcher(
        self,
        names: dict[str, Sequence[str]] | None = None,
        limits: Limits = LIMITS,
        tls: ssl.SSLContext | None = None,
    ) -> Fetcher:
        """A fetcher that is let in here, for which ``names`` are the only names there are."""
        known = {"press.example": ["127.0.0.1"]} if names is None else names
        allowed = parse_allowed([f"127.0.0.1:{self.port}"])
        return Fetcher(allowed, limits, resolver(known), tls or trusted())


def resolver(names: dict[str, Sequence[str]]):
    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in names:
            raise OSError(f"no such name: {host}")
        return names[host]

    return resolve


@asynccontextmanager
async def serving(answer: Answer | bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Answer each connection by ``answer(request, writer)``, or with these bytes."""
    server = Server()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.read(65536)
        server.requests.append(request)
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(request, writer)
        await writer.drain()

    async with listening(connected, server, tls):
        yield server


@asynccontextmanager
async def listening(
    connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    server: Server,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[None]:
    """Call ``connected`` for each connection to ``server``, and leave none behind."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        # A task that ends by being cancelled is an error to asyncio's streams.
        with suppress(OSError, asyncio.CancelledError):
            await connected(reader, writer)
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        listener.close()
        running = [task for task in tasks if task and not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def page(body: bytes | str = "<html><p>A page.</p></html>", *headers: str, status: str = "200 OK") -> bytes:
    """An answer as a decent server gives it."""
    data = body.encode() if isinstance(body, str) else body
    names = [line.partition(":")[0].lower() for line in headers]
    lines = [f"HTTP/1.1 {status}", *headers]
    if "content-type" not in names:
        lines.append("Content-Type: text/html; charset=utf-8")
    if "content-length" not in names:
        lines.append(f"Content-Length: {len(data)}")
    return "\r\n".join([*lines, "", ""]).encode() + data


def redirect(target: str, status: str = "302 Found") -> bytes:
    return page("", f"Location: {target}", status=status)


def by_path(answers: dict[str, bytes | Callable[[str], bytes]]) -> Answer:
    """Answer by what the request's path begins with, the longest first; else with 404."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ", 2)[1].decode()
        for beginning in sorted(answers, key=len, reverse=True):
            if path.startswith(beginning):
                found = answers[beginning]
                writer.write(found if isinstance(found, bytes) else found(path))
                return
        writer.write(page("", status="404 Not Found"))

    return answer
