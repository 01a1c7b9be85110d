"""What the SQL of this room is written against: one text with named parameters (``:name``) for every engine."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

Row = Mapping[str, Any]
T = TypeVar("T")

# Where an older release meets the schema of a newer one.
WRITTEN_LATER = "a later release of Presswatch has used it; take that one, or a backup from before"

# A letter that means something in an address has its number in a password (%40 is @): the drivers, and what hides
# passwords, would not agree on where that ends.
_OF_SERVER = re.compile(r"postgres(?:ql)?://(?:[^@/?#\[\]]*@)?[^@#]*")
HOW_WRITTEN = (
    "write postgresql://USER:PASSWORD@HOST/DATABASE, in the password %40 for @, %2F for /, %3F for ?, %23 for #"
)


def is_well_written(url: str) -> bool:
    """Return whether all agree on what in the address of a database on a server is its password."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return _OF_SERVER.fullmatch(url) is not None


def named(url: str) -> str:
    """Return the address of a database on a server without user and password."""
    given = urlsplit(url)
    return f"{given.scheme}://{given.hostname or ''}{given.path}"


# After it was written anew for so long that somebody noticed, a database is left alone for so many times as long.
REST = 9


def rest_after(took: float, noticed: float) -> float:
    """Return for how many seconds a database is not written anew once more, after that ``took`` so many."""
    return took * REST if took > noticed else 0.0


class DatabaseUnusableError(Exception):
    """The database cannot be opened or brought up to date; the message says why."""


class DatabaseAwayError(Exception):
    """The database cannot be reached, is held by others, or has no room just now: later it may do.

    Nothing of the transaction stands, or, where the line broke while it ended, all of it may.
    """


class Engine(Enum):
    """What runs the SQL, for the little of it that is not the same everywhere."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


class Reader(Protocol):
    """A connection that can look."""

    @property
    def engine(self) -> Engine:
        """What it leads to."""

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        """Return every row."""

    async def one(self, sql: str, **parameters: Any) -> Row | None:
        """Return the first row, or None where there is none."""


class Writer(Reader, Protocol):
    """A connection inside a transaction."""

    async def run(self, sql: str, **parameters: Any) -> int:
        """Change rows and return how many."""

    async def defer_references(self) -> None:
        """Let rows name chats that are not there until the transaction ends."""

    async def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows it changed."""


Work = Callable[[Writer], Coroutine[Any, Any, T]]
"""What is done in a transaction, and awaits nothing but its connection."""

Look = Callable[[Reader], Coroutine[Any, Any, T]]
"""What is looked up, and awaits nothing but its connection."""


class Database(Protocol):
    """An engine: any number of readers beside transactions that come one after another."""

    def transaction(self) -> AbstractAsyncContextManager[Writer]:
        """Commit all that happens inside, or, where anything is raised, nothing of it."""

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        """Do ``work`` in a transaction, and return what comes of it.

        It costs less than ``transaction`` where an engine can have it done in one go, with what others ask for at the
        same time. What takes long is done ``alone``, so that others need not wait until it is done and theirs is, too.
        """

    async def note(self, work: Work[T]) -> T:
        """Do ``work`` in a transaction that, as far as an engine can, waits for nobody's turn; return what comes of it.

        It is for a few rows, known by their keys, that keep what has just happened outside, such as by which message
        something was told: who is killed before that is kept would do it again. A transaction that goes on at the same
        time may not see it; where the two are in each other's way, this one waits for its turn.
        """

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        """Lend a connection that sees what is committed."""

    async def look(self, work: Look[T]) -> T:
        """Look up what takes many questions, all of it as it is at one moment, and return what comes of it.

        It costs less than ``reading`` where an engine can have it done in one go.
        """

    async def is_whole(self) -> bool:
        """Return whether the files are what they were written as, as far as the engine can tell."""

    async def scrub(self) -> bool:
        """Leave no trace in the files of what was deleted; False where something else uses them just now."""

    async def close(self) -> None:
        """Let go of every connection."""


async def to_the_end(step: Coroutine[Any, Any, None]) -> None:
    """Finish ``step`` even if this task is cancelled meanwhile, and let the cancellation go on afterwards."""
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            # Whoever is cancelled does not hear of it; so it counts as heard.
            task.exception()
        raise
