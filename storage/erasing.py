"""What is kept of a chat, of a user and of a collection, table by table, and how it is erased.

A test walks the schema: a table that names one of these, and that is neither here nor goes with one that is, fails it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.chats import CollectionId
from storage import forgotten
from storage.connection import Reader, Writer
from storage.values import to_text

# Rows that go when a chat is to be forgotten.
OF_CHAT = (
    ("batches", "chat_id"),
    ("cards", "chat_id"),
    ("invitations", "chat_id"),
    ("invitations", "for_chat_id"),
    ("memberships", "chat_id"),
    ("message_parts", "chat_id"),
    ("quiet_times", "chat_id"),
    ("subscriptions", "chat_id"),
    ("subscriptions", "target_id"),
    ("told", "chat_id"),
    ("turned_away", "chat_id"),
    ("waiting_messages", "chat_id"),
    ("watches", "chat_id"),
)
# Rows that go when a user is to be forgotten, in a chat or everywhere.
OF_USER = (("batches", "sender_id"), ("invitations", "user_id"))
# Rows that stay without a user: the column, and what it becomes.
WITHOUT_USER = (
    ("corrections", "user_id", "user_id = 0, user_name = ''"),
    ("memberships", "user_id", "user_id = 0, user_name = ''"),
    ("subscriptions", "owner_id", "owner_id = 0"),
    ("watches", "owner_id", "owner_id = 0"),
)
# Rows of a collection that do not go with its articles and persons; in this order.
OF_COLLECTION = (
    ("forgotten", "collection_id"),
    ("claim_relations", "collection_id"),
    ("corrections", "collection_id"),
    ("imported_files", "collection_id"),
    ("stories", "collection_id"),
    ("word_trigrams", "collection_id"),
    ("invitations", "collection_id"),
    ("restored_chats", "collection_id"),
)
# What refers to a chat's row: as long as there is any, the chat has been here again since.
REFERS_TO_CHAT = (
    ("forwards", "chat_id"),
    ("batches", "chat_id"),
    ("cards", "chat_id"),
    ("invitations", "chat_id"),
    ("memberships", "chat_id"),
    ("quiet_times", "chat_id"),
    ("subscriptions", "chat_id"),
    ("subscriptions", "target_id"),
    ("told", "chat_id"),
    ("watches", "chat_id"),
)
# Of a forward `f`: it is in the scope.
_IN_SCOPE = """(:chat IS NULL OR f.chat_id = :chat) AND (:user IS NULL OR f.sender_id = :user)
    AND f.sent_at <= :until"""
# Of a job: an update, or a message that waits or is being fetched, of the user.
_OF_USER = """(kind = 'update' AND EXISTS (
        SELECT 1 FROM json_each(payload) part
        WHERE part.type = 'object' AND json_extract(part.value, '$.from.id') = CAST(:user AS TEXT)
    )) OR (kind = 'fetch'
        AND json_extract(json_extract(payload, '$.message'), '$.forward.sender_id') = CAST(:user AS TEXT))
    OR (kind = 'gather' AND json_extract(payload, '$.sender') = CAST(:user AS TEXT))"""
# Of a job: it is about messages of the chat.
_OF_MESSAGES = """lane LIKE 'updates:' || :chat || ':%' OR lane LIKE 'gather:' || :chat || ':%'
    OR (kind = 'fetch' AND lane LIKE 'fetch:%:' || :chat || ':%')"""
# Of a job: the chat's, or it tells another one of it.
_OF_CHAT_JOB = f"""key LIKE 'sharing:%:' || :chat || ':%' OR {_OF_MESSAGES}
    OR (kind <> 'update'
        AND CAST(:chat AS TEXT) IN (json_extract(payload, '$.chat'), json_extract(payload, '$.target')))"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be erased: all that a chat, a user, or a user in a chat has brought up to a moment."""

    chat: int | None
    user: int | None
    until: datetime

    def parameters(self) -> dict[str, int | str | None]:
        """Return what the statements of this module call these."""
        return {"chat": self.chat, "user": self.user, "until": to_text(self.until)}


async def names_in(db: Reader, scope: Scope) -> Sequence[str]:
    """Return the names that who is in the scope is known by."""
    rows = await db.all(
        f"""SELECT f.sender AS name FROM forwards f WHERE {_IN_SCOPE}
        UNION SELECT c.user_name FROM corrections c
            WHERE (:chat IS NULL OR c.chat_id = :chat) AND (:user IS NULL OR c.user_id = :user)""",
        **scope.parameters(),
    )
    return [row["name"] for row in rows]


