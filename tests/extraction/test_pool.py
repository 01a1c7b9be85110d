"""Extraction in processes of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from domain.extraction import Extraction, Metadata
from extraction import worker
from extraction.pool import ExtractionPool
from tests.extraction.conftest import DEFAULT_MODEL

TEXT = "The harbour will close for a week, minister Oda Fenn said on Monday."


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(DEFAULT_MODEL, 2)
    yield made
    made.close()


def processes_of(pool: ExtractionPool) -> list[int]:
    return list(pool._processes.pool._pool_manager.worker_manager.workers)


async def test_the_event_loop_goes_on_while_the_first_process_is_waited_for(
    pool: ExtractionPool, monkeypatch: pytest.MonkeyPatch
):
    has_gone_on, answers = threading.Event(), []
    begin = worker.begin

    def begin_later(model: str) -> None:
        answers.append(has_gone_on.wait(timeout=20))
        begin(model)

    monkeypatch.setattr(worker, "begin", begin_later)
    pool.warm_up()
    reading = asyncio.create_task(pool.extract(TEXT, Metadata()))
    await asyncio.sleep(0.01)
    has_gone_on.set()
    await reading
    assert answers == [True, True]


def test_a_process_has_the_model_that_the_fork_server_has_loaded():
    command = [sys.executable, "-m", "tests.extraction.forked"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert ran.stdout == "1 1\n"


async def test_an_article_is_read_although_all_processes_died_before_one_had_it_in_hand(pool: ExtractionPool):
    await pool.extract(TEXT, Metadata())
    for process in processes_of(pool):
        os.kill(process, signal.SIGKILL)
    assert isinstance(await pool.extract(TEXT, Metadata()), Extraction)
    assert isinstance(await pool.extract(TEXT, Metadata()), Extraction)


async def test_who_reads_articles_lets_whoever_waits_for_an_answer_go_first(pool: ExtractionPool):
    await pool.extract(TEXT, Metadata())
    assert {os.getpriority(os.PRIO_PROCESS, process) for process in processes_of(pool)} == {
        max(worker.NICE, os.getpriority(os.PRIO_PROCESS, 0))
    }


async def test_a_pool_that_is_closed_reads_nothing_and_says_so():
    closed = ExtractionPool(DEFAULT_MODEL)
    closed.close()
    with pytest.raises(RuntimeError):
        await closed.extract(TEXT, Metadata())


def test_a_fork_server_that_was_asked_for_no_model_loads_none():
    told = "import sys, extraction.preloaded; print('spacy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert ran.stdout == "False\n"
