"""One person's private chat with the bot."""

import asyncio
import mimetypes
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.application import Transport, running
from bot.local_telegram import Button, Chat, LocalRequest, LocalTelegram, Message, User, origin_hidden_user
from bot.local_telegram.people import FIRST_USER_ID
from bot.settings import Settings
from bot.terminal.files import SavedFiles
from bot.terminal.screen import Screen
from domain.chats import ChatIdentity, ChatKind
from services import Services

# Telegram's longest message, in UTF-16 units; apps cut a longer text, and people send a longer article as a file.
LONGEST_TEXT = 4096
# Whatever else is forwarded is a file.
_TEXT = frozenset({"", ".txt"})
# Numbers go on from session to session, because the archive remembers them: messages count seconds, updates
# milliseconds since then.
SINCE = 1_700_000_000
# The terminal's bot has a number of its own, and so a queue and chats of its own in the same database.
TOKEN = "1:terminal-needs-no-token"  # noqa: S105
# The chat at the terminal: its archive is also where an import goes unless another chat is named.
TERMINAL = ChatIdentity(FIRST_USER_ID + 1, ChatKind.PRIVATE, "You")


class Session:
    """What a person at the terminal can do, and what they are shown."""

    def __init__(self, local: LocalTelegram, person: User, chat: Chat, screen: Screen) -> None:
        self._local = local
        self._person = person
        self._chat = chat
        self._screen = screen
        self._files = SavedFiles(local)

    def say(self, text: str) -> Message:
        """Send a text, in several messages where it is too long for one, and return the first."""
        first, *_ = [self._local.send_text(self._chat, self._person, part) for part in cut(text)]
        return first

    def forward(self, file: Path) -> Message:
        """Forward a short text file's text, as from somebody who is called like the file; send any other as a file.

        Raises OSError where it cannot be read, and ValueError where it is empty.
        """
        data = file.read_bytes()
        text = _short_text(data) if file.suffix.lower() in _TEXT else None
        if text is None:
            mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return self._local.send_document(self._chat, self._person, file.name, data, mime)
        origin = origin_hidden_user(file.stem, int(time.time()))
        return self._local.send_text(self._chat, self._person, text, forward_origin=origin)

    def press(self, number: int) -> bool:
        """Press a button of the newest message that has any; False where there is no such button."""
        message = next((each for each in reversed(self._local.messages(self._chat)) if each.buttons), None)
        if message is None or not 1 <= number <= len(message.buttons):
            return False
        button: Button = message.buttons[number - 1]
        self._local.press(message, button, self._person)
        return True

    async def answer_to(self, message: Message, seconds: float = 120.0) -> Message:
        """Wait for the bot's answer to a message; raises TimeoutError."""
        found = await self._local.until(
            lambda: [each for each in self._local.messages(self._chat) if each.reply_to is message], seconds
        )
        return found[0]

    async def watch(self) -> None:
        """Print whatever the bot does, until cancelled."""
        shown: dict[int, tuple[int, tuple[str, ...]]] = {}
        while True:
            for message in self._local.history(self._chat):
                state = (message.edits, tuple(message.reactions))
                if shown.get(message.id) != state:
                    shown[message.id] = state
                    self._show(message)
            await self._local.changed()

    def _show(self, message: Message) -> None:
        if message.by_bot:
            self._screen.answered(message, self._files.attached(message))
        elif message.reactions:
            self._screen.reacted(message.reactions[-1])


def cut(text: str) -> list[str]:
    """Return a text in pieces that Telegram takes, cut as apps do: at a line, or else at a space."""
    parts = []
    while _units(text) > LONGEST_TEXT:
        piece = text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
        end = max(piece.rfind("\n"), 0) or max(piece.rfind(" "), 0) or len(piece)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [part for part in (*parts, text) if part] or [text]


def _short_text(data: bytes) -> str | None:
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        return None
    return text if "\0" not in text and _units(text) <= LONGEST_TEXT else None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@asynccontextmanager
async def session(settings: Settings, services: Services, screen: Screen) -> AsyncIterator[Session]:
    """Run the bot and open a chat with it; what it does is printed as long as the context is open."""
    local = LocalTelegram(
        token=TOKEN, first_update_id=int((time.time() - SINCE) * 1000), first_message_id=int(time.time() - SINCE)
    )
    person = local.create_user(TERMINAL.title)
    chat = local.create_private_chat(person)
    transport = Transport(LocalRequest(local), LocalRequest(local), "http://telegram.invalid")
    async with running(settings, services, local.token, transport):
        opened = Session(local, person, chat, screen)
        watching = asyncio.create_task(opened.watch())
        try:
            yield opened
        finally:
            watching.cancel()
