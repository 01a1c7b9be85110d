"""One scene for all faults: people who forward articles and ask, a bot of one or several processes, and how it ends."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.application import bot_number
from bot.local_telegram import Chat, LocalTelegram, Message
from bot.local_telegram.faults import Faults
from bot.local_telegram.http_door import http_door
from bot.local_telegram.posting import posting
from domain.chats import ChatIdentity, ChatKind
from domain.schedule import Timetable
from domain.subscriptions import Wish
from storage import chats, subscriptions
from storage.connection import Database, DatabaseAwayError, Reader
from storage.opening import open_database
from storage.values import to_text
from tests.faults.bot import Order
from tests.faults.line import Connect, Line, line

# One that has a digest, each hour of its day.
SUBSCRIBERS = 4
HOURLY = Timetable(tuple(time(hour) for hour in range(24)), "UTC")
# A little more than a second in which a bot that does all at once does what is left.
PATIENCE = 60.0
# Who stops services kills what has not ended by then, in seconds; the system may be slow in ending it.
STOPPED_WITHIN, SLACK = 10.0, 5.0
SECRET = "x" * 32
ARTICLE = """{headline}

Berth number {number} of the harbour of Ostwick is closed from Monday on, as the town's council has decided. Its quay \
wall has been leaning by a hand's breadth since the winter, and the divers who looked at it found that three of its \
piles are gone. Boats that lie there have to move to the northern basin, where the fee is the same. {more}"""


@dataclass(frozen=True, slots=True)
class Mode:
    """Which processes there are, and on which database."""

    name: str
    commands: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        return self.commands == ("run",)


ONE = Mode("one process, SQLite", ("run",))
CLUSTER = Mode("two receivers and two workers, PostgreSQL", ("receive", "receive", "worker", "worker"))


class Process:
    """A process of the bot, known by its number; what it started dies with it."""

    def __init__(self, command: str, number: int) -> None:
        self.command = command
        self.number = number

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.number, signal.SIGKILL)

    def stop(self) -> None:
        os.kill(self.number, signal.SIGTERM)

    async def ended(self) -> None:
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        try:
            descriptor = os.pidfd_open(self.number)
        except ProcessLookupError:
            return
        loop.add_reader(descriptor, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)


class Nursery:
    """Where processes come from."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lock = asyncio.Lock()

    async def start(self, order: Order) -> Process:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._lock:
            self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            return Process(order.command, int(await self._process.stdout.readline()))


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.bot", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@dataclass(frozen=True, slots=True)
class May:
    """What a fault may lead to, and what it must: by default, nothing at all.

    ``logged`` are the actions of the lines that have to be in the log, of ``any_of`` one has to be, and ``also_logged``
    are those of further errors that may be. A card may stand there twice where its answer was lost, or died with its
    process, and a digest be uncertain. So many jobs are put aside.
    """

    logged: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    also_logged: frozenset[str] = frozenset()
    cards_twice: int = 0
    uncertain: int = 0
    put_aside: int = 0


NOTHING = May()


