"""A PostgreSQL server's clock as a test sets it: another ``now()`` is found before its own."""

from datetime import datetime
from urllib.parse import quote

import psycopg

from tests.samples import NOON, Clock

_OPTIONS = "-csearch_path=public,clock,pg_catalog"
_SCHEMA = """
    CREATE SCHEMA IF NOT EXISTS clock;
    CREATE TABLE IF NOT EXISTS clock.shown (at TIMESTAMPTZ NOT NULL);
    DELETE FROM clock.shown;
    INSERT INTO clock.shown VALUES (%(at)s);
    CREATE OR REPLACE FUNCTION clock.now() RETURNS TIMESTAMPTZ LANGUAGE SQL STABLE AS 'SELECT at FROM clock.shown'
"""


def told_by_it(url: str) -> str:
    """Return an address whose connections see this clock."""
    return f"{url}{'&' if '?' in url else '?'}options={quote(_OPTIONS)}"


class ServerClock(Clock):
    """A clock that the server shows too."""

    def __init__(self, url: str) -> None:
        self._url = url
        with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
            connection.execute(_SCHEMA.encode(), {"at": NOON})
        self._shown = NOON

    @property
    def now(self) -> datetime:
        return self._shown

    @now.setter
    def now(self, moment: datetime) -> None:
        self._shown = moment
        with psycopg.connect(self._url) as connection:
            connection.execute(b"UPDATE clock.shown SET at = %(at)s", {"at": moment})
