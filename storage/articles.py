"""Articles, the messages that brought them and the messages that show them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.articles import ArticleState, Forward, Origin, OriginKind
from domain.chats import ChatIdentity, ChatKind, CollectionId
from domain.extraction import FailureReason, Metadata, Reading
from domain.ledger import ArticleReference
from storage.connection import Reader, Row, Writer
from storage.full_text import ARTICLES, NEWEST, listed, newest
from storage.values import content_hash, from_text, normalise, to_text

# The first message that brought the article, with its chat, for the columns of `reference`.
FIRST_FORWARD = """
    LEFT JOIN forwards f ON f.id = (SELECT MIN(id) FROM forwards WHERE article_id = a.id)
    LEFT JOIN chats c ON c.id = f.chat_id
"""
REFERENCE_COLUMNS = """
    a.id AS article_id, a.headline, a.publisher, a.seen_at, a.date_published IS NOT NULL AS dated,
    CASE WHEN a.headline IS NULL THEN SUBSTR(a.body, 1, 200) END AS opening,
    f.chat_id, f.message_id, f.thread_id, f.sender,
    f.origin_kind, f.origin_name, f.origin_username, f.origin_message_id, f.origin_sent_at, f.origin_signature,
    f.sent_at, f.note, f.sender_id,
    c.kind AS chat_kind, c.title AS chat_title, c.username AS chat_username
"""

# Of a card that is still to be sent; Telegram's messages are numbered from 1.
_NO_MESSAGE = 0


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article's row without its claims and people."""

    reference: ArticleReference
    body: str
    state: ArticleState
    failure: FailureReason | None
    metadata: Metadata
    received_at: datetime
    reading: Reading = Reading.FULL


async def add(db: Writer, collection: CollectionId, text: str, given: Metadata, now: datetime) -> int | None:
    """Keep a text that is new in the collection and return its number, or None where the text is there already."""
    row = await db.one(
        """INSERT INTO articles (collection_id, content_hash, body, search_text, state, headline, publisher, author,
            date_published, language, url, received_at, seen_at)
        VALUES (:collection, :hash, :body, :search_text, :state, :headline, :publisher, :author,
            :date_published, :language, :url, :now, :now)
        ON CONFLICT (collection_id, content_hash) DO NOTHING RETURNING id""",
        collection=collection,
        hash=content_hash(text),
        body=text,
        search_text=normalise(text),
        state=ArticleState.RECEIVED.value,
        now=to_text(now),
        **_metadata_values(given),
    )
    return row["id"] if row else None


async def find_same(db: Reader, collection: CollectionId, text: str) -> int | None:
    """Return the number of the collection's article with this text."""
    row = await db.one(
        "SELECT id FROM articles WHERE collection_id = :collection AND content_hash = :hash",
        collection=collection,
        hash=content_hash(text),
    )
    return row["id"] if row else None


async def add_forward(db: Writer, article: int, forward: Forward) -> None:
    """Keep that a message brought the article; the same message counts once."""
    origin = forward.origin
    await db.run(
        """INSERT INTO forwards (article_id, chat_id, message_id, thread_id, sender, origin_kind, origin_name,
            origin_username, origin_message_id, origin_sent_at, origin_signature, sent_at, note, sender_id)
        VALUES (:article, :chat, :message, :thread, :sender, :kind, :name, :username, :origin_message, :origin_sent_at,
            :signature, :sent_at, :note, :sender_id)
        ON CONFLICT (article_id, chat_id, message_id) DO NOTHING""",
        article=article,
        chat=forward.chat.id,
        message=forward.message_id,
        thread=forward.thread_id,
        sender=forward.sender,
        kind=origin.kind.value,
        name=origin.name,
        username=origin.username,
        origin_message=origin.message_id,
        origin_sent_at=to_text(origin.sent_at) if origin.sent_at else None,
        signature=origin.signature,
        sent_at=to_text(forward.sent_at),
        note=forward.note,
        sender_id=forward.sender_id,
    )


async def find(db: Reader, collection: CollectionId, article: int) -> StoredArticle | None:
    """Return an article of the collection."""
    row = await db.one(
        f"""SELECT {REFERENCE_COLUMNS}, a.body, a.state, a.failure, a.author, a.date_published, a.language, a.url,
            a.received_at, a.reading
        FROM articles a {FIRST_FORWARD} WHERE a.id = :article AND a.collection_id = :collection""",
        article=article,
        collection=collection,
    )
    return _stored(row) if row else None


