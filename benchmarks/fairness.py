"""What others wait while somebody has forwarded ten thousand articles.

    python -m benchmarks.fairness [FORWARDS] [--seconds SECONDS] [--reading MILLISECONDS]

A local Telegram, reached over HTTP, has FORWARDS (10,000) articles of one user waiting for the bot. Meanwhile Zoe, in a
chat of her own, asks a question every five seconds and forwards an article every twenty. Prints how long she waits for
an answer and for a card, and how many of the other one's jobs waited before and after: with nobody else there, with the
forwards and no limits, with the usual limits (PRESSWATCH_LIMITS), and where both write in the same group. Reading an
article takes MILLISECONDS (200) here. The target: with the forwards waiting, a question and an article of another user
in a chat of their own wait less than a second longer. In one group all share Telegram's twenty messages a minute, and
what the bot has to say of the forwards takes of these.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import structlog

from bot.application import now, over_http, running
from bot.local_telegram import Chat, LocalTelegram, Message, User
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from domain.extraction import Extraction, ExtractionFailure, Metadata
from domain.jobs import JobKind
from domain.limits import Limits, parse
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue

# Few enough for Telegram, which takes a message a second in a chat and twenty a minute in a group.
QUESTION_EVERY, ARTICLES_EVERY = 5.0, 4
LONGEST = 300.0
_BODY = (
    "The council of Arnby has sold berth {number} of the harbour, said clerk {number}, and {who} was not asked. " * 8
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Reading takes a time, and finds nothing."""

    takes: float

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        """Find nothing after a while."""
        await asyncio.sleep(self.takes)
        return Extraction(given)

    def warm_up(self) -> None:
        """There is nothing to get ready."""


@dataclass(slots=True)
class Waits:
    """How long Zoe waited, in seconds, and what else was waiting."""

    answers: list[float] = field(default_factory=list)
    cards: list[float] = field(default_factory=list)
    before: str = ""
    after: str = ""


@asynccontextmanager
async def bot(folder: Path, takes: float, limits: Limits) -> AsyncIterator[tuple[LocalTelegram, Services]]:
    """A bot with a local Telegram of its own."""
    local, database, files = (
        LocalTelegram(privacy_mode=False),
        await SqliteDatabase.open(folder / "fair.db"),
        ReaderPool(),
    )
    queue, prepared = SqliteQueue(database, now), Prepared(takes)
    services = Services(database, queue, prepared, files, LinkReader(files), now, "UTC", limits=limits)
    try:
        async with (
            http_door(local) as root,
            running(Settings(_env_file=None), services, local.token, over_http(root)),
        ):
            yield local, services
    finally:
        files.close()
        await database.close()


async def measure(forwards: int, seconds: float, takes: float, limits: Limits, *, in_group: bool) -> Waits:
    """Have somebody forward so many articles, and measure what Zoe waits meanwhile."""
    found = Waits()
    with TemporaryDirectory() as folder:
        async with bot(Path(folder), takes, limits) as (local, services):
            zoe, flooder = local.create_user("Zoe"), local.create_user("Mallory")
            chat, other = local.create_private_chat(zoe), local.create_private_chat(flooder)
            if in_group:
                chat = other = local.create_supergroup("Desk", zoe)
                chat.members[flooder.id] = "member"
            await _answered(local, chat, zoe, "/help")
            for number in range(forwards):
                local.send_text(other, flooder, _BODY.format(number=number, who="Mallory"))
            while await _received(services) < forwards:  # noqa: ASYNC110  # nobody is told how many there are
                await asyncio.sleep(0.5)
            found.before = await _waiting(services)
            await _ask(local, chat, zoe, seconds, found)
            found.after = await _waiting(services)
    return found


async def _ask(local: LocalTelegram, chat: Chat, zoe: User, seconds: float, found: Waits) -> None:
    begin = time.monotonic()
    async with asyncio.TaskGroup() as group:
        number = 0
        while time.monotonic() < begin + seconds:
            name = local.bot.username
            group.create_task(_note(found.answers, _answered(local, chat, zoe, f"/search@{name} word{number}")))
            if number % ARTICLES_EVERY == 0:
                text = _BODY.format(number=f"z{number}", who="Zoe")
                group.create_task(
                    _note(found.cards, _answered(local, chat, zoe, text, lambda told: "Reading" not in told.text))
                )
            number += 1
            await asyncio.sleep(QUESTION_EVERY)


async def _note(into: list[float], waiting: "asyncio.Future[None] | object") -> None:
    begin = time.monotonic()
    try:
        await waiting  # type: ignore[misc]
    except TimeoutError:
        into.append(LONGEST)
    else:
        into.append(time.monotonic() - begin)


def _newest(chat: Chat) -> list[Message]:
    # The group has all that was forwarded there.
    return list(islice(reversed(chat.messages.values()), 100))


async def _answered(
    local: LocalTelegram, chat: Chat, user: User, text: str, wanted: Callable[[Message], bool] = lambda _: True
) -> None:
    asked = local.send_text(chat, user, text)
    await local.until(lambda: [each for each in _newest(chat) if each.reply_to is asked and wanted(each)], LONGEST)


async def _received(services: Services) -> int:
    counts = await services.queue.counts()
    return sum(count for (kind, _), count in counts.items() if kind is JobKind.UPDATE)


async def _waiting(services: Services) -> str:
    counts = await services.queue.counts()
    waiting = {kind: counts.get((kind, "ready"), 0) for kind in (JobKind.UPDATE, JobKind.EXTRACT)}
    return ", ".join(f"{count} {kind}" for kind, count in waiting.items())


def line(name: str, found: Waits) -> str:
    """Return one situation's figures."""
    told = [f"{what} {_of(waits)}" for what, waits in (("answers", found.answers), ("cards", found.cards))]
    return f"{name:<34} {'   '.join(told)}   waiting: {found.before} → {found.after}"


def _of(waits: list[float]) -> str:
    ordered = sorted(waits)
    if not ordered:
        return "none"
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    middle, late, longest = (f"{1000 * wait:.0f} ms" for wait in (median(ordered), late, ordered[-1]))
    return f"{len(ordered):>3}: median {middle}, 95% {late}, longest {longest}"


async def main() -> None:
    """Measure each situation and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("forwards", nargs="?", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--reading", type=float, default=200, help="milliseconds an article")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    takes = given.reading / 1000
    for name, forwards, limits, in_group in (
        ("nobody else", 0, Limits(), False),
        (f"{given.forwards} forwards, no limits", given.forwards, Limits(), False),
        (f"{given.forwards} forwards, usual limits", given.forwards, parse(""), False),
        (f"{given.forwards} in the same group, limits", given.forwards, parse(""), True),
    ):
        found = await measure(forwards, given.seconds, takes, limits, in_group=in_group)
        print(line(name, found), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
