"""Articles as they arrive, and where they stand in Telegram."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.chats import ChatIdentity


class OriginKind(StrEnum):
    """Telegram's MessageOrigin, and ``none`` for a text that was pasted."""

    NONE = "none"
    USER = "user"
    HIDDEN_USER = "hidden_user"
    CHAT = "chat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forward came from; ``message_id`` is known for channels only."""

    kind: OriginKind = OriginKind.NONE
    name: str | None = None
    username: str | None = None
    message_id: int | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """One message that brought an article; ``thread_id`` is its topic in a forum."""

    chat: ChatIdentity
    message_id: int
    thread_id: int | None
    sender: str
    origin: Origin
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """An article's text as a chat brought it."""

    text: str
    forward: Forward


class ArticleState(StrEnum):
    """How far an article has come."""

    RECEIVED = "received"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """The article is new here and will be read."""

    article: int


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The collection has this text; ``first`` is the message that brought it first."""

    article: int
    first: Forward


@dataclass(frozen=True, slots=True)
class TooShort:
    """A text of so many words is no article."""

    words: int
