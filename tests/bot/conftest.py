"""One extraction pool for all tests: its process loads the model once."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.settings import Settings
from extraction.pool import ExtractionPool
from tests.bot.support import World, open_world


@pytest.fixture(autouse=True)
def _no_logging_left_behind() -> Iterator[None]:
    """A command sets how its process logs; the next test is not one of its."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _durations_as_the_bot_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot of the library's own, without the connections that set this, would warn at each 429."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture(scope="session")
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(Settings(_env_file=None).model)
    yield made
    made.close()


@pytest.fixture
async def world(request: pytest.FixtureRequest, database_url: str, pool: ExtractionPool) -> AsyncIterator[World]:
    """A running bot that does all that it is asked to at the first attempt, unless the test is marked ``faults``."""
    async with open_world(database_url, pool) as made:
        yield made
        if request.node.get_closest_marker("faults") is None:
            assert await made.failed_jobs() == []
