"""Digests of many chats at one minute: how fast they go out under Telegram's limits, and what answers wait meanwhile.

    python -m benchmarks.sending [CHATS] [--planning SUBSCRIPTIONS]

A local Telegram, in a process of its own and reached over HTTP, refuses what is over Telegram's limits (30 messages a
second, 20 a minute in a group) with 429. CHATS private chats (10,000) have a digest due at the same minute, and besides
them ten groups thirty each, which a group's limit keeps for more than a minute. Every five seconds somebody asks for
/help. Prints how long it took against the ideal of 30 a second, how late the private chats had theirs, what the answers
took, the longest time that the event loop was blocked, and how many digests came twice or not at all; then, in a file
of its own, how long planning 100,000 (SUBSCRIPTIONS) that are due takes. The targets: 1.1 times the ideal, 50 ms, none;
a minute.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bot.application import bot_number, now, over_http, running
from bot.local_telegram import LocalTelegram
from bot.local_telegram.flood import Flood
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from domain.articles import Forward, IncomingArticle, Origin, Taken
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Extraction, ExtractionFailure, Metadata
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services, delivering, intake, reading
from storage import deliveries
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue
from storage.values import to_text

A_SECOND = 30
GROUPS, IN_A_GROUP = 10, 30
EVERY = 5.0
ARTICLES = 8
HOME = ChatIdentity(1, ChatKind.PRIVATE, "Ann")


class Prepared:
    """Extraction is not what this measures."""

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Find nothing."""
        return Extraction(given)

    def warm_up(self) -> None:
        """There is nothing to get ready."""


# ----------------------------------------------------------------- the other side


async def serve(chats: int) -> None:
    """Be Telegram until the input ends; then print what came."""
    local = LocalTelegram(flood=Flood(time.monotonic))
    asking = local.create_private_chat(local.create_user("Zoe"))
    people = [local.create_private_chat(local.create_user(str(number))) for number in range(chats)]
    owner = local.create_user("Owner")
    groups = [local.create_supergroup(f"Group {number}", owner) for number in range(GROUPS)]
    arrived: list[tuple[int, float]] = []
    keep = local.add_message

    def noted(message: Any) -> Any:
        if message.by_bot and message.chat is not asking:
            arrived.append((message.chat.id, time.time()))
        return keep(message)

    local.add_message = noted  # type: ignore[method-assign]
    # What a person of the bench does not need to remember.
    async with http_door(local) as root:
        numbers = {"people": [chat.id for chat in people], "groups": [chat.id for chat in groups]}
        print(json.dumps({"root": root, "token": local.token, **numbers}), flush=True)
        answers = asyncio.create_task(_ask(local, asking))
        await asyncio.to_thread(sys.stdin.read)
        answers.cancel()
        with suppress(asyncio.CancelledError):
            await answers
    refused = local.flood.refused if local.flood else 0
    print(json.dumps({"arrived": arrived, "refused": refused, "answers": _WAITED}), flush=True)


_WAITED: list[float] = []


async def _ask(local: LocalTelegram, chat: Any) -> None:
    while True:
        await asyncio.sleep(EVERY)
        asked, begin = local.send_text(chat, chat.person, "/help"), time.monotonic()
        await local.until(lambda asked=asked: [each for each in chat.messages.values() if each.reply_to is asked], 60)
        _WAITED.append(time.monotonic() - begin)


# ----------------------------------------------------------------- the bot


