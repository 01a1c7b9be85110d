"""Where processes come from, and a server of their own, for these tests make it crash."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.engines import Server, postgresql_server
from tests.faults.line import Connect, Stream
from tests.faults.scene import CLUSTER, ONE, Mode, Nursery, Scene, nursery, scene


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a bot is to run; ``connect`` is how its database's server is reached, if there is one."""

    mode: Mode
    folder: Path
    url: str
    connect: Connect | None = None


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with postgresql_server() as made:
        made.keep_what_is_committed()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def young() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.fixture(scope="module", params=[ONE, CLUSTER], ids=["one process", "cluster"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("faults")
    if request.param is ONE:
        yield Ground(ONE, folder, f"sqlite:///{folder}/faults.db")
        return
    with request.getfixturevalue("server").lent() as url:
        socket = f"{url.partition('host=')[2]}/.s.PGSQL.5432"

        async def connect() -> Stream:
            return await asyncio.open_unix_connection(socket)

        yield Ground(CLUSTER, folder, url, connect)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(ground: Ground, young: Nursery) -> AsyncIterator[Scene]:
    """A bot in either mode, for all tests of a module: each leaves it as it found it."""
    async with scene(ground.mode, ground.folder, young, ground.url, ground.connect) as made:
        yield made
