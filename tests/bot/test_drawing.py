"""Drawing happens in a process of its own, and whatever happens there stays there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest

from bot.drawing import DrawingPool
from domain.ledger import PersonReference
from domain.pictures import Period, Step, Tally, Timeline

DAY = date(2026, 3, 2)


def one_claim(name: str = "Torvin Hagelund", kind: type[Timeline] = Timeline) -> Timeline:
    return kind(PersonReference(1, name, 1), Step.DAY, DAY, DAY, (Period(DAY, Tally(1), Tally()),))


@pytest.fixture
def pool() -> Iterator[DrawingPool]:
    made = DrawingPool()
    yield made
    made.close()


class Deadly(Timeline):
    """A timeline that ends the process that draws it."""

    @property
    def says(self) -> Tally:
        os._exit(3)


class Slow(Timeline):
    """A timeline that takes long."""

    @property
    def says(self) -> Tally:
        time.sleep(60)
        return Tally()


class Wrong(Timeline):
    """A timeline that cannot be drawn."""

    @property
    def says(self) -> Tally:
        raise ValueError


async def test_a_picture_is_drawn_although_the_process_died_before_it_had_it_in_hand(pool: DrawingPool):
    assert await pool.draw(one_claim()) is not None
    for process in [*pool._processes.pool._pool_manager.worker_manager.workers]:
        os.kill(process, signal.SIGKILL)
    assert await pool.draw(one_claim()) is not None
    assert await pool.draw(one_claim()) is not None


async def test_a_picture_comes_out_of_another_process(pool: DrawingPool):
    drawn = await pool.draw(one_claim("王小明"))
    assert drawn is not None
    assert drawn.png.startswith(b"\x89PNG")


async def test_a_crash_and_a_fault_cost_one_picture_each(pool: DrawingPool):
    for bad in (Deadly, Wrong):
        assert await pool.draw(one_claim(kind=bad)) is None
    assert await pool.draw(one_claim()) is not None


async def test_a_picture_that_takes_too_long_is_given_up():
    pool = DrawingPool(seconds=0.2)
    try:
        assert await pool.draw(one_claim(kind=Slow)) is None
    finally:
        pool.close()


def test_the_bots_own_process_never_loads_matplotlib():
    loaded = "import sys, bot.application, bot.drawing; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0  # noqa: S603  # our own words
