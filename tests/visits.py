"""How often a database is asked."""

from collections import Counter
from typing import Any

from storage.connection import Database


class Visits:
    """A database that counts what is asked of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._database, name)
