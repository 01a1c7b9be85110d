"""Values to test with: a clock that is set by hand, and articles about people nobody has met."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.articles import Forward, Origin
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Mention, NamedPerson, Passage, Span

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Clock:
    """The present moment, as a test sets it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def chat_identity(number: int = 100, kind: ChatKind = ChatKind.PRIVATE, username: str | None = None) -> ChatIdentity:
    return ChatIdentity(number, kind, f"Chat {number}", username)


def forward(chat: ChatIdentity, message: int = 1, sender: str = "Ann", origin: Origin | None = None) -> Forward:
    """A message that brought an article, a minute after the one with the number before."""
    return Forward(chat, message, None, sender, origin or Origin(), NOON + timedelta(minutes=message))


def passage(body: str, text: str) -> Passage:
    """The words ``text`` where they first stand in ``body``."""
    start = body.index(text)
    return Passage(text, (Span(start, start + len(text)),))


def named(body: str, name: str, *others: str, roles: tuple[str, ...] = ()) -> NamedPerson:
    """A person mentioned in ``body`` by each of the names, wherever these first stand."""
    mentions = tuple(Mention(each, passage(body, each).spans[0]) for each in (name, *others))
    return NamedPerson(name, others, roles, mentions)


def png(width: int, height: int) -> bytes:
    """The beginning of a picture of this size, in pixels."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
