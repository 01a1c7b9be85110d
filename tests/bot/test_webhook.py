"""Updates by webhook: kept before they are acknowledged, once each, and only those that Telegram posts."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from telegram.ext import ExtBot

from bot.application import now, over_http, running
from bot.health import routes
from bot.local_telegram import LocalTelegram
from bot.local_telegram.http_door import http_door
from bot.local_telegram.posting import posting
from bot.places import ListenError, Webhook, secret_from
from bot.serving import serving
from bot.settings import Settings
from bot.updates import Inbox
from bot.webhook import LONGEST, receiving
from domain.jobs import JobKind
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services
from storage.connection import DatabaseAwayError, T, Work
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue
from tests.bot.timed import NothingFound

PUBLIC = "https://news.example/hook"
SECRET = "a-secret-of-the-webhook"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 5}, "from": {"id": 5}, "text": "/help"}}


@dataclass
class Moody:
    """A database that is away when a test says so."""

    database: SqliteDatabase
    is_away: bool = False
    transactions: int = 0

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        self.transactions += 1
        if self.is_away:
            raise DatabaseAwayError("gone for lunch")
        return await self.database.transact(work, alone=alone)

    @asynccontextmanager
    async def reading(self):
        if self.is_away:
            raise DatabaseAwayError("gone for lunch")
        async with self.database.reading() as db:
            yield db


@dataclass
class Receiver:
    """A bot that receives, and what calls it."""

    local: LocalTelegram
    database: Moody
    queue: SqliteQueue
    client: httpx.AsyncClient
    headers: dict[str, str] = field(
        default_factory=lambda: {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    )

    async def post(self, content: bytes | dict[str, Any], **headers: str) -> int:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return (await self.client.post("/hook", content=body, headers=self.headers | headers)).status_code

    async def kept(self) -> list[dict[str, Any]]:
        """What waits in the queue."""
        found = []
        while (job := await self.queue.claim(JobKind.UPDATE)) is not None:
            found.append(job.payload)
            await self.queue.finish(job)
        return found


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[Receiver]:
    local = LocalTelegram()
    database = await SqliteDatabase.open(tmp_path / "hook.db")
    moody = Moody(database)
    queue = SqliteQueue(moody, now)
    webhook = Webhook(PUBLIC, SECRET, "127.0.0.1", 0)
    async with http_door(local) as root, ExtBot(local.token, f"{root}/bot") as bot:
        others = routes(moody, lambda: asyncio.sleep(0, b"measures 1\n"))
        inbox = Inbox(queue, bot.id)
        async with receiving(webhook, bot, inbox, others) as here, httpx.AsyncClient(base_url=here) as client:
            yield Receiver(local, moody, queue, client)
    await database.close()


async def test_telegram_is_told_where_to_post_and_drops_nothing(receiver: Receiver):
    (call,) = receiver.local.calls_of("setWebhook")
    assert call.params["url"] == PUBLIC
    assert call.params["secret_token"] == SECRET
    assert "message" in call.params["allowed_updates"]
    assert "drop_pending_updates" not in call.params


async def test_an_update_is_kept_before_it_is_acknowledged_and_once(receiver: Receiver):
    assert await receiver.post(UPDATE) == 200
    assert await receiver.post(UPDATE) == 200
    assert await receiver.kept() == [UPDATE]


async def test_what_comes_at_the_same_time_is_kept_in_few_commits_and_each_is_acknowledged(receiver: Receiver):
    updates = [{"update_id": number, "message": {"chat": {"id": number}, "text": "x"}} for number in range(40)]
    assert set(await asyncio.gather(*map(receiver.post, updates))) == {200}
    assert receiver.database.transactions < 20
    assert sorted(each["update_id"] for each in await receiver.kept()) == list(range(40))


@pytest.mark.faults
async def test_what_was_gathered_while_the_database_is_away_all_comes_again(receiver: Receiver):
    updates = [{"update_id": number, "message": {"chat": {"id": number}, "text": "x"}} for number in range(10)]
    receiver.database.is_away = True
    assert set(await asyncio.gather(*map(receiver.post, updates))) == {503}
    receiver.database.is_away = False
    assert set(await asyncio.gather(*map(receiver.post, updates))) == {200}
    assert len(await receiver.kept()) == 10


@pytest.mark.parametrize("secret", ["", "a-secret-of-the-webhooj", "ä", SECRET + "x"])
async def test_who_does_not_know_the_secret_is_turned_away(receiver: Receiver, secret: str):
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode(), "Content-Type": "application/json"}
    answer = await receiver.client.post("/hook", content=json.dumps(UPDATE), headers=headers)
    assert answer.status_code == 403
    assert await receiver.kept() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[1, 2]",
        b'"update_id"',
        b'{"update_id": "7"}',
        b'{"update_id": -1}',
        b'{"update_id": 1e3}',
        b'{"update_id": 99999999999999999999}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_what_can_be_no_update_is_taken_so_that_it_does_not_come_for_ever(receiver: Receiver, body: bytes):
    assert await receiver.post(body) == 200
    assert await receiver.kept() == []
    assert await receiver.post(UPDATE) == 200, "and the next one is kept"


async def test_an_update_of_an_unknown_kind_is_kept(receiver: Receiver):
    strange = {"update_id": 8, "telepathy": {"from": {"id": "?"}, "message": "thought"}}
    assert await receiver.post(strange) == 200
    assert await receiver.kept() == [strange]


async def test_only_json_of_a_sensible_length_is_read(receiver: Receiver):
    assert await receiver.post(UPDATE, **{"Content-Type": "text/plain"}) == 415
    assert await receiver.post(b" " * (LONGEST + 1)) == 413
    assert await receiver.post(UPDATE, **{"Content-Type": "application/json; charset=utf-8"}) == 200


@pytest.mark.faults
async def test_while_the_database_is_away_telegram_is_to_come_again(receiver: Receiver):
    receiver.database.is_away = True
    assert await receiver.post(UPDATE) == 503
    assert [(await receiver.client.get(path)).status_code for path in ("/readyz", "/healthz")] == [503, 200]
    receiver.database.is_away = False
    assert await receiver.post(UPDATE) == 200
    assert (await receiver.client.get("/readyz")).status_code == 200
    assert await receiver.kept() == [UPDATE]


async def test_measures_can_be_fetched_and_nothing_else(receiver: Receiver):
    assert (await receiver.client.get("/metrics")).text == "measures 1\n"
    assert (await receiver.client.get("/hook")).status_code == 405


def test_a_secret_is_made_of_the_token_and_does_not_show_it():
    made = secret_from("123:abc")
    assert made == secret_from("123:abc") != secret_from("123:abd")
    assert "abc" not in made
    assert made.isalnum()
    assert made not in repr(Webhook(PUBLIC, made, "127.0.0.1", 0))


async def test_a_port_in_use_is_said_and_a_shared_one_is_not():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ListenError, match="Address already in use"):
        await serving(_nothing, "127.0.0.1", taken.getsockname()[1]).__aenter__()
    async with (
        serving(_nothing, "127.0.0.1", 0, shared=True) as first,
        serving(_nothing, "127.0.0.1", int(first.rpartition(":")[2]), shared=True) as second,
    ):
        assert first == second


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example"])
async def test_what_is_no_name_of_a_machine_is_said(host: str):
    with pytest.raises(ListenError, match="no name of a machine"):
        await serving(_nothing, host, 0).__aenter__()


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """No application is called here."""


@asynccontextmanager
async def behind_proxy(
    local: LocalTelegram, folder: Path, way: Callable[[str], str], receive: Any
) -> AsyncIterator[None]:
    """The bot as it runs with a webhook."""
    database = await SqliteDatabase.open(folder / "run.db")
    files = ReaderPool()
    services = Services(
        database, SqliteQueue(database, now), NothingFound(), files, LinkReader(files, ()), now, "UTC", local.bot.id
    )
    try:
        async with (
            http_door(local) as root,
            posting(local, way),
            running(Settings(_env_file=None), services, local.token, over_http(root), receive),
        ):
            yield
    finally:
        files.close()
        await database.close()


async def test_a_running_bot_answers_what_is_posted_in_order_and_survives_a_receiver_that_is_away(tmp_path: Path):
    local = LocalTelegram()
    ann = local.create_user("Ann")
    chat = local.create_private_chat(ann)
    webhook = Webhook(PUBLIC, SECRET, "127.0.0.1", 0)
    roots: list[str] = []

    @asynccontextmanager
    async def receive(app, inbox):
        async with receiving(webhook, app.bot, inbox) as root:
            roots.append(root)
            yield

    early = [local.send_text(chat, ann, "/help") for _ in range(3)]
    async with behind_proxy(local, tmp_path, lambda url: roots[-1] if roots else "http://127.0.0.1:1", receive):
        late = [local.send_text(chat, ann, "/help") for _ in range(5)]
        await local.until(lambda: len(local.messages(chat)) == 8)
    assert [message.reply_to for message in local.messages(chat)] == [*early, *late]
    assert local.updates.webhook["url"] == PUBLIC, "it stays set, so that what comes meanwhile waits"
    assert local.updates.pending == []


async def test_polling_after_a_webhook_fetches_what_was_not_posted(tmp_path: Path):
    local = LocalTelegram()
    ann = local.create_user("Ann")
    chat = local.create_private_chat(ann)
    await local.call("setWebhook", {"url": PUBLIC})
    message = local.send_text(chat, ann, "/help")
    async with behind_proxy(local, tmp_path, lambda _: "http://127.0.0.1:1", None):
        await local.until(lambda: local.messages(chat))
    assert local.messages(chat)[0].reply_to is message
    assert local.updates.webhook == {}


@pytest.mark.parametrize("fault", [429, "drop"])
async def test_where_telegram_is_out_of_reach_at_the_start_it_is_told_later(tmp_path: Path, fault: Any):
    local = LocalTelegram()
    local.fail_next("setWebhook", fault)
    database = await SqliteDatabase.open(tmp_path / "later.db")
    webhook = Webhook(PUBLIC, SECRET, "127.0.0.1", 0)
    inbox = Inbox(SqliteQueue(database, now), 1)
    async with (
        http_door(local) as root,
        ExtBot(local.token, f"{root}/bot") as bot,
        receiving(webhook, bot, inbox) as here,
        httpx.AsyncClient(base_url=here) as client,
    ):
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        assert (await client.post("/", json=UPDATE, headers=headers)).status_code == 200, "it listens meanwhile"
        await local.until(partial(_is_set_again, local))
    await database.close()


def _is_set_again(local: LocalTelegram) -> bool:
    return [call.status for call in local.calls_of("setWebhook")][1:] == [200]
