"""Who is named where, recomputed from mentions."""

from services import Services
from storage.connection import Row


async def rows(services: Services, sql: str) -> list[Row]:
    async with services.database.reading() as db:
        return list(await db.all(sql))


async def assert_counted(services: Services) -> None:
    """What is kept of who is named where is what mentions say."""
    kept = await rows(services, "SELECT DISTINCT person_id, article_id FROM person_articles ORDER BY 1, 2")
    assert kept == await rows(services, "SELECT DISTINCT person_id, article_id FROM mentions ORDER BY 1, 2")
    counted = await rows(
        services,
        """SELECT p.id, (
            SELECT COUNT(DISTINCT COALESCE(r.reprint_of, m.article_id)) FROM persons same
            JOIN mentions m ON m.person_id = same.id LEFT JOIN reprints r ON r.article_id = m.article_id
            WHERE same.canonical_id = p.id
        ) AS articles FROM persons p ORDER BY p.id""",
    )
    assert await rows(services, "SELECT id, articles FROM persons ORDER BY id") == counted
