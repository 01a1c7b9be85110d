"""What is not needed any more is forgotten."""

from datetime import timedelta

from services import Services
from storage import messages

# Telegram repeats an update for a day, and its key must be remembered for longer. Jobs that failed go at the same time,
# with the messages that they may hold.
JOBS_KEPT = timedelta(days=3)


async def forget_old_jobs(services: Services) -> None:
    """Forget the jobs that ended days ago, and the messages that have waited as long in vain."""
    before = services.clock() - JOBS_KEPT
    await services.queue.prune(before)
    async with services.database.transaction() as db:
        await messages.forget(db, before)
