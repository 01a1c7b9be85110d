"""The state of a local Telegram, and the few ways in which both sides change it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from bot.local_telegram.faults import Faults
from bot.local_telegram.flood import Flood
from bot.local_telegram.members import member_json
from bot.local_telegram.objects import (
    Call,
    CallbackAnswer,
    Chat,
    InlineAnswer,
    Json,
    MemberStatus,
    Message,
    StoredFile,
    User,
)
from bot.local_telegram.text import entity_text
from bot.local_telegram.updates import Changes, UpdateQueue

T = TypeVar("T")

MAX_TEXT = 4096
MAX_CAPTION = 1024
SERVICE_FIELDS = frozenset({"forum_topic_created", "migrate_to_chat_id", "migrate_from_chat_id"})


class World:
    """Users, chats, messages and files. For one event loop; nothing but `until` and `changed` waits.

    `clock` gives Unix seconds. `privacy_mode` is Telegram's: in groups the bot sees only commands, replies
    to it and mentions of it, unless it is an administrator. `inline_mode` and `inline_feedback` are what @BotFather
    sets: whether people may ask the bot in any chat, and whether it hears what they chose. With `flood`, messages
    have Telegram's limits.
    """

    def __init__(
        self,
        *,
        token: str = "1000000001:local-telegram-token",  # noqa: S107 - opens nothing outside this process
        bot_name: str = "Presswatch",
        bot_username: str = "presswatch_bot",
        privacy_mode: bool = True,
        inline_mode: bool = True,
        inline_feedback: bool = False,
        first_update_id: int = 1,
        first_message_id: int = 1,
        clock: Callable[[], float] = time.time,
        flood: Flood | None = None,
    ) -> None:
        self.token = token
        self.bot = User(int(token.partition(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.privacy_mode = privacy_mode
        self.inline_mode = inline_mode
        self.inline_feedback = inline_feedback
        self.clock = clock
        self.flood = flood
        self.changes = Changes()
        self.updates = UpdateQueue(first_update_id, self.changes)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.open_queries: set[str] = set()
        self.answers: list[CallbackAnswer] = []
        self.inline_asked: dict[str, str] = {}
        self.inline_answers: dict[str, InlineAnswer] = {}
        self.calls: list[Call] = []
        self.my_commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.faults = Faults()
        self._first_message_id = first_message_id
        self._numbers = count(1)

    def messages(self, chat: Chat) -> list[Message]:
        """What the bot wrote there, oldest first, deleted messages included (`deleted`)."""
        return [message for message in chat.messages.values() if message.by_bot]

    def history(self, chat: Chat) -> list[Message]:
        """What everybody wrote there, oldest first."""
        return list(chat.messages.values())

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def changed(self) -> Awaitable[None]:
        """Waits for the next change of anything."""
        return self.changes.wait()

    async def until(self, predicate: Callable[[], T], seconds: float = 10) -> T:
        """Waits until the predicate gives something true and returns it; looks again at each change.

        Raises TimeoutError, which names the last calls, after `seconds`.
        """
        try:
            return await self.changes.until(predicate, seconds)
        except TimeoutError:
            last = [(call.method, call.status, call.params) for call in self.calls[-5:]]
            raise TimeoutError(f"nothing of the kind in {seconds} s; the bot's last calls: {last}") from None

    def now(self) -> int:
        return int(self.clock())

    def number(self) -> int:
        """A number not used before."""
        return next(self._numbers)

    def next_message_id(self, chat: Chat) -> int:
        return self._first_message_id + len(chat.messages)

    def add_message(self, message: Message) -> Message:
        """Puts a message into its chat; in a forum Telegram ties it to the first message of its topic."""
        chat = message.chat
        if chat.is_forum and message.reply_to is None and message.thread_id is not None:
            message.reply_to = chat.messages.get(message.thread_id)
        chat.messages[message.id] = message
        self.changes.notify()
        return message

    def touch(self, message: Message) -> None:
        """Notes an edit."""
        message.edits += 1
        message.edit_date = self.now()
        self.changes.notify()

    def remove(self, message: Message) -> None:
        message.deleted = True
        self.changes.notify()

    def store_file(self, folder: str, name: str, mime: str, data: bytes, size: int | None = None) -> StoredFile:
        """Keeps a file; `size` (bytes) is what Telegram will say of it, by default the truth."""
        number = self.number()
        suffix = "." + name.rpartition(".")[2] if name.isascii() and "." in name else ""
        path = f"{folder}/file_{number}{suffix}"
        file = StoredFile(f"file-{number}", path, name, mime, data, len(data) if size is None else size)
        self.files[file.id] = file
        return file

    def set_bot_status(self, chat: Chat, status: MemberStatus, by: User) -> None:
        """Adds, promotes or removes the bot, which hears of it as `my_chat_member`."""
        old, chat.bot_status = chat.bot_status, status
        content = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": self.now(),
            "old_chat_member": member_json(self.bot, old),
            "new_chat_member": member_json(self.bot, status),
        }
        self.updates.push("my_chat_member", content)

    def deliver(self, message: Message, *, edited: bool = False) -> None:
        """Queues a person's message for the bot, if the bot may see it."""
        if not self._bot_sees(message):
            return
        kind = "channel_post" if message.chat.type == "channel" else "message"
        self.updates.push(f"edited_{kind}" if edited else kind, message.as_json())

    def _bot_sees(self, message: Message) -> bool:
        chat = message.chat
        if chat.bot_status not in ("member", "administrator"):
            return False
        if chat.type in ("private", "channel") or chat.bot_status == "administrator":
            return True
        return not self.privacy_mode or self._is_for_bot(message)

    def _is_for_bot(self, message: Message) -> bool:
        if SERVICE_FIELDS & set(message.content):
            return True  # service messages reach every member
        if message.reply_to is not None and message.reply_to.by_bot:
            return True
        name = f"@{self.bot.username}".lower()
        for entity in message.entities:
            shown = entity_text(message.text, entity).lower()
            if entity["type"] == "bot_command" and ("@" not in shown or shown.endswith(name)):
                return True
            if entity["type"] == "mention" and shown == name:
                return True
        return False
