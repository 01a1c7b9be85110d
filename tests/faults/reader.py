"""What a process of the pool runs in these tests: articles that do to it what no article should."""

import ctypes
import time

from domain.extraction import Extraction, Metadata
from extraction import worker
from extraction.languages import FurtherModels
from extraction.stages import Stage

MEMORY = 300_000_000
HANGS, EATS, DIES = "hangs for ever", "eats all memory", "is gone by a segmentation fault"


def begin(model: str) -> None:
    """There is no model."""


def prepare(model: str, further: FurtherModels = ()) -> None:
    """Load what is not the article's time: no model, but what was prepared."""
    from tests.faults import bot as bot

    worker.confine(MEMORY)


def extract(model: str, further: FurtherModels, text: str, given: Metadata) -> tuple[Extraction, dict[Stage, float]]:
    from tests.faults.bot import extraction  # they import each other

    if HANGS in text:
        time.sleep(3600)
    if EATS in text:
        kept = []
        while True:
            kept.append(bytearray(10_000_000))
    if DIES in text:
        ctypes.string_at(0)
    return extraction(text), {}
