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
def postgresql_url(postgresql: Server) -> Iterator[str]:
    """The address of a database of the server, up to date and empty."""
    with postgresql.lent() as url:
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database, on the engine that is the fixture's parameter, or else on the usual one."""
    return url_on(getattr(request, "param", USUAL), request, tmp_path)


def url_on(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database; a server is started only where it is needed."""
    return str(request.getfixturevalue("postgresql_url")) if engine == POSTGRESQL else sqlite_url(tmp_path)
