"""A copy of the file while others write to it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage.connection import DatabaseUnusableError

# So many pages are copied at a time; between two lots it may be said how far we are, and be stopped.
PAGES = 4_000
# What is not whole yet is called so.
_PART = ".part"


def back_up(source: Path, target: Path, told: Callable[[int, int], None] = lambda done, pages: None) -> None:
    """Copy the database as it stands now to ``target``, one file that its owner alone may read, and check the copy.

    ``told`` is told after each lot how many pages of how many are there. Nobody waits meanwhile, and what is written
    after the beginning is not in it. ``target`` has its name only once it is whole, and must not be there before.

    Raises DatabaseUnusableError where that cannot be; then no copy is left.
    """
    if target.exists():
        raise DatabaseUnusableError(f"{target} is there already")
    part = target.with_name(target.name + _PART)
    try:
        _make_empty(part)
        with closing(_opened(source)) as original, closing(sqlite3.connect(part)) as copy:
            _copy(original, copy, told)
            _check(copy)
        part.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnusableError(f"{source} cannot be copied to {target}: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _make_empty(part: Path) -> None:
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _opened(source: Path) -> sqlite3.Connection:
    """Open what is there; a missing file is no empty database, and its schema stays as it is."""
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _copy(original: sqlite3.Connection, copy: sqlite3.Connection, told: Callable[[int, int], None]) -> None:
    # With a reading transaction held, all lots are of one moment; else each commit of others would begin it anew.
    original.execute("BEGIN")
    original.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    original.backup(copy, pages=PAGES, progress=lambda _, left, pages: told(pages - left, pages))


def _check(copy: sqlite3.Connection) -> None:
    # One file: with a log beside it, half of it could be put back.
    copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the copy is damaged; presswatch doctor looks at the original")


def _sync(folder: Path) -> None:
    """Bring the new name to the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
