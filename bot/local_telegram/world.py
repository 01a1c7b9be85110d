"""The world of a local Telegram: who and what is there, and everything people can do in it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from bot.local_telegram.objects import (
    Button,
    Chat,
    ChatType,
    Json,
    MemberStatus,
    Message,
    StoredFile,
    User,
)
from bot.local_telegram.text import entity_text, found_entities, utf16_length
from bot.local_telegram.updates import Changes, UpdateQueue

T = TypeVar("T")

MAX_TEXT = 4096
MAX_CAPTION = 1024
# Above 32 bits, as today's ids of accounts, supergroups and channels are: a narrow column shows at once.
FIRST_USER_ID = 5_000_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1002_000_000_001


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """The bot's answer to a pressed button."""

    query_id: str
    text: str = ""
    alert: bool = False


class World:
    """Users, chats, messages and files. All methods are for one event loop; none of them waits.

    `clock` gives Unix seconds. `privacy_mode` is Telegram's: in groups the bot sees only commands, replies
    to it and mentions of it, unless it is an administrator.
    """

    def __init__(
        self,
        *,
        token: str = "1000000001:local-telegram-token",  # noqa: S107 - opens nothing outside this process
        bot_name: str = "Presswatch",
        bot_username: str = "presswatch_bot",
        privacy_mode: bool = True,
        first_update_id: int = 1,
        first_message_id: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.bot = User(int(token.partition(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.privacy_mode = privacy_mode
        self.clock = clock
        self.changes = Changes()
        self.updates = UpdateQueue(first_update_id, self.changes)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.open_queries: set[str] = set()
        self.answers: list[CallbackAnswer] = []
        self.my_commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self._first_message_id = first_message_id
        self._numbers = count(1)

    # Making users and chats

    def create_user(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
    ) -> User:
        user = User(FIRST_USER_ID + len(self.users), first_name, last_name, username, language_code)
        self.users[user.id] = user
        return user

    def create_private_chat(self, user: User) -> Chat:
        """The chat of a person with the bot; its id is the person's."""
        chat = Chat(user.id, "private", person=user, members={user.id: "member"})
        return self.chats.setdefault(chat.id, chat)

    def create_group(self, title: str, owner: User, *, bot_status: MemberStatus = "member") -> Chat:
        return self._create(FIRST_GROUP_ID, "group", title, owner, None, False, bot_status)

    def create_supergroup(
        self,
        title: str,
        owner: User,
        *,
        username: str | None = None,
        forum: bool = False,
        bot_status: MemberStatus = "member",
    ) -> Chat:
        """A supergroup; one with a username is public and its messages have links."""
        return self._create(FIRST_SUPERGROUP_ID, "supergroup", title, owner, username, forum, bot_status)

    def create_channel(
        self,
        title: str,
        owner: User,
        *,
        username: str | None = None,
        bot_status: MemberStatus = "administrator",
    ) -> Chat:
        return self._create(FIRST_SUPERGROUP_ID, "channel", title, owner, username, False, bot_status)

    def _create(
        self,
        first_id: int,
        kind: ChatType,
        title: str,
        owner: User,
        username: str | None,
        forum: bool,
        bot_status: MemberStatus,
    ) -> Chat:
        chat = Chat(first_id - len(self.chats), kind, title, username, None, forum, bot_status)
        chat.members[owner.id] = "creator"
        self.chats[chat.id] = chat
        return chat

    def create_topic(self, chat: Chat, user: User, name: str) -> int:
        """Opens a forum topic and returns its `message_thread_id`, the id of its first message."""
        content = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
        message = self.add_message(chat, user, content, thread_id=self.next_message_id(chat))
        self._deliver(message)
        return message.id

    # What people send

    def send_text(
        self,
        chat: Chat,
        sender: User | None,
        text: str,
        *,
        entities: Iterable[Json] = (),
        link_preview_url: str | None = None,
        forward_origin: Json | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A person writes; commands, mentions and links are marked, `entities` are added to them.

        No sender means the channel itself, or a group's anonymous administrator. Raises ValueError for an
        empty text and for one of more than 4,096 UTF-16 units: Telegram's apps would not send it.
        """
        if not text.strip() or utf16_length(text) > MAX_TEXT:
            raise ValueError(f"a message has 1 to {MAX_TEXT} UTF-16 units, not {utf16_length(text)}")
        content: Json = {"text": text, **_marked("entities", text, entities)}
        if link_preview_url is not None:
            content["link_preview_options"] = {"url": link_preview_url}
        return self.send(chat, sender, content, forward_origin=forward_origin, reply_to=reply_to, thread_id=thread_id)

    def send_document(
        self,
        chat: Chat,
        sender: User | None,
        name: str,
        data: bytes,
        mime: str = "application/octet-stream",
        caption: str = "",
        *,
        size: int | None = None,
        forward_origin: Json | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        media_group_id: str | None = None,
    ) -> Message:
        """A person sends a file; `size` is what Telegram says of it (bytes), by default the truth."""
        file = self.store_file("documents", name, mime, data, size)
        return self.send(
            chat,
            sender,
            {"document": {**file.facts(), "file_name": name, "mime_type": mime}, **_caption(caption)},
            forward_origin=forward_origin,
            reply_to=reply_to,
            thread_id=thread_id,
            media_group_id=media_group_id,
        )

    def send_photo(
        self,
        chat: Chat,
        sender: User | None,
        caption: str = "",
        *,
        forward_origin: Json | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        media_group_id: str | None = None,
    ) -> Message:
        """A person sends a photo; those with one `media_group_id` make an album."""
        file = self.store_file("photos", "photo.jpg", "image/jpeg", b"\xff\xd8\xff\xd9", None)
        return self.send(
            chat,
            sender,
            {"photo": [{**file.facts(), "width": 320, "height": 240}], **_caption(caption)},
            forward_origin=forward_origin,
            reply_to=reply_to,
            thread_id=thread_id,
            media_group_id=media_group_id,
        )

    def send_sticker(self, chat: Chat, sender: User | None, emoji: str = "👍") -> Message:
        file = self.store_file("stickers", "sticker.webp", "image/webp", b"RIFF", None)
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.send(chat, sender, {"sticker": {**file.facts(), **look, "emoji": emoji}})

    def send_voice(self, chat: Chat, sender: User | None, seconds: int = 3) -> Message:
        file = self.store_file("voice", "voice.oga", "audio/ogg", b"OggS", None)
        voice = {**file.facts(), "duration": seconds, "mime_type": "audio/ogg"}
        return self.send(chat, sender, {"voice": voice})

    def send(
        self,
        chat: Chat,
        sender: User | None,
        content: Json,
        *,
        forward_origin: Json | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        media_group_id: str | None = None,
    ) -> Message:
        """A person sends anything: `content` holds the fields of a Bot API Message, such as a location."""
        if sender is not None:
            chat.members.setdefault(sender.id, "member")
        message = self.add_message(chat, sender, content, reply_to=reply_to, thread_id=thread_id)
        message.forward_origin = forward_origin
        message.media_group_id = media_group_id
        self._deliver(message)
        return message

    def edit_text(self, message: Message, text: str) -> None:
        """A person corrects a message."""
        message.content = {**message.content, "text": text, **_marked("entities", text, ())}
        self.touch(message)
        self._deliver(message, edited=True)

    def press(self, message: Message, button: str | Button, user: User | None = None, *, forged: bool = False) -> str:
        """A person presses a button (given as it is or by its data); returns the query's id.

        Only `forged` sends data that is not on the message, as a modified app can. The user is needed in
        groups. Raises ValueError for data that no button has.
        """
        data = button if isinstance(button, str) else button.data
        if not forged and data not in {shown.data for shown in message.buttons}:
            raise ValueError(f"no button of this message sends {data!r}: {message.buttons}")
        who = user or message.chat.person
        if who is None:
            raise ValueError("in a group, say who presses")
        query = f"query-{next(self._numbers)}"
        chat = message.chat
        gone = {"message_id": message.id, "chat": chat.as_json(), "date": 0}
        self.open_queries.add(query)
        content = {
            "id": query,
            "from": who.as_json(),
            "message": gone if message.deleted else message.as_json(),
            "chat_instance": str(chat.id),
            "data": data,
        }
        self.updates.push("callback_query", content)
        return query

    def raw_update(self, update: Json) -> None:
        """Injects any update, also a wrong one; without `update_id` it gets the next."""
        self.updates.inject(update)

    # The bot as a member

    def block(self, user: User) -> None:
        """A person blocks the bot: it may not write there any more."""
        self.set_bot_status(self.chats[user.id], "kicked", user)

    def unblock(self, user: User) -> None:
        self.set_bot_status(self.chats[user.id], "member", user)

    def kick_bot(self, chat: Chat, by: User) -> None:
        self.set_bot_status(chat, "kicked", by)

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

    def migrate(self, chat: Chat, by: User) -> Chat:
        """A group becomes a supergroup with another id; the bot sees the two service messages."""
        new = self.create_supergroup(chat.title or "", by, bot_status=chat.bot_status)
        new.members = dict(chat.members)
        self.send(chat, by, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self.send(new, by, {"migrate_from_chat_id": chat.id})
        return new

    # Reading what happened

    def messages(self, chat: Chat) -> list[Message]:
        """What the bot wrote there, oldest first, deleted messages included (`deleted`)."""
        return [message for message in chat.messages.values() if message.by_bot]

    def history(self, chat: Chat) -> list[Message]:
        """What everybody wrote there, oldest first."""
        return list(chat.messages.values())

    def changed(self) -> Awaitable[None]:
        """Waits for the next change of anything."""
        return self.changes.wait()

    async def until(self, predicate: Callable[[], T], seconds: float = 10) -> T:
        """Waits until the predicate gives something true and returns it; looks again at each change.

        Raises TimeoutError after `seconds`.
        """
        return await self.changes.until(predicate, seconds)

    # What both sides use

    def now(self) -> int:
        return int(self.clock())

    def next_message_id(self, chat: Chat) -> int:
        return self._first_message_id + len(chat.messages)

    def add_message(
        self,
        chat: Chat,
        sender: User | None,
        content: Json,
        *,
        by_bot: bool = False,
        reply_to: Message | None = None,
        thread_id: int | None = None,
    ) -> Message:
        if chat.is_forum and reply_to is None and thread_id is not None:
            reply_to = chat.messages.get(thread_id)  # Telegram ties each message of a topic to its first one
        message = Message(self.next_message_id(chat), chat, self.now(), sender, content, by_bot)
        message.reply_to, message.thread_id = reply_to, thread_id
        chat.messages[message.id] = message
        self.changes.notify()
        return message

    def touch(self, message: Message) -> None:
        """Notes an edit."""
        message.edits += 1
        message.edit_date = self.now()
        self.changes.notify()

    def store_file(self, folder: str, name: str, mime: str, data: bytes, size: int | None) -> StoredFile:
        number = next(self._numbers)
        suffix = "." + name.rpartition(".")[2] if "." in name else ""
        path = f"{folder}/file_{number}{suffix}"
        file = StoredFile(f"file-{number}", path, name, mime, data, len(data) if size is None else size)
        self.files[file.id] = file
        return file

    def _deliver(self, message: Message, *, edited: bool = False) -> None:
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
        if not {"text", "caption"} & set(message.content) and not _is_media(message):
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


def _is_media(message: Message) -> bool:
    return bool({"document", "photo", "sticker", "voice", "location"} & set(message.content))


def _marked(field: str, text: str, more: Iterable[Json]) -> Json:
    entities = [*found_entities(text), *more]
    return {field: entities} if entities else {}


def _caption(caption: str) -> Json:
    if utf16_length(caption) > MAX_CAPTION:
        raise ValueError(f"a caption has at most {MAX_CAPTION} UTF-16 units, not {utf16_length(caption)}")
    return {"caption": caption, **_marked("caption_entities", caption, ())} if caption else {}


ADMIN_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_json(user: User, status: MemberStatus) -> Json:
    """A ChatMember of the Bot API."""
    member: Json = {"status": status, "user": user.as_json()}
    match status:
        case "creator":
            return {**member, "is_anonymous": False}
        case "administrator":
            return {**member, "is_anonymous": False, **dict.fromkeys(ADMIN_RIGHTS, True)}
        case "restricted":
            return {**member, "is_member": True, "until_date": 0, **dict.fromkeys(MEMBER_RIGHTS, False)}
        case "kicked":
            return {**member, "until_date": 0}
    return member
