"""Import against the bare pool: how much of extraction's throughput is left when its results are also kept.

    python -m benchmarks.importing [ARTICLES]

Builds articles out of the seeds' sentences, with names of their own so that no two are alike. The bare pool reads the
first half of them, the import all, the bare pool the second half, so that a machine that slows down or speeds up
weighs on both. The import writes to an SQLite file as ever (``synchronous=FULL``). Prints articles a second, their
ratio, which must stay at 0.8 or more, and the memory of the importing process at a tenth of the way and at the end.
"""

import asyncio
import json
import random
import re
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bot.importing import import_paths
from bot.settings import Settings
from domain.extraction import Metadata
from extraction.pool import ExtractionPool

SENTENCES = 7
GIVEN = ["Ada", "Bram", "Cyra", "Dario", "Edda", "Farid", "Greta", "Hanno", "Ilka", "Jonas", "Kaja", "Levin", "Mira"]
FAMILY = ["Bek", "Brandt", "Dahl", "Gaard", "Holm", "Jansen", "Karu", "Lind", "Nagy", "Orlo", "Roden", "Tamm", "Venn"]


def sentences() -> list[str]:
    """Return the seeds' sentences of English prose."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(Path("seeds").glob("*.txt"))]
    found = (each for text in texts for line in text.split("\n") for each in re.split(r"(?<=[.!?]) (?=[A-Z])", line))
    return [each for each in found if each.isascii() and each.endswith(".") and 8 <= len(each.split()) <= 40]


def articles(count: int) -> Iterator[str]:
    """Return articles that have few sentences in common and each somebody of its own."""
    chance, known = random.Random(7), sentences()  # noqa: S311  # no secret
    for number in range(count):
        who = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}{chance.choice(FAMILY).lower()}"
        body = chance.sample(known, SENTENCES)
        own = f"“We counted {number} of them,” said {who}, who heads office {number}. {who.split()[1]} denied the rest."
        half = SENTENCES // 2
        yield f"Office {number} counts again\n\n{' '.join(body[:half])}\n\n{own}\n\n{' '.join(body[half:])}\n"


async def bare(settings: Settings, texts: Sequence[str]) -> float:
    """Return the articles a second of the pool alone, its processes being warm."""
    pool = ExtractionPool(settings.model, settings.workers)
    waiting = iter(texts)

    async def drain() -> None:
        for text in waiting:
            await pool.extract(text, Metadata())

    await asyncio.gather(*[pool.extract("Warm up.", Metadata()) for _ in range(settings.workers)])
    began = time.perf_counter()
    await asyncio.gather(*[drain() for _ in range(2 * settings.workers + 1)])
    taken = time.perf_counter() - began
    pool.close()
    return len(texts) / taken


def memory() -> float:
    """Return what this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


class Watch(threading.Thread):
    """Notes the memory when a share of the articles is in the database."""

    def __init__(self, database: Path, share: int) -> None:
        super().__init__(daemon=True)
        self.database, self.share, self.noted = database, share, 0.0

    def run(self) -> None:
        import sqlite3

        while not self.noted:
            time.sleep(0.5)
            try:
                with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as look:
                    (done,) = look.execute("SELECT COUNT(*) FROM articles WHERE state = 'read'").fetchone()
                look.close()
            except sqlite3.OperationalError:
                continue
            if done >= self.share:
                self.noted = memory()


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    texts = list(articles(count))
    with tempfile.TemporaryDirectory() as folder:
        lines, database = Path(folder) / "articles.jsonl", Path(folder) / "archive.db"
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        settings = Settings(_env_file=None, database_url=f"sqlite:///{database}", workers=1)
        words = sum(len(text.split()) for text in texts) / count
        print(f"{count} articles of {words:.0f} words, {settings.workers} process", flush=True)
        first = asyncio.run(bare(settings, texts[: count // 2]))
        print(f"bare pool, first half   {first:7.2f} articles/s", flush=True)
        watch = Watch(database, count // 10)
        watch.start()
        began, before = time.perf_counter(), time.process_time()
        asyncio.run(import_paths(settings, [lines], None, Console(stderr=True)))
        taken, used = time.perf_counter() - began, time.process_time() - before
        print(f"import                  {count / taken:7.2f} articles/s, {1000 * used / count:.1f} ms of its own each")
        held, peak = memory(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        second = asyncio.run(bare(settings, texts[count // 2 :]))
        print(f"bare pool, second half  {second:7.2f} articles/s")
        both = 2 / (1 / first + 1 / second)
        print(f"ratio                   {count / taken / both:7.2f}")
        tenth = watch.noted
        print(f"memory                  {tenth:7.0f} MB at a tenth, {held:.0f} MB at the end, {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
