"""A week of digests in accelerated time, with all that goes wrong in one: each due digest is in the ledger once.

    python -m benchmarks.week [march | october]

Twenty chats in eight zones (private chats, groups, supergroups and a topic) have digests at times of day that the
clock change of that month's last Sunday leaves out, goes through twice or leaves alone; one has two a day, one only
workdays. The bot itself runs, over HTTP against the local Telegram, and its clock is set from quarter of an hour to
quarter of an hour. Meanwhile it is stopped and started again, once in mid-send, and once for fourteen hours; Telegram
refuses with 429, 500 and 502, loses an answer after it has done what was asked, and removes the bot from a group; a
group becomes a supergroup. Prints the ledger by chat and local date.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.application import Transport, bot_number, over_http, running
from bot.limits import Pace
from bot.local_telegram import Chat, LocalTelegram, User
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from domain.extraction import Extraction, Metadata
from handlers.context import App
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services
from storage.pace import MemoryPaceBook
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue

# The Thursday before the change, at noon in UTC.
BEGINNINGS = {
    "march": datetime(2026, 3, 26, 12, tzinfo=UTC),
    "october": datetime(2026, 10, 22, 12, tzinfo=UTC),
}
DAYS = 7
QUARTER = timedelta(minutes=15)
# How much faster than ours the bot's time goes while it has something to do.
SPEED = 60

ZONES = (
    "Europe/Vilnius",
    "Europe/London",
    "Atlantic/Azores",
    "Europe/Chisinau",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Auckland",
    "UTC",
)
# Local times and days; those by night are in the hour that some zone's clock leaves out, or goes through twice.
TIMES = ("08:00", "02:30", "03:30", "01:30", "00:30", "00:00", "23:45", "12:15", "07:00, 19:30", "09:00 workdays")
LETTERS = {"sent": "s", "uncertain": "?", "missed": "m", "failed": "f", "planned": "P", "sending": "S"}


@dataclass
class FastClock:
    """A clock that goes ``SPEED`` times as fast as ours and can be put forward."""

    base: datetime
    since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.base + timedelta(seconds=SPEED * (time.monotonic() - self.since))

    def forward_to(self, moment: datetime) -> None:
        """Put the clock forward; it never goes back."""
        self.base, self.since = max(self(), moment), time.monotonic()


class NothingFound:
    """Extraction is not what this is about."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        """Find nothing."""
        return Extraction(given)

    def warm_up(self) -> None:
        """There is nothing to get ready."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: whose digest, for which time of which local date, and what became of it."""

    subscription: int
    day: date
    at: str
    state: str
    reason: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class Told:
    """A chat of the week: what it asked for and when, and when the bot lost it, if it did."""

    chat: Chat
    zone: str
    asked: str
    since: datetime
    until: datetime | None = None