@asynccontextmanager
async def telegram(chats: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, Any]]]:
    """A local Telegram in a process of its own, and what it says of itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.sending", str(chats), "--serve",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 28,
    )  # fmt: skip
    assert process.stdout is not None  # asked for above
    try:
        yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()


@asynccontextmanager
async def opened(path: Path, bot: int) -> AsyncIterator[Services]:
    """The use cases over a file."""
    database, files = await SqliteDatabase.open(path), ReaderPool()
    try:
        queue = SqliteQueue(database, now, bot)
        yield Services(database, queue, Prepared(), files, LinkReader(files), now, "UTC", bot)
    finally:
        files.close()
        await database.close()


async def fill(services: Services, due: datetime, people: list[int], groups: list[int]) -> None:
    """Chats that share a collection with some new articles, each with a digest due; groups with many, by topic."""
    for number in range(ARTICLES):
        forward = Forward(HOME, number + 1, None, "Ann", Origin(), due - timedelta(minutes=5 * number + 5))
        taken = await intake.take_in(services, IncomingArticle(f"The harbour opens on day {number}. " * 20, forward))
        assert isinstance(taken, Taken)  # each text is another one
        await reading.read(services, taken.article, None)
    wanted = [(chat, 0) for chat in people] + [(chat, topic) for chat in groups for topic in range(IN_A_GROUP)]
    async with services.database.transaction() as db:
        await db.run_many(
            """INSERT INTO chats (id, bot, collection_id, kind, title, timezone, created_at)
            SELECT :id, :bot, collection_id, :kind, 'Chat', 'UTC', created_at FROM chats WHERE id = :home""",
            [
                {"id": chat, "bot": services.bot, "kind": "private" if chat > 0 else "supergroup", "home": HOME.id}
                for chat in [*people, *groups]
            ],
        )
        await db.run_many(
            """INSERT INTO subscriptions (chat_id, target_id, thread_id, owner_id, times, days, timezone, filters,
                when_empty, state, next_run, created_at)
            VALUES (:chat, :chat, 0, 0, :times, '[1, 2, 3, 4, 5, 6, 7]', 'UTC', '{}', 'line', 'active', :due, :made)""",
            [
                {
                    "chat": chat,
                    "times": json.dumps([f"{due:%H:%M}"]),
                    "due": to_text(due),
                    "made": to_text(due - timedelta(days=1)),
                }
                for chat, _ in wanted
            ],
        )


async def watch_loop(gaps: list[float]) -> None:
    """Note for how long nothing else could run, in seconds."""
    while True:
        begin = time.monotonic()
        await asyncio.sleep(0.005)
        gaps.append(time.monotonic() - begin - 0.005)


async def send_all(chats: int, folder: Path) -> None:
    """Send the digests of all chats and print how that went."""
    async with telegram(chats) as (process, told):
        due = datetime.now(UTC).replace(second=0, microsecond=0)
        async with opened(folder / "sending.db", bot_number(told["token"])) as services:
            await fill(services, due, told["people"], told["groups"])
            gaps: list[float] = []
            settings = Settings(_env_file=None)
            begin, used = time.time(), time.process_time()
            async with running(settings, services, told["token"], over_http(told["root"])):
                watching = asyncio.create_task(watch_loop(gaps))
                await _until_settled(services, chats + GROUPS * IN_A_GROUP)
                watching.cancel()
            used = time.process_time() - used
            async with services.database.reading() as db:
                states = await deliveries.counts(db)
        out, _ = await process.communicate(b"")
        _report(json.loads(out.splitlines()[-1]), begin, set(told["people"]), gaps, states)
        print(f"  {1000 * used / (chats + GROUPS * IN_A_GROUP):.1f} ms of one core for each")


async def _until_settled(services: Services, number: int) -> None:
    while True:
        await asyncio.sleep(2)
        async with services.database.reading() as db:
            states = await deliveries.counts(db)
        settled = sum(count for state, count in states.items() if state not in ("planned", "sending"))
        print(f"\r{settled:,} of {number:,}", end="", flush=True, file=sys.stderr)
        if settled == number:
            print("\r", end="", file=sys.stderr)
            return


def _report(seen: dict[str, Any], begin: float, people: set[int], gaps: list[float], states: Any) -> None:
    arrived: list[tuple[int, float]] = seen["arrived"]
    times = [at for _, at in arrived]
    private = [at - begin for chat, at in arrived if chat in people]
    meanwhile = sum(at - begin <= max(private) for at in times)
    ideal = meanwhile / A_SECOND
    print(f"{len(arrived):,} digests in {max(times) - begin:.1f} s, the private chats' in {max(private):.1f} s:")
    print(f"  {max(private) / ideal:.3f} times the ideal of {ideal:.1f} s for the {meanwhile:,} of all until then")
    in_each_second = Counter(int(at - begin) for at in times)
    busiest = max(in_each_second.values())
    usual = median(in_each_second.values())
    print(f"  median {usual:.0f} a second, at most {busiest}; refused with 429: {seen['refused']}")
    last = max(at - begin for chat, at in arrived if chat not in people)
    print(f"  the last of a group, which may have 20 a minute, after {last:.1f} s")
    twice = sum(count - 1 for chat, count in Counter(chat for chat, _ in arrived).items() if chat in people)
    print(f"  came twice: {twice}; in the ledger: {', '.join(f'{count:,} {state}' for state, count in states.items())}")
    if len(seen["answers"]) > 1:
        waits = sorted(seen["answers"])
        usual, longest = 1000 * median(waits), 1000 * waits[-1]
        print(f"  {len(waits)} answers to /help meanwhile: median {usual:.0f} ms, at most {longest:.0f} ms")
    slowest = quantiles(gaps, n=1000)
    print(f"  the event loop was blocked for {1000 * slowest[-1]:.0f} ms at p99.9, {1000 * max(gaps):.0f} ms at most")


async def plan_all(number: int, folder: Path) -> None:
    """Plan so many subscriptions that are due at the same minute."""
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    async with opened(folder / "planning.db", 1) as services:
        await fill(services, due, list(range(2, number + 2)), [])
        gaps: list[float] = []
        watching = asyncio.create_task(watch_loop(gaps))
        begin = time.monotonic()
        planned = await delivering.plan_due(services)
        took = time.monotonic() - begin
        watching.cancel()
    print(f"{planned:,} planned in {took:.1f} s; the event loop was blocked for {1000 * max(gaps):.0f} ms at most")


async def measure(chats: int, planning: int) -> None:
    """Print both tables."""
    with TemporaryDirectory() as folder:
        if chats:
            await send_all(chats, Path(folder))
        if planning:
            await plan_all(planning, Path(folder))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chats", nargs="?", type=int, default=10_000)
    parser.add_argument("--planning", type=int, default=100_000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    asyncio.run(serve(given.chats) if given.serve else measure(given.chats, given.planning))


if __name__ == "__main__":
    main()
