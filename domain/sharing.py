"""Chats that see one collection: how they come to it, and who they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.chats import Chat, ChatIdentity, CollectionId, Role


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who lets another chat in: a user, and the chat in whose name."""

    user: int
    name: str
    chat: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that one chat may join a collection by, as ``role``, until it expires."""

    id: int
    collection: CollectionId
    inviter: Inviter
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link leads to: the collection of ``host``, and what a chat may do there."""

    host: ChatIdentity
    role: Role


class Obstacle(StrEnum):
    """Why a chat cannot join by a link that is good, or not leave."""

    MEMBER = "member"
    """It sees that collection already."""
    GUEST = "guest"
    """It shares the collection of others."""
    HOST = "host"
    """Others see its own collection."""
    FULL = "full"
    """As many chats see that collection as may."""
    OWN = "own"
    """It sees its own collection only."""
    LAST = "last"
    """Nobody else would see what is there."""


@dataclass(frozen=True, slots=True)
class Member:
    """A chat that sees a collection; ``joined_at`` and ``inviter``, by name, where a link brought it."""

    chat: ChatIdentity
    role: Role
    joined_at: datetime | None = None
    inviter: str | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """The chats that see the collection of ``chat``, and the links by which more may."""

    chat: Chat
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]


class Event(StrEnum):
    """What a chat hears of another one with which it shares, or shared, a collection."""

    JOINED = "joined"
    LEFT = "left"
    ERASED = "erased"
    REMOVED = "removed"
    MADE_READER = "reader"
    MADE_EDITOR = "editor"
    INHERITED = "inherited"
    MADE_OWNER = "owner"
