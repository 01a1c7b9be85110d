"""What the operator and machines are told of queue and deliveries; these looks cost little in a large archive."""

from collections.abc import Mapping
from datetime import datetime

from domain.jobs import JobKind
from domain.operating import Backlog
from domain.subscriptions import DeliveryState
from storage.connection import Reader
from storage.values import from_text, to_text

# Kinds are named so that the index of open jobs leads to each.
_KINDS = ", ".join(f"'{kind.value}'" for kind in JobKind)
# Among so many of the newest jobs the last update is looked for.
_NEWEST = 2000


async def backlogs(db: Reader, bot: int, now: datetime) -> Mapping[JobKind, Backlog]:
    """Return, for each kind, the jobs of a bot that have not ended well.

    What stands behind another job of its lane is not due: nobody can take it up, and one chat that Telegram wants left
    alone for hours says nothing of the others.
    """
    rows = await db.all(
        f"""SELECT kind, state, COUNT(*) AS jobs, MIN(CASE WHEN state = 'ready' AND run_at <= :now AND NOT EXISTS (
                SELECT 1 FROM jobs AS earlier
                WHERE earlier.lane = jobs.lane AND earlier.state IN ('ready', 'running') AND earlier.id < jobs.id
            ) THEN run_at END) AS due
        FROM jobs WHERE bot = :bot AND kind IN ({_KINDS}) AND state IN ('ready', 'running', 'failed')
        GROUP BY kind, state""",
        bot=bot,
        now=to_text(now),
    )
    jobs = {(row["kind"], row["state"]): row["jobs"] for row in rows}
    due = {row["kind"]: from_text(row["due"]) for row in rows if row["due"]}
    return {
        kind: Backlog(
            jobs.get((kind.value, "ready"), 0),
            jobs.get((kind.value, "running"), 0),
            jobs.get((kind.value, "failed"), 0),
            due.get(kind.value),
        )
        for kind in JobKind
    }


async def last_update(db: Reader, bot: int) -> datetime | None:
    """Return when a bot's last update was kept; None where that is long ago."""
    row = await db.one(
        f"""SELECT MAX(created_at) AS at
        FROM (SELECT bot, kind, created_at FROM jobs ORDER BY id DESC LIMIT {_NEWEST}) AS newest
        WHERE bot = :bot AND kind = '{JobKind.UPDATE.value}'""",
        bot=bot,
    )
    return from_text(row["at"]) if row and row["at"] else None


async def deliveries(db: Reader, since: datetime) -> Mapping[DeliveryState, int]:
    """Return how many deliveries of all chats that were due since a moment are in which state."""
    rows = await db.all(
        "SELECT state, COUNT(*) AS deliveries FROM deliveries WHERE due >= :since GROUP BY state", since=to_text(since)
    )
    return {DeliveryState(row["state"]): row["deliveries"] for row in rows}
