"""An archive of a measurement's own: the real services over a file, and extraction in this process."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from domain.extraction import Extraction, ExtractionFailure, Metadata
from domain.intake import FileContent, NoArticle, PageContent
from services import Services
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue


class Reads(Protocol):
    """What reads a text: the extractor, or what stands for one."""

    def extract(self, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
        """Return what a text says."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """Extraction without a pool, which reads a text once; there are no files and no links."""

    reads: Reads
    found: dict[str, Extraction | ExtractionFailure] = field(default_factory=dict)

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what the text says."""
        if text not in self.found:
            self.found[text] = self.reads.extract(text, given)
        return self.found[text]

    def warm_up(self) -> None:
        """There is nothing to get ready."""

    async def read_file(self, data: bytes, name: str | None, mime: str | None) -> FileContent:
        """Return that there is no article."""
        return NoArticle.EMPTY

    async def read_link(self, address: str) -> PageContent:
        """Return that there is no article."""
        return NoArticle.NOT_FOUND


@asynccontextmanager
async def opened(path: Path, here: InProcess, clock: Callable[[], datetime]) -> AsyncIterator[Services]:
    """Open the archive in a file; one that stayed open would hold the process."""
    database = await SqliteDatabase.open(path)
    try:
        yield Services(database, SqliteQueue(database, clock), here, here, here, clock, "UTC")
    finally:
        await database.close()


@asynccontextmanager
async def temporary(here: InProcess, clock: Callable[[], datetime]) -> AsyncIterator[Services]:
    """Open an empty archive, which is gone afterwards."""
    with TemporaryDirectory() as folder:
        async with opened(Path(folder) / "archive.db", here, clock) as services:
            yield services
