"""Import against the bare pool: how much of extraction's throughput is left when its results are also kept.

    python -m benchmarks.importing [ARTICLES]

Builds articles out of the seeds' sentences, each with somebody of its own, so that no two are alike. The pool reads a
tenth of them alone, then the import takes the same in through the same pool, and so on by turns, so that a machine
that slows down or speeds up weighs on both. The archive is an SQLite file as ever (``synchronous=FULL``). Prints
articles a second of both, their ratio, which must stay at 0.8 or more, the processor time that an article takes in the
importing process, and that process's memory, which must stay level.
"""

import asyncio
import io
import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bot.application import open_services
from bot.importing import Import, Report, take_all
from bot.settings import Settings
from bot.terminal.session import TERMINAL, TOKEN
from domain.extraction import Metadata
from readers.archives import Archives
from services import Extracting

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


async def bare(pool: Extracting, texts: Sequence[str], at_a_time: int) -> None:
    """Let the pool read the texts, and keep nothing."""
    waiting = iter(texts)

    async def drain() -> None:
        for text in waiting:
            await pool.extract(text, Metadata())

    await asyncio.gather(*[drain() for _ in range(at_a_time)])


def memory() -> float:
    """Return what this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


async def measure(folder: Path, texts: Sequence[str]) -> None:
    """Print a line for each tenth, with the figures so far."""
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/archive.db", workers=1)
    tenth, alone, kept, own = max(1, len(texts) // 10), 0.0, 0.0, 0.0
    async with open_services(settings, TOKEN) as services:
        await services.extraction.extract("Warm up.", Metadata())
        run = Import(services, TERMINAL, Report())
        for start in range(0, len(texts), tenth):
            part, lines = texts[start : start + tenth], folder / f"{start}.jsonl"
            lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in part), encoding="utf-8")
            # What is read for the second time is read a little faster: each comes second every other time.
            import_first = start // tenth % 2
            for importing in (import_first, not import_first):
                began, used = time.perf_counter(), time.process_time()
                if importing:
                    await take_all(run, Archives([lines]), settings.workers, Console(file=io.StringIO()))
                    kept += time.perf_counter() - began
                    own += time.process_time() - used
                else:
                    await bare(services.extraction, part, 2 * settings.workers + 1)
                    alone += time.perf_counter() - began
            done = start + len(part)
            print(
                f"{done:6} articles: bare pool {done / alone:6.2f}/s, import {done / kept:6.2f}/s,"
                f" ratio {alone / kept:.2f}, its own time {1000 * own / done:.0f} ms each, memory {memory():.0f} MB",
                flush=True,
            )
    assert run.report.kept == len(texts), run.report.summary()


def main() -> None:
    """Print the figures."""
    texts = list(articles(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
    words = sum(len(text.split()) for text in texts) // len(texts)
    print(f"{len(texts)} articles of {words} words on average, read by one process", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), texts))


if __name__ == "__main__":
    main()