async def withdraw_jobs(db: Writer, scope: Scope, now: datetime, before: datetime | None = None) -> None:
    """Empty the jobs of a chat or a user that nobody has in hand; their keys are remembered: nothing comes again.

    Of these, where a moment is given, those that were put in ``before``.
    """
    await db.run(
        f"""UPDATE jobs SET state = 'done', payload = '{{}}', reason = NULL, ended_at = COALESCE(ended_at, :now)
        WHERE state IN ('ready', 'failed') AND kind <> 'erase' AND ({_jobs_of(scope)})
            AND (:before IS NULL OR created_at < :before)""",
        chat=scope.chat,
        user=scope.user,
        now=to_text(now),
        before=to_text(before) if before else None,
    )


async def take_back(db: Writer, chat: int, scopes: Sequence[Scope]) -> Sequence[Mapping[str, Any]]:
    """Take back the jobs, unless they are in hand, that erase the same as is asked for anew; return what they tell."""
    asked = [[scope.chat, scope.user] for scope in scopes]
    rows = await db.all("SELECT id, payload FROM jobs WHERE kind = 'erase' AND state = 'ready' ORDER BY id")
    told = []
    for row in rows:
        payload = json.loads(row["payload"])
        same = (payload["chat"], payload["scopes"]) == (chat, asked)
        if same and await db.run("DELETE FROM jobs WHERE id = :id AND state = 'ready'", id=row["id"]):
            told.append(payload)
    return told


async def forget_lanes(db: Writer, chat: int) -> None:
    """Let no job that has ended tell whose it was, nor in whose number its key has it."""
    await db.run(
        f"""UPDATE jobs SET lane = NULL, owner = 0,
            key = CASE WHEN key LIKE 'sharing:%' OR key LIKE 'ended:%' THEN 'forgotten:' || id ELSE key END
        WHERE state IN ('done', 'failed') AND (owner = :chat OR {_OF_CHAT_JOB})""",
        chat=chat,
    )


async def is_busy(db: Reader, scope: Scope) -> bool:
    """Return whether something of a chat or a user is in hand."""
    found = await db.one(
        f"SELECT 1 AS found FROM jobs WHERE state = 'running' AND kind <> 'erase' AND ({_jobs_of(scope)})",
        chat=scope.chat,
        user=scope.user,
    )
    return found is not None


def _jobs_of(scope: Scope) -> str:
    return _OF_CHAT_JOB if scope.user is None else f"({_OF_USER}) AND (:chat IS NULL OR {_OF_MESSAGES})"


async def forget_rows_of_chat(db: Writer, chat: int) -> None:
    """Erase all that is a chat's alone, but for what it brought and its own row."""
    for table, column in OF_CHAT:
        await db.run(f"DELETE FROM {table} WHERE {column} = :chat", chat=chat)


async def forget_rows_of_user(db: Writer, user: int, chat: int | None) -> None:
    """Erase a user's rows, and the user in rows that stay, in a chat or everywhere."""
    here = "(:chat IS NULL OR chat_id = :chat)"
    for table, column in OF_USER:
        await db.run(f"DELETE FROM {table} WHERE {column} = :user AND {here}", user=user, chat=chat)
    for table, column, blank in WITHOUT_USER:
        await db.run(f"UPDATE {table} SET {blank} WHERE {column} = :user AND {here}", user=user, chat=chat)
    await db.run(
        f"""DELETE FROM waiting_messages
        WHERE json_extract(message, '$.forward.sender_id') = CAST(:user AS TEXT) AND {here}""",
        user=user,
        chat=chat,
    )


async def forget_names(db: Writer, scope: Scope, names: Collection[str]) -> None:
    """Let corrections that stay hold without the names of who made or ended them."""
    await db.run_many(
        """UPDATE corrections SET ended_by = '' WHERE ended_by = :name AND collection_id IN (
            SELECT a.collection_id FROM forwards f JOIN articles a ON a.id = f.article_id
                WHERE (:chat IS NULL OR f.chat_id = :chat) AND (:user IS NULL OR f.sender_id = :user)
            UNION SELECT c.collection_id FROM chats c WHERE c.id = COALESCE(:chat, :user)
            UNION SELECT c.collection_id FROM corrections c
                WHERE (:chat IS NULL OR c.chat_id = :chat) AND (:user IS NULL OR c.user_id = :user)
        )""",
        [{"name": name, "chat": scope.chat, "user": scope.user} for name in names],
    )


