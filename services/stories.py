"""Stories: articles about the same events, grouped over a few days."""

from domain.ledger import StoryReference
from services import Services
from storage.connection import Reader


async def settle(services: Services, collection: int, article: int) -> set[int]:
    """Decide which story an article belongs to, and return the articles whose story it has changed."""
    return set()


async def story_of(db: Reader, collection: int, article: int) -> StoryReference | None:
    """Return the story that an article belongs to, None where it is alone."""
    return None
