"""Chats and the collections that their articles belong to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

# What articles belong to. Only storage makes one, of a row, and only access decides who is given it.
CollectionId = NewType("CollectionId", int)
NO_COLLECTION = CollectionId(0)


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


class Role(StrEnum):
    """What a chat may do with the collection that it sees: an editor may not say who else sees it."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that we know; its articles are those of ``collection`` and no others. ``timezone`` is an IANA name.

    ``own_collection`` is what it sees where it shares no other chat's; ``language`` an ISO 639-1 code, None before
    it is known in which one it is spoken to.
    """

    identity: ChatIdentity
    collection: CollectionId
    timezone: str
    role: Role = Role.OWNER
    own_collection: CollectionId = NO_COLLECTION
    language: str | None = None

    @property
    def id(self) -> int:
        """Telegram's number of the chat."""
        return self.identity.id
