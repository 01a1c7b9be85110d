"""Drawing in a process of its own: it takes a moment, matplotlib takes memory, and neither is the event loop's."""

from concurrent.futures import TimeoutError as PoolTimeoutError

import structlog
from pebble import ProcessExpired

from domain.pictures import Drawn, Picture
from handlers.replies.language import ENGLISH, RIGHT_TO_LEFT, speaking, spoken
from processes.pool import Processes

# A picture takes a fraction of a second; the first one in a process also loads matplotlib and looks at the fonts.
PICTURE_SECONDS = 20.0

log = structlog.get_logger()


class DrawingPool:
    """One process, started for the first picture."""

    def __init__(self, seconds: float = PICTURE_SECONDS) -> None:
        self._seconds = seconds
        self._processes = Processes(
            1,
            _prepare,
            gone=lambda: log.error("the process that draws is gone; another is started", action="draw.broken"),
        )

    async def draw(self, picture: Picture) -> Drawn | None:
        """Return the picture, or None where it could not be drawn."""
        try:
            return await self._processes.call(self._seconds, _draw, picture, spoken())
        except PoolTimeoutError:
            log.error("a picture took too long", action="draw.timeout", seconds=self._seconds)
        except ProcessExpired as error:
            log.error("a picture ended its process", action="draw.crash", code=error.exitcode)
        except Exception as error:  # the process's edge: whatever was raised there comes out here
            if self._processes.is_closed:
                raise
            # The message of an error may quote a name, so the type must do.
            log.error("drawing failed", action="draw.error", error=type(error).__name__)
        return None

    def close(self) -> None:
        """End the process."""
        self._processes.close()


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
