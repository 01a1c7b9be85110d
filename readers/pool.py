"""Reading what comes from outside in processes of its own: a bad file costs itself alone.

What a file's or page's reader may do there is bounded by the kernel: memory, processor time, no file written.
"""

from collections.abc import Callable
from concurrent.futures import TimeoutError as PoolTimeoutError
from functools import partial
from signal import SIGXCPU
from typing import TypeVar, cast

import structlog
from pebble import ProcessExpired

from domain.intake import FileContent, NoArticle, PageContent
from processes.pool import Processes
from readers import worker

# An ordinary file takes a fraction of a second.
FILE_SECONDS = 20.0
# Libraries in C leak; a process that has read so many makes room for a fresh one.
_FILES_A_PROCESS = 200

_Content = TypeVar("_Content", FileContent, PageContent)

log = structlog.get_logger()


class ReaderPool:
    """``processes`` workers without a language model, started at first need; each reads one thing at a time."""

    def __init__(self, processes: int = 1, seconds: float = FILE_SECONDS, memory: int = worker.MEMORY) -> None:
        """``seconds`` are for one file; ``memory`` is what a process may take beyond what it starts with, in bytes."""
        self._seconds = seconds
        self._processes = Processes(
            processes,
            partial(worker.confine, memory),
            calls=_FILES_A_PROCESS,
            gone=lambda: log.error("all processes for files are gone; others are started", action="read.broken"),
        )

    async def read_file(self, data: bytes, name: str | None = None, mime: str | None = None) -> FileContent:
        """Return the articles that a file holds, or why none came out of it."""
        return await self._read(len(data), worker.read_file, data, name, mime)

    async def read_page(self, data: bytes, url: str, content_type: str | None = None) -> PageContent:
        """Return the article of a page that came from ``url``, or why none came out of it."""
        return await self._read(len(data), worker.read_page, data, url, content_type)

    def close(self) -> None:
        """End the processes and whatever they were reading."""
        self._processes.close()

    async def _read(self, size: int, read: Callable[..., _Content], *given: object) -> _Content | NoArticle:
        try:
            return cast(_Content, await self._processes.call(self._seconds, worker.timed, self._seconds, read, *given))
        except PoolTimeoutError:
            log.warning("a file took too long", action="read.timeout", seconds=self._seconds, bytes=size)
            return NoArticle.TIMEOUT
        except ProcessExpired as error:
            # Whoever used up the processor's time was stopped for it a moment before the clock would have.
            spent = error.exitcode == -SIGXCPU
            log.warning("a file ended its process", action="read.crash", code=error.exitcode, bytes=size)
            return NoArticle.TIMEOUT if spent else NoArticle.CRASH
        except MemoryError:
            log.warning("a file needs too much memory", action="read.memory", bytes=size)
            return NoArticle.BOMB
        except Exception as error:  # the process's edge: whatever the worker raised comes out here
            if self._processes.is_closed:
                raise
            # The message of an error may quote the file, so the type must do.
            log.error("reading failed", action="read.error", error=type(error).__name__, bytes=size)
            return NoArticle.CRASH