async def forget_editors(db: Writer, chat: int) -> None:
    """Let corrections hold without the chat that made them, or was told what they concern, and without its people."""
    await db.run(
        "UPDATE corrections SET chat_id = 0, user_id = 0, user_name = '' WHERE chat_id = :chat",
        chat=chat,
    )
    # Each tells which messages of which chats had told the error.
    rows = await db.all("SELECT id, said FROM corrections WHERE said LIKE '%[' || :chat || ',%'", chat=chat)
    for row in rows:
        said = json.loads(row["said"])
        if "told" in said:
            said["told"] = [place for place in said["told"] if place[0] != chat]
            kept = json.dumps(said, ensure_ascii=False)
            await db.run("UPDATE corrections SET said = :said WHERE id = :id", id=row["id"], said=kept)


async def is_of_others(db: Reader, collection: CollectionId, chat: int) -> bool:
    """Return whether another chat sees a collection, or has it as its own."""
    found = await db.one(
        """SELECT 1 AS found FROM chats WHERE :collection IN (collection_id, own_collection_id) AND id <> :chat
            AND id NOT IN (SELECT id FROM restored_chats)""",
        collection=collection,
        chat=chat,
    )
    return found is not None


async def is_left(db: Reader, collection: CollectionId, until: datetime) -> bool:
    """Return whether a collection that is to be erased is still there; one made since may have got its number."""
    found = await db.one(
        "SELECT 1 AS found FROM collections WHERE id = :collection AND created_at <= :until",
        collection=collection,
        until=to_text(until),
    )
    return found is not None


async def begin_anew(db: Writer, chat: int, now: datetime) -> None:
    """Give a chat an empty collection, as if it were new."""
    await db.run("INSERT INTO collections (created_at) VALUES (:now)", now=to_text(now))
    await db.run(
        """UPDATE chats SET collection_id = new.id, own_collection_id = new.id, role = 'owner', language = NULL
        FROM (SELECT MAX(id) AS id FROM collections) AS new WHERE chats.id = :chat""",
        chat=chat,
    )


async def channels_of(db: Reader, chat: int) -> Sequence[int]:
    """Return the channels that a chat has digests sent to."""
    rows = await db.all(
        """SELECT DISTINCT c.id FROM subscriptions s JOIN chats c ON c.id = s.target_id
        WHERE s.chat_id = :chat AND c.kind = 'channel'""",
        chat=chat,
    )
    return [row["id"] for row in rows]


async def forget_inviters(db: Writer, collection: CollectionId) -> None:
    """Let nobody know any more who let the chats in that see a collection."""
    await db.run(
        """UPDATE memberships SET user_id = 0, user_name = ''
        WHERE chat_id IN (SELECT id FROM chats WHERE collection_id = :collection)""",
        collection=collection,
    )


async def brought(db: Reader, scope: Scope, limit: int) -> Sequence[tuple[int, CollectionId, bool]]:
    """Return articles of the scope, each with its collection and whether others brought it, too."""
    rows = await db.all(
        f"""SELECT a.id, a.collection_id, EXISTS (
            SELECT 1 FROM forwards f WHERE f.article_id = a.id AND NOT ({_IN_SCOPE})
        ) AS others
        FROM articles a WHERE a.id IN (SELECT f.article_id FROM forwards f WHERE {_IN_SCOPE} LIMIT :limit)""",
        limit=limit,
        **scope.parameters(),
    )
    return [(row["id"], CollectionId(row["collection_id"]), bool(row["others"])) for row in rows]


async def forget_forwards(db: Writer, scope: Scope, article: int) -> None:
    """Forget that the scope brought an article, which others brought, too: an edit of its messages does nothing."""
    await db.run(
        f"""DELETE FROM message_parts WHERE article_id = :article AND chat_id IN (
            SELECT f.chat_id FROM forwards f
            JOIN message_parts p ON p.chat_id = f.chat_id AND p.message_id = f.message_id
            WHERE f.article_id = :article AND {_IN_SCOPE}
        )""",
        article=article,
        **scope.parameters(),
    )
    await db.run(
        f"""DELETE FROM forwards WHERE id IN (
            SELECT f.id FROM forwards f WHERE f.article_id = :article AND {_IN_SCOPE}
        )""",
        article=article,
        **scope.parameters(),
    )
    await db.run(
        """DELETE FROM message_parts WHERE article_id = :article
            AND chat_id NOT IN (SELECT chat_id FROM forwards WHERE article_id = :article)""",
        article=article,
    )


async def erase_article(db: Writer, collection: CollectionId, article: int, now: datetime) -> None:
    """Erase an article for good, with all that refers to it and the persons whom it alone names."""
    if await forgotten.since(db, article) is None:
        await forgotten.hide(db, collection, article, now)
    await forgotten.erase(db, article)


