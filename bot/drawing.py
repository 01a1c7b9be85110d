"""Drawing in a process of its own: it takes a moment, matplotlib takes memory, and neither is the event loop's."""

import asyncio
from concurrent.futures import TimeoutError as PoolTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import Lock

import structlog
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from domain.pictures import Drawn, Picture
from handlers.replies.language import ENGLISH, RIGHT_TO_LEFT, speaking, spoken

# A picture takes a fraction of a second; the first one in a process also loads matplotlib and looks at the fonts.
PICTURE_SECONDS = 20.0

log = structlog.get_logger()


class DrawingPool:
    """One process, started for the first picture."""

    def __init__(self, seconds: float = PICTURE_SECONDS) -> None:
        self._seconds = seconds
        self._pool = _new_pool()
        self._lock = Lock()
        self._is_closed = False

    async def draw(self, picture: Picture) -> Drawn | None:
        """Return the picture, or None where it could not be drawn."""
        language = spoken()

        async def attempt() -> Drawn:
            # Not on the event loop: the first time, this waits until a process is there.
            return await asyncio.wrap_future(await asyncio.to_thread(self._schedule, picture, language))

        try:
            try:
                return await attempt()
            except BrokenProcessPool:
                # It had died before it had this in hand.
                return await attempt()
        except PoolTimeoutError:
            log.error("a picture took too long", action="draw.timeout", seconds=self._seconds)
        except ProcessExpired as error:
            log.error("a picture ended its process", action="draw.crash", code=error.exitcode)
        except Exception as error:  # the process's edge: whatever was raised there comes out here
            if self._is_closed:
                raise
            # The message of an error may quote a name, so the type must do.
            log.error("drawing failed", action="draw.error", error=type(error).__name__)
        return None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._is_closed = True
        _end(self._pool)

    def _schedule(self, picture: Picture, language: str) -> ProcessFuture[Drawn]:
        with self._lock:
            if not (self._pool.active or self._is_closed):
                log.error("the process that draws is gone; another is started", action="draw.broken")
                _end(self._pool)
                self._pool = _new_pool()
            return self._pool.schedule(_draw, args=(picture, language), timeout=self._seconds)


def _new_pool() -> ProcessPool:
    return ProcessPool(max_workers=1, initializer=_prepare, context=get_context("forkserver"))


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
    pool.join()


def _prepare() -> None:
    """Load what drawing needs before the clock of the first picture runs."""
    import logging

    # What matplotlib tells about fonts says nothing to whoever runs the bot.
    logging.disable()
    import handlers.replies.charts.drawing  # noqa: F401


def _draw(picture: Picture, language: str) -> Drawn:
    from handlers.replies.charts.drawing import draw

    # Matplotlib writes from left to right only; the caption has the same words.
    with speaking(ENGLISH if language in RIGHT_TO_LEFT else language):
        return draw(picture)
