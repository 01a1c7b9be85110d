"""The book of all processes that send for a bot; the server's clock is that of all."""

import json
from dataclasses import asdict
from typing import Any

from domain.pace import BotTurns, ChatTurns, Turn, quiet_from
from storage.connection import Writer
from storage.pace import Decision
from storage.postgres.database import PostgresDatabase

# Decisions of a bot come one after another; the lock's other half is this.
_LOCK = 777
# The bot's own row; no chat is called so.
_ITSELF = ""
# A process forgets chats that have been quiet no more often, in seconds.
_SWEEP = 60.0
# Nothing is to come so many seconds from now: what seems so went before the server's clock was put back.
_AHEAD = 600.0


class PostgresPaceBook:
    """A ``storage.pace.PaceBook`` of one bot.

    What is kept here may be lost with the server: it is of use for a minute, and nobody waits for the disk.
    """

    def __init__(self, database: PostgresDatabase, bot: int) -> None:
        self._database = database
        self._bot = bot
        self._swept_at = 0.0

    async def decide(self, chat: str, decision: Decision) -> Turn:
        """Make a decision while no other process makes one; raises DatabaseAwayError."""
        async with self._database.beside() as db:
            # By itself, so that what is read below, and its clock, are of the moment after the wait.
            await db.one(
                "SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(:lock, :bot)",
                lock=_LOCK,
                bot=_half(self._bot),
            )
            bot, turns, now = await self._state(db, chat)
            turn = decision(bot, turns, now)
            await self._keep(db, chat, bot, turns)
            if now - self._swept_at >= _SWEEP:
                self._swept_at = now
                await db.run("DELETE FROM paces WHERE chat <> :itself AND quiet_from < :now", itself=_ITSELF, now=now)
        return turn

    async def _state(self, db: Writer, chat: str) -> tuple[BotTurns, ChatTurns, float]:
        rows = await db.all(
            """SELECT p.chat, p.turns, EXTRACT(EPOCH FROM clock_timestamp())::DOUBLE PRECISION AS now
            FROM (SELECT 1) AS always LEFT JOIN paces p ON p.bot = :bot AND p.chat IN (:itself, :chat)""",
            bot=self._bot,
            itself=_ITSELF,
            chat=chat,
        )
        kept: dict[str, Any] = {row["chat"]: json.loads(row["turns"]) for row in rows if row["chat"] is not None}
        now = rows[0]["now"]
        bot = BotTurns(**kept.get(_ITSELF, {}))
        bot.sent, bot.last_digest = _of_this_clock(bot.sent, now), min(bot.last_digest, now)
        return bot, _of_this_clock(kept.get(chat, []), now), now

    async def _keep(self, db: Writer, chat: str, bot: BotTurns, turns: ChatTurns) -> None:
        changed = [
            {"bot": self._bot, "chat": _ITSELF, "turns": json.dumps(asdict(bot)), "quiet_from": 0.0},
            {"bot": self._bot, "chat": chat, "turns": json.dumps(turns), "quiet_from": quiet_from(turns)},
        ]
        await db.run_many(
            """INSERT INTO paces (bot, chat, turns, quiet_from) VALUES (:bot, :chat, :turns, :quiet_from)
            ON CONFLICT (bot, chat) DO UPDATE SET turns = excluded.turns, quiet_from = excluded.quiet_from""",
            changed,
        )


def _of_this_clock(times: list[float], now: float) -> list[float]:
    return times if max(times, default=0.0) <= now + _AHEAD else []


def _half(bot: int) -> int:
    """Return a bot's number as one of 32 bits; two bots that share it wait for each other now and then."""
    return bot % (1 << 31)
