"""As little of Telegram as measuring a bot needs, in a process of its own, so that what is measured is the bot.

    python -m benchmarks.light_telegram

Prints its root. Each line of its input, ``{"texts": [[chat, text], …], "wait": true}``, is a batch of private messages,
which are polled, or posted to the webhook that is set, those of a chat in order; ``wait`` has it print how many seconds
each waited for an answer, or for the card that "Reading …" turns into. It knows no limits.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import ClientError, ClientSession, web

TOKEN = "123456:a-token-of-nobody"  # noqa: S105  # nobody's
BATCH, AT_A_TIME, HELD = 100, 40, 10.0
BOT = {"id": 123456, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
_READING = "Reading"


class Light:
    """The chats' updates that nobody has taken yet, and which of them have been answered when."""

    def __init__(self) -> None:
        self.pending: list[dict[str, Any]] = []
        self.numbers = count(1)
        self.more = asyncio.Event()
        self.webhook: dict[str, Any] | None = None
        self.asked: dict[int, float] = {}
        self.waited: dict[int, float] = {}
        self.reading: dict[int, int] = {}
        self.answered = asyncio.Event()

    def send(self, texts: Sequence[tuple[int, str]]) -> list[int]:
        """Have people write; return the numbers of their messages."""
        sent = list(self._updates(texts))
        self.pending += sent
        self.more.set()
        return [each["message"]["message_id"] for each in sent]

    def _updates(self, texts: Sequence[tuple[int, str]]) -> Iterator[dict[str, Any]]:
        for chat, text in texts:
            number = next(self.numbers)
            self.asked[number] = time.monotonic()
            person = {"id": chat, "is_bot": False, "first_name": f"P{chat}"}
            command = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[0] == "/" else []
            yield {
                "update_id": number,
                "message": {
                    "message_id": number,
                    "date": int(time.time()),
                    "chat": {"id": chat, "type": "private", "first_name": f"P{chat}"},
                    "from": person,
                    "text": text,
                    **({"entities": command} if command else {}),
                },
            }

    async def until(self, numbers: Sequence[int]) -> list[float]:
        """Wait until these messages are answered; return the seconds that each waited."""
        while not all(number in self.waited for number in numbers):
            self.answered.clear()
            await self.answered.wait()
        return [self.waited[number] for number in numbers]

    async def answer(self, request: web.Request) -> web.Response:
        """Do a call."""
        method = request.path.rpartition("/")[2]
        is_json = request.content_type == "application/json"
        given = {**request.query, **(await request.json() if is_json else await request.post())}
        match method:
            case "getMe":
                result: Any = BOT
            case "getUpdates":
                result = await self._poll(int(str(given.get("offset", 0))), float(str(given.get("timeout", 0))))
            case "setWebhook":
                self.webhook = given
                self.more.set()
                result = True
            case "sendMessage" | "editMessageText":
                result = self._write(given)
            case "getWebhookInfo":
                result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            case _:
                result = True
        return web.json_response({"ok": True, "result": result})

    async def _poll(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        self.pending = [each for each in self.pending if each["update_id"] >= offset]
        if not self.pending:
            self.more.clear()
            try:
                await asyncio.wait_for(self.more.wait(), min(seconds, HELD))
            except TimeoutError:
                return []
        return self.pending[:BATCH]

    def _write(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, text = int(given["chat_id"]), str(given.get("text", ""))
        number = int(given["message_id"]) if "message_id" in given else next(self.numbers)
        asked = self._asked_by(given, number)
        if text.startswith(_READING) and asked is not None:
            self.reading[number] = asked
        elif asked is not None:
            self.waited.setdefault(asked, time.monotonic() - self.asked[asked])
            self.answered.set()
        return {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}, "text": text, "from": BOT}

    def _asked_by(self, given: dict[str, Any], number: int) -> int | None:
        if "reply_parameters" in given:
            asked: int | None = json.loads(given["reply_parameters"])["message_id"]
            return asked
        return self.reading.get(number)

    async def post_all(self) -> None:
        """Post what is pending, as long as a webhook is set."""
        places = asyncio.Semaphore(AT_A_TIME)
        async with ClientSession() as session, asyncio.TaskGroup() as group:
            while True:
                await self.more.wait()
                self.more.clear()
                if self.webhook is None:
                    await asyncio.sleep(0.01)
                    continue
                updates, self.pending = self.pending, []
                for update in updates:
                    await places.acquire()
                    group.create_task(self._post(session, update, places))

    async def _post(self, session: ClientSession, update: dict[str, Any], places: asyncio.Semaphore) -> None:
        webhook = self.webhook or {}
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(webhook.get("secret_token", ""))}
        try:
            async with session.post(str(webhook["url"]), json=update, headers=headers) as answer:
                await answer.read()
        except ClientError as error:
            print(error, file=sys.stderr)
        finally:
            places.release()


async def serve(*, by_webhook: bool) -> None:
    """Serve until the input ends."""
    light = Light()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", light.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps(f"http://127.0.0.1:{runner.addresses[0][1]}"), flush=True)
    posting = asyncio.create_task(light.post_all()) if by_webhook else None
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        began = time.monotonic()
        numbers = light.send([(chat, text) for chat, text in order["texts"]])
        if order["wait"]:
            waits = await light.until(numbers)
            print(json.dumps({"seconds": time.monotonic() - began, "waits": waits}), flush=True)
    if posting is not None:
        posting.cancel()
    await runner.cleanup()


class People:
    """Those who write to the bot, from another process."""

    def __init__(self, process: asyncio.subprocess.Process, root: str) -> None:
        self._process = process
        self.root = root

    async def write(self, texts: Sequence[tuple[int, str]]) -> None:
        """Write, and wait for nothing."""
        assert self._process.stdin is not None  # asked for below
        self._process.stdin.write(json.dumps({"texts": texts, "wait": False}).encode() + b"\n")
        await self._process.stdin.drain()

    async def ask(self, texts: Sequence[tuple[int, str]]) -> tuple[float, list[float]]:
        """Write, and return the seconds until all was answered and those that each waited."""
        assert self._process.stdin is not None and self._process.stdout is not None  # asked for below
        self._process.stdin.write(json.dumps({"texts": texts, "wait": True}).encode() + b"\n")
        told = json.loads(await self._process.stdout.readline())
        return told["seconds"], told["waits"]


@asynccontextmanager
async def people(*, by_webhook: bool = False) -> AsyncIterator[People]:
    """Start a light Telegram."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.light_telegram", *(["--webhook"] if by_webhook else []),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 26,
    )  # fmt: skip
    assert process.stdout is not None  # asked for above
    try:
        yield People(process, json.loads(await process.stdout.readline()))
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(serve(by_webhook="--webhook" in sys.argv))
