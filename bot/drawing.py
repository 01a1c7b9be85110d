"""Drawing in a process of its own: it takes a moment, matplotlib takes memory, and neither is the event loop's."""

import asyncio
from concurrent.futures import TimeoutError as PoolTimeoutError
from multiprocessing import get_context

import structlog
from pebble import ProcessExpired, ProcessPool

from domain.pictures import Drawn, Picture
from handlers.replies.language import ENGLISH, RIGHT_TO_LEFT, speaking, spoken

# A picture takes a fraction of a second; the first one in a process also loads matplotlib and looks at the fonts.
PICTURE_SECONDS = 20.0

log = structlog.get_logger()


class DrawingPool:
    """One process, started for the first picture."""

    def __init__(self, seconds: float = PICTURE_SECONDS) -> None:
        self._seconds = seconds
        self._pool = ProcessPool(max_workers=1, initializer=_prepare, context=get_context("forkserver"))

    async def draw(self, picture: Picture) -> Drawn | None:
        """Return the picture, or None where it could not be drawn."""
        given = picture, spoken()
        # Not on the event loop: the first time, this waits until a process is there.
        future = await asyncio.to_thread(self._pool.schedule, _draw, args=given, timeout=self._seconds)
        try:
            return await asyncio.wrap_future(future)
        except PoolTimeoutError:
            log.error("a picture took too long", action="draw.timeout", seconds=self._seconds)
        except ProcessExpired as error:
            log.error("a picture ended its process", action="draw.crash", code=error.exitcode)
        except Exception as error:  # noqa: BLE001  # the process's edge: whatever was raised there comes out here
            # The message of an error may quote a name, so the type must do.
            log.error("drawing failed", action="draw.error", error=type(error).__name__)
        return None

    def close(self) -> None:
        """End the process."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()


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
