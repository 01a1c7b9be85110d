"""What digests have told, by subscription."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from domain.digests import ToldClaim
from domain.extraction import Factuality
from storage.connection import Reader, Row, Writer
from storage.full_text import listed
from storage.values import to_text

# What is new repeats nothing older: claims further apart are not compared (storage/relations.py).
KEPT = timedelta(days=60)


async def keep(db: Writer, subscription: int, told: Iterable[ToldClaim], now: datetime) -> None:
    """Keep how claims stood that a digest has told; the last word counts. A claim may be gone by now."""
    await db.run_many(
        """INSERT INTO digested (subscription_id, claim_id, told_as, told_at, factuality, origins, denials, words)
        SELECT :subscription, id, :told_as, :now, :factuality, :origins, :denials, :words
        FROM claims WHERE id = :claim
        ON CONFLICT (subscription_id, claim_id) DO UPDATE SET told_as = excluded.told_as, told_at = excluded.told_at,
            factuality = excluded.factuality, origins = excluded.origins, denials = excluded.denials,
            words = excluded.words""",
        [
            {
                "subscription": subscription,
                "claim": each.claim,
                "told_as": each.told_as,
                "now": to_text(now),
                "factuality": each.factuality.value,
                "origins": each.origins,
                "denials": each.denials,
                "words": each.words,
            }
            for each in told
        ],
    )
    await db.run(
        "DELETE FROM digested WHERE subscription_id = :subscription AND told_at < :before",
        subscription=subscription,
        before=to_text(now - KEPT),
    )


async def told_of(db: Reader, subscription: int, claims: Collection[int]) -> set[int]:
    """Return which of the claims a subscription has been told, by their own words or by others that say the same."""
    rows = await db.all(
        f"""SELECT claim_id FROM digested
        WHERE subscription_id = :subscription AND claim_id IN ({listed(sorted(claims))})""",
        subscription=subscription,
    )
    return {row["claim_id"] for row in rows}


async def shown(db: Reader, subscription: int, since: datetime, limit: int) -> Sequence[ToldClaim]:
    """Return how the claims stood whose words a subscription has been told since a moment, newest first."""
    rows = await db.all(
        """SELECT * FROM digested WHERE subscription_id = :subscription AND told_at >= :since AND told_as = claim_id
        ORDER BY told_at DESC LIMIT :limit""",
        subscription=subscription,
        since=to_text(since),
        limit=limit,
    )
    return [_told(row) for row in rows]


def _told(row: Row) -> ToldClaim:
    return ToldClaim(
        row["claim_id"], row["told_as"], Factuality(row["factuality"]), row["origins"], row["denials"], row["words"]
    )
