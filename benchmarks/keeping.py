"""What the archive costs: saving an article and showing a dossier, beside their bare statements, and how both grow.

    python -m benchmarks.keeping [FOLDER] [--claims N] [--picture FILE]

Takes articles in, shows dossiers and puts digests together in generated archives (benchmarks/generated_archive.py) of
1,000, 10,000, … up to N claims (100,000), which are kept in FOLDER if that is given; prints what each costs in
milliseconds of the processor's time, which others who work on the machine do not change, and draws it. An article is
one more of those that the archive is made of, so it knows their people; extraction is left out. Of the dossiers half
are those of the most named persons. A digest is that of the newest fifty articles.
"""

import argparse
import asyncio
import math
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from matplotlib.figure import Figure

from benchmarks.archive import Noting, Prepared, Statement, again, ask, opened, prepared, questions, take_in
from benchmarks.generated_archive import DAYS, FIRST_DAY, Archive, extractions
from benchmarks.rows import Row
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Metadata
from services import Services, digesting, intake, reading
from storage.connection import Database, Writer

CLAIMS_AN_ARTICLE = 10
SMALL, LARGE, LARGEST = 1_000, 100_000, 1_000_000
SAVED, SHOWN, PUT_TOGETHER = 60, 200, 15
NEWEST = 50
END = FIRST_DAY + timedelta(days=DAYS)
# As the bot writes its file.
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-16000")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the processor's time in an archive of so many claims."""

    claims: int
    intake: float
    dossier: float
    digest: float


async def save(_: int) -> list[Row]:
    """Keeping what was read in an article of ten claims, against its statements with plain sqlite3.

    First those statements as the bot's database does them; then the whole, with telling who its people are.
    """
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path, archive = await prepared(SMALL, folder)
        articles = dict(extractions(archive, SAVED, END))
        copies = [Path(shutil.copy(path, folder / name)) for name in ("ours.db", "plain.db")]
        async with opened(path, Prepared(articles)) as services, opened(copies[0], Prepared()) as other:
            with closing(sqlite3.connect(copies[1], isolation_level=None)) as plain:
                for pragma in PRAGMAS:
                    plain.execute(f"PRAGMA {pragma}")
                took = [await _save(services, home(archive), text, other.database, plain) for text in articles]
    whole, ours, theirs = (1000 * median(each) for each in zip(*took, strict=True))
    return [
        Row("saving an article with 10 claims", ours, theirs, "ms", 2.0),
        Row("  and telling who its people are", whole, theirs, "ms", 2.0),
    ]


async def _save(
    services: Services, to: ChatIdentity, text: str, other: Database, plain: sqlite3.Connection
) -> tuple[float, float, float]:
    """Save an article, here and in two copies; return the seconds of each."""
    noting = Noting(services.database)
    noted = replace(services, database=noting)
    article = await intake.take_in_imported(noted, to, text, Metadata())
    assert article is not None
    await other.transact(partial(_again, noting.noted))
    again(plain, noting.noted)
    noting.noted.clear()
    began = time.perf_counter()
    await reading.read(noted, article, None)
    saved = time.perf_counter()
    await other.transact(partial(_again, noting.noted))
    return saved - began, time.perf_counter() - saved, again(plain, noting.noted)


async def _again(noted: Sequence[Statement], db: Writer) -> None:
    for sql, parameters in noted:
        if isinstance(parameters, list):
            await db.run_many(sql, parameters)
        elif sql not in ("BEGIN IMMEDIATE", "COMMIT"):
            await db.all(sql, **parameters)


async def dossier(_: int) -> list[Row]:
    """A person's dossier, against its statements with plain sqlite3."""
    with TemporaryDirectory() as folder:
        path, archive = await prepared(SMALL, Path(folder))
        with closing(sqlite3.connect(path)) as plain:
            async with opened(path, Prepared()) as services:
                _, put = next(questions(archive, SHOWN))
                ours, theirs, _ = await ask(services, plain, put)
    return [Row("a person's dossier", 1000 * ours.p50, 1000 * theirs.p50, "ms", 2.5)]


