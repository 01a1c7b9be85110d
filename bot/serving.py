"""A small web server in the bot's own loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.places import ListenError

# How long what is in hand may take when the server is to stop, in seconds.
GRACE = 3
# So many connections that nobody has taken yet may wait: Telegram opens up to a hundred at once.
BACKLOG = 256
# Who comes when as many connections are open is told to come later (503).
MOST = 512
# The head of a request must be here so many seconds after its first byte, and the first one after the connection began.
HEAD = 10.0
# And in so many bytes.
LONGEST_HEAD = 64_000


class _Prompt(HttpToolsProtocol):
    """Hangs up on who keeps a connection and asks nothing, however slowly ("slowloris") or at whatever length."""

    _hang_up: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._expect()
            # The rest of what was refused is no head.
            self._head += 0 if self.cycle is not None and self.cycle.more_body else len(data)
            if self._head > LONGEST_HEAD:
                self.transport.abort()
        else:
            self._expect_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_no_more()
        super().connection_lost(exc)

    def _expect(self) -> None:
        if self._hang_up is None:
            self._head = 0
            self._hang_up = self.loop.call_later(HEAD, self.transport.abort)

    def _expect_no_more(self) -> None:
        if self._hang_up is not None:
            self._hang_up.cancel()
            self._hang_up = None


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, *, shared: bool = False) -> AsyncIterator[str]:
    """Serve ``app`` as long as the context is open, and yield its root, http://HOST:PORT; port 0 is any that is free.

    A ``shared`` port may be listened at by several processes, among which the system spreads connections. At the end
    what is in hand is finished. Raises ListenError.
    """
    listener = _listen(host, port, shared=shared)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        http=_Prompt,
        ws="none",
        limit_concurrency=MOST,
        timeout_graceful_shutdown=GRACE,
    )
    config.load()
    # Not its own way to run: that takes SIGTERM over, which is the bot's.
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    try:
        await server.startup(sockets=[listener])
    except BaseException:
        listener.close()
        raise
    try:
        yield f"http://{_named(host, listener.getsockname()[1])}"
    finally:
        await server.shutdown(sockets=[listener])


def _listen(host: str, port: int, *, shared: bool) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With the protocol named, asyncio sends at once; else each answer waits 40 ms for an acknowledgement.
        listener = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except UnicodeError as error:
        raise ListenError(_named(host, port), "this is no name of a machine") from error
    except OSError as error:
        raise ListenError(_named(host, port), error.strerror or "") from error
    return listener


def _named(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