@dataclass
class Week:
    """The bot's week: its clock, its chats, and the bot while it runs."""

    path: Path
    clock: FastClock
    local: LocalTelegram
    root: str
    owner: User
    step: timedelta = QUARTER
    told: list[Told] = field(default_factory=list)
    services: Services | None = None
    app: App | None = None

    @asynccontextmanager
    async def awake(self) -> AsyncIterator[None]:
        """The bot runs as long as the context is open."""
        database, files = await SqliteDatabase.open(self.path), ReaderPool()
        bot = bot_number(self.local.token)
        queue = SqliteQueue(database, self.clock, bot)
        links = LinkReader(files)
        self.services = Services(database, queue, NothingFound(), files, links, self.clock, "UTC", bot)
        over = over_http(self.root)
        book = MemoryPaceBook(lambda: self.clock().timestamp())
        pace = Pace(book, lambda seconds: asyncio.sleep(seconds / SPEED))
        transport = Transport(over.calls, over.updates, over.root, pace)
        try:
            async with running(Settings(_env_file=None), self.services, self.local.token, transport) as self.app:
                yield
        finally:
            self.services = self.app = None
            files.close()
            await database.close()

    async def ask(self, chat: Chat, text: str, thread_id: int | None = None) -> str:
        """Write as the owner and return the answer."""
        asked = self.local.send_text(
            chat, self.owner if chat.person is None else chat.person, text, thread_id=thread_id
        )
        answers = await self.local.until(
            lambda: [each for each in self.local.messages(chat) if each.reply_to is asked], 60
        )
        return answers[0].text

    async def minute(self) -> None:
        """What the JobQueue does each minute, and all that comes of it."""
        assert self.app is not None and self.app.job_queue is not None  # it is awake
        job = next(job for job in self.app.job_queue.jobs() if job.name == "digests")
        await job.run(self.app)
        while await self._open():  # noqa: ASYNC110  # the database tells nobody
            await asyncio.sleep(0.01)

    async def _open(self) -> int:
        assert self.services is not None  # it is awake
        async with self.services.database.reading() as db:
            row = await db.one("SELECT COUNT(*) AS open FROM deliveries WHERE state IN ('planned', 'sending')")
        return row["open"] if row else 0

    def next_step(self) -> datetime:
        """Return the next full step of the day."""
        moment = self.clock()
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + self.step * ((moment - midnight) // self.step + 1)

    async def until(self, moment: datetime) -> None:
        """Let the time pass with the bot awake."""
        while self.clock() < moment:
            self.clock.forward_to(min(self.next_step(), moment))
            await self.minute()

    async def ledger(self) -> Sequence[Entry]:
        """Return all rows of the ledger, in order."""
        database = await SqliteDatabase.open(self.path)
        async with database.reading() as db:
            rows = await db.all(
                """SELECT d.*, (SELECT COUNT(*) FROM delivery_messages m WHERE m.delivery_id = d.id) AS messages
                FROM deliveries d ORDER BY d.due, d.id"""
            )
        await database.close()
        return [
            Entry(
                row["subscription_id"],
                date.fromisoformat(row["local_date"]),
                row["local_time"],
                row["state"],
                row["reason"],
                row["messages"],
            )
            for row in rows
        ]


@asynccontextmanager
async def prepared(month: str, folder: Path, step: timedelta = QUARTER) -> AsyncIterator[Week]:
    """The chats of the week, in a Telegram that knows them; the bot still sleeps."""
    clock = FastClock(BEGINNINGS[month])
    local = LocalTelegram(clock=lambda: clock().timestamp())
    async with http_door(local) as root:
        yield Week(folder / f"{month}.db", clock, local, root, local.create_user("Ola", "Berg"), step)


async def subscribe_all(week: Week) -> None:
    """Have each chat ask for its digest."""
    for number in range(20):
        zone, asked = ZONES[number % len(ZONES)], TIMES[number % len(TIMES)]
        chat, thread_id = _chat(week, number)
        since = week.clock()
        answer = await week.ask(chat, f"/subscribe {asked} {zone}", thread_id)
        if zone not in answer:
            raise ValueError(f"{asked} {zone} was not understood: {answer}")
        week.told.append(Told(chat, zone, asked, since))


def _chat(week: Week, number: int) -> tuple[Chat, int | None]:
    if number < 12:
        person = week.local.create_user(f"Person {number}")
        return week.local.create_private_chat(person), None
    if number < 16:
        return week.local.create_supergroup(f"Group {number}", week.owner), None
    if number < 19:
        return week.local.create_group(f"Circle {number}", week.owner), None
    forum = week.local.create_supergroup("Forum", week.owner, forum=True)
    return forum, week.local.create_topic(forum, week.owner, "Press")


async def live(week: Week) -> None:
    """Let the week pass, with all that goes wrong in it."""
    begin = week.clock()
    day = timedelta(days=1)
    async with week.awake():
        await week.ask(week.local.create_private_chat(week.owner), "/start")
        await subscribe_all(week)
        await week.until(begin + day)
        week.local.fail_next("sendMessage", 429, retry_after=20)
        await week.until(begin + 1.5 * day)
    async with week.awake():
        week.local.fail_next("sendMessage", 502, 2)
        await week.until(begin + 2 * day)
        week.local.fail_next("sendMessage", 500, 1)
        moving = week.told[16]
        week.told[16] = Told(week.local.migrate(moving.chat, week.owner), moving.zone, moving.asked, moving.since)
        await week.until(begin + 2.5 * day)
        week.local.fail_next("sendMessage", "drop", 1)
        await week.until(begin + 3 * day)
        lost = week.told[13]
        week.local.kick(lost.chat, week.owner)
        week.told[13] = Told(lost.chat, lost.zone, lost.asked, lost.since, week.clock())
        await week.until(begin + 3.5 * day)
        await _cut_off(week)
    week.clock.forward_to(begin + 4 * day)
    async with week.awake():
        await week.until(begin + 4.75 * day)
    week.clock.forward_to(begin + 4.75 * day + timedelta(hours=14))
    async with week.awake():
        moving = week.told[17]
        # This one nobody hears of: the next digest finds it out.
        new = week.local.create_supergroup(moving.chat.title or "", week.owner)
        moving.chat.migrated_to = new.id
        week.told[17] = Told(new, moving.zone, moving.asked, moving.since)
        await week.until(begin + 6 * day)
    async with week.awake():
        await week.until(begin + DAYS * day)


async def _cut_off(week: Week) -> None:
    """Stop the bot while it waits for Telegram's answer to the next digest."""
    assert week.app is not None and week.app.job_queue is not None  # it is awake
    week.local.fail_next("sendMessage", "hang", 1)
    calls = len(week.local.calls_of("sendMessage"))
    job = next(job for job in week.app.job_queue.jobs() if job.name == "digests")
    while len(week.local.calls_of("sendMessage")) == calls:
        week.clock.forward_to(week.next_step())
        await job.run(week.app)
        await asyncio.sleep(0.3)


# ----------------------------------------------------------------- what should be there


def expected(told: Told, end: datetime) -> set[tuple[date, str]]:
    """Return each local date and time of day that fell due, found by walking through the minutes of the zone's clock.

    A time that the clock leaves out is due when it shows, or has passed, that time for the first time.
    """
    times, _, days = told.asked.partition(" work")
    wanted = set()
    zone, last = ZoneInfo(told.zone), told.until or end
    minute = told.since.replace(second=0, microsecond=0) + timedelta(minutes=1)
    before = (minute - timedelta(minutes=1)).astimezone(zone)
    while minute <= last:
        there = minute.astimezone(zone)
        for at in times.split(", "):
            fresh = f"{before:%H:%M}" < at <= f"{there:%H:%M}" or (before.date() < there.date() and at == "00:00")
            if fresh and not (days and there.isoweekday() > 5):
                wanted.add((there.date(), at))
        minute, before = minute + timedelta(minutes=1), there
    return wanted


def shown(week: Week, told: Told) -> int:
    """Return how many digests a chat has been shown, under either number."""
    chats = [chat for chat in week.local.chats.values() if told.chat.id in (chat.id, chat.migrated_to)]
    return sum(each.text.startswith("Your digest of") for chat in chats for each in week.local.messages(chat))


def faults(week: Week, entries: Sequence[Entry]) -> list[str]:
    """Return what of the ledger is not as it should be: a digest that is there twice or not, or came twice or not."""
    found = []
    for number, told in enumerate(week.told, start=1):
        due = expected(told, week.clock())
        own = [each for each in entries if each.subscription == number]
        kept = Counter((each.day, each.at) for each in own)
        if kept != Counter(due):
            found.append(f"{number}: not in the ledger {due - set(kept)}, not due {set(kept) - due}")
        states = Counter(each.state for each in own)
        if not states["sent"] <= shown(week, told) <= states["sent"] + states["uncertain"]:
            found.append(f"{number}: {shown(week, told)} came, {states['sent']} are in the ledger as sent")
        found += [f"{number}: {each}" for each in own if (each.state == "sent") != bool(each.messages)]
    return found


def table(entries: Sequence[Entry], week: Week) -> str:
    """Return the ledger, a line a chat and a column a local date: what became of each digest in turn."""
    days = sorted({each.day for each in entries})
    lines = [" " * 52 + " ".join(f"{day:%d}" for day in days)]
    for number, told in enumerate(week.told, start=1):
        name = f"{number:2} {told.chat.type:10} {told.zone:17} {told.asked}"
        own = [each for each in entries if each.subscription == number]
        cells = ["".join(LETTERS[each.state] for each in own if each.day == day) or "." for day in days]
        lines.append(f"{name:52}" + " ".join(f"{cell:2}" for cell in cells).rstrip())
    counted = Counter(each.state for each in entries)
    return "\n".join([*lines, ", ".join(f"{count} {state}" for state, count in counted.items())])


async def run(month: str, report: Callable[[str], None] = print) -> None:
    """Live through the week and print its ledger."""
    with TemporaryDirectory() as folder:
        async with prepared(month, Path(folder)) as week:
            await live(week)
            entries = await week.ledger()
            report(table(entries, week))
            report("\n".join(faults(week, entries)) or "each digest that was due is there once")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("month", nargs="?", choices=BEGINNINGS, default="march")
    asyncio.run(run(parser.parse_args().month))


if __name__ == "__main__":
    main()
