"""The use cases over a real database, with an extraction that says what it is told to and a clock set by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from domain.extraction import Extraction, ExtractionFailure, Metadata
from domain.intake import FileContent, NoArticle, PageContent
from services import Services
from storage.opening import on_server, open_database, open_queue
from tests.samples import Clock
from tests.storage.server_clock import ServerClock, told_by_it


@dataclass
class Prepared:
    """An extraction that has been prepared: by text, what comes out of it."""

    results: dict[str, Extraction | ExtractionFailure] = field(default_factory=dict)
    asked: list[tuple[str, Metadata]] = field(default_factory=list)

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        self.asked.append((text, given))
        return self.results.get(text, Extraction(given))

    def warm_up(self) -> None:
        """There is nothing to get ready."""


@dataclass
class Pages:
    """Files and pages that have been prepared: by name or address, what is in them."""

    contents: dict[str, FileContent] = field(default_factory=dict)

    async def read_file(self, data: bytes, name: str | None, mime: str | None) -> FileContent:
        return self.contents.get(name or "", NoArticle.EMPTY)

    async def read_link(self, address: str) -> PageContent:
        found = self.contents.get(address, NoArticle.NOT_FOUND)
        return found if isinstance(found, NoArticle) else found[0]


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def clock(database_url: str) -> Clock:
    """A server gives jobs out by its own clock."""
    return ServerClock(database_url) if on_server(database_url) else Clock()


@pytest.fixture
def prepared() -> Prepared:
    return Prepared()


@pytest.fixture
async def services(database_url: str, clock: Clock, prepared: Prepared, pages: Pages) -> AsyncIterator[Services]:
    database = await open_database(told_by_it(database_url) if on_server(database_url) else database_url)
    yield Services(database, open_queue(database, clock), prepared, pages, pages, clock, "Europe/Vilnius")
    await database.close()
