"""Deliveries that a test begins with."""

from storage import deliveries
from storage.connection import Writer
from storage.deliveries import NewDelivery


async def planned(db: Writer, subscription: int, new: NewDelivery) -> int:
    """Plan a digest of a subscription, and return its number."""
    await deliveries.plan(db, [subscription], new)
    row = await db.one("SELECT MAX(id) AS id FROM deliveries")
    assert row is not None
    return int(row["id"])
