"""How the bot fares: what machines measure, alerts go by and the operator asks for."""

from datetime import datetime, timedelta

from domain.operating import Condition
from storage import operating
from storage.connection import Database

A_DAY = timedelta(days=1)


async def condition(database: Database, bot: int, now: datetime) -> Condition:
    """Return what the database tells of a bot."""
    async with database.reading() as db:
        return Condition(
            await operating.backlogs(db, bot, now),
            await operating.last_update(db, bot),
            await operating.deliveries(db, now - A_DAY),
        )
