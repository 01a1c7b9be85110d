"""The faults, each with what it may lead to; they pass by themselves, or as soon as somebody has mended what broke."""

import asyncio
import os
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from storage.opening import file_of
from storage.postgres.database import WRITING
from tests.faults import reader
from tests.faults.scene import CLUSTER, NOTHING, ONE, PATIENCE, May, Mode, Scene

HOUR, MONTH = timedelta(hours=1), timedelta(days=31)
# So long a fault lasts in the tests, in seconds; by hand it may be a minute.
BRIEFLY = 1.5


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, for so many seconds where that may be chosen, and what may come of it."""

    name: str
    happens: Callable[[Scene, float], Awaitable[None]]
    may: May = NOTHING
    modes: tuple[Mode, ...] = (ONE, CLUSTER)


def logged(*actions: str) -> frozenset[str]:
    return frozenset(actions)


# ------------------------------------------------------------------------------------------------------------ Telegram


async def slow(scene: Scene, seconds: float) -> None:
    for method in ("sendMessage", "setMessageReaction", "getUpdates"):
        scene.local.fail_next(method, "slow", 4, delay=0.4)
    await scene.some()


async def storm(scene: Scene, seconds: float) -> None:
    for method in ("sendMessage", "setMessageReaction"):
        scene.local.fail_next(method, 429, 5, retry_after=1)
    scene.local.fail_next("getUpdates", 429)
    await scene.some()


async def bad_gateway(scene: Scene, seconds: float) -> None:
    for method in ("sendMessage", "setMessageReaction", "getUpdates"):
        scene.local.fail_next(method, 502, 2)
    await scene.some()


async def lost_answers(scene: Scene, seconds: float) -> None:
    """Telegram does what it is asked for, and the line breaks before it says so."""
    scene.local.fail_next("sendMessage", "drop", 3)
    scene.local.fail_next("getUpdates", "drop", 2)
    await scene.some()


async def never_answers(scene: Scene, seconds: float) -> None:
    scene.local.fail_next("sendMessage", "hang", 3)
    await scene.some()


async def unreachable(scene: Scene, seconds: float) -> None:
    await scene.some(3)
    await scene.to_telegram.cut()
    await scene.some(3)
    await asyncio.sleep(seconds)
    await scene.to_telegram.mend()


async def away_at_the_start(scene: Scene, seconds: float) -> None:
    """All processes start while Telegram is out of reach."""
    await scene.to_telegram.cut()
    for place in range(len(scene.mode.commands)):
        await scene.restart(place)
    await scene.some(3)
    # Each keeps trying.
    await scene.logs("telegram.unreached")
    await asyncio.sleep(seconds)
    await scene.to_telegram.mend()
    await scene.logs("bot.started", *([] if scene.mode.is_one else ["webhook.set"]))


async def half_open(scene: Scene, seconds: float) -> None:
    """Connections stand and nothing comes through."""
    await scene.some(3)
    scene.to_telegram.go_silent()
    await scene.some(3)
    await asyncio.sleep(seconds)
    await scene.to_telegram.mend()


async def nameless(scene: Scene, seconds: float) -> None:
    await scene.some(3)
    scene.lose_names(lost=True)
    scene.to_telegram.drop()
    await scene.some(3)
    await asyncio.sleep(seconds)
    scene.lose_names(lost=False)


async def rival(scene: Scene, seconds: float) -> None:
    """Somebody else fetches the bot's updates."""
    await scene.some(3)
    async with asyncio.timeout(PATIENCE):
        # The bot may have nothing under way just then.
        while "updates.conflict" not in scene.actions():
            await scene.local.call("getUpdates", {"timeout": "0"})
            await asyncio.sleep(0.1)
    await scene.some(3)


async def unknown_update(scene: Scene, seconds: float) -> None:
    scene.local.raw_update({"telepathy": {"thought": "berths", "from": {"id": 5}}})
    scene.local.raw_update({"message": {"message_id": 1, "date": 1, "chat": {"id": 6, "type": "hive"}, "dream": {}}})
    await scene.some(3)


async def unparsable_update(scene: Scene, seconds: float) -> None:
    scene.local.raw_update({"message": {"text": 5, "date": "yesterday", "chat": []}})
    await scene.some(3)


# ------------------------------------------------------------------------------------------------------------ database


