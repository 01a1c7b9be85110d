"""Both engines keep the same: tables, columns, what may be missing, keys, and what goes with what."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.connection import Database, Reader
from storage.opening import open_database
from storage.postgres.migrations import steps as steps_of_postgresql
from storage.sqlite.migrations import steps as steps_of_sqlite
from tests.engines import sqlite_url, tables

TYPES = {"INTEGER": "bigint", "REAL": "double precision", "TEXT": "text", "BLOB": "bytea"}
# What one engine alone has, with the reason.
OWN = {
    "jobs": "how jobs are handed out",
    "schema_steps": "what the engine itself has been through",
}

_NULLABLE = """
    SELECT table_name AS name, column_name AS col FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_nullable = 'NO'
"""
_UNIQUE = """
    SELECT t.relname AS name, string_agg(a.attname, ',' ORDER BY k.place) AS columns
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    JOIN unnest(i.indkey) WITH ORDINALITY k (number, place) ON TRUE
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
    WHERE i.indisunique AND t.relnamespace = current_schema()::regnamespace GROUP BY i.indexrelid, t.relname
"""
_REFERENCES = """
    SELECT child.relname AS name, parent.relname AS other, a.attname AS col, c.confdeltype AS kind
    FROM pg_constraint c
    JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = child.oid AND a.attnum = ANY(c.conkey)
    WHERE c.contype = 'f' AND child.relnamespace = current_schema()::regnamespace
"""
_ON_DELETE = {"a": "NO ACTION", "c": "CASCADE", "n": "SET NULL"}


@pytest.fixture
async def both(tmp_path: Path, postgresql_url: str) -> AsyncIterator[tuple[Database, Database]]:
    file, server = await open_database(sqlite_url(tmp_path)), await open_database(postgresql_url)
    yield file, server
    await file.close()
    await server.close()


async def shared(file: Reader, server: Reader) -> set[str]:
    return (await tables(file)).keys() & (await tables(server)).keys() - OWN.keys()


async def test_each_table_has_the_same_columns(both: tuple[Database, Database]):
    async with both[0].reading() as file, both[1].reading() as server:
        here, there = await tables(file), await tables(server)
    assert here.keys() - {"sqlite_sequence"} <= there.keys()
    for name in here.keys() & there.keys() - OWN.keys():
        assert {column: TYPES[kind] for column, kind in here[name].items()} == there[name], name


async def test_each_column_may_be_missing_in_both_or_in_none(both: tuple[Database, Database]):
    async with both[0].reading() as file, both[1].reading() as server:
        there = {(row["name"], row["col"]) for row in await server.all(_NULLABLE)}
        for name in await shared(file, server):
            for row in await file.all(f"SELECT * FROM pragma_table_info('{name}')"):  # noqa: S608  # names of tables
                assert ((name, row["name"]) in there) == bool(row["notnull"] or row["pk"]), (name, row["name"])


async def test_the_same_is_unique(both: tuple[Database, Database]):
    async with both[0].reading() as file, both[1].reading() as server:
        there = {(row["name"], row["columns"]) for row in await server.all(_UNIQUE)}
        here = set()
        for name in (names := await shared(file, server)):
            infos = await file.all(f"SELECT * FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY pk")  # noqa: S608
            here.add((name, ",".join(row["name"] for row in infos)))
            for index in await file.all(f"SELECT name FROM pragma_index_list('{name}') WHERE \"unique\""):  # noqa: S608
                columns = await file.all(f"SELECT name FROM pragma_index_info('{index['name']}') ORDER BY seqno")  # noqa: S608
                here.add((name, ",".join(row["name"] for row in columns)))
    assert {each for each in there if each[0] in names} == here


async def test_the_same_goes_with_what_it_refers_to(both: tuple[Database, Database]):
    async with both[0].reading() as file, both[1].reading() as server:
        there = {
            (row["name"], row["col"], row["other"], _ON_DELETE[row["kind"]]) for row in await server.all(_REFERENCES)
        }
        names, here = await shared(file, server), set()
        for name in names:
            for row in await file.all(f"SELECT * FROM pragma_foreign_key_list('{name}')"):  # noqa: S608
                here.add((name, row["from"], row["table"], row["on_delete"]))
    assert {each for each in there if each[0] in names} == here


def test_each_step_since_the_first_of_postgresql_stands_in_both_folders():
    (first, _), *later = steps_of_postgresql()
    assert [number for number, _ in later] == [number for number, _ in steps_of_sqlite() if number > first]
    assert first in {number for number, _ in steps_of_sqlite()}


async def test_what_does_not_go_with_what_it_refers_to_is_looked_at_when_the_transaction_ends(
    both: tuple[Database, Database],
):
    """Rows go one after the other with what they belong to, and in no order that could be relied on."""
    async with both[1].reading() as server:
        early = await server.all(
            """SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'a' AND NOT condeferred
                AND conrelid::regclass::text NOT LIKE 'procrastinate%'"""
        )
    assert early == []
