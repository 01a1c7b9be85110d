"""What is not needed any more is forgotten."""

from datetime import timedelta

from services import Services
from services.correcting.forgetting import erase_due
from services.retention import erase_old
from storage import limits, messages, sharing, told

# Telegram repeats an update for a day, and its key must be remembered for longer. Jobs that failed go at the same time,
# with the messages that they may hold.
JOBS_KEPT = timedelta(days=3)
# Who answers a message of ours after that, or was told something wrong by it, has to begin anew.
TOLD_KEPT = timedelta(days=90)
# Longer than the longest time within which anything is counted.
LIMITS_KEPT = timedelta(days=2)


async def forget_old_jobs(services: Services) -> None:
    """Forget jobs that ended days ago, messages that waited as long in vain, and articles whose time is over."""
    now = services.clock()
    await services.queue.prune(now - JOBS_KEPT)
    async with services.database.transaction() as db:
        await messages.forget(db, now - JOBS_KEPT)
        await told.forget(db, now - TOLD_KEPT)
        await sharing.forget_expired(db, now)
        await limits.forget(db, now - LIMITS_KEPT)
    try:
        await erase_due(services)
    finally:
        await erase_old(services)
