"""Corrections: the dated log of what people put right, undone ones and all."""

import json
from collections.abc import Sequence
from datetime import datetime

from domain.chats import CollectionId
from domain.corrections import Anchor, Correction, CorrectionKind, CorrectionState, Editor, NewCorrection
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

# Of a correction `c`: its article is not forgotten, unless it says just that, nor are the articles of its two claims.
_HERE = """(c.article_id IS NULL OR c.kind = 'forgotten'
    OR NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.article_id = c.article_id))
    AND NOT EXISTS (
        SELECT 1 FROM claim_relations cr JOIN claims cl ON cl.id IN (cr.claim_id, cr.other_id)
        JOIN forgotten f ON f.article_id = cl.article_id WHERE cr.correction_id = c.id
    )"""


async def add(db: Writer, collection: CollectionId, correction: NewCorrection, now: datetime) -> int:
    """Keep a correction, which holds from now on, and return its number."""
    anchor = correction.anchor
    row = await db.one(
        """INSERT INTO corrections (collection_id, article_id, kind, anchor, said, corrected, chat_id, user_id,
            user_name, made_at, state)
        VALUES (:collection, :article, :kind, :anchor, :said, :corrected, :chat, :user, :name, :now, :state)
        RETURNING id""",
        collection=collection,
        article=correction.article,
        kind=correction.kind.value,
        anchor=_json([anchor.exact, anchor.prefix, anchor.suffix]) if anchor else None,
        said=_json(dict(correction.said)),
        corrected=_json(dict(correction.corrected)),
        chat=correction.editor.chat,
        user=correction.editor.user,
        name=correction.editor.name,
        now=to_text(now),
        state=CorrectionState.STANDING.value,
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    return int(row["id"])


async def end(db: Writer, correction: int, state: CorrectionState, by: str, now: datetime) -> None:
    """Keep that a correction does not hold any more, since when and through whom."""
    await db.run(
        "UPDATE corrections SET state = :state, ended_at = :now, ended_by = :by WHERE id = :correction",
        correction=correction,
        state=state.value,
        now=to_text(now),
        by=by,
    )


async def find(db: Reader, collection: CollectionId, correction: int) -> Correction | None:
    """Return a correction of the collection."""
    row = await db.one(
        "SELECT * FROM corrections WHERE id = :correction AND collection_id = :collection",
        correction=correction,
        collection=collection,
    )
    return _correction(row) if row else None


async def is_restored(db: Reader, correction: int) -> bool:
    """Return whether a correction was made elsewhere, and came with an export."""
    row = await db.one("SELECT uid FROM corrections WHERE id = :correction", correction=correction)
    return row is not None and row["uid"] is not None


async def standing(db: Reader, article: int) -> Sequence[Correction]:
    """Return the corrections of an article that hold, in the order in which they were made."""
    rows = await db.all(
        "SELECT * FROM corrections WHERE article_id = :article AND state = :state ORDER BY id",
        article=article,
        state=CorrectionState.STANDING.value,
    )
    return [_correction(row) for row in rows]


async def latest(
    db: Reader, collection: CollectionId, limit: int, offset: int = 0, article: int | None = None
) -> Sequence[Correction]:
    """Return the collection's corrections, newest first, those of one article perhaps.

    Of an article that is forgotten, that alone is left.
    """
    rows = await db.all(
        f"""SELECT * FROM corrections c WHERE collection_id = :collection AND {_HERE}
            AND (:article IS NULL OR article_id = :article)
        ORDER BY id DESC LIMIT :limit OFFSET :offset""",
        collection=collection,
        limit=limit,
        offset=offset,
        article=article,
    )
    return [_correction(row) for row in rows]


async def latest_standing(db: Reader, collection: CollectionId, chat: int) -> Correction | None:
    """Return the newest correction made in a chat that holds."""
    row = await db.one(
        f"""SELECT * FROM corrections c WHERE collection_id = :collection AND chat_id = :chat AND state = :state
            AND {_HERE} ORDER BY id DESC LIMIT 1""",
        collection=collection,
        chat=chat,
        state=CorrectionState.STANDING.value,
    )
    return _correction(row) if row else None


def _correction(row: Row) -> Correction:
    anchor = Anchor(*json.loads(row["anchor"])) if row["anchor"] else None
    return Correction(
        id=row["id"],
        new=NewCorrection(
            CorrectionKind(row["kind"]),
            row["article_id"],
            anchor,
            json.loads(row["said"]),
            json.loads(row["corrected"]),
            Editor(row["user_id"], row["user_name"], row["chat_id"]),
        ),
        made_at=from_text(row["made_at"]),
        state=CorrectionState(row["state"]),
        ended_at=from_text(row["ended_at"]) if row["ended_at"] else None,
        ended_by=row["ended_by"],
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
