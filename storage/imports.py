"""Files that an import has been through."""

from domain.chats import CollectionId
from storage.connection import Reader, Writer


async def add(db: Writer, collection: CollectionId, content_hash: str, articles: int) -> None:
    """Keep that every one of a file's ``articles`` was kept and read."""
    await db.run(
        """INSERT INTO imported_files (collection_id, content_hash, articles) VALUES (:collection, :hash, :articles)
        ON CONFLICT (collection_id, content_hash) DO NOTHING""",
        collection=collection,
        hash=content_hash,
        articles=articles,
    )


async def find(db: Reader, collection: CollectionId, content_hash: str) -> int | None:
    """Return how many articles a file holds that the collection has been given already; None for any other file."""
    row = await db.one(
        "SELECT articles FROM imported_files WHERE collection_id = :collection AND content_hash = :hash",
        collection=collection,
        hash=content_hash,
    )
    return row["articles"] if row else None
