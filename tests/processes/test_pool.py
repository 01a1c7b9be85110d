"""Work in processes of its own outlives them."""

import os
import signal
from collections.abc import Iterator

import pytest

from processes.pool import Processes

HAND_OVER = 20.0


@pytest.fixture
def gone() -> list[str]:
    return []


@pytest.fixture
def pool(gone: list[str]) -> Iterator[Processes]:
    made = Processes(2, int, gone=lambda: gone.append("all"))
    yield made
    made.close()


async def test_a_call_is_made_in_another_process(pool: Processes):
    assert await pool.call(HAND_OVER, os.getpid) != os.getpid()


async def test_others_take_the_place_of_processes_that_have_all_died(pool: Processes, gone: list[str]):
    first = await pool.call(HAND_OVER, os.getpid)
    for process in [*pool.pool._pool_manager.worker_manager.workers]:
        os.kill(process, signal.SIGKILL)
    assert await pool.call(HAND_OVER, os.getpid) != first
    assert len(gone) <= 1


async def test_what_has_to_be_there_before_a_call_is_seen_to_each_time():
    seen: list[str] = []
    pool = Processes(1, int, before=lambda: seen.append("to"), gone=list)
    try:
        await pool.call(HAND_OVER, int)
        await pool.call(HAND_OVER, int)
    finally:
        pool.close()
    assert seen == ["to", "to"]


async def test_what_a_call_raises_comes_out(pool: Processes):
    with pytest.raises(ZeroDivisionError):
        await pool.call(HAND_OVER, divmod, 1, 0)


async def test_closed_processes_do_nothing_and_are_not_replaced(pool: Processes, gone: list[str]):
    pool.close()
    with pytest.raises(RuntimeError):
        await pool.call(HAND_OVER, os.getpid)
    assert pool.is_closed and not gone
