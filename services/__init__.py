"""The use cases: each takes plain values, does its work in the rooms below and returns plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.extraction import Extraction, ExtractionFailure, Metadata
from storage.connection import Database
from storage.queue import Queue


class Extracting(Protocol):
    """Whatever reads articles off the event loop."""

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what the text says, or why nothing came out of it."""

    def warm_up(self) -> None:
        """Get ready for the first article."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the use cases work with, for one bot, known by its number; ``clock`` gives the present moment in UTC."""

    database: Database
    queue: Queue
    extraction: Extracting
    clock: Callable[[], datetime]
    default_timezone: str
    bot: int = 0
