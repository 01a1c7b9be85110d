"""The big archive: how long answers and one more article take among 100,000 articles and 1,000,000 claims.

    python -m benchmarks.archive [FOLDER] [--articles N]

Generates an archive (benchmarks/generated_archive.py; in FOLDER, where it stays and is brought up to today's schema,
else in a temporary place), half as many persons as articles, beside a hundredth of that in another collection. Then it
asks each kind of question, looking somebody or something up 500 times and answering questions in words 250 times, half
of them about the most named persons and the most frequent words: through the services and, side by side, through plain
sqlite3, which is given the same SQL statements with the same parameters in the same order, fetches all rows and makes
nothing of them. Of three goes the quickest counts. Then it takes in articles, each here and in an empty archive, by
turns: extracting, reading, filing the people, doubts, relations, story and origin. "As a whole" are generated articles,
whose people and words the archive knows: their words are none, so the extractor reads 150 words of prose, and what was
prepared is filed. "Without extraction" leaves the extractor out. "Other prose" is about people whom the archive does
not know. Of the ratios, turn by turn, the median counts. Prints a table, with the machine's load; the targets are 50 ms
at p99, there at most 3 times plain sqlite3, and as a whole 1.3 times the empty archive. What takes well under a
millisecond takes more than 3 times as long as its bare statements: each goes to the connection's thread and back.
"""

import argparse
import asyncio
import os
import random
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.generated_archive import BOT, DAYS, FIRST_DAY, Archive, Size, Zipf, described, extractions, generate
from benchmarks.importing import articles as prose
from bot.application import now
from bot.settings import Settings
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Extraction, ExtractionFailure, Metadata
from domain.jobs import JobKind
from domain.ledger import NobodyFound
from domain.questions import Asked, NothingFound
from domain.questions import Question as AskedFor
from extraction.pool import ExtractionPool
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Extracting, Services, asking, intake, pictures, reading, relating
from storage import asked
from storage.claims import Part
from storage.connection import Database, Engine, Reader
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue

QUESTIONS, IN_WORDS, ASKED_AGAIN = 500, 250, 3
TAKEN_IN, TAKEN_IN_WHOLE = 200, 40
# No archive has fewer persons.
FEWEST = 50
MOST_TIME, MOST_TIMES_PLAIN, MOST_TIMES_EMPTY = 0.050, 3.0, 1.3