async def collection_of(db: Reader, article: int) -> CollectionId | None:
    """Return whose article it is, for jobs, which know it by its number alone; one that is forgotten is nobody's."""
    row = await db.one(
        """SELECT collection_id FROM articles a WHERE id = :article
        AND NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.article_id = a.id)""",
        article=article,
    )
    return row["collection_id"] if row else None


async def numbers(db: Reader, collection: CollectionId | None, since: datetime | None, after: int) -> Sequence[int]:
    """Return the articles, of one collection or of all, that were received since a moment and have higher numbers."""
    rows = await db.all(
        """SELECT id FROM articles a WHERE id > :after AND (:collection IS NULL OR collection_id = :collection)
            AND received_at >= :since AND NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.article_id = a.id)
        ORDER BY id""",
        after=after,
        collection=collection,
        since=to_text(since) if since else "",
    )
    return [row["id"] for row in rows]


async def search(db: Reader, collection: CollectionId, match: str, limit: int) -> Sequence[ArticleReference]:
    """Return the collection's newest articles whose text fits the full-text expression ``match``.

    Of very many, those that came last are looked at.
    """
    numbers = await newest(db, ARTICLES, collection, match, NEWEST)
    rows = await db.all(
        f"""SELECT {REFERENCE_COLUMNS} FROM (
            SELECT id FROM articles WHERE id IN ({listed(numbers)})
            ORDER BY seen_at DESC, id DESC LIMIT :limit
        ) found JOIN articles a ON a.id = found.id {FIRST_FORWARD}
        ORDER BY a.seen_at DESC, a.id DESC""",
        limit=limit,
    )
    return [reference(row) for row in rows]


async def replace_text(db: Writer, collection: CollectionId, article: int, text: str, now: datetime) -> bool:
    """Give an article a new text and keep the one before; False where another one has the text.

    It is to be read again, and what the text before said of itself is no longer known.
    """
    if await find_same(db, collection, text) is not None:
        return False
    await db.run(
        """INSERT INTO article_versions (article_id, replaced_at, body, headline)
        SELECT id, :now, body, headline FROM articles WHERE id = :article AND collection_id = :collection
        ON CONFLICT (article_id, replaced_at) DO NOTHING""",
        article=article,
        collection=collection,
        now=to_text(now),
    )
    changed = await db.run(
        """UPDATE articles SET content_hash = :hash, body = :body, search_text = :search_text, state = :state,
            failure = NULL, headline = NULL, publisher = NULL, author = '[]', date_published = NULL, language = NULL
        WHERE id = :article AND collection_id = :collection""",
        article=article,
        collection=collection,
        hash=content_hash(text),
        body=text,
        search_text=normalise(text),
        state=ArticleState.RECEIVED.value,
    )
    return changed > 0


async def mark_read(
    db: Writer, article: int, metadata: Metadata, now: datetime, reading: Reading = Reading.FULL
) -> None:
    """Keep what the article says of itself and how far it was read; it now sorts by its own date where it has one.

    It is news from when it was first read, which a failure was not.
    """
    await db.run(
        """UPDATE articles SET state = :state, failure = NULL, headline = :headline, publisher = :publisher,
            author = :author, date_published = :date_published, language = :language, url = :url,
            seen_at = COALESCE(:seen_at, received_at), reading = :reading,
            settled_at = CASE WHEN state = 'failed' AND settled_at < :now THEN :now ELSE COALESCE(settled_at, :now) END
        WHERE id = :article""",
        article=article,
        now=to_text(now),
        reading=reading.value,
        state=ArticleState.READ.value,
        seen_at=_moment(metadata.date_published),
        **_metadata_values(metadata),
    )


def sorts_by(metadata: Metadata, received_at: datetime) -> datetime:
    """Return the date by which an article sorts once it is read."""
    moment = _moment(metadata.date_published)
    return from_text(moment) if moment is not None else received_at


async def set_of_itself(db: Writer, article: int, name: str, value: str | None) -> None:
    """Set what an article says of itself, its headline, date or publisher, as something to read it anew from."""
    columns = {"headline": "headline", "date": "date_published", "publisher": "publisher"}
    await db.run(f"UPDATE articles SET {columns[name]} = :value WHERE id = :article", article=article, value=value)


async def mark_failed(db: Writer, article: int, reason: FailureReason, now: datetime) -> None:
    """Keep that nothing could be read from the article, and why."""
    await db.run(
        """UPDATE articles SET state = :state, failure = :reason, settled_at = COALESCE(settled_at, :now)
        WHERE id = :article""",
        article=article,
        now=to_text(now),
        state=ArticleState.FAILED.value,
        reason=reason.value,
    )


