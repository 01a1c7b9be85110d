"""A digest of 1,000 new articles in a collection of 100,000: how long it takes, and how long others wait meanwhile.

    python -m benchmarks.digests [FOLDER] [--articles N] [--new N]

The archive is that of benchmarks/generated_archive.py, kept in FOLDER if one is named; every key claim of the new
articles repeats, bears out, denies or contradicts another one, which is more than any real day brings. Prints, in
milliseconds, what composing takes, for all and with filters by words, by a person and by origins, and what counting
for its picture takes, the longest that the event loop computed in one piece, and how many messages come out of it;
then what is read from one end to the other.
"""

import argparse
import asyncio
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.archive import Prepared, made, opened
from benchmarks.generated_archive import Size, generate, insert
from domain.digests import ComposedDigest
from domain.schedule import Timetable
from domain.subscriptions import Delivery, DeliveryState, Filters, Subscription, SubscriptionState, Wish
from handlers.replies.digests import parts
from services import Services, digesting
from storage.sqlite import database as engine

ROUNDS = 7
KINDS = ("repeats", "corroborates", "corroborates", "denies", "contradicts")


def newest(file: sqlite3.Connection, count: int) -> tuple[datetime, datetime]:
    """Return the time in which the newest articles of the larger collection were read."""
    rows = file.execute(
        "SELECT settled_at FROM articles WHERE collection_id = 2 ORDER BY settled_at DESC LIMIT ?", (count,)
    ).fetchall()
    return datetime.fromisoformat(rows[-1][0]), datetime.fromisoformat(rows[0][0]) + timedelta(seconds=1)


def tie(file: sqlite3.Connection, since: datetime) -> None:
    """Tie every key claim of the new articles to one of the others."""
    if file.execute("SELECT 1 FROM claim_relations LIMIT 1").fetchone():
        return
    claims = [
        number
        for (number,) in file.execute(
            """SELECT cl.id FROM claims cl JOIN articles a ON a.id = cl.article_id
            WHERE a.collection_id = 2 AND a.settled_at >= ? AND cl.rank IS NOT NULL""",
            (since.isoformat(),),
        )
    ]
    chance = random.Random(5)  # noqa: S311  # no secret
    rows = [
        {
            "collection_id": 2,
            "claim_id": claim,
            "other_id": chance.choice(claims),
            "kind": chance.choice(KINDS),
            "state": "confirmed",
            "score": 0.9,
            "evidence": "[]",
        }
        for claim in claims
    ]
    insert(file, "claim_relations", [row for row in rows if row["claim_id"] != row["other_id"]])
    file.commit()


def delivery(filters: Filters, since: datetime, until: datetime) -> Delivery:
    """Return a digest that is due."""
    wish = Wish(Timetable((clock_time(8),), "UTC"), 200, None, filters)
    subscription = Subscription(1, 200, 0, wish, SubscriptionState.ACTIVE, until, since)
    return Delivery(1, subscription, date(2026, 1, 1), clock_time(8), until, since, until, DeliveryState.PLANNED)


async def blocked(stop: asyncio.Event) -> float:
    """Return the longest that the event loop computed without giving others a turn, in seconds of its thread."""
    longest = 0.0
    while not stop.is_set():
        began = time.thread_time()
        await asyncio.sleep(0.001)
        longest = max(longest, time.thread_time() - began)
    return longest


async def measure(
    services: Services, wanted: Delivery, make: Callable[[Services, Delivery], Awaitable[object]] = digesting.compose
) -> tuple[list[float], float, int]:
    """Return what making it took, the longest block, and how many messages came out."""
    took, longest, messages = [], 0.0, 0
    for _ in range(ROUNDS):
        stop = asyncio.Event()
        watch = asyncio.create_task(blocked(stop))
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        composed = await make(services, wanted)
        took.append(time.perf_counter() - began)
        stop.set()
        longest = max(longest, await watch)
        messages = len(parts(composed, wanted, wanted.due, "bot")) if isinstance(composed, ComposedDigest) else 0
    return took, longest, messages


@contextmanager
def statements() -> Iterator[dict[str, Mapping[str, Any]]]:
    """Gather the statements that are run meanwhile, each with its values."""
    seen: dict[str, Mapping[str, Any]] = {}
    plain = engine._Connection.all

    async def all_(self: Any, sql: str, **values: Any) -> Any:
        seen[sql] = values
        return await plain(self, sql, **values)

    engine._Connection.all = all_  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        engine._Connection.all = plain  # type: ignore[method-assign]


def scans(file: sqlite3.Connection, seen: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what is read from one end to the other, except what a statement has made itself."""
    own = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found = []
    for sql, values in seen.items():
        for *_, detail in file.execute(f"EXPLAIN QUERY PLAN {sql}", values):
            words = str(detail).split()
            if words[0] == "SCAN" and words[1] in own | {"a", "cl", "pa", "j", "f"}:
                found.append(f"{detail}: {' '.join(sql.split())[:90]}")
    return found


async def run(path: Path, since: datetime, until: datetime) -> Mapping[str, Mapping[str, Any]]:
    """Print the table, and return the statements that were run."""
    wanted = delivery(Filters(), since, until)
    with statements() as seen:
        async with opened(path, Prepared()) as services:
            async with services.database.reading() as db:
                row = await db.one("SELECT person_id AS id FROM person_articles GROUP BY person_id LIMIT 1")
            person = row["id"] if row else 1
            for name, filters, make in (
                ("all", Filters(), digesting.compose),
                ("by words", Filters(words="NOT (ba OR bo*) OR da*"), digesting.compose),
                ("by a person", Filters(people=(person,)), digesting.compose),
                ("by origins", Filters(origins=2), digesting.compose),
                ("its picture", Filters(), digesting.picture),
            ):
                one = replace(wanted, subscription=delivery(filters, since, until).subscription)
                took, longest, messages = await measure(services, one, make)
                print(
                    f"{name:12} p50 {1000 * median(took):6.0f}  worst {1000 * max(took):6.0f}  "
                    f"blocked {1000 * longest:4.0f}  messages {messages}",
                    flush=True,
                )
    seen.pop("SELECT person_id AS id FROM person_articles GROUP BY person_id LIMIT 1")
    return seen


def main() -> None:
    """Generate what is not there yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digests")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=1_000)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / f"digests-{wanted.articles}.db"
        if not path.exists():
            asyncio.run(made(path))
            with closing(sqlite3.connect(path)) as file:
                generate(file, [Size(100, persons=100), Size(wanted.articles, persons=wanted.articles // 2)])
        with closing(sqlite3.connect(path)) as file:
            since, until = newest(file, wanted.new)
            tie(file, since)
        seen = asyncio.run(run(path, since, until))
        with closing(sqlite3.connect(path)) as file:
            print("\n".join(scans(file, seen)) or "nothing is read from one end to the other")
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
