"""SQL and values reach PostgreSQL as they reach SQLite, and come back the same."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.connection import Database, DatabaseUnusableError, Engine
from storage.opening import open_database
from storage.postgres.texts import for_psycopg


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("SELECT :name", b"SELECT %(name)s"),
        ("a = :a AND b = :a1_b", b"a = %(a)s AND b = %(a1_b)s"),
        ("'it''s :no' || :yes", b"'it''s :no' || %(yes)s"),
        ('":no" = :yes', b'":no" = %(yes)s'),
        ("-- :no, 'tis\n:yes", b"-- :no, 'tis\n%(yes)s"),
        ("/* :no ' \n */ :yes", b"/* :no ' \n */ %(yes)s"),
        (":a::BIGINT", b"%(a)s::BIGINT"),
        ("x LIKE '%:no%' OR 7 % :n", b"x LIKE '%%:no%%' OR 7 %% %(n)s"),
        ("'12:30'", b"'12:30'"),
        ("SELECT 1", b"SELECT 1"),
    ],
)
def test_parameters_are_named_as_psycopg_names_them_and_nothing_else_is(sql: str, written: bytes):
    assert for_psycopg(sql) == written


@pytest.fixture
async def value(database: Database) -> AsyncIterator[Database]:
    async with database.transaction() as db:
        await db.run("DROP TABLE IF EXISTS kept")
        await db.run("CREATE TABLE kept (text TEXT, number BIGINT, real DOUBLE PRECISION)")
    yield database
    async with database.transaction() as db:
        await db.run("DROP TABLE kept")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False, allow_infinity=False, width=64, allow_subnormal=False),
)
async def test_values_come_back_as_they_were(value: Database, text: str | None, number: int | None, real: float | None):
    async with value.transaction() as db:
        await db.run("DELETE FROM kept")
        await db.run("INSERT INTO kept VALUES (:text, :number, :real)", text=text, number=number, real=real)
        rows = await db.all("SELECT * FROM kept")
        await db.run_many("INSERT INTO kept VALUES (:text, :number, :real)", [dict(rows[0])])
        again = await db.all("SELECT * FROM kept")
        found = await db.all("SELECT 1 FROM kept WHERE text = :text", text=text)
    assert again == [{"text": text, "number": number, "real": real}] * 2
    assert len(found) == (0 if text is None else 2)


async def test_counts_sums_and_averages_are_numbers_of_the_same_kinds(value: Database):
    async with value.transaction() as db:
        await db.run("INSERT INTO kept (number) VALUES (1), (2), (2)")
        row = await db.one(
            """SELECT COUNT(*) AS c, SUM(number) AS s, AVG(number) AS a, 7 / 2 AS d, 2.0 * 3 AS m, MAX(number) AS m2
            FROM kept"""
        )
    assert row is not None
    assert {name: (type(found), found) for name, found in row.items() if name != "a"} == {
        "c": (int, 3),
        "s": (int, 5),
        "d": (int, 3),
        "m": (float, 6.0),
        "m2": (int, 2),
    }
    assert row["a"] == pytest.approx(5 / 3)


async def test_the_one_character_that_postgresql_does_not_keep_keeps_its_place(value: Database):
    async with value.transaction() as db:
        await db.run("INSERT INTO kept (text) VALUES (:text)", text="a\0b")
        found = await db.one("SELECT text FROM kept")
        assert found == {"text": "a\0b" if db.engine is Engine.SQLITE else "a\N{REPLACEMENT CHARACTER}b"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:sesame@127.0.0.1:1/press",
        "postgresql://ann:sesame@[",
        "postgresql://ann:open@sesame@127.0.0.1:1/press",
        "postgresql://ann:open/sesame@127.0.0.1:1/press",
        "postgresql://ann:open#sesame@127.0.0.1:1/press",
        "postgresql://ann:open?sesame@127.0.0.1:1/press",
        "postgresql://ann:open[sesame@127.0.0.1:1/press",
        "postgresql://127.0.0.1:1/press?password=open@sesame",
        "postgresql://127.0.0.1:1?password=open@sesame",
        "postgresql:// ?password=sesame&x=sesame",
    ],
)
async def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str):
    with pytest.raises(DatabaseUnusableError) as told:
        await open_database(url)
    error: BaseException | None = told.value
    while error is not None:
        assert "sesame" not in f"{error} {error!r}"
        error = error.__cause__
