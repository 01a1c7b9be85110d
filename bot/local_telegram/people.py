"""What people do in a local Telegram: make chats, write, forward, press buttons, block the bot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, Unpack

from bot.local_telegram.objects import Button, Chat, ChatType, Json, MemberStatus, Message, User, present
from bot.local_telegram.text import found_entities, utf16_length
from bot.local_telegram.world import MAX_CAPTION, MAX_TEXT, World

# Above 32 bits, as today's ids of accounts, supergroups and channels are: a narrow column shows at once.
# Numbers far from those that Telegram has given to anybody yet; it promises not more than 52 bits.
FIRST_USER_ID = 4_000_000_000_000_000
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1002_000_000_001
# Characters after the bot's name.
MAX_INLINE = 256


class How(TypedDict, total=False):
    """How a message is sent; see `origin_user` and its like for origins. An album has one group id."""

    forward_origin: Json | None
    reply_to: Message | None
    thread_id: int | None
    media_group_id: str | None


class People(World):
    """The people's side. In the methods that send, no sender means the channel itself or, in a group, its
    anonymous administrator.
    """

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
        return self._create("group", title, owner, bot_status)

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
        chat = self._create("supergroup", title, owner, bot_status)
        chat.username, chat.is_forum = username, forum
        return chat

    def create_channel(
        self,
        title: str,
        owner: User,
        *,
        username: str | None = None,
        bot_status: MemberStatus = "administrator",
    ) -> Chat:
        chat = self._create("channel", title, owner, bot_status)
        chat.username = username
        return chat

    def _create(self, kind: ChatType, title: str, owner: User, bot_status: MemberStatus) -> Chat:
        first = FIRST_GROUP_ID if kind == "group" else FIRST_SUPERGROUP_ID
        chat = Chat(first - len(self.chats), kind, title, bot_status=bot_status)
        chat.members[owner.id] = "creator"
        self.chats[chat.id] = chat
        return chat

    def create_topic(self, chat: Chat, user: User, name: str) -> int:
        """Opens a forum topic and returns its `message_thread_id`, the id of its first message."""
        content = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
        return self.send(chat, user, content, thread_id=self.next_message_id(chat)).id

    def close_topic(self, chat: Chat, thread_id: int) -> None:
        """Closes a topic: only administrators may write there."""
        chat.closed_topics.add(thread_id)

    def send_text(
        self,
        chat: Chat,
        sender: User | None,
        text: str,
        *,
        entities: Iterable[Json] = (),
        link_preview_url: str | None = None,
        **how: Unpack[How],
    ) -> Message:
        """A person writes; commands, mentions and links are marked, and `entities` besides them.

        Raises ValueError for an empty text and for more than 4,096 UTF-16 units: apps do not send these.
        """
        content: Json = _words("text", "entities", text, MAX_TEXT, entities)
        if not text.strip():
            raise ValueError("a message is not empty")
        if link_preview_url is not None:
            content["link_preview_options"] = {"url": link_preview_url}
        return self.send(chat, sender, content, **how)

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
        **how: Unpack[How],
    ) -> Message:
        """A person sends a file; `size` (bytes) is what Telegram says of it, by default the truth."""
        file = self.store_file("documents", name, mime, data, size)
        content = {"document": {**file.facts(), "file_name": name, "mime_type": mime}, **_caption(caption)}
        return self.send(chat, sender, content, **how)

    def send_photo(self, chat: Chat, sender: User | None, caption: str = "", **how: Unpack[How]) -> Message:
        file = self.store_file("photos", "photo.jpg", "image/jpeg", b"\xff\xd8\xff\xd9")
        content = {"photo": [{**file.facts(), "width": 320, "height": 240}], **_caption(caption)}
        return self.send(chat, sender, content, **how)

    def send_sticker(self, chat: Chat, sender: User | None, emoji: str = "👍", **how: Unpack[How]) -> Message:
        file = self.store_file("stickers", "sticker.webp", "image/webp", b"RIFF")
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.send(chat, sender, {"sticker": {**file.facts(), **look, "emoji": emoji}}, **how)

    def send_voice(self, chat: Chat, sender: User | None, seconds: int = 3, **how: Unpack[How]) -> Message:
        file = self.store_file("voice", "voice.oga", "audio/ogg", b"OggS")
        voice = {**file.facts(), "duration": seconds, "mime_type": "audio/ogg"}
        return self.send(chat, sender, {"voice": voice}, **how)

    def send(self, chat: Chat, sender: User | None, content: Json, **how: Unpack[How]) -> Message:
        """A person sends anything: `content` holds the fields of a Bot API Message, such as a location."""
        if sender is not None:
            chat.members.setdefault(sender.id, "member")
        message = Message(self.next_message_id(chat), chat, self.now(), sender, content, **how)
        if chat.type == "supergroup" and message.reply_to is not None and message.thread_id is None:
            # As in Telegram, a chain of replies has the number of its first message; only in a forum it is a topic.
            message.thread_id = message.reply_to.thread_id or message.reply_to.id
        self.add_message(message)
        self.deliver(message)
        return message

    def edit_text(self, message: Message, text: str) -> None:
        """A person corrects a message, or a file's caption."""
        is_text = "text" in message.content
        names = ("text", "entities") if is_text else ("caption", "caption_entities")
        kept = {name: value for name, value in message.content.items() if name not in names}
        message.content = {**kept, **_words(*names, text, MAX_TEXT if is_text else MAX_CAPTION)}
        self.touch(message)
        self.deliver(message, edited=True)

    def delete(self, message: Message) -> None:
        """A person deletes a message; Telegram does not tell the bot."""
        self.remove(message)

    def press(self, message: Message, button: str | Button, user: User | None = None, *, forged: bool = False) -> str:
        """A person presses a button (given as it is or by its data); returns the query's id.

        Only `forged` sends data that is not on the message, as a modified app can. The user is needed in
        groups. Raises ValueError for data that no button has.
        """
        data = button if isinstance(button, str) else button.data
        if not forged and data not in {shown.data for shown in message.buttons}:
            raise ValueError(f"no button of this message sends {data!r}: {message.buttons}")
        chat = message.chat
        who = user or chat.person
        if who is None:
            raise ValueError("in a group, say who presses")
        query = f"query-{self.number()}"
        self.open_queries.add(query)
        gone = {"message_id": message.id, "chat": chat.as_json(), "date": 0}
        content = {
            "id": query,
            "from": who.as_json(),
            "message": gone if message.deleted else message.as_json(),
            "chat_instance": str(chat.id),
            "data": data,
        }
        self.updates.push("callback_query", content)
        return query

    def choose_chat(self, message: Message, user: User, button: str, chat: Chat) -> Message:
        """A person taps a button of a keyboard that asks for a chat, and chooses one; returns the service message.

        Raises ValueError where the message brought no such button.
        """
        rows = (message.markup or {}).get("keyboard", [])
        asked = [
            each["request_chat"] for row in rows for each in row if each["text"] == button and "request_chat" in each
        ]
        if not asked:
            raise ValueError(f"no button {button!r} asks for a chat")
        shared = {"request_id": asked[0]["request_id"], "chat_id": chat.id}
        title = {"title": chat.title} if asked[0].get("request_title") else {}
        return self.send(message.chat, user, {"chat_shared": {**shared, **title}})

    def ask_inline(self, user: User, text: str, offset: str = "", chat_type: str | None = "sender") -> str:
        """A person types `@bot text` in some chat; returns the query's id, by which `inline_answers` has the answer.

        Raises ValueError where inline mode is off, and for more than 256 characters: apps do not ask then.
        """
        if not self.inline_mode:
            raise ValueError("the bot has no inline mode")
        if len(text) > MAX_INLINE:
            raise ValueError(f"at most {MAX_INLINE} characters, not {len(text)}")
        query = f"inline-{self.number()}"
        self.open_queries.add(query)
        self.inline_asked[query] = text
        content = {"id": query, "from": user.as_json(), "query": text, "offset": offset, **present(chat_type=chat_type)}
        self.updates.push("inline_query", content)
        return query

    def choose_inline(self, user: User, query: str, result: str, chat: Chat) -> Message:
        """A person taps a result of an answer, which sends it into a chat in their name; returns that message.

        Raises KeyError for an answer that there is not, StopIteration for a result that is not in it.
        """
        chosen = next(each for each in self.inline_answers[query].results if each.id == result)
        if self.inline_feedback:
            asked = self.inline_asked[query]
            content = {"result_id": result, "from": user.as_json(), "query": asked}
            self.updates.push("chosen_inline_result", content)
        message = Message(self.next_message_id(chat), chat, self.now(), user, {**chosen.content})
        message.content["via_bot"] = self.bot.as_json()
        message.html, message.markup = chosen.html, chosen.markup
        self.add_message(message)
        self.deliver(message)
        return message

    def raw_update(self, update: Json) -> None:
        """Injects any update, also a wrong one; without `update_id` it gets the next."""
        self.updates.inject(update)

    def block(self, user: User) -> None:
        """A person blocks the bot, which may not write there any more."""
        self.set_bot_status(self.chats[user.id], "kicked", user)

    def unblock(self, user: User) -> None:
        self.set_bot_status(self.chats[user.id], "member", user)

    def kick(self, chat: Chat, by: User) -> None:
        """Somebody removes the bot from a group or a channel."""
        self.set_bot_status(chat, "kicked", by)

    def migrate(self, chat: Chat, by: User) -> Chat:
        """A group becomes a supergroup with another id; the bot sees the two service messages."""
        new = self.create_supergroup(chat.title or "", by, bot_status=chat.bot_status)
        new.members = dict(chat.members)
        self.send(chat, by, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self.send(new, by, {"migrate_from_chat_id": chat.id})
        return new


def _words(field: str, entities_field: str, text: str, limit: int, more: Iterable[Json] = ()) -> Json:
    if utf16_length(text) > limit:
        raise ValueError(f"a {field} has at most {limit} UTF-16 units, not {utf16_length(text)}")
    entities = sorted([*found_entities(text), *more], key=lambda entity: int(entity["offset"]))
    return {field: text, entities_field: entities} if entities else {field: text}


def _caption(caption: str) -> Json:
    return _words("caption", "caption_entities", caption, MAX_CAPTION) if caption else {}