@dataclass
class Scene:
    """A bot, its Telegram, its database, and the lines to these."""

    mode: Mode
    local: LocalTelegram
    folder: Path
    url: str
    database: Database
    to_telegram: Line
    to_database: Line | None
    nursery: Nursery
    environment: dict[str, str]
    hurry: bool = True
    real_pool: bool = False
    processes: list[Process] = field(default_factory=list)
    ports: dict[int, int] = field(default_factory=dict)
    forwards: list[Message] = field(default_factory=list)
    unreadable: list[Message] = field(default_factory=list)
    questions: list[Message] = field(default_factory=list)
    subscribers: list[Chat] = field(default_factory=list)
    seen: int = 0
    cards_twice: int = 0
    uncertain: int = 0
    ahead: timedelta = timedelta()
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311  # no secret hangs on it

    # ------------------------------------------------------------------ the bot

    async def start(self, place: int) -> Process:
        """Start the process that has a place of its mode."""
        command = self.mode.commands[place]
        environment = {**self.environment}
        if command == "receive":
            environment["PRESSWATCH_LISTEN"] = f"127.0.0.1:{self.ports[place]}"
        order = Order(
            command, environment, str(self.log), str(self.folder / "clock"), hurry=self.hurry, real_pool=self.real_pool
        )
        process = await self.nursery.start(order)
        if place < len(self.processes):
            self.processes[place] = process
        else:
            self.processes.append(process)
        return process

    async def restart(self, place: int) -> None:
        """Kill a process as a power cut would, and start it anew."""
        self.processes[place].kill()
        await self.processes[place].ended()
        await self.start(place)

    async def stop(self) -> None:
        """Stop all processes as whoever runs services does; they promise to end in time."""
        for process in self.processes:
            process.stop()
        async with asyncio.timeout(STOPPED_WITHIN + SLACK):
            for process in self.processes:
                await process.ended()

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log since all was well; what is no JSON is an error that nobody has caught."""
        whole, _, _ = self.log.read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(each) for each in whole.splitlines()[self.seen :]]

    def starts(self) -> int:
        """How many processes have begun to work."""
        return sum(each["action"] in ("bot.started", "receiver.started") for each in self.logged())

    def actions(self) -> set[str]:
        return {each["action"] for each in self.logged()}

    async def logs(self, *actions: str) -> None:
        """Wait until all of this has been logged."""
        async with asyncio.timeout(PATIENCE):
            while not {*actions} <= self.actions():  # noqa: ASYNC110  # other processes write it
                await asyncio.sleep(0.05)

    def lose_names(self, *, lost: bool) -> None:
        """Have no name found any more, or be found again."""
        if lost:
            (self.folder / "no names").touch()
        else:
            (self.folder / "no names").unlink()

    def set_clock(self, ahead: timedelta) -> None:
        """Put the machine's clock forward, or back."""
        self.ahead = ahead
        new = self.folder / "clock.new"
        new.write_text(str(ahead.total_seconds()), encoding="ascii")
        new.replace(self.folder / "clock")

    async def jump(self, by: timedelta) -> None:
        """Put the machine's clock forward, or back, and wait until all who mind it have seen that."""
        minding = sum(command != "receive" for command in self.mode.commands)
        seen = self._jumps() + minding
        self.set_clock(self.ahead + by)
        async with asyncio.timeout(PATIENCE):
            while self._jumps() < seen:  # noqa: ASYNC110  # other processes log it
                await asyncio.sleep(0.05)

    def _jumps(self) -> int:
        return sum(each["action"] == "clock.jumped" for each in self.logged())

    # ----------------------------------------------------------------- the load

    def forward(self, more: str = "", chat: Chat | None = None) -> Message:
        """Somebody who has not been here forwards an article."""
        number = len(self.forwards)
        if chat is None:
            chat = self.local.create_private_chat(self.local.create_user(f"Reader {number}"))
        text = ARTICLE.format(headline=f"Berth {number} closes", number=number, more=more)
        self.forwards.append(self.local.send_text(chat, chat.person, text))
        return self.forwards[-1]

    def ask(self) -> None:
        """Somebody who has not been here asks."""
        person = self.local.create_user(f"Asker {len(self.questions)}")
        text = self.random.choice(("/help", "/search harbour"))
        self.questions.append(self.local.send_text(self.local.create_private_chat(person), person, text))

    async def some(self, articles: int = 6, pause: float = 0.02) -> None:
        """So many articles come, with a question after each third."""
        for number in range(articles):
            self.forward()
            if number % 3 == 0:
                self.ask()
            await asyncio.sleep(pause)

    async def subscribe(self) -> None:
        """Some chats, which have an article each, want a digest at every hour."""
        bot, now = bot_number(self.local.token), datetime.now(UTC)
        for number in range(SUBSCRIBERS):
            chat = self.local.create_private_chat(self.local.create_user(f"Subscriber {number}"))
            self.subscribers.append(chat)
            async with self.database.transaction() as db:
                await chats.add(db, bot, ChatIdentity(chat.id, ChatKind.PRIVATE, "Subscriber"), "UTC", now)
                wish = Wish(HOURLY, chat.id)
                await subscriptions.add(db, chat.id, chat.id, wish, HOURLY.after(now).due, now)

    async def digests_come(self) -> None:
        """Wait until each subscriber has had the digest of the hour, and nobody another."""
        now = datetime.now(UTC) + self.ahead
        due = HOURLY.latest(now).due

        async def told() -> int:
            async with self.database.reading() as db:
                row = await db.one(
                    "SELECT COUNT(*) AS found FROM deliveries WHERE due = :due AND state IN ('sent', 'uncertain')",
                    due=to_text(due),
                )
            return row["found"] if row else 0

        async with asyncio.timeout(PATIENCE):
            while await told() < SUBSCRIBERS:  # noqa: ASYNC110  # other processes write it
                await asyncio.sleep(0.05)

    # ------------------------------------------------------------------ the end

    def answers_to(self, message: Message) -> list[Message]:
        return [each for each in self.local.messages(message.chat) if each.reply_to is message]

    def waiting(self) -> list[Message]:
        """Whoever has no answer yet, or only that there will be one."""
        asked = (*self.forwards, *self.questions)
        return [each for each in asked if all(said.text == "Reading …" for said in self.answers_to(each))]

    async def rest(self) -> None:
        """Wait until everybody is answered and nothing is left to do."""
        await self.local.until(lambda: not self.waiting(), PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while await self._is_busy():  # noqa: ASYNC110  # other processes write it
                await asyncio.sleep(0.05)

    async def _is_busy(self) -> bool:
        try:
            async with self.database.reading() as db:
                return bool(
                    await db.all("SELECT 1 AS x FROM jobs WHERE state IN ('ready', 'running') LIMIT 1")
                    or await db.all("SELECT 1 AS x FROM deliveries WHERE state IN ('planned', 'sending') LIMIT 1")
                )
        except DatabaseAwayError:
            # A crash has cost us our own connection, too, and whoever uses it first is told so.
            return True

    async def left(self) -> str:
        """Return, for whoever looks why, what is left to do, and who works."""
        lines = [f"{len(self.waiting())} are not answered"]
        what = ["jobs ORDER BY id DESC LIMIT 50", "deliveries WHERE state IN ('planned', 'sending')"]
        if not self.mode.is_one:
            what += ["procrastinate_jobs", "procrastinate_workers"]
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.kill(process.number, signal.SIGUSR1)
        await asyncio.sleep(1)
        await self._is_busy()
        async with self.database.reading() as db:
            for each in what:
                lines += [f"-- {each}", *(str(dict(row)) for row in await db.all(f"SELECT * FROM {each}"))]  # noqa: S608  # these texts
        return "\n".join(lines)

    async def is_well(self, may: "May") -> "Ending":
        """Wait until nothing is left to do, and see that nothing was lost and nothing was done twice."""
        await self.rest()
        self.local.faults = Faults()
        async with self.database.reading() as db:
            ending = await self._ending(db)
        read = {"read": len(self.forwards) - len(self.unreadable), "failed": len(self.unreadable)}
        assert ending.articles == {state: number for state, number in read.items() if number}
        assert ending.different == len(self.forwards)
        aside = [each for each in self.logged() if each["action"] in ("job.failed", "job.error", "handler.error")]
        assert ending.put_aside == may.put_aside, aside
        assert ending.cards_twice - self.cards_twice <= may.cards_twice
        assert ending.deliveries.get("uncertain", 0) - self.uncertain <= may.uncertain
        assert set(ending.deliveries) <= {"sent", "uncertain", "missed"}
        for chat, (sent, uncertain) in ending.digests.items():
            # Of what is uncertain, some did arrive.
            assert sent <= len(self.digests_in(chat)) <= sent + uncertain
        # Without these, the fault has not happened.
        assert may.logged - self.actions() == set()
        assert not may.any_of or may.any_of & self.actions()
        allowed = may.logged | may.any_of | may.also_logged
        errors = [each for each in self.logged() if each["level"] in ("error", "critical")]
        assert [each for each in errors if each["action"] not in allowed] == []
        self.seen += len(self.logged())
        self.cards_twice = ending.cards_twice
        self.uncertain = ending.deliveries.get("uncertain", 0)
        return ending

    def digests_in(self, chat: int) -> list[Message]:
        """What a subscriber got that answers nothing."""
        (found,) = (each for each in self.subscribers if each.id == chat)
        return [each for each in self.local.messages(found) if each.by_bot and each.reply_to is None]

    async def _ending(self, db: Reader) -> "Ending":
        articles = await db.all("SELECT state, COUNT(*) AS found FROM articles GROUP BY state")
        different = await db.one("SELECT COUNT(DISTINCT content_hash) AS found FROM articles")
        deliveries = await db.all(
            """SELECT s.target_id AS chat, d.state AS state, COUNT(*) AS found
            FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id GROUP BY s.target_id, d.state"""
        )
        by_chat = {chat.id: Counter[str]() for chat in self.subscribers}
        for row in deliveries:
            by_chat[row["chat"]][row["state"]] = row["found"]
        assert different is not None
        return Ending(
            forwards=len(self.forwards),
            questions=len(self.questions),
            articles={row["state"]: row["found"] for row in articles},
            different=different["found"],
            # Those that ended a while ago are forgotten.
            put_aside=sum(each["action"] == "job.failed" for each in self.logged()),
            deliveries=dict(sum(by_chat.values(), Counter())),
            digests={chat: (states["sent"], states["uncertain"]) for chat, states in by_chat.items()},
            cards_twice=sum(len(self.answers_to(each)) - 1 for each in self.forwards),
            answers_twice=sum(len(self.answers_to(each)) - 1 for each in self.questions),
            log=Counter(each["action"] for each in self.logged() if each["level"] not in ("info", "debug")),
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """What is there when all is over."""

    forwards: int
    questions: int
    articles: Mapping[str, int]
    different: int
    put_aside: int
    deliveries: Mapping[str, int]
    digests: Mapping[int, tuple[int, int]]
    cards_twice: int
    answers_twice: int
    log: Mapping[str, int]


@asynccontextmanager
async def scene(
    mode: Mode,
    folder: Path,
    nursery: Nursery,
    url: str,
    database: Connect | None = None,
    *,
    hurry: bool = True,
    real_pool: bool = False,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Scene]:
    """A bot that runs, with people who have subscribed; ``url`` leads to its database past all lines."""
    local = LocalTelegram()
    async with AsyncExitStack() as stack:
        root = await stack.enter_async_context(http_door(local))
        api = await stack.enter_async_context(line(_to(root)))
        base = await stack.enter_async_context(line(database)) if database else None
        opened = await open_database(url)
        stack.push_async_callback(opened.close)
        made = Scene(
            mode,
            local,
            folder,
            url,
            opened,
            api,
            base,
            nursery,
            {
                "PRESSWATCH_TOKEN": local.token,
                "PRESSWATCH_API_BASE_URL": f"http://localhost:{api.port}",
                "PRESSWATCH_DATABASE_URL": url if base is None else through(url, base.port),
                "PRESSWATCH_LOG_FORMAT": "json",
                **(environment or {}),
            },
            hurry=hurry,
            real_pool=real_pool,
        )
        made.set_clock(timedelta())
        made.log.touch()
        if not mode.is_one:
            made.environment |= {
                "PRESSWATCH_WEBHOOK_URL": "https://bot.example/hook",
                "PRESSWATCH_WEBHOOK_SECRET": SECRET,
            }
            made.ports = {place: free_port() for place, each in enumerate(mode.commands) if each == "receive"}
            ports = list(made.ports.values())
            await stack.enter_async_context(posting(local, lambda _: f"http://127.0.0.1:{made.random.choice(ports)}/"))
        await made.subscribe()
        stack.callback(made.kill)
        for place in range(len(mode.commands)):
            await made.start(place)
        # Before it runs, what people send would wait anyway.
        await made.logs("bot.started", *([] if mode.is_one else ["receiver.started"]))
        yield made


def _to(root: str) -> Connect:
    host, port = root.removeprefix("http://").split(":")
    return lambda: asyncio.open_connection(host, int(port))


def through(url: str, port: int) -> str:
    """Return a database's address with a line in between."""
    name = url.partition("?")[0].rpartition("/")[2]
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