# What is done many times has its parameters in a list.
Statement = tuple[str, Any]
Question = Callable[[Services], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Noting:
    """A connection that notes what it is asked, and what it is to change."""

    inner: Any
    noted: list[Statement]

    @property
    def engine(self) -> Engine:
        return Engine.SQLITE

    async def all(self, sql: str, **parameters: Any) -> Sequence[Mapping[str, Any]]:
        self.noted.append((sql, parameters))
        found: Sequence[Mapping[str, Any]] = await self.inner.all(sql, **parameters)
        return found

    async def one(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        self.noted.append((sql, parameters))
        found: Mapping[str, Any] | None = await self.inner.one(sql, **parameters)
        return found

    async def run(self, sql: str, **parameters: Any) -> int:
        self.noted.append((sql, parameters))
        changed: int = await self.inner.run(sql, **parameters)
        return changed

    async def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        self.noted.append((sql, list(parameters)))
        changed: int = await self.inner.run_many(sql, parameters)
        return changed


@dataclass(frozen=True, slots=True)
class Noting:
    """A database that notes what is asked of it, and what it is to change."""

    inner: Database
    noted: list[Statement] = field(default_factory=list)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Note all that happens inside."""
        self.noted.append(("BEGIN IMMEDIATE", {}))
        async with self.inner.transaction() as db:
            yield _Noting(db, self.noted)
        self.noted.append(("COMMIT", {}))

    async def transact(self, work: Callable[[Any], Any], *, alone: bool = False) -> Any:
        """Note all that is done."""
        self.noted.append(("BEGIN IMMEDIATE", {}))
        done = await self.inner.transact(lambda db: work(_Noting(db, self.noted)), alone=alone)
        self.noted.append(("COMMIT", {}))
        return done

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Lend a connection that notes."""
        async with self.inner.reading() as db:
            yield _Noting(db, self.noted)

    async def look(self, work: Callable[[Any], Any]) -> Any:
        """Note what is looked up."""
        return await self.inner.look(lambda db: work(_Noting(db, self.noted)))

    async def close(self) -> None:
        """Go through to the database."""
        await self.inner.close()


@dataclass
class Prepared:
    """An extraction that was made beforehand; where there is an extractor, it reads a piece of prose meanwhile."""

    results: dict[str, Extraction] = field(default_factory=dict)
    extractor: ExtractionPool | None = None
    prose: str = ""

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Return what was prepared for the text."""
        if self.extractor is not None:
            await self.extractor.extract(self.prose, given)
        return self.results[text]

    def warm_up(self) -> None:
        """There is nothing to get ready."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a number of calls took, in seconds each."""

    each: Sequence[float]

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.each)

    @property
    def p99(self) -> float:
        """What one in a hundred takes longer than."""
        return quantiles(self.each, n=100)[98]


def questions(archive: Archive, count: int) -> Iterator[tuple[str, list[Question]]]:
    """Yield each kind of question, half of them about what is named or said most."""
    chance = random.Random(3)  # noqa: S311  # no secret
    persons = [*range(count // 2), *(chance.randrange(len(archive.names)) for _ in range(count - count // 2))]
    words = [*range(count // 2), *Zipf(5, len(archive.words), 0.6).draw(count - count // 2)]
    chance.shuffle(words)
    chat = archive.chat
    # A person who has been merged into another one is shown as that one.
    yield "dossier", [_dossier(chat, archive.person(index), chance.choice((0, 0, 0, 1, 2))) for index in persons]
    topics = [(archive.person(person), archive.words[word]) for person, word in zip(persons, words, strict=True)]
    yield "claims on a topic", [_claims(archive.collection, person, word) for person, word in topics]
    yield "misspelt name", [_who(chat, misspelt(chance, archive.names[index])) for index in persons]
    yield "misspelt surname", [_who(chat, misspelt(chance, archive.names[index].split()[-1])) for index in persons]
    yield "half a name", [_who(chat, archive.names[index].split()[chance.randrange(2)]) for index in persons]
    yield "search, a word", [_search(chat, archive.words[word]) for word in words]
    pairs = zip(words, words[::-1], strict=True)
    yield "search, two words", [_search(chat, f"{archive.words[one]} {archive.words[other]}") for one, other in pairs]
    some = slice(None, None, max(1, count // IN_WORDS))
    yield from _questions_in_words(archive, chance, persons[some], words[some])


def _questions_in_words(
    archive: Archive, chance: random.Random, persons: Sequence[int], words: Sequence[int]
) -> Iterator[tuple[str, list[Question]]]:
    """Yield questions as people ask them: about whom, and by words that some claim has, or by words drawn at random."""
    chat = archive.chat
    said = [" ".join(archive.words[word] for word in (one, *_others(chance, words))) for one in words]
    someone = [archive.names[person] for person in persons]
    both = list(zip(someone, said, strict=True))
    yield "who said, three words", [_answer(chat, Asked.SAYERS, topic=topic) for topic in said]
    yield "who said, six words", [_answer(chat, Asked.SAYERS, topic=f"{one} {two}") for one, two in _in_twos(said)]
    yield "who denies, two words", [_answer(chat, Asked.DENIERS, topic=topic.rpartition(" ")[0]) for topic in said]
    yield "said on three words", [_answer(chat, Asked.SAID, person=name, topic=topic) for name, topic in both]
    yield (
        "denied, two words",
        [_answer(chat, Asked.DENIED, person=name, topic=topic.rpartition(" ")[0]) for name, topic in both],
    )
    yield "news", [_answer(chat, Asked.NEWS, person=name) for name in someone]
    yield "named with", [_answer(chat, Asked.NAMED_WITH, person=name) for name in someone]
    yield "timeline", [_timeline(chat, archive.person(person)) for person in persons]


def _others(chance: random.Random, words: Sequence[int]) -> tuple[int, int]:
    return chance.choice(words), chance.choice(words)


def _in_twos(said: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(said, said[::-1], strict=True)


def _answer(chat: int, what: Asked, person: str | None = None, topic: str | None = None) -> Question:
    return lambda services: asking.answer(services, chat, AskedFor(what, person=person, topic=topic))


def _timeline(chat: int, person: int) -> Question:
    return lambda services: pictures.timeline(services, chat, person)


def _claims(collection: int, person: int, word: str) -> Question:
    async def ask(services: Services) -> object:
        async with services.database.reading() as db:
            wanted = asked.Wanted(beginnings=(word,), least=1)
            return await asked.by_person(db, collection, person, (Part.SOURCE,), wanted, 5)

    return ask


def _dossier(chat: int, person: int, page: int) -> Question:
    return lambda services: asking.dossier(services, chat, person, page)


def _who(chat: int, name: str) -> Question:
    return lambda services: asking.who(services, chat, name)


def _search(chat: int, words: str) -> Question:
    return lambda services: asking.search(services, chat, words)


def misspelt(chance: random.Random, name: str) -> str:
    """Return a name with one letter dropped, doubled or put in another's place."""
    place = chance.randrange(1, len(name))
    return name[:place] + chance.choice(("", name[place] * 2, chance.choice("aeioubdkmnrst"))) + name[place + 1 :]


def again(plain: sqlite3.Connection, noted: Sequence[Statement]) -> float:
    """Do with plain sqlite3 what was noted, fetch all rows, make nothing of them, and return the seconds it took."""
    began = time.perf_counter()
    for sql, parameters in noted:
        if isinstance(parameters, list):
            plain.executemany(sql, parameters)
        else:
            plain.execute(sql, parameters).fetchall()
    return time.perf_counter() - began


async def ask(services: Services, plain: sqlite3.Connection, put: Sequence[Question]) -> tuple[Times, Times, int]:
    """Return what the questions take through the services, and their statements through plain sqlite3.

    Each is asked once before, so that both find the same pages in the system's cache, and then a few times by turns, of
    which the quickest counts on either side: what else the machine does is not what is measured. Also return how many
    of them were answered with nothing.
    """
    ours, theirs, nothing = [], [], 0
    for question in put:
        noting = Noting(services.database)
        found = await question(replace(services, database=noting))
        nothing += found is None or isinstance(found, NobodyFound | NothingFound)
        took: list[tuple[float, float]] = []
        for _ in range(ASKED_AGAIN):
            began = time.perf_counter()
            await question(services)
            took.append((time.perf_counter() - began, again(plain, noting.noted)))
        ours.append(min(one for one, _ in took))
        theirs.append(min(other for _, other in took))
    return Times(ours), Times(theirs), nothing


@asynccontextmanager
async def opened(path: Path, extraction: Extracting) -> AsyncIterator[Services]:
    """Open an archive with a way to extract."""
    database, files = await SqliteDatabase.open(path), ReaderPool(1)
    queue = SqliteQueue(database, now, BOT)
    try:
        yield Services(database, queue, extraction, files, LinkReader(files), now, "UTC", BOT)
    finally:
        files.close()
        await database.close()


async def take_in(services: Services, to: ChatIdentity, text: str) -> float:
    """Take an article in, read it, relate it, and return the seconds that took."""
    began = time.perf_counter()
    article = await intake.take_in_imported(services, to, text, Metadata())
    assert article is not None
    assert await reading.read(services, article, None) is None
    job = await services.queue.claim(JobKind.RELATE)
    assert job is not None
    await relating.relate(services, **job.payload)
    await services.queue.finish(job)
    return time.perf_counter() - began


async def take_in_by_turns(places: Sequence[tuple[Services, ChatIdentity]], texts: Sequence[str]) -> tuple[Times, ...]:
    """Return what it takes to take the texts in at each place."""
    took: list[list[float]] = [[] for _ in places]
    for text in texts:
        for (services, to), times in zip(places, took, strict=True):
            times.append(await take_in(services, to, text))
    return tuple(Times(times) for times in took)


def milliseconds(seconds: float) -> str:
    """Return a time as the table has it."""
    return f"{1000 * seconds:8.2f}"


def verdict(*, met: bool) -> str:
    """Return whether a target is met."""
    return "ok" if met else "MISSED"


async def measure(path: Path, archive: Archive, count: int) -> None:
    """Print what questions take."""
    print(f"\n{'milliseconds':22}{'p50':>8}{'p99':>9}   plain p50     p99   times p50   p99", flush=True)
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA query_only=ON")
        async with opened(path, Prepared()) as services:
            for name, put in questions(archive, count):
                ours, theirs, nothing = await ask(services, plain, put)
                times = ours.p50 / theirs.p50, ours.p99 / theirs.p99
                met = ours.p99 <= MOST_TIME and times[1] <= MOST_TIMES_PLAIN
                print(
                    f"{name:22}{milliseconds(ours.p50)} {milliseconds(ours.p99)}    "
                    f"{milliseconds(theirs.p50)}{milliseconds(theirs.p99)}     {times[0]:5.2f} {times[1]:5.2f}  "
                    f"{verdict(met=met)} ({len(put)} asked, {nothing} found nothing)",
                    flush=True,
                )


async def measure_taking_in(path: Path, empty: Path, archive: Archive) -> None:
    """Print what one more article takes, prepared and as a whole."""
    prepared = dict(extractions(archive, TAKEN_IN, FIRST_DAY + timedelta(days=DAYS)))
    known = list(prepared)
    pool = ExtractionPool(Settings(_env_file=None).model, 1)
    print(f"\n{'milliseconds':22}{'p50':>8}{'p99':>9}   empty p50     p99   times", flush=True)
    try:
        some = next(prose(1))
        await pool.extract(some, Metadata())
        others = [f"{text}\nFor the record, {random.Random(text).random()}.\n" for text in prose(TAKEN_IN_WHOLE)]  # noqa: S311
        for name, extraction, texts in (
            ("as a whole", Prepared(prepared, pool, some), known[:TAKEN_IN_WHOLE]),
            ("without extraction", Prepared(prepared), known[TAKEN_IN_WHOLE:]),
            ("other prose", pool, others),
        ):
            async with opened(path, extraction) as full, opened(empty, extraction) as other:
                home = ChatIdentity(archive.chat, ChatKind.PRIVATE, "Ann")
                ours, theirs = await take_in_by_turns([(full, home), (other, home)], texts)
            times = median(one / other for one, other in zip(ours.each, theirs.each, strict=True))
            met = f"  {verdict(met=times <= MOST_TIMES_EMPTY)}" if name == "as a whole" else ""
            print(
                f"{name:22}{milliseconds(ours.p50)} {milliseconds(ours.p99)}    {milliseconds(theirs.p50)}"
                f"{milliseconds(theirs.p99)}  {times:5.2f}{met}",
                flush=True,
            )
    finally:
        pool.close()


async def made(path: Path) -> None:
    """Make an empty archive."""
    await (await SqliteDatabase.open(path)).close()


async def prepared(articles: int, folder: Path) -> tuple[Path, Archive]:
    """Return an archive in a folder, beside a hundredth of it in the same file; generate it if it is not there yet."""
    sizes = [Size(max(1, each), persons=max(FEWEST, each // 2)) for each in (articles // 100, articles)]
    path = folder / f"archive-{articles}.db"
    if not path.exists():
        begun = path.with_suffix(".begun")
        await made(begun)
        with closing(sqlite3.connect(begun)) as file:
            generate(file, sizes)
        begun.rename(path)
    return path, described(sizes)[-1]


def main() -> None:
    """Generate what is not there yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(TemporaryDirectory()))
        began = time.perf_counter()
        path, archive = asyncio.run(prepared(wanted.articles, wanted.folder or temporary))
        took, large = time.perf_counter() - began, path.stat().st_size / 2**20
        print(f"there after {took:.0f} s, {large:.0f} MB", flush=True)
        asyncio.run(measure(path, archive, wanted.questions))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        # What is taken in a second time would be a reprint: the archive that stays does not grow.
        copy = Path(shutil.copy(path, temporary / "copy.db"))
        asyncio.run(measure_taking_in(copy, temporary / "empty.db", archive))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)


if __name__ == "__main__":
    main()
