"""Reprints: articles of a collection that are one article over again, with the first received at their head.

Articles whose fingerprints are alike are of one group, and so is what is like any of them. Candidates share a band of
their fingerprints (locality-sensitive hashing, Indyk and Motwani 1998); the whole fingerprints decide. A reprint keeps
its claims for its own card, but is not another voice: the conditions below are for all that counts or lists voices.
"""

from collections.abc import Mapping, Sequence

from domain.chats import CollectionId
from domain.fingerprints import SAME, Fingerprint
from storage.connection import Reader, Writer
from storage.values import bound

# Of an article `a`: it is no reprint.
OWN_VOICE = "NOT EXISTS (SELECT 1 FROM reprints r WHERE r.article_id = a.id)"
# Of a claim `cl`: its article is no reprint of one that makes the same claim.
TOLD_FIRST = """NOT EXISTS (
    SELECT 1 FROM reprints r JOIN claims told ON told.article_id < r.article_id AND told.article_id IN (
        SELECT r.reprint_of UNION ALL SELECT s.article_id FROM reprints s WHERE s.reprint_of = r.reprint_of
    )
    WHERE r.article_id = cl.article_id AND told.search_text = cl.search_text
)"""
# Of more candidates, those that share the most bands are looked at; of more shared bands, so many are counted, so that
# a text that comes a thousand times costs no more than others.
CANDIDATES = 40
SHARED_BANDS = 4_000


async def settle(db: Writer, collection: CollectionId, article: int, fingerprint: Fingerprint | None) -> None:
    """Keep the fingerprint of an article that was read, again perhaps, and decide anew what is whose reprint.

    Digests go by when an article was settled, so a head counts as settled when the first of its group was: what a
    digest has told by a reprint that was read sooner, no other tells again.
    """
    before = await _find(db, article)
    if before == fingerprint:
        return
    if before is not None:
        await withdraw(db, article)
    if fingerprint is not None:
        await keep(db, collection, article, fingerprint)
        await _join(db, collection, article, fingerprint)


async def withdraw(db: Writer, article: int) -> None:
    """Take an article out of its group, as before it is deleted; those that stay are grouped anew."""
    head = await _head_of(db, article)
    rest = {head, *await _reprints_of(db, head)} - {article}
    await db.run("DELETE FROM reprints WHERE reprint_of = :head", head=head)
    await db.run("DELETE FROM fingerprint_bands WHERE article_id = :article", article=article)
    await db.run("DELETE FROM fingerprints WHERE article_id = :article", article=article)
    bodies = {member: body for member in sorted(rest) if (body := await _find(db, member)) is not None}
    for first, others in _groups(bodies).items():
        await _mark(db, first, others)


async def standing(db: Reader, article: int) -> tuple[int | None, int]:
    """Return of what the article is a reprint, if it is one, and how many reprints there are in all."""
    head = await _head_of(db, article)
    return head if head != article else None, len(await _reprints_of(db, head))


async def group_of(db: Reader, article: int) -> set[int]:
    """Return the articles that are one over again with an article, itself among them."""
    head = await _head_of(db, article)
    return {head, article, *await _reprints_of(db, head)}


async def alike(db: Reader, collection: CollectionId, fingerprint: Fingerprint) -> Sequence[int]:
    """Return the collection's articles whose bodies are the same or nearly so."""
    bands = {f"band{index}": band for index, band in enumerate(fingerprint.bands())}
    rows = await db.all(
        f"""SELECT f.article_id, f.minima FROM (
            SELECT article_id, COUNT(*) AS shared FROM (
                SELECT article_id FROM fingerprint_bands
                WHERE collection_id = :collection AND band IN ({bound(bands)})
                ORDER BY band, article_id LIMIT :most
            ) b GROUP BY article_id ORDER BY shared DESC, article_id LIMIT :limit
        ) c JOIN fingerprints f ON f.article_id = c.article_id""",
        collection=collection,
        limit=CANDIDATES,
        most=SHARED_BANDS,
        **bands,
    )
    return [row["article_id"] for row in rows if fingerprint.likeness(Fingerprint(row["minima"])) >= SAME]


async def _join(db: Writer, collection: CollectionId, article: int, fingerprint: Fingerprint) -> None:
    """Make one group of the article and all that are like it, with their groups."""
    heads = {await _head_of(db, each) for each in (article, *await alike(db, collection, fingerprint))}
    head = min(heads)
    await _mark(db, head, sorted(heads - {head}))


async def _mark(db: Writer, head: int, others: Sequence[int]) -> None:
    """Make the others, with their reprints, reprints of the head."""
    pairs = [{"head": head, "other": other} for other in others]
    await db.run_many("UPDATE reprints SET reprint_of = :head WHERE reprint_of = :other", pairs)
    await db.run_many("INSERT INTO reprints (article_id, reprint_of) VALUES (:other, :head)", pairs)
    await db.run_many(
        """UPDATE articles SET settled_at = (SELECT MIN(settled_at) FROM articles WHERE id IN (:head, :other))
        WHERE id = :head""",
        pairs,
    )


def _groups(bodies: Mapping[int, Fingerprint]) -> dict[int, list[int]]:
    """Return the groups that articles form among themselves: by the number of the first, those of the others."""
    left, groups = dict(sorted(bodies.items())), {}
    while left:
        head, body = next(iter(left.items()))
        reached, left = [(head, body)], {other: text for other, text in left.items() if other != head}
        for _, text in reached:  # which grows on the way
            near = [pair for pair in left.items() if text.likeness(pair[1]) >= SAME]
            reached += near
            for other, _ in near:
                del left[other]
        groups[head] = [other for other, _ in reached[1:]]
    return groups


async def keep(db: Writer, collection: CollectionId, article: int, fingerprint: Fingerprint) -> None:
    """Keep an article's fingerprint and its bands, so that look-ups find it."""
    await db.run(
        "INSERT INTO fingerprints (article_id, minima) VALUES (:article, :minima)",
        article=article,
        minima=fingerprint.minima,
    )
    await db.run_many(
        """INSERT INTO fingerprint_bands (collection_id, band, article_id) VALUES (:collection, :band, :article)
        ON CONFLICT (collection_id, band, article_id) DO NOTHING""",
        [{"collection": collection, "band": band, "article": article} for band in fingerprint.bands()],
    )


async def _find(db: Reader, article: int) -> Fingerprint | None:
    row = await db.one("SELECT minima FROM fingerprints WHERE article_id = :article", article=article)
    return Fingerprint(row["minima"]) if row else None


async def _head_of(db: Reader, article: int) -> int:
    row = await db.one("SELECT reprint_of FROM reprints WHERE article_id = :article", article=article)
    return row["reprint_of"] if row else article


async def _reprints_of(db: Reader, head: int) -> Sequence[int]:
    rows = await db.all("SELECT article_id FROM reprints WHERE reprint_of = :head", head=head)
    return [row["article_id"] for row in rows]
