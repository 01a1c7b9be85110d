"""One process a bot and database: another would take over the jobs that this one has in hand."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(database: Path | None, bot: int) -> Iterator[bool]:
    """Yield whether this is the only process of the bot on the database; the system lets go when a process dies.

    Where there is no file, there is a server, and it need not be.
    """
    if database is None:
        yield True
        return
    with Path(f"{database}-bot{bot}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
