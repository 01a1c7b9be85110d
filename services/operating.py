"""How the bot fares: what machines measure, alerts go by and the operator asks for."""

import os
import platform
import shutil
from datetime import datetime, timedelta

from domain.jobs import JobKind, NewJob
from domain.operating import Alert, Condition, Notice, Status
from services import Services
from storage import operating
from storage.connection import Database
from storage.queue import Queue

A_DAY = timedelta(days=1)
# The operator is told of the same no more often, by whatever process.
HOLD = timedelta(minutes=10)


# What happens to one process, of which no other tells. All else they all notice.
_OF_ONE = frozenset({Alert.PUT_ASIDE, Alert.NO_BACKUP})


async def condition(database: Database, queue: Queue, bot: int, now: datetime) -> Condition:
    """Return what the database tells of a bot."""
    async with database.reading() as db:
        return Condition(
            await operating.backlogs(db, bot, now),
            await operating.last_update(db, bot),
            await operating.deliveries(db, now - A_DAY),
            await queue.crew(),
        )


async def status(services: Services, chat: int) -> Status | None:
    """Return how the bot fares; None where the operator does not ask."""
    operator = services.operator
    if operator is None or operator.chat != chat:
        return None
    found = await condition(services.database, services.queue, services.bot, services.clock())
    return Status(found, operator, shutil.disk_usage(operator.folder).free)


async def tell(
    database: Database, queue: Queue, chat: int, notice: Notice, now: datetime, process: str | None = None
) -> None:
    """Have the operator told, once where several processes have noticed the same.

    ``process`` names the one that has noticed it, else this one.
    """
    payload = {"what": "operator", "chat": chat, "alert": notice.alert, "detail": notice.detail, "more": notice.more}
    key = f"operator:{chat}:{notice.alert}:{int(now.timestamp() // HOLD.total_seconds())}"
    if notice.alert in _OF_ONE:
        key += f":{process or _this_process()}"
    async with database.transaction() as db:
        await queue.put(db, [NewJob(JobKind.SEND, key, payload, f"operator:{chat}")])


def _this_process() -> str:
    return f"{platform.node()}:{os.getpid()}"
