"""A backup: the file of one moment, whole, for its owner alone, while others write."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from storage.connection import DatabaseUnusableError
from storage.sqlite import backup
from storage.sqlite.backup import back_up
from storage.sqlite.database import SqliteDatabase

PAGE = 4096


def filled(file: Path, pages: int) -> None:
    """Make a database whose two tables have the same number of rows whenever somebody may look."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript("CREATE TABLE a (x); CREATE TABLE b (x)")
        write(db, pages)


def write(db: sqlite3.Connection, rows: int) -> None:
    with db:
        for table in "ab":
            db.executemany(f"INSERT INTO {table} VALUES (?)", [(b"x" * PAGE,)] * rows)  # noqa: S608  # "a" or "b"


def counted(file: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute("SELECT (SELECT COUNT(*) FROM a), (SELECT COUNT(*) FROM b)").fetchone()


def test_it_is_of_one_moment_and_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Others commit after each lot: that gets through at once, none of it is copied, and nothing begins anew."""
    monkeypatch.setattr(backup, "PAGES", 10)
    filled(tmp_path / "a.db", 30)
    lots: list[int] = []
    with closing(sqlite3.connect(tmp_path / "a.db", timeout=0)) as other:

        def told(done: int, pages: int) -> None:
            lots.append(done)
            write(other, 1)

        back_up(tmp_path / "a.db", tmp_path / "copy.db", told)
    assert len(lots) > 5
    assert lots == sorted(set(lots))
    assert counted(tmp_path / "copy.db") == (30, 30)
    assert counted(tmp_path / "a.db") == (30 + len(lots), 30 + len(lots))


def test_it_is_one_file_that_its_owner_alone_may_read(tmp_path: Path):
    filled(tmp_path / "a.db", 1)
    back_up(tmp_path / "a.db", tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy.db"]


async def test_what_is_in_the_log_alone_is_in_it_too(tmp_path: Path):
    """The bot runs, and the file itself is behind."""
    database = await SqliteDatabase.open(tmp_path / "a.db")
    async with database.transaction() as db:
        await db.run("CREATE TABLE a (x)")
        await db.run("CREATE TABLE b (x)")
    back_up(tmp_path / "a.db", tmp_path / "copy.db")
    await database.close()
    assert counted(tmp_path / "copy.db") == (0, 0)
    again = await SqliteDatabase.open(tmp_path / "copy.db")
    assert await again.is_whole()
    await again.close()


async def kept(file: Path, chat: int | None = None) -> list[int]:
    """Keep something of this chat, if any, as the bot would, and return of which chats there is something."""
    database = await SqliteDatabase.open(file)
    if chat is not None:
        async with database.transaction() as db:
            await db.run(
                """INSERT INTO used (bot, chat_id, user_id, what, span, began_at, count)
                VALUES (1, :chat, 0, 'article', 'day', '2026-03-03', 1)""",
                chat=chat,
            )
    async with database.reading() as db:
        found = await db.all("SELECT chat_id FROM used ORDER BY chat_id")
    await database.close()
    return [row["chat_id"] for row in found]


def put_back(copy: Path, archive: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{archive}{end}").unlink(missing_ok=True)
    copy.rename(archive)


async def test_put_back_it_is_as_it_was(tmp_path: Path):
    """As docs/operations.md has it: the file in place of the other, of which nothing stays beside it."""
    archive, copy = tmp_path / "presswatch.db", tmp_path / "copy.db"
    await kept(archive, 1)
    back_up(archive, copy)
    assert await kept(archive, 2) == [1, 2]
    put_back(copy, archive)
    assert await kept(archive) == [1]
    assert await kept(archive, 3) == [1, 3]


def test_one_that_is_there_stays(tmp_path: Path):
    filled(tmp_path / "a.db", 1)
    (tmp_path / "copy.db").write_bytes(b"the last good one")
    with pytest.raises(DatabaseUnusableError, match="is there already"):
        back_up(tmp_path / "a.db", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == b"the last good one"


def test_of_a_database_that_is_not_there_no_empty_one_is_made(tmp_path: Path):
    with pytest.raises(DatabaseUnusableError, match=r"a\.db cannot be copied"):
        back_up(tmp_path / "a.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_gives_no_copy(tmp_path: Path):
    filled(tmp_path / "a.db", 30)
    with (tmp_path / "a.db").open("r+b") as file:
        file.seek(2 * PAGE)
        file.write(b"\xff" * 20 * PAGE)
    with pytest.raises(DatabaseUnusableError):
        back_up(tmp_path / "a.db", tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


def test_stopped_half_way_nothing_is_left(tmp_path: Path):
    filled(tmp_path / "a.db", 1)

    def told(done: int, pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(tmp_path / "a.db", tmp_path / "copy.db", told)
    assert list(tmp_path.glob("copy*")) == []
