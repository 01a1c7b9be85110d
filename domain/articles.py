"""Articles as they arrive, and where they stand in Telegram."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.chats import ChatIdentity
from domain.extraction import Metadata
from domain.intake import NoArticle
from domain.limits import OverLimit


class OriginKind(StrEnum):
    """Telegram's MessageOrigin, and ``none`` for a text that was pasted."""

    NONE = "none"
    USER = "user"
    HIDDEN_USER = "hidden_user"
    CHAT = "chat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forward came from; ``message_id`` is known for channels only, ``signature`` is a post's author."""

    kind: OriginKind = OriginKind.NONE
    name: str | None = None
    username: str | None = None
    message_id: int | None = None
    sent_at: datetime | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """One message that brought an article; ``thread_id`` is its topic in a forum.

    ``sender`` is a name, ``sender_id`` Telegram's number of them or of the chat that they speak for. ``note`` is what
    they wrote together with it.
    """

    chat: ChatIdentity
    message_id: int
    thread_id: int | None
    sender: str
    origin: Origin
    sent_at: datetime
    note: str | None = None
    sender_id: int = 0

    @property
    def by(self) -> int:
        """Telegram's number of who sent it, or of the chat where that is not known."""
        return self.sender_id or self.chat.id


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A message's share of an article that is longer than one message."""

    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """An article as a chat brought it; ``parts`` are its messages where ``text`` is all that these say."""

    text: str
    forward: Forward
    parts: tuple[MessagePart, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is not known yet what belongs to the message."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """What the message points to is being fetched."""


@dataclass(frozen=True, slots=True)
class InBatch:
    """It is told of together with others."""


@dataclass(frozen=True, slots=True)
class NothingHere:
    """A file or a link, ``what``, gives no article."""

    what: str
    reason: NoArticle


@dataclass(frozen=True, slots=True)
class SeveralHere:
    """A file holds several articles; how they are meant is for the sender to say."""

    what: str
    headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyReads:
    """The chat may not add to the articles that it sees; nothing was kept."""


Received = (
    Taken | AlreadyHere | TooShort | Waiting | Fetching | InBatch | NothingHere | SeveralHere | OnlyReads | OverLimit
)