async def growth(times: int) -> list[Row]:
    """What an article, a dossier and a digest cost in the largest archive, against the smallest; at most its logarithm.

    A cost that grows with the logarithm of the number of claims is twice as high for a million as for a thousand.
    """
    with TemporaryDirectory() as folder:
        costs = [await cost(claims, Path(folder)) for claims in sizes(LARGEST if times > 1 else LARGE)]
    first, last = costs[0], costs[-1]
    must = math.log(last.claims) / math.log(first.claims)
    name = f"{{}} among {last.claims:,} claims against {first.claims:,}"
    return [
        Row(name.format("intake"), last.intake, first.intake, "ms", must),
        Row(name.format("a dossier"), last.dossier, first.dossier, "ms", must),
        Row(name.format("a digest"), last.digest, first.digest, "ms", must),
    ]


def sizes(largest: int) -> list[int]:
    """Return the numbers of claims, ten times as many each time."""
    return [SMALL * 10**power for power in range(round(math.log10(largest / SMALL)) + 1)]


def home(archive: Archive) -> ChatIdentity:
    """Return the chat that an archive is of."""
    return ChatIdentity(archive.chat, ChatKind.PRIVATE, "Ann")


async def cost(claims: int, folder: Path) -> Cost:
    """Measure in an archive of so many claims; what is taken in there goes into a copy."""
    path, archive = await prepared(claims // CLAIMS_AN_ARTICLE, folder)
    _, dossiers = next(questions(archive, SHOWN))
    since = END - timedelta(days=DAYS) * NEWEST / (claims // CLAIMS_AN_ARTICLE)
    with TemporaryDirectory() as temporary:
        copy = Path(shutil.copy(path, temporary))
        articles = dict(extractions(archive, SAVED, END))
        async with opened(copy, Prepared(articles)) as services:
            shown = [await used(partial(each, services)) for each in dossiers]
            digest = partial(digesting.on_demand, services, home(archive), since, END)
            told = [await used(digest) for _ in range(PUT_TOGETHER)]
            taken = [await used(partial(take_in, services, home(archive), text)) for text in articles]
    return Cost(claims, median(taken), median(shown), median(told))


async def used(step: Callable[[], Awaitable[object]]) -> float:
    """Return the milliseconds of the processor's time that a step takes in this process."""
    began = time.process_time()
    await step()
    return 1000 * (time.process_time() - began)


def draw(costs: Sequence[Cost], path: Path) -> None:
    """Draw what each costs; what grows with the logarithm of the claims is a straight line."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    claims = [each.claims for each in costs]
    for name, values in (
        ("taking an article in", [each.intake for each in costs]),
        ("a dossier", [each.dossier for each in costs]),
        ("a digest of 50 articles", [each.digest for each in costs]),
    ):
        axes.plot(claims, values, marker="o", label=name)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("claims in the archive")
    axes.set_ylabel("milliseconds of the processor's time")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})


async def measure(folder: Path, largest: int, picture: Path | None) -> None:
    """Print what is measured, and draw it."""
    print(
        f"{'claims':>10}{'intake':>10}{'dossier':>10}{'digest':>10}   milliseconds of the processor's time", flush=True
    )
    costs = []
    for claims in sizes(largest):
        found = await cost(claims, folder)
        print(f"{claims:10,}{found.intake:10.2f}{found.dossier:10.2f}{found.digest:10.2f}", flush=True)
        costs.append(found)
    if picture is not None:
        draw(costs, picture)


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--claims", type=int, default=LARGE)
    parser.add_argument("--picture", type=Path)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(TemporaryDirectory()))
        asyncio.run(measure(folder, wanted.claims, wanted.picture))


if __name__ == "__main__":
    main()
