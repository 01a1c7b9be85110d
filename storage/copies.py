"""What comes of copying an archive from one database to another."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

# A table's name, how many of its rows are done, and how many there are.
Told = Callable[[str, int, int], None]


class Refusal(Enum):
    """Why nothing was copied."""

    HAS_DATA = "the target has data of its own"
    OF_ANOTHER = "another archive is half copied into the target"


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows a table has here and there, and a hash (SHA-256) of all that is in them."""

    name: str
    rows: int
    rows_there: int
    hash: str
    hash_there: str

    @property
    def is_same(self) -> bool:
        """Whether there is what is here."""
        return (self.rows, self.hash) == (self.rows_there, self.hash_there)
