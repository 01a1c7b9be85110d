"""A line over TCP to a server, which can break in the ways that lines do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Stream]]


class Line:
    """Hands on what comes to its ``port`` on the loopback interface, as long as it is whole."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._dead: list[asyncio.StreamWriter] = []
        self._is_silent = False
        self.port = 0

    async def mend(self) -> None:
        """Take new connections; those that have gone silent stay so."""
        self._is_silent = False
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break all connections and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()
        for writer in self._dead:
            writer.close()
        self._dead.clear()

    def drop(self) -> None:
        """Break all connections; new ones are taken."""
        for task, writers in self._open.items():
            for writer in writers:
                writer.close()
            task.cancel()

    def go_silent(self) -> None:
        """Leave all connections open and hand on nothing more, as where a machine between has lost its memory."""
        self._is_silent = True
        for task, writers in self._open.items():
            self._dead += writers
            writers.clear()
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_silent:
            self._dead.append(writer)
            return
        task = asyncio.current_task()
        assert task is not None
        writers = self._open[task] = [writer]
        try:
            other_reader, other = await self._connect()
            writers.append(other)
            await asyncio.gather(_hand_on(reader, other), _hand_on(other_reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for each in writers:
                each.close()
            self._open.pop(task, None)


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def line(connect: Connect) -> AsyncIterator[Line]:
    """A line that is whole."""
    made = Line(connect)
    await made.mend()
    try:
        yield made
    finally:
        await made.cut()
