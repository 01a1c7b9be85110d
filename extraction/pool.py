"""Extraction in processes of its own, so that one bad article costs itself alone and the event loop nothing.

This module and ``extraction.worker`` are all that the bot's process sees of extraction; spaCy is loaded in the pool.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as PoolTimeoutError
from multiprocessing import get_context

import structlog
from pebble import ProcessExpired, ProcessPool

from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from extraction import worker
from extraction.languages import FurtherModels
from extraction.stages import Stage

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
        context = get_context("forkserver")
        # What the fork server has imported, a worker that replaces a dead one need not import again.
        context.set_forkserver_preload(["extraction.worker", "spacy"])
        self._models = model, further
        self._seconds = article_seconds
        self._took = took
        self._pool = ProcessPool(
            max_workers=processes, initializer=worker.prepare, initargs=self._models, context=context
        )

    def warm_up(self) -> None:
        """Let a process start and load its model before the first article comes."""
        self._pool.schedule(worker.prepare, args=self._models)

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what the text says, or why nothing came out of it."""
        began = time.monotonic()
        future = self._pool.schedule(worker.extract, args=(*self._models, text, given), timeout=self._seconds)
        try:
            result, spent = await asyncio.wrap_future(future)
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
        except Exception as error:  # noqa: BLE001  # the process's edge: whatever the worker raised comes out here
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
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()
