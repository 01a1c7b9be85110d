"""What an archive holds already costs the next article and the next digest little: an index leads to what they need."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from benchmarks.archive import Prepared, opened, prepared, take_in
from benchmarks.generated_archive import DAYS, extractions
from benchmarks.keeping import END, home
from services import digesting

FEW, MANY = 60, 600
# Of both archives, so that the same is told of both.
TOLD, TAKEN_IN = 20, 7
# SQLite's machine is asked how far it is after so many steps.
EVERY = 50


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the steps of SQLite's machine, in all connections that are opened meanwhile."""
    counted = [0]
    connect = sqlite3.connect

    def counting(*args: object, **options: object) -> sqlite3.Connection:
        connection = connect(*args, **options)  # type: ignore[call-overload]

        def count() -> int:
            counted[0] += EVERY
            return 0

        connection.set_progress_handler(count, EVERY)
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", counting)
    return counted


async def work(articles: int, folder: Path, steps: list[int]) -> Mapping[str, float]:
    """Return the steps that a digest, and an article until it is related, take in an archive."""

    async def of(do: Callable[[], Awaitable[object]]) -> int:
        before = steps[0]
        await do()
        return steps[0] - before

    path, archive = await prepared(articles, folder)
    further = dict(extractions(archive, TAKEN_IN, END))
    since = END - timedelta(days=DAYS) * TOLD / articles
    async with opened(path, Prepared(further)) as services:
        digest = await of(partial(digesting.on_demand, services, home(archive), since, END))
        taken = [await of(partial(take_in, services, home(archive), text)) for text in further]
    return {"a digest": digest, "an article": median(taken)}


async def test_ten_times_as_many_articles_are_hardly_more_work(tmp_path: Path, steps: list[int]):
    """A digest that went along all articles once, in one of its looks, would be a fifth more."""
    few, many = await work(FEW, tmp_path, steps), await work(MANY, tmp_path, steps)
    assert many["a digest"] < 1.15 * few["a digest"]
    assert many["an article"] < 1.6 * few["an article"]
