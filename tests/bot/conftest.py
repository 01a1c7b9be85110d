"""One extraction pool for all tests: its process loads the model once."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from extraction.pool import ExtractionPool
from tests.bot.support import World, open_world


@pytest.fixture(scope="session")
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(Settings(_env_file=None).model)
    yield made
    made.close()


@pytest.fixture
async def world(tmp_path: Path, pool: ExtractionPool) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", pool) as made:
        yield made
