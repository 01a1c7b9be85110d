"""Group commit: what comes to be written while others write is then written together, and waits for the disk once.

DeWitt et al. 1984, "Implementation Techniques for Main Memory Database Systems".
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.connection import T, Work, to_the_end

# A question's way to its answer is three short transactions, one after the other.
MOST_LET_BY = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of work that was done in a savepoint of its own, or the error for which it was taken back."""

    result: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Asked:
    """Work that somebody waits for, in a transaction ``alone`` or with others; ``begun`` is the task that does it."""

    work: Work[Any]
    alone: bool = False
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
    """What waits to be written by one process; ``do`` does it as the engine can, in one transaction.

    What takes long is done alone, and lets what comes together meanwhile go before it, but not for ever.
    """

    def __init__(self, do: Do) -> None:
        self._do = do
        self._waiting: list[Asked] = []
        # How often something that is done alone has let others go before it.
        self._let_by = 0
        self._task: asyncio.Task[None] | None = None

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        """Have ``work`` done; each is done or taken back by itself. Raises what it raises, or the commit."""
        asked = Asked(work, alone)
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
            taken.extend(self._next())
            for asked in taken:
                asked.begun = self._task
            self._task = asyncio.create_task(self._do_all(), name="transactions") if self._waiting else None
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

    def _next(self) -> Sequence[Asked]:
        """Return whose turn it is: all that may be done together, or one that is done alone."""
        waiting = [asked for asked in self._waiting if not asked.done.cancelled()]
        together = [asked for asked in waiting if not asked.alone]
        alone = [asked for asked in waiting if asked.alone]
        if together and (not alone or self._let_by < MOST_LET_BY):
            self._let_by += bool(alone)
            self._waiting = alone
            return together
        self._let_by = 0
        self._waiting = [*alone[1:], *together]
        return alone[:1]


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait({task})
