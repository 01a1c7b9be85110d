"""A group that has become a supergroup: Telegram gives it another number."""

from services import Services
from storage import moving


async def move_chat(services: Services, old: int, new: int) -> bool:
    """Take over to its new number all that is kept of a chat; False where that was done before."""
    async with services.database.transaction() as db:
        return await moving.move_chat(db, old, new)
