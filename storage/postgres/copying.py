"""A whole archive from SQLite to PostgreSQL: table by table, in the order of their keys, a page at a time.

How far it has come stands in the target and is committed with each page, so a copy that was cut off goes on from there.
Nobody writes to the source meanwhile, and nobody can open the target before all is there and has been compared.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import psycopg

from storage.connection import Database, DatabaseUnusableError, Reader, Row
from storage.copies import Compared, Refusal, Told
from storage.postgres.database import COPYING, PostgresConnection, PostgresDatabase

PAGE = 2000
# What either engine makes of jobs by itself. Nobody has one in hand in the target.
_OWN = {("jobs", "is_head"), ("jobs", "task")}
_READ_AS = {("jobs", "state"): "CASE WHEN state = 'running' THEN 'ready' ELSE state END"}
# Whose triggers make rows that are copied too.
_QUIET = ("mentions", "person_articles", "reprints")
_NOT_COPIED = {"schema_steps", COPYING}
_COLUMNS = """
    SELECT table_name AS name, column_name AS col FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position
"""
_KEYS = """
    SELECT t.relname AS name, a.attname AS col FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    JOIN unnest(i.indkey) WITH ORDINALITY k (number, place) ON TRUE
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
    WHERE i.indisprimary AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, k.place
"""
_REFERENCES = """
    SELECT child.relname AS name, parent.relname AS other, a.attname AS col FROM pg_constraint c
    JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = child.oid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND child.relnamespace = current_schema()::regnamespace
"""
_IDENTITIES = """
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES' AND column_name = 'id'
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of a table for which a condition holds, in the order of its key."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    condition: str = "1 = 1"

    @property
    def name(self) -> str:
        return f"{self.table}: {self.condition}"

    def page(self, after: Sequence[Any] | None, limit: int) -> tuple[str, dict[str, Any]]:
        """Return the statement for the next rows, and its parameters."""
        keys = ", ".join(map(_quoted, self.key))
        names = [f"key{index}" for index in range(len(self.key))]
        behind = "" if after is None else f"AND ({keys}) > ({', '.join(f':{name}' for name in names)})"
        columns = ", ".join(_read(self.table, column) for column in self.columns)
        sql = f"SELECT {columns} FROM {self.table} WHERE {self.condition} {behind} ORDER BY {keys} LIMIT :limit"
        return sql, {"limit": limit, **dict(zip(names, after or (), strict=False))}


async def copy(source: Database, name: str, target: PostgresDatabase, told: Told) -> Refusal | Sequence[Compared]:
    """Copy all that the source has, under the ``name`` by which it is known again, and compare.

    Where each table is the same, the target is ready to be opened. Raises DatabaseAwayError.
    """
    async with source.transaction() as here:
        parts = await _parts(here, target)
        if (refusal := await _begin(target, name, parts)) is not None:
            return refusal
        for part in parts:
            await _copy(here, target, part, told)
        async with target.reading() as there:
            compared = [await _compare(here, there, part, told) for part in _whole(parts)]
        if all(each.is_same for each in compared):
            await _end(here, target)
    return compared


async def _parts(here: Reader, target: PostgresDatabase) -> list[_Part]:
    """Return what is copied, in an order in which each row finds those that it refers to."""
    known = await _tables(here)
    async with target.reading() as there:
        columns = _grouped(await there.all(_COLUMNS))
        keys = _grouped(await there.all(_KEYS))
        references = await there.all(_REFERENCES)
    tables = sorted(columns.keys() & known - _NOT_COPIED)
    before = {table: {row["other"] for row in references if row["name"] == table} - {table} for table in tables}
    to_itself = {row["name"]: row["col"] for row in references if row["name"] == row["other"]}
    parts = []
    for table in TopologicalSorter(before).static_order():
        copied = tuple(column for column in columns[table] if (table, column) not in _OWN)
        key = tuple(keys[table])
        parts += [_Part(table, copied, key, condition) for condition in _conditions(to_itself.get(table), key)]
    return parts


def _conditions(to_itself: str | None, key: Sequence[str]) -> Sequence[str]:
    if to_itself is None:
        return ("1 = 1",)
    # Rows that stand for themselves are there before those that refer to them.
    return f"COALESCE({to_itself}, {key[0]}) = {key[0]}", f"{to_itself} <> {key[0]}"


