"""Stories: articles about the same events, grouped over a few days."""

from services import Services


async def settle(services: Services, collection: int, article: int) -> set[int]:
    """Decide which story an article belongs to, and return the articles whose story it has changed."""
    return set()
