"""Chats and the collections that their articles belong to."""

from dataclasses import dataclass
from enum import StrEnum


class ChatKind(StrEnum):
    """Telegram's four kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class ChatIdentity:
    """A chat as Telegram names it; ``title`` is a person's name in a private chat."""

    id: int
    kind: ChatKind
    title: str
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that we know; its articles are those of ``collection`` and no others. ``timezone`` is an IANA name."""

    identity: ChatIdentity
    collection: int
    timezone: str

    @property
    def id(self) -> int:
        """Telegram's number of the chat."""
        return self.identity.id