async def _tables(db: Reader) -> set[str]:
    rows = await db.all("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    return {row["name"] for row in rows}


def _whole(parts: Sequence[_Part]) -> Sequence[_Part]:
    return [_Part(*whole) for whole in dict.fromkeys((part.table, part.columns, part.key) for part in parts)]


async def _begin(target: PostgresDatabase, name: str, parts: Sequence[_Part]) -> Refusal | None:
    """Find out whether a copy can begin, or go on, and keep that it has."""
    async with target.transaction() as there:
        if await there.one("SELECT 1 AS found WHERE to_regclass(:name) IS NOT NULL", name=COPYING):
            begun = await there.one(f"SELECT source FROM {COPYING}")
            return None if begun and begun["source"] == name else Refusal.OF_ANOTHER
        for part in _whole(parts):
            if await there.one(f"SELECT 1 AS found FROM {part.table} LIMIT 1"):
                return Refusal.HAS_DATA
        await there.run(f"CREATE TABLE {COPYING} (part TEXT PRIMARY KEY, source TEXT, last TEXT, done BIGINT)")
        begun_parts = [{"part": part.name, "source": name} for part in parts]
        await there.run_many(f"INSERT INTO {COPYING} VALUES (:part, :source, NULL, 0)", begun_parts)
        for table in _QUIET:
            await there.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return None


async def _copy(here: Reader, target: PostgresDatabase, part: _Part, told: Told) -> None:
    total = await _count(here, part)
    async with target.reading() as there:
        row = await there.one(f"SELECT last, done FROM {COPYING} WHERE part = :part", part=part.name)
    last, done = (json.loads(row["last"]) if row and row["last"] else None), row["done"] if row else 0
    async for page in _pages(here, part, last):
        done += len(page)
        async with target.transaction() as there:
            try:
                await _write(there, part, page)
            except psycopg.Error as error:
                # A key that is too long for any index here, say, or text where a number should be.
                raise DatabaseUnusableError(f"{part.table}: {error.diag.message_primary}") from error
            await there.run(
                f"UPDATE {COPYING} SET last = :last, done = :done WHERE part = :part",
                part=part.name,
                last=json.dumps([page[-1][column] for column in part.key]),
                done=done,
            )
        told(part.table, done, total)


async def _write(there: PostgresConnection, part: _Part, page: Sequence[Row]) -> None:
    columns = ", ".join(map(_quoted, part.columns))
    await there.copy(f"COPY {part.table} ({columns}) FROM STDIN", [tuple(row.values()) for row in page])


async def _compare(here: Reader, there: Reader, part: _Part, told: Told) -> Compared:
    rows, own = await _hash(here, part, told)
    rows_there, others = await _hash(there, part, told)
    return Compared(part.table, rows, rows_there, own, others)


async def _hash(db: Reader, part: _Part, told: Told) -> tuple[int, str]:
    rows, total, digest = 0, await _count(db, part), hashlib.sha256()
    async for page in _pages(db, part, None):
        for row in page:
            # What PostgreSQL cannot keep is written as in storage/postgres/values.py.
            text = json.dumps(list(row.values()), ensure_ascii=False, default=bytes.hex).replace("\\u0000", "\ufffd")
            digest.update(text.encode())
        rows += len(page)
        told(part.table, rows, total)
    return rows, digest.hexdigest()


async def _pages(db: Reader, part: _Part, after: Sequence[Any] | None) -> AsyncIterator[Sequence[Row]]:
    while True:
        sql, parameters = part.page(after, PAGE)
        page = await db.all(sql, **parameters)
        if not page:
            return
        after = [page[-1][column] for column in part.key]
        yield page


async def _count(db: Reader, part: _Part) -> int:
    row = await db.one(f"SELECT COUNT(*) AS found FROM {part.table} WHERE {part.condition}")
    return row["found"] if row else 0


async def _end(here: Reader, target: PostgresDatabase) -> None:
    """Let the target be opened: its numbers go on behind those that were given."""
    given = {row["name"]: row["seq"] for row in await here.all("SELECT name, seq FROM sqlite_sequence")}
    async with target.transaction() as there:
        for row in await there.all(_IDENTITIES):
            await there.one(
                f"""SELECT setval(pg_get_serial_sequence(:name, 'id'), GREATEST(:given, MAX(id), 1),
                    GREATEST(:given, MAX(id)) > 0) AS last FROM {row["name"]}""",
                name=row["name"],
                given=given.get(row["name"], 0),
            )
        for table in _QUIET:
            await there.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        await there.run(f"DROP TABLE {COPYING}")
        await there.run("ANALYZE")


def _grouped(rows: Sequence[Row]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append(row["col"])
    return found


def _quoted(column: str) -> str:
    return f'"{column}"'


def _read(table: str, column: str) -> str:
    expression = _READ_AS.get((table, column))
    return f"{expression} AS {_quoted(column)}" if expression else _quoted(column)
