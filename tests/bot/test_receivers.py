"""Several processes receive for one bot, at one port: one is killed, one told to stop, and each update is kept once."""

import asyncio
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.local_telegram import LocalTelegram
from bot.local_telegram.http_door import http_door
from bot.local_telegram.posting import posting
from storage.connection import Database
from storage.opening import open_database
from tests.bot.test_kill import kill

PEOPLE, EACH = 5, 40


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    opened = await open_database(postgresql_url)
    yield opened
    await opened.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@asynccontextmanager
async def receiver(
    root: str, token: str, database_url: str, port: int, log: Path, command: str = "receive"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`presswatch receive`, or another command, as a process of its own, killed at the end."""
    environment = {
        **os.environ,
        "PRESSWATCH_TOKEN": token,
        "PRESSWATCH_API_BASE_URL": root,
        "PRESSWATCH_DATABASE_URL": database_url,
        "PRESSWATCH_WEBHOOK_URL": "https://news.example/hook",
        "PRESSWATCH_LISTEN": f"127.0.0.1:{port}",
    }
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", command, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)
        await process.wait()


async def kept(database: Database) -> Counter[str]:
    async with database.reading() as db:
        return Counter(row["key"] for row in await db.all("SELECT key FROM jobs"))


async def test_each_update_is_kept_once_whichever_receiver_is_killed_or_told_to_stop(
    tmp_path: Path, postgresql_url: str, database: Database
):
    local, port, log = LocalTelegram(), free_port(), tmp_path / "log"
    way = f"http://127.0.0.1:{port}"
    chats = [(local.create_private_chat(person), person) for person in map(local.create_user, map(str, range(PEOPLE)))]
    async with (
        http_door(local) as root,
        posting(local, lambda _: way),
        receiver(root, local.token, postgresql_url, port, log) as killed,
        receiver(root, local.token, postgresql_url, port, log) as stopped,
    ):
        await local.until(lambda: len(local.calls_of("setWebhook")) == 2, 60)
        for number in range(EACH):
            for chat, person in chats:
                local.send_text(chat, person, f"message {number}")
        total = PEOPLE * EACH
        await local.until(lambda: len(local.updates.pending) < 0.8 * total, 60)
        kill(killed)
        assert local.updates.pending, "it was killed in mid-load"
        await local.until(lambda: not local.updates.pending, 60)
        async with httpx.AsyncClient(base_url=way) as client:
            assert (await client.get("/readyz")).status_code == 200
            measured = (await client.get("/metrics")).text
        assert f'presswatch_jobs{{kind="update",state="ready"}} {total}.0' in measured
        stopped.terminate()
        assert await asyncio.wait_for(stopped.wait(), 20) == 0
    assert await kept(database) == Counter(f"update:{local.bot.id}:{number}" for number in range(1, total + 1))
    async with database.reading() as db:
        rows = await db.all("SELECT lane, payload FROM jobs ORDER BY id")
    for lane in {row["lane"] for row in rows}:
        said = [json.loads(row["payload"])["message"]["text"] for row in rows if row["lane"] == lane]
        assert said == [f"message {number}" for number in range(EACH)], "in order within a chat"
    assert local.token not in log.read_text()


async def test_one_process_receives_answers_and_tells_how_it_fares(tmp_path: Path):
    local, port, log = LocalTelegram(), free_port(), tmp_path / "log"
    ann = local.create_user("Ann")
    chat = local.create_private_chat(ann)
    url, way = f"sqlite:///{tmp_path}/one.db", f"http://127.0.0.1:{port}"
    async with (
        http_door(local) as root,
        posting(local, lambda _: way),
        receiver(root, local.token, url, port, log, "run") as process,
        httpx.AsyncClient(base_url=way) as client,
    ):
        local.send_text(chat, ann, "/help")
        await local.until(lambda: local.messages(chat), 60)
        measured = (await client.get("/metrics")).text
        assert 'presswatch_updates_total{kind="message"} 1.0' in measured
        assert 'presswatch_telegram_call_seconds_count{method="sendMessage",status="200"} 1.0' in measured
        assert (await client.get("/readyz")).text == "ready\n"
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert [line for line in map(json.loads, log.read_text().splitlines()) if line["level"] == "error"] == []


@pytest.mark.parametrize("is_own", [False, True])
async def test_a_process_says_that_it_lives_while_telegram_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_own: bool
):
    """Else what looks after it would start it anew, again and again; at the webhook's port, or at one of its own."""
    port, posted_to, url, token = free_port(), free_port(), f"sqlite:///{tmp_path}/one.db", f"123456:{'A' * 35}"
    if is_own:
        monkeypatch.setenv("PRESSWATCH_METRICS_LISTEN", f"127.0.0.1:{port}")
    # Whoever connects waits.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        root = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with receiver(root, token, url, posted_to, tmp_path / "log", "run"), asyncio.timeout(60):
            assert await answered(f"http://127.0.0.1:{port if is_own else posted_to}/healthz") == "alive\n"


async def answered(url: str) -> str:
    """Return what is answered there as soon as somebody listens."""
    async with httpx.AsyncClient() as client:
        while True:
            try:
                return (await client.get(url)).text
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
