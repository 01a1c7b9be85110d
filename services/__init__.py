"""The use cases: each takes plain values, does its work in the rooms below and returns plain values."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from secrets import token_bytes
from typing import Protocol

from domain.extraction import Extraction, ExtractionFailure, Metadata
from domain.intake import FileContent, PageContent
from domain.limits import Limits
from domain.operating import Operator
from domain.pictures import Drawn, Picture
from services.remembering import Remembered
from storage.connection import Database
from storage.connection import DatabaseAwayError as DatabaseAwayError  # for whoever may not know of storage
from storage.queue import Queue

# So many cities are looked up at a time, for all chats; others wait for their turn.
CITIES_AT_ONCE = 2


class Extracting(Protocol):
    """Whatever reads articles off the event loop."""

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what the text says, or why nothing came out of it."""

    def warm_up(self) -> None:
        """Get ready for the first article."""


class ReadingFiles(Protocol):
    """Whatever reads files off the event loop."""

    async def read_file(self, data: bytes, name: str | None, mime: str | None) -> FileContent:
        """Return the articles in a file, or why there are none."""


class ReadingLinks(Protocol):
    """Whatever fetches pages."""

    async def read_link(self, address: str) -> PageContent:
        """Return the article at an address, or why there is none."""


class Drawing(Protocol):
    """Whatever draws pictures off the event loop."""

    async def draw(self, picture: Picture) -> Drawn | None:
        """Return the picture, or None where it could not be drawn."""


class NoDrawing:
    """Where nothing can be drawn; what a picture shows is told in words then."""

    async def draw(self, picture: Picture) -> None:
        """Draw nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the use cases work with, for one bot, known by its number; ``clock`` gives the present moment in UTC."""

    database: Database
    queue: Queue
    extraction: Extracting
    files: ReadingFiles
    links: ReadingLinks
    clock: Callable[[], datetime]
    default_timezone: str
    bot: int = 0
    drawing: Drawing = field(default_factory=NoDrawing)
    secret: bytes = field(default_factory=partial(token_bytes, 32), repr=False)
    """What links to collections are signed with."""
    allowed_users: frozenset[int] = frozenset()
    """Whom the bot is open to, by their numbers; everybody, where nobody is named."""
    limits: Limits = field(default_factory=Limits)
    """What users and chats may have done; no limits, where none are named."""
    operator: Operator | None = None
    """Who is told how the bot fares, where anybody is."""
    leading: Remembered = field(default_factory=Remembered)
    """Whether a user, the second number, is an administrator of a chat."""
    looking_up: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, CITIES_AT_ONCE))
    """Held while a city is looked up, which takes a process and 100 MB."""
