"""Group commit: what comes to be written while others write is then written together, and waits for the disk once.

DeWitt et al. 1984, "Implementation Techniques for Main Memory Database Systems".
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.connection import T, Work, to_the_end


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of work that was done in a savepoint of its own, or the error for which it was taken back."""

    result: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Asked:
    """Work that somebody waits for; ``begun`` is the task that does it, once it does."""

    work: Work[Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    begun: asyncio.Task[None] | None = None

    def end(self, outcome: Outcome) -> None:
        """Tell whoever waits, unless nobody does any more."""
        if self.done.done():
            return
        if outcome.error is None:
            self.done.set_result(outcome.result)
        else:
            self.done.set_exception(outcome.error)


# Waits for its turn to write, takes what is asked for by then, and returns what came of each.
Do = Callable[[Callable[[], Sequence[Asked]]], Awaitable[Sequence[Outcome]]]


class Gathering:
    """What waits to be written by one process; ``do`` does it as the engine can, in one transaction."""

    def __init__(self, do: Do) -> None:
        self._do = do
        self._waiting: list[Asked] = []
        self._task: asyncio.Task[None] | None = None

    async def transact(self, work: Work[T]) -> T:
        """Have ``work`` done; each is done or taken back by itself. Raises what it raises, or the commit."""
        asked = Asked(work)
        self._waiting.append(asked)
        if self._task is None:
            self._task = asyncio.create_task(self._do_all(), name="transactions")
        try:
            done: T = await asked.done
        except asyncio.CancelledError:
            if asked.begun is not None:
                # Who sees this task end finds what will be there from then on.
                await to_the_end(_ended(asked.begun))
            raise
        return done

    async def _do_all(self) -> None:
        taken: list[Asked] = []

        def take() -> Sequence[Asked]:
            taken.extend(asked for asked in self._waiting if not asked.done.cancelled())
            self._waiting, task, self._task = [], self._task, None
            for asked in taken:
                asked.begun = task
            return taken

        try:
            outcomes = await self._do(take)
        except Exception as error:  # noqa: BLE001  # it goes to all who asked
            if self._task is asyncio.current_task():
                # It came to nothing before its turn, and so before anything was taken.
                take()
            outcomes = [Outcome(error=error)] * len(taken)
        for asked, outcome in zip(taken, outcomes, strict=True):
            asked.end(outcome)


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait({task})
