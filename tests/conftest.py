"""What every room's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.engines import POSTGRESQL, USUAL, Server, postgresql_server, sqlite_url

# A machine that is busy with other things must not fail a test.
settings.register_profile("presswatch", deadline=None)
settings.load_profile("presswatch")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for all tests of this process; it starts with the first that asks for it."""
    with postgresql_server() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new database, on the engine that is the fixture's parameter, or else on the usual one."""
    if getattr(request, "param", USUAL) == POSTGRESQL:
        with request.getfixturevalue("postgresql").lent() as url:
            yield url
    else:
        yield sqlite_url(tmp_path)