async def locked(scene: Scene, seconds: float) -> None:
    """Another process writes, and does not come to its end."""
    await scene.some(3)
    async with _held(scene):
        await scene.some(3)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def _held(scene: Scene) -> AsyncIterator[None]:
    if scene.mode.is_one:
        file = file_of(scene.url)
        assert file is not None
        with closing(sqlite3.connect(file, isolation_level=None, timeout=PATIENCE)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        async with await connect(scene) as other:
            await _hold(other)
            yield
            await other.execute(b"ROLLBACK")


async def _hold(other: psycopg.AsyncConnection) -> None:
    """Lock what is written, in no order that others have: of two that wait for each other, the server ends one."""
    while True:
        try:
            await other.execute(f"BEGIN; SELECT pg_advisory_xact_lock({WRITING})".encode())
            await other.execute(b"LOCK TABLE jobs, procrastinate_jobs")
        except psycopg.errors.DeadlockDetected:
            await other.execute(b"ROLLBACK")
        else:
            return


async def connect(scene: Scene) -> psycopg.AsyncConnection:
    """Connect to the server itself, past the line; in no thread, for the line is in this one."""
    return await psycopg.AsyncConnection.connect(scene.url, autocommit=True)


async def full(scene: Scene, seconds: float) -> None:
    """The disk has no room left."""
    await scene.some(3)
    async with _no_room(scene):
        await scene.some(3)
        # A file of one's own has no room for more log than that of so long.
        await asyncio.sleep(min(seconds, BRIEFLY) if scene.mode.is_one else seconds)


@asynccontextmanager
async def _no_room(scene: Scene) -> AsyncIterator[None]:
    if scene.mode.is_one:
        (process,) = scene.processes
        _, hard = resource.prlimit(process.number, resource.RLIMIT_FSIZE)
        # The log is shorter than the database, and goes on: a line cut in the middle would be the fault of this limit.
        resource.prlimit(process.number, resource.RLIMIT_FSIZE, (scene.log.stat().st_size + 400_000, hard))
        yield
        resource.prlimit(process.number, resource.RLIMIT_FSIZE, (hard, hard))
    else:
        async with await connect(scene) as other:
            await other.execute(_FULL)
            yield
            await other.execute(b"DROP FUNCTION no_room CASCADE")


_FULL = b"""
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON jobs EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON articles EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON subscriptions EXECUTE FUNCTION no_room();
"""


async def gone(scene: Scene, seconds: float) -> None:
    """No way leads to the server."""
    await scene.some(3)
    assert scene.to_database is not None
    await scene.to_database.cut()
    await scene.some(3)
    await asyncio.sleep(seconds)
    await scene.to_database.mend()


async def crashed(scene: Scene, seconds: float) -> None:
    """One of the server's processes dies, and it starts all of them anew, as after a power cut."""
    await scene.some(3)
    other = await connect(scene)
    os.kill(other.info.backend_pid, signal.SIGKILL)
    await scene.some(3)
    with suppress(psycopg.Error):
        await other.close()


# --------------------------------------------------------------------------------------------------------------- clock


async def an_hour_ahead(scene: Scene, seconds: float) -> None:
    await _jump(scene, HOUR)


async def an_hour_back(scene: Scene, seconds: float) -> None:
    await _jump(scene, -HOUR)


async def a_month_ahead(scene: Scene, seconds: float) -> None:
    await _jump(scene, MONTH)


async def a_month_back(scene: Scene, seconds: float) -> None:
    await _jump(scene, -MONTH)


async def _jump(scene: Scene, by: timedelta) -> None:
    """The clock jumps, and an hour later all is as it was."""
    await scene.some(3)
    await asyncio.gather(scene.jump(by), scene.some(3))
    await scene.rest()
    await scene.jump(HOUR)
    await scene.digests_come()


# ----------------------------------------------------------------------------------------------------------- processes


async def stopped(scene: Scene, seconds: float) -> None:
    """Whoever runs services stops the bot in mid-load, and starts it again."""
    await scene.some(6)
    await scene.stop()
    for place in range(len(scene.mode.commands)):
        await scene.start(place)
    await scene.some(3)


async def bereft(scene: Scene, seconds: float) -> None:
    """In mid-load a receiver is killed, then a worker, and the others go on without them; meanwhile an hour passes."""
    load = int(4 * seconds)
    for command in ("receive", "worker"):
        await scene.some(load)
        scene.processes[scene.mode.commands.index(command)].kill()
    scene.set_clock(scene.ahead + HOUR)
    await scene.some(load)
    await scene.rest()
    await scene.digests_come()
    for command in ("receive", "worker"):
        await scene.start(scene.mode.commands.index(command))


async def killed(scene: Scene, moments: int, longest: float = 0.5) -> None:
    """At random moments of a load, one process or another is killed, and started anew; meanwhile hours pass.

    One in five is killed again before it runs.
    """
    for _ in range(moments):
        await scene.some(2)
        await asyncio.sleep(scene.random.uniform(0, longest))
        had_started = scene.starts()
        await scene.restart(scene.random.randrange(len(scene.mode.commands)))
        scene.set_clock(scene.ahead + HOUR / 6)
        if scene.random.random() < 0.8:
            async with asyncio.timeout(PATIENCE):
                while scene.starts() == had_started:  # noqa: ASYNC110  # another process logs it
                    await asyncio.sleep(0.05)


def after_kills(moments: int, mode: Mode) -> May:
    """Each may have cost the answer to what was on its way to Telegram just then.

    Of several, one that lives may take over before the one that died is back.
    """
    must = logged("bot.recovered") if mode.is_one else frozenset[str]()
    return May(must, cards_twice=2 * moments, uncertain=moments)


async def bad_articles(scene: Scene, seconds: float) -> None:
    """Articles make the processes that read them hang, eat all memory and die, with good ones around them."""
    await scene.some(2)
    scene.unreadable += [scene.forward(what) for what in (reader.HANGS, reader.EATS, reader.DIES)]
    await scene.some(3)


BAD_ARTICLES = Fault(
    "articles hang, eat memory, segfault",
    bad_articles,
    May(logged("extract.timeout", "extract.error", "extract.crash")),
)

# What a database that is away, locked or full makes others say; a card that it could not note is sent again.
WITHOUT_DATABASE = logged("updates.error", "queue.error", "handler.error", "job.error", "operator.error")

FAULTS = (
    Fault("Telegram is slow", slow),
    Fault("Telegram refuses with 429", storm, May(logged("job.waits"))),
    Fault("Telegram refuses with 502", bad_gateway, May(logged("job.waits"))),
    Fault("Telegram's answers are lost", lost_answers, May(logged("job.waits"), cards_twice=3, uncertain=3)),
    Fault("Telegram never answers", never_answers, May(logged("job.waits"), uncertain=3)),
    Fault("Telegram is out of reach", unreachable, May(any_of=logged("updates.failed", "job.waits"))),
    Fault("Telegram is away at the start", away_at_the_start, May(logged("telegram.unreached"))),
    Fault("connections are half open", half_open, May(any_of=logged("updates.failed", "job.waits"), cards_twice=9)),
    Fault("no name is found", nameless, May(also_logged=logged("updates.failed"), cards_twice=9)),
    Fault("another fetches the updates", rival, May(logged("updates.conflict")), (ONE,)),
    Fault("an update of a kind not known", unknown_update),
    Fault(
        "an update that cannot be parsed",
        unparsable_update,
        May(logged("update.unparsable", "job.failed"), put_aside=1),
    ),
    Fault("the database is locked", locked, May(any_of=WITHOUT_DATABASE, cards_twice=9, uncertain=4), (ONE,)),
    Fault("the database is locked", locked, May(also_logged=WITHOUT_DATABASE, cards_twice=9, uncertain=4), (CLUSTER,)),
    Fault("the disk is full", full, May(any_of=WITHOUT_DATABASE, cards_twice=9, uncertain=4)),
    Fault("the database is out of reach", gone, May(any_of=WITHOUT_DATABASE, cards_twice=9, uncertain=4), (CLUSTER,)),
    Fault("the database crashes", crashed, May(any_of=WITHOUT_DATABASE, cards_twice=9, uncertain=4), (CLUSTER,)),
    Fault("the clock jumps an hour ahead", an_hour_ahead, May(logged("clock.jumped"))),
    Fault("the clock jumps an hour back", an_hour_back, May(logged("clock.jumped"))),
    Fault("the clock jumps a month ahead", a_month_ahead, May(logged("clock.jumped"))),
    Fault("the clock jumps a month back", a_month_back, May(logged("clock.jumped"))),
    Fault("SIGTERM under load", stopped),
    Fault("a receiver and a worker are gone", bereft, May(cards_twice=9, uncertain=4), (CLUSTER,)),
)