async def erase_some(db: Writer, collection: CollectionId, limit: int) -> int:
    """Erase so many articles, or else persons, of a collection that nobody sees; return how many there were."""
    found = [
        row["id"]
        for row in await db.all(
            """SELECT id FROM articles WHERE collection_id = :collection
            UNION SELECT article_id FROM forgotten WHERE collection_id = :collection LIMIT :limit""",
            collection=collection,
            limit=limit,
        )
    ]
    for article in found:
        await _erase_bare(db, article)
    if not found:
        rows = await db.all(
            "SELECT id FROM persons WHERE collection_id = :collection LIMIT :limit", collection=collection, limit=limit
        )
        found = [row["id"] for row in rows]
        await _delete_persons(db, found)
    return len(found)


async def erase_collection(db: Writer, collection: CollectionId) -> None:
    """Erase what is left of a collection without articles and persons."""
    chats = await db.all("SELECT id FROM restored_chats WHERE collection_id = :collection", collection=collection)
    for table, column in OF_COLLECTION:
        await db.run(f"DELETE FROM {table} WHERE {column} = :collection", collection=collection)
    for chat in chats:
        await forget_rows_of_chat(db, chat["id"])
        await db.run("DELETE FROM chats WHERE id = :chat", chat=chat["id"])
    await db.run("DELETE FROM collections WHERE id = :collection", collection=collection)


async def erase_chat(db: Writer, chat: int) -> None:
    """Erase a chat's row and its empty collection, unless it has been here again since."""
    unused = [f"NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = :chat)" for table, column in REFERS_TO_CHAT]
    row = await db.one(
        f"""DELETE FROM chats WHERE id = :chat AND {" AND ".join(unused)}
            AND NOT EXISTS (SELECT 1 FROM articles WHERE collection_id = chats.own_collection_id)
            AND NOT EXISTS (
                SELECT 1 FROM chats other WHERE other.collection_id = chats.own_collection_id AND other.id <> chats.id
            )
        RETURNING own_collection_id AS own""",
        chat=chat,
    )
    if row is not None:
        await erase_collection(db, row["own"])


async def kept_days(db: Reader, collection: CollectionId) -> int | None:
    """Return for how many days a collection keeps its articles; None is for good."""
    row = await db.one("SELECT kept_days FROM collections WHERE id = :collection", collection=collection)
    return row["kept_days"] if row else None


async def keep_for(db: Writer, collection: CollectionId, days: int | None) -> None:
    """Have a collection keep an article for so many days; None is for good."""
    await db.run("UPDATE collections SET kept_days = :days WHERE id = :collection", days=days, collection=collection)


async def older(db: Reader, collection: CollectionId, before: datetime) -> int:
    """Return how many articles of a collection came in before a moment."""
    row = await db.one(
        "SELECT COUNT(*) AS older FROM articles WHERE collection_id = :collection AND received_at < :before",
        collection=collection,
        before=to_text(before),
    )
    return row["older"] if row else 0


async def outdated(db: Reader, now: datetime, limit: int) -> Sequence[tuple[int, CollectionId]]:
    """Return articles that are older than their collections keep them, each with its collection."""
    found: list[tuple[int, CollectionId]] = []
    for row in await db.all("SELECT id, kept_days FROM collections WHERE kept_days IS NOT NULL ORDER BY id"):
        before = to_text(now - timedelta(days=row["kept_days"]))
        rows = await db.all(
            """SELECT id FROM articles WHERE collection_id = :collection AND received_at < :before
            ORDER BY received_at LIMIT :limit""",
            collection=row["id"],
            before=before,
            limit=limit - len(found),
        )
        found += [(each["id"], CollectionId(row["id"])) for each in rows]
    return found


async def _erase_bare(db: Writer, article: int) -> None:
    """Delete an article, and the collection of its own where it was forgotten before."""
    row = await db.one(
        """SELECT a.collection_id AS own FROM forgotten f JOIN articles a ON a.id = f.article_id
        WHERE f.article_id = :article""",
        article=article,
    )
    await db.run("DELETE FROM articles WHERE id = :article", article=article)
    if row is not None:
        persons = await db.all("SELECT id FROM persons WHERE collection_id = :own", own=row["own"])
        await _delete_persons(db, [person["id"] for person in persons])
        await db.run("DELETE FROM collections WHERE id = :own", own=row["own"])


async def _delete_persons(db: Writer, persons: Sequence[int]) -> None:
    each = [{"person": person} for person in persons]
    await db.run_many("UPDATE persons SET canonical_id = NULL WHERE canonical_id = :person", each)
    await db.run_many("UPDATE claims SET source_person_id = NULL WHERE source_person_id = :person", each)
    await db.run_many("DELETE FROM persons WHERE id = :person", each)
