"""Extraction in processes of its own, so that one bad article costs itself alone and the event loop nothing.

This module and ``extraction.worker`` are all that the bot's process sees of extraction; spaCy is loaded in the pool.
"""

import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as PoolTimeoutError
from functools import partial
from threading import Thread

import structlog
from pebble import ProcessExpired

from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from extraction import worker
from extraction.languages import FurtherModels
from extraction.stages import Stage
from processes.pool import Processes

# A long article takes a second or two; one that takes this long has met a fault of ours.
ARTICLE_SECONDS = 60.0

log = structlog.get_logger()


class ExtractionPool:
    """``processes`` workers with the installed spaCy pipeline ``model`` loaded in each, started at first need.

    ``further`` are the pipelines of other languages, which a worker loads when an article needs them. ``took`` is told
    how many seconds each stage of an article has taken.
    """

    def __init__(
        self,
        model: str,
        processes: int = 1,
        article_seconds: float = ARTICLE_SECONDS,
        further: FurtherModels = (),
        took: Callable[[Stage, float], None] | None = None,
    ) -> None:
        self._models = model, further
        self._seconds = article_seconds
        self._took = took
        self._processes = Processes(
            processes,
            partial(worker.prepare, *self._models),
            # Looked up at each call. The first time, it waits until the model is loaded.
            before=lambda: worker.begin(model),
            gone=lambda: log.error("all processes for articles are gone; others are started", action="extract.broken"),
        )

    def warm_up(self) -> None:
        """Begin to start the processes before the first article comes; returns at once."""
        Thread(target=self._warm_up, name="extraction", daemon=True).start()

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what the text says, or why nothing came out of it."""
        began = time.monotonic()
        try:
            result, spent = await self._processes.call(self._seconds, worker.extract, *self._models, text, given)
        except PoolTimeoutError:
            log.error(
                "an article took too long",
                action="extract.timeout",
                seconds=self._seconds,
                characters=len(text),
            )
            return ExtractionFailure(FailureReason.TIMEOUT)
        except ProcessExpired as error:
            log.error(
                "an article ended its process",
                action="extract.crash",
                code=error.exitcode,
                characters=len(text),
            )
            return ExtractionFailure(FailureReason.CRASH)
        except Exception as error:  # the process's edge: whatever the worker raised comes out here
            if self._processes.is_closed:
                raise
            # The message of an error may quote the article, so the type and the place must do.
            log.error("extraction failed", action="extract.error", error=type(error).__name__, characters=len(text))
            return ExtractionFailure(FailureReason.CRASH)
        if self._took is not None:
            for stage, seconds in spent.items():
                self._took(stage, seconds)
            self._took(Stage.WAITING, max(time.monotonic() - began - sum(spent.values()), 0.0))
        return result

    def close(self) -> None:
        """End the processes; what they were reading is read again after the next start."""
        self._processes.close()

    def _warm_up(self) -> None:
        try:
            self._processes.schedule(None, worker.prepare, *self._models)
        except RuntimeError as error:
            # The bot ends already, or the first article tries again.
            log.warning("no process could be started yet", action="extract.no_start", error=str(error))
