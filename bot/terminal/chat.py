"""``presswatch chat``: type, paste or forward, and see what the bot answers."""

import asyncio
import shlex
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console

from bot.application import bot_number, open_services
from bot.local_telegram import LocalTelegram
from bot.locking import only_one
from bot.settings import Settings
from bot.terminal.screen import Screen
from bot.terminal.session import TOKEN, Session, session
from storage.opening import file_of

WELCOME = (
    "A chat with Presswatch, in this terminal alone. Paste an article, or /forward FILE (seeds/01_meters_audit.txt, "
    "say); then ask: who is NAME? A number presses a button. Ctrl-D ends it."
)


async def chat(settings: Settings) -> str | None:
    """Talk with the bot until the person leaves; the archive stays in the settings' database.

    Return a sentence where it cannot be started.
    """
    with only_one(file_of(settings.database_url), bot_number(TOKEN)) as alone:
        if not alone:
            return f"PRESSWATCH_DATABASE_URL: another terminal has a chat with {settings.database_path} open"
        await _talk(settings)
    return None


async def _talk(settings: Settings) -> None:
    prompt: PromptSession[str] = PromptSession()
    with patch_stdout(raw=True):
        screen = Screen(Console(force_terminal=True), LocalTelegram().bot.username or "")
        screen.note(WELCOME)
        async with open_services(settings, TOKEN) as services, session(settings, services, screen) as opened:
            services.extraction.warm_up()
            while (line := await _line(prompt)) is not None:
                if line.strip():
                    act(opened, line.strip(), screen)


def act(opened: Session, line: str, screen: Screen) -> None:
    """Do what a line asks for."""
    if line.startswith("/forward"):
        _forward(opened, line.removeprefix("/forward").strip(), screen)
    elif line.isascii() and line.isdigit() and len(line) < 3:
        if not opened.press(int(line)):
            screen.note("There is no such button.")
    else:
        opened.say(line)


def _forward(opened: Session, written: str, screen: Screen) -> None:
    try:
        files = [Path(name) for name in shlex.split(written)]
        for file in files:
            opened.forward(file)
    except (OSError, ValueError) as error:
        screen.note(f"That file cannot be forwarded: {error}")
        return
    if not files:
        screen.note("Which file? /forward FILE")


async def _line(prompt: "PromptSession[str]") -> str | None:
    try:
        return await prompt.prompt_async("> ")
    except (EOFError, KeyboardInterrupt, asyncio.CancelledError):
        return None
