"""The pool of readers: what a file does there stays there."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.intake import FoundArticle, NoArticle
from readers import worker
from readers.pool import ReaderPool
from tests.readers.sample_files import HEADLINE, PDF, TEXT, page


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool(seconds=20)
    yield pool
    pool.close()


async def _run(pool: ReaderPool, act: object, *given: object) -> object:
    """Let a process of the pool do what no reader should."""
    return await pool._read(0, act, *given)  # type: ignore[arg-type]


def test_the_bot_process_imports_no_parser():
    parsers = {"pypdfium2", "lxml", "trafilatura", "spacy", "ftfy"}
    code = f"import readers.pool, sys; print(sorted({parsers} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.strip() == "[]"


async def test_a_file_and_a_page_come_back_as_they_would_without_the_pool(pool: ReaderPool):
    assert await pool.read_file(PDF) == (FoundArticle(TEXT),)
    found = await pool.read_page(page().encode(), "https://courier.example/ferry", "text/html")
    assert isinstance(found, FoundArticle) and found.metadata.headline == HEADLINE


async def test_a_file_is_read_although_all_processes_died_before_one_had_it_in_hand(pool: ReaderPool):
    await pool.read_file(PDF)
    for process in [*pool._processes.pool._pool_manager.worker_manager.workers]:
        os.kill(process, signal.SIGKILL)
    assert await pool.read_file(PDF) == (FoundArticle(TEXT),)
    assert await pool.read_file(PDF) == (FoundArticle(TEXT),)


def _dies() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _raises() -> None:
    raise RuntimeError(TEXT)


def _hoards() -> int:
    return len([bytes(50_000_000) for _ in range(40)])


def _waits() -> None:
    time.sleep(60)


def _writes(place: str) -> str:
    try:
        Path(place).write_text("words", encoding="ascii")
    except OSError as error:
        return str(error.errno)
    return "written"


def _environment() -> int:
    return len(os.environ)


@pytest.mark.parametrize(
    ("act", "reason"), [(_dies, NoArticle.CRASH), (_raises, NoArticle.CRASH), (_hoards, NoArticle.BOMB)]
)
async def test_a_fault_costs_its_own_file_alone(pool: ReaderPool, act: object, reason: NoArticle):
    assert await _run(pool, act) is reason
    assert await pool.read_file(TEXT.encode()) == (FoundArticle(TEXT),)


async def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read():
    pool = ReaderPool(seconds=1)
    try:
        await pool.read_file(b"")
        assert await _run(pool, _waits) is NoArticle.TIMEOUT
        assert await pool.read_file(TEXT.encode()) == (FoundArticle(TEXT),)
    finally:
        pool.close()


async def test_the_kernel_ends_who_uses_up_the_processor(pool: ReaderPool):
    """As it would if the bot were gone and nobody kept the time."""
    assert await _run(pool, worker.timed, 0, _spins) is NoArticle.TIMEOUT


def _spins() -> None:
    while True:
        pass


async def test_a_reader_writes_no_file_and_sees_no_secret(pool: ReaderPool, tmp_path: Path):
    assert await _run(pool, _writes, str(tmp_path / "note")) != "written"
    assert await _run(pool, _environment) == 0


async def test_several_at_once_each_get_their_own(pool: ReaderPool):
    texts = [f"{TEXT}\n\nNumber {number}." for number in range(8)]
    found = await asyncio.gather(*(pool.read_file(text.encode()) for text in texts))
    assert found == [(FoundArticle(text),) for text in texts]
