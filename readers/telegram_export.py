"""Telegram Desktop's "Export chat history" and "Export Telegram data" as JSON: ``result.json``, read as it streams.

One chat is ``{"name", "type", "id", "messages": [...]}``; a whole account has such chats in ``chats.list`` and
``left_chats.list``. A message's text is a string, or a list of strings and of entities that hold one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]  # it carries no types

from domain.messages import NEARLY_FULL, joined
from readers.lines import LARGEST

# Deeper than any export, and more parts than anybody's article; what a hostile file opens must not be held.
_DEEPEST = 64
_MOST_PARTS = 50
# Bytes that a value takes beside its characters, about.
_ITEM = 64
_CHAT_FACTS = ("name", "type")
_CHANNELS = ("public_channel", "private_channel")
# Telegram writes this in place of a path where files were not exported.
_NOT_INCLUDED = "(File "
# JSON may hold half of a character pair, which is no text and cannot be written anywhere.
_HALF = re.compile(r"[\ud800-\udfff]")

Event = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """A message of an export, or several that are one text; ``last_id`` is the number of the last.

    ``file`` is a path inside the export's folder, or "" where the export left the file out. ``channel`` is the channel
    that published it, where that is known. ``sender`` and ``forwarded_from`` are what Telegram wrote there.
    """

    chat: str
    id: int
    text: str
    sent_at: datetime | None = None
    channel: str | None = None
    sender: str | None = None
    forwarded_from: str | None = None
    file: str | None = None
    file_name: str | None = None
    mime: str | None = None
    last_id: int = 0
    parts: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Damaged:
    """From here on the file cannot be read."""


def looks_like_export(start: bytes) -> bool:
    """Return whether a file with these first bytes (a few thousand are enough) is an export."""
    return re.search(rb'\A\s*\{\s*"(?:about|name|type|id|personal_information|chats)"\s*:', start) is not None


def read_export(stream: BinaryIO, largest: int = LARGEST) -> Iterator[Post | Damaged]:
    """Return the posts of an export, parts of one text as one; Damaged may come last."""
    waiting: Post | None = None
    for post in _posts(stream, largest):
        if waiting is not None and isinstance(post, Post) and _continues(waiting, post):
            waiting = replace(waiting, last_id=post.id, parts=(*waiting.parts, post.text))
            continue
        if waiting is not None:
            yield _whole(waiting)
        waiting = post if isinstance(post, Post) else None
        if isinstance(post, Damaged):
            yield post
    if waiting is not None:
        yield _whole(waiting)


class _OverlongError(ValueError):
    """One thing in the file takes more memory than it may."""


class _Bytes:
    """The file for the parser, which would hold a string without end."""

    def __init__(self, stream: BinaryIO, largest: int) -> None:
        self._stream = stream
        self._largest = largest
        self.since_last = 0

    def read(self, size: int) -> bytes:
        if self.since_last > self._largest:
            raise _OverlongError
        data = self._stream.read(size)
        self.since_last += len(data)
        return data


def _posts(stream: BinaryIO, largest: int) -> Iterator[Post | Damaged]:
    try:
        for chat, message in _messages(_events(_Bytes(stream, largest)), largest):
            post = _post(chat, message)
            if post is not None:
                yield post
    except (ijson.JSONError, ValueError, OverflowError):
        yield Damaged()


def _events(data: _Bytes) -> Iterator[Event]:
    for event in ijson.basic_parse(data, use_float=True):
        data.since_last = 0
        yield event


def _messages(events: Iterator[Event], largest: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each message with what was said of its chat so far; nothing else of the file is held."""
    # Each open map or list: the key that is being read in it, and what is known of it if it is a chat.
    keys: list[str | None] = []
    facts: list[dict[str, Any]] = []
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
        elif event == "start_map" and len(keys) >= 2 and keys[-1] is None and keys[-2] == "messages":
            yield facts[-2], _value(events, largest)
        elif event in ("start_map", "start_array"):
            if len(keys) == _DEEPEST:
                raise _OverlongError
            keys.append(None)
            facts.append({})
        elif event in ("end_map", "end_array"):
            keys.pop()
            facts.pop()
        elif keys and keys[-1] in _CHAT_FACTS:
            facts[-1][str(keys[-1])] = value


def _value(events: Iterator[Event], largest: int) -> dict[str, Any]:
    """Return the map whose start was read last."""
    whole: dict[str, Any] = {}
    open_: list[tuple[Any, str]] = [(whole, "")]
    held = 0
    for event, value in events:
        if event == "map_key":
            open_[-1] = (open_[-1][0], value)
        elif event in ("end_map", "end_array"):
            open_.pop()
            if not open_:
                return whole
        else:
            item: Any = {} if event == "start_map" else [] if event == "start_array" else value
            _put(*open_[-1], item)
            if event in ("start_map", "start_array"):
                open_.append((item, ""))
        held += _ITEM + (len(value) if isinstance(value, str) else 0)
        if held > largest or len(open_) > _DEEPEST:
            raise _OverlongError
    raise _OverlongError


def _put(into: Any, key: str, item: Any) -> None:
    if isinstance(into, dict):
        into[key] = item
    else:
        into.append(item)


def _post(chat: dict[str, Any], message: dict[str, Any]) -> Post | None:
    """Return a message that somebody wrote; None for the notices of Telegram itself."""
    number = message.get("id")
    if message.get("type", "message") != "message" or not isinstance(number, int):
        return None
    name, forwarded = _string(chat.get("name")), _string(message.get("forwarded_from"))
    path = _string(message.get("file")) if "media_type" not in message else None
    return Post(
        chat=name or "",
        id=number,
        text=_text(message.get("text")),
        sent_at=_moment(message.get("date_unixtime")),
        channel=_channel(chat, message, forwarded),
        sender=_string(message.get("from_id")) or _string(message.get("from")),
        forwarded_from=forwarded,
        file="" if path is not None and path.startswith(_NOT_INCLUDED) else path,
        file_name=_string(message.get("file_name")),
        mime=_string(message.get("mime_type")),
        last_id=number,
    )


def _channel(chat: dict[str, Any], message: dict[str, Any], forwarded: str | None) -> str | None:
    if forwarded is not None or "forwarded_from" in message:
        by_channel = (_string(message.get("forwarded_from_id")) or "").startswith("channel")
        return forwarded if by_channel else None
    return _string(chat.get("name")) if chat.get("type") in _CHANNELS else None


def _text(value: Any) -> str:
    pieces = value if isinstance(value, list) else [value]
    return "".join(_string(piece.get("text") if isinstance(piece, dict) else piece) or "" for piece in pieces)


def _string(value: Any) -> str | None:
    return _HALF.sub("\ufffd", value).replace("\0", "\ufffd") if isinstance(value, str) else None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _continues(before: Post, post: Post) -> bool:
    """Return whether an app has cut one long text into the two: such parts are numbered and sent one after another."""
    last = before.parts[-1] if before.parts else before.text
    return (
        _units(last) >= NEARLY_FULL
        and len(before.parts) < _MOST_PARTS
        and post.id == before.last_id + 1
        and (post.chat, post.sender, post.sent_at) == (before.chat, before.sender, before.sent_at)
        and post.forwarded_from == before.forwarded_from
        and before.file is post.file is None
        and bool(post.text)
    )


def _whole(post: Post) -> Post:
    return replace(post, text=joined([post.text, *post.parts]), parts=()) if post.parts else post


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
