"""The things of a Telegram world: users, chats, messages, files, and their Bot API form (`as_json`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""One JSON object of the Bot API."""

ChatType = Literal["private", "group", "supergroup", "channel"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]


def present(**fields: Any) -> Json:
    """The fields that have a value: the Bot API leaves out what is absent."""
    return {name: value for name, value in fields.items() if value is not None and value is not False}


@dataclass(frozen=True, slots=True)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **present(last_name=self.last_name, username=self.username, language_code=self.language_code),
        }


# The account that Telegram names as the sender of what an anonymous administrator writes.
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(slots=True, eq=False)
class Chat:
    """A chat, who is in it, and what the bot showed there: its status and its chat actions ("typing")."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    person: User | None = None
    is_forum: bool = False
    bot_status: MemberStatus = "member"
    members: dict[int, MemberStatus] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    migrated_to: int | None = None
    closed_topics: set[int] = field(default_factory=set)

    def as_json(self) -> Json:
        name = (
            {} if self.person is None else present(first_name=self.person.first_name, last_name=self.person.last_name)
        )
        username = self.username if self.person is None else self.person.username
        return {
            "id": self.id,
            "type": self.type,
            **name,
            **present(title=self.title, username=username, is_forum=self.is_forum),
        }


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard; `data` is what pressing it sends, 1–64 bytes."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now. `content` holds the Bot API fields of what was sent (text, document …)."""

    id: int
    chat: Chat
    date: int
    sender: User | None
    content: Json
    by_bot: bool = False
    html: str = ""
    markup: Json | None = None
    reply_to: Message | None = None
    thread_id: int | None = None
    forward_origin: Json | None = None
    media_group_id: str | None = None
    reactions: list[str] = field(default_factory=list)
    edits: int = 0
    edit_date: int | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        """The text, or a file's caption, without markup."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def keyboard(self) -> list[list[Button]]:
        """The rows of the inline keyboard; none where there is no inline keyboard."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]

    def as_json(self) -> Json:
        to = self.reply_to
        if to is None and self.chat.is_forum and self.thread_id is not None:
            # In a forum, what answers nothing is shown as an answer to the opening of its topic.
            to = self.chat.messages.get(self.thread_id)
        reply = None if to is None or to is self or to.deleted else to.as_reply()
        return {**self.as_reply(), **present(reply_to_message=reply)}

    def as_reply(self) -> Json:
        """The message without the one it replies to: Telegram goes one level deep."""
        inline = self.markup if self.markup and "inline_keyboard" in self.markup else None
        return {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.as_json(),
            **self._senders(),
            **self.content,
            **present(
                message_thread_id=self.thread_id,
                is_topic_message=self.thread_id is not None and self.chat.is_forum,
                forward_origin=self.forward_origin,
                media_group_id=self.media_group_id,
                edit_date=self.edit_date,
                reply_markup=inline,
            ),
        }

    def _senders(self) -> Json:
        if self.chat.type == "channel":
            return {"sender_chat": self.chat.as_json()}
        if self.sender is None:
            return {"from": ANONYMOUS_ADMIN.as_json(), "sender_chat": self.chat.as_json()}
        return {"from": self.sender.as_json()}


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """The bot's answer to a pressed button."""

    query_id: str
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One line to choose from, and the message it makes: `content` and `html` as of a `Message`."""

    id: str
    title: str
    description: str
    content: Json
    html: str
    markup: Json | None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """The bot's answer to what somebody types after its name; `start` is what the button above starts the bot with."""

    query_id: str
    results: tuple[InlineResult, ...]
    next_offset: str = ""
    start: str = ""


@dataclass(slots=True)
class Call:
    """What the bot asked, from its arrival; `status` is the HTTP status, None as long as it has no answer.

    `params` are decoded once the call has passed the checks, and as they came before.
    """

    method: str
    params: Json
    status: int | None = None
    body: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on Telegram's side; `size` is what Telegram says, `data` what a download gives."""

    id: str
    path: str
    name: str
    mime: str
    data: bytes
    size: int

    def facts(self) -> Json:
        return {"file_id": self.id, "file_unique_id": f"unique-{self.id}", "file_size": self.size}


def origin_user(user: User, date: int) -> Json:
    """A forward from a person who shows the account; `date` in Unix seconds, as in the next three."""
    return {"type": "user", "date": date, "sender_user": user.as_json()}


def origin_hidden_user(name: str, date: int) -> Json:
    return {"type": "hidden_user", "date": date, "sender_user_name": name}


def origin_chat(chat: Chat, date: int, signature: str | None = None) -> Json:
    """A forward from an anonymous administrator, who wrote in the name of the chat."""
    return {
        "type": "chat",
        "date": date,
        "sender_chat": chat.as_json(),
        **present(author_signature=signature),
    }


def origin_channel(channel: Chat, message_id: int, date: int, signature: str | None = None) -> Json:
    return {
        "type": "channel",
        "date": date,
        "chat": channel.as_json(),
        "message_id": message_id,
        **present(author_signature=signature),
    }