async def to_be_shown(db: Writer, article: int, chat: int) -> None:
    """Keep that the chat is shown the article, by a message that may still have to be sent."""
    await db.run(
        f"""INSERT INTO cards (article_id, chat_id, message_id) VALUES (:article, :chat, {_NO_MESSAGE})
        ON CONFLICT (article_id, chat_id) DO NOTHING""",
        article=article,
        chat=chat,
    )


async def card_message(db: Reader, article: int, chat: int) -> int | None:
    """Return the message by which the chat is shown the article, if it has been sent."""
    row = await db.one(
        "SELECT message_id FROM cards WHERE article_id = :article AND chat_id = :chat",
        article=article,
        chat=chat,
    )
    return row["message_id"] or None if row else None


async def shown_by(db: Reader, chat: int, message: int) -> int | None:
    """Return the article that a message shows to the chat."""
    row = await db.one(
        "SELECT article_id FROM cards WHERE chat_id = :chat AND message_id = :message", chat=chat, message=message
    )
    return row["article_id"] if row else None


async def versions(db: Reader, article: int) -> Sequence[tuple[datetime, str]]:
    """Return what an article's text said before each of its edits, and when that was, oldest first."""
    rows = await db.all(
        "SELECT replaced_at, body FROM article_versions WHERE article_id = :article ORDER BY replaced_at",
        article=article,
    )
    return [(from_text(row["replaced_at"]), row["body"]) for row in rows]


async def chats_with_card(db: Reader, article: int) -> Sequence[int]:
    """Return the chats that are shown the article."""
    rows = await db.all("SELECT chat_id FROM cards WHERE article_id = :article ORDER BY chat_id", article=article)
    return [row["chat_id"] for row in rows]


async def set_card_message(db: Writer, article: int, chat: int, message: int) -> None:
    """Keep by which message the chat is shown the article."""
    await db.run(
        """INSERT INTO cards (article_id, chat_id, message_id) VALUES (:article, :chat, :message)
        ON CONFLICT (article_id, chat_id) DO UPDATE SET message_id = excluded.message_id""",
        article=article,
        chat=chat,
        message=message,
    )


def reference(row: Row) -> ArticleReference:
    """Read ``REFERENCE_COLUMNS``."""
    return ArticleReference(
        id=row["article_id"],
        headline=row["headline"],
        publisher=row["publisher"],
        seen_at=from_text(row["seen_at"]),
        forward=_forward(row) if row["chat_id"] is not None else None,
        dated=bool(row["dated"]),
        opening=" ".join(row["opening"].split()) or None if row["opening"] else None,
    )


def _forward(row: Row) -> Forward:
    chat = ChatIdentity(row["chat_id"], ChatKind(row["chat_kind"]), row["chat_title"], row["chat_username"])
    origin = Origin(
        OriginKind(row["origin_kind"]),
        row["origin_name"],
        row["origin_username"],
        row["origin_message_id"],
        from_text(row["origin_sent_at"]) if row["origin_sent_at"] else None,
        row["origin_signature"],
    )
    sent_at = from_text(row["sent_at"])
    return Forward(
        chat, row["message_id"], row["thread_id"], row["sender"], origin, sent_at, row["note"], row["sender_id"]
    )


def _stored(row: Row) -> StoredArticle:
    metadata = Metadata(
        headline=row["headline"],
        publisher=row["publisher"],
        author=tuple(json.loads(row["author"])),
        date_published=row["date_published"],
        language=row["language"],
        url=row["url"],
    )
    return StoredArticle(
        reference=reference(row),
        body=row["body"],
        state=ArticleState(row["state"]),
        failure=FailureReason(row["failure"]) if row["failure"] else None,
        metadata=metadata,
        received_at=from_text(row["received_at"]),
        reading=Reading(row["reading"]),
    )


def _metadata_values(metadata: Metadata) -> dict[str, str | None]:
    return {
        "headline": metadata.headline,
        "publisher": metadata.publisher,
        "author": json.dumps(metadata.author, ensure_ascii=False),
        "date_published": metadata.date_published,
        "language": metadata.language,
        "url": metadata.url,
    }


def _moment(date_published: str | None) -> str | None:
    """Return an article's own date as a moment; without an offset of its own it is taken as UTC."""
    if date_published is None:
        return None
    try:
        moment = datetime.fromisoformat(date_published)
        return to_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
