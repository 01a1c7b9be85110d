"""What is exported of a collection, and in which form."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """JSON lines, which can be restored; tables, as CSV in a zip; and schema.org's JSON-LD."""

    LINES = "jsonl"
    TABLES = "csv"
    LINKED = "jsonld"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are exported, each with all that belongs to it; None lets every article through.

    ``since`` and ``until`` are days, both included, by the article's own date where it has one. ``person`` is a name:
    the articles that name anybody who bears it. ``language`` is an ISO 639-1 code.
    """

    since: date | None = None
    until: date | None = None
    person: str | None = None
    publisher: str | None = None
    language: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it is everything."""
        return self == Selection()


@dataclass(frozen=True, slots=True)
class NobodyCalled:
    """The collection has nobody of the name that an export asks for."""

    name: str
