"""Chats that share a collection, and the links by which they come to it."""

from collections.abc import Sequence
from datetime import datetime

from domain.chats import ChatIdentity, ChatKind, CollectionId, Role
from domain.sharing import Invitation, Inviter, Member
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

# A restored archive brings the chats that it was made in, where nobody can write.
_REAL = "c.id NOT IN (SELECT id FROM restored_chats)"


async def add_invitation(
    db: Writer, collection: CollectionId, inviter: Inviter, role: Role, link: str, expires_at: datetime
) -> Invitation:
    """Keep a link, by its hash."""
    row = await db.one(
        """INSERT INTO invitations (collection_id, chat_id, user_id, user_name, role, hash, expires_at)
        VALUES (:collection, :chat, :user, :name, :role, :hash, :expires_at) RETURNING id""",
        collection=collection,
        chat=inviter.chat,
        user=inviter.user,
        name=inviter.name,
        role=role.value,
        hash=link,
        expires_at=to_text(expires_at),
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    return Invitation(row["id"], collection, inviter, role, expires_at)


async def invitation(db: Reader, link: str, chat: int, now: datetime) -> Invitation | None:
    """Return what a link, by its hash, offers to a chat; None where it is not known (any more), or is another's."""
    row = await db.one(
        """SELECT * FROM invitations
        WHERE hash = :hash AND expires_at > :now AND (for_chat_id IS NULL OR for_chat_id = :chat)""",
        hash=link,
        now=to_text(now),
        chat=chat,
    )
    return _invitation(row) if row else None


async def keep_for(db: Writer, number: int, chat: int) -> None:
    """Let a link be good for one chat only."""
    await db.run("UPDATE invitations SET for_chat_id = :chat WHERE id = :number", number=number, chat=chat)


async def forget_invitation(db: Writer, collection: CollectionId, number: int) -> bool:
    """Let a link of a collection be good no more; False where there is none."""
    gone = await db.run(
        "DELETE FROM invitations WHERE id = :number AND collection_id = :collection",
        number=number,
        collection=collection,
    )
    return gone > 0


async def forget_invitations_of(db: Writer, collection: CollectionId, chat: int) -> None:
    """Let no link be good any more that a chat has given to a collection."""
    await db.run(
        "DELETE FROM invitations WHERE collection_id = :collection AND chat_id = :chat",
        collection=collection,
        chat=chat,
    )


async def forget_expired(db: Writer, now: datetime) -> None:
    """Forget the links whose time is over."""
    await db.run("DELETE FROM invitations WHERE expires_at <= :now", now=to_text(now))


async def invitations(db: Reader, collection: CollectionId, now: datetime) -> Sequence[Invitation]:
    """Return the links to a collection that are good, oldest first."""
    rows = await db.all(
        "SELECT * FROM invitations WHERE collection_id = :collection AND expires_at > :now ORDER BY id",
        collection=collection,
        now=to_text(now),
    )
    return [_invitation(row) for row in rows]


async def members(db: Reader, collection: CollectionId) -> Sequence[Member]:
    """Return the chats that see a collection: its owner first, then in the order in which they came."""
    rows = await db.all(
        f"""SELECT c.id, c.kind, c.title, c.username, c.role, m.joined_at, m.user_name
        FROM chats c LEFT JOIN memberships m ON m.chat_id = c.id
        WHERE c.collection_id = :collection AND {_REAL}
        ORDER BY c.role <> 'owner', m.joined_at, c.id""",
        collection=collection,
    )
    return [_member(row) for row in rows]


async def enter(db: Writer, chat: int, collection: CollectionId, role: Role, inviter: Inviter, now: datetime) -> None:
    """Let a chat see the collection of others instead of its own."""
    await _see(db, chat, collection, role)
    await db.run(
        """INSERT INTO memberships (chat_id, joined_at, user_id, user_name) VALUES (:chat, :now, :user, :name)
        ON CONFLICT (chat_id) DO UPDATE
        SET joined_at = excluded.joined_at, user_id = excluded.user_id, user_name = excluded.user_name""",
        chat=chat,
        now=to_text(now),
        user=inviter.user,
        name=inviter.name,
    )


async def go_home(db: Writer, chat: int, own: CollectionId) -> None:
    """Let a chat see its own collection again."""
    await _see(db, chat, own, Role.OWNER)
    await db.run("DELETE FROM memberships WHERE chat_id = :chat", chat=chat)


async def set_role(db: Writer, collection: CollectionId, chat: int, role: Role) -> None:
    """Say what a chat may do with a collection that it sees."""
    await db.run(
        "UPDATE chats SET role = :role WHERE id = :chat AND collection_id = :collection",
        role=role.value,
        chat=chat,
        collection=collection,
    )


async def turn_away(db: Writer, bot: int, chat: int, now: datetime, before: datetime) -> bool:
    """Keep that a chat is told that the bot is closed to it; False where it has been told since ``before``."""
    await db.run("DELETE FROM turned_away WHERE told_at <= :before", before=to_text(before))
    told = await db.run(
        "INSERT INTO turned_away (bot, chat_id, told_at) VALUES (:bot, :chat, :now) ON CONFLICT DO NOTHING",
        bot=bot,
        chat=chat,
        now=to_text(now),
    )
    return told > 0


async def _see(db: Writer, chat: int, collection: CollectionId, role: Role) -> None:
    await db.run(
        "UPDATE chats SET collection_id = :collection, role = :role WHERE id = :chat",
        collection=collection,
        role=role.value,
        chat=chat,
    )


def _invitation(row: Row) -> Invitation:
    inviter = Inviter(row["user_id"], row["user_name"], row["chat_id"])
    return Invitation(row["id"], row["collection_id"], inviter, Role(row["role"]), from_text(row["expires_at"]))


def _member(row: Row) -> Member:
    chat = ChatIdentity(row["id"], ChatKind(row["kind"]), row["title"], row["username"])
    joined_at = from_text(row["joined_at"]) if row["joined_at"] else None
    return Member(chat, Role(row["role"]), joined_at, row["user_name"])
