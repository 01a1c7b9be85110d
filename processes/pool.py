"""Work in processes of its own, so that what is wrong with it costs it alone."""

import asyncio
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from threading import Lock
from typing import TypeVar

from pebble import ProcessFuture, ProcessPool

_Result = TypeVar("_Result")


class Processes:
    """Processes of the fork server, started at first need; where all have died, others take their place."""

    def __init__(
        self,
        processes: int,
        prepare: Callable[[], object],
        *,
        calls: int = 0,
        before: Callable[[], object] | None = None,
        gone: Callable[[], object],
    ) -> None:
        """Each process begins with ``prepare`` and makes room for a fresh one after ``calls``, if not 0.

        ``before`` is called before each call is handed over, the first time not on the event loop; ``gone``, where all
        have died.
        """
        self._new = partial(
            ProcessPool,
            max_workers=processes,
            max_tasks=calls,
            initializer=prepare,
            context=get_context("forkserver"),
        )
        self._before = before
        self._gone = gone
        self._lock = Lock()
        self.pool = self._new()
        # Whether the first call has been handed over, and so the fork server is there.
        self._is_up = False
        self.is_closed = False

    async def call(self, seconds: float, function: Callable[..., _Result], *given: object) -> _Result:
        """Return what a process returns, in ``seconds`` at most from when it begins.

        Raises concurrent.futures.TimeoutError, pebble.ProcessExpired where the process died, RuntimeError where the
        pool is closed, and whatever the function raises.
        """
        try:
            return await self._call(seconds, function, *given)
        except BrokenProcessPool:
            # All processes had died before one of them had it in hand.
            return await self._call(seconds, function, *given)

    def schedule(
        self, seconds: float | None, function: Callable[..., _Result], *given: object
    ) -> ProcessFuture[_Result]:
        """Hand a call over to a process; this waits until the fork server is there, and so for what it loads."""
        if self._before is not None:
            self._before()
        with self._lock:
            if not (self.pool.active or self.is_closed):
                self._gone()
                self._end()
                self.pool = self._new()
            return self.pool.schedule(function, args=given, timeout=seconds)

    def close(self) -> None:
        """End the processes and whatever they were doing."""
        with self._lock:
            self.is_closed = True
        self._end()

    async def _call(self, seconds: float, function: Callable[..., _Result], *given: object) -> _Result:
        if self._is_up and self.pool.active:
            future = self.schedule(seconds, function, *given)
        else:
            # Not on the event loop, which would stand still while it waits.
            future = await asyncio.to_thread(self.schedule, seconds, function, *given)
            self._is_up = True
        return await asyncio.wrap_future(future)

    def _end(self) -> None:
        self.pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self.pool.join()
