"""Subscribing, as tests do it that are about something else."""

from dataclasses import replace
from datetime import datetime

from domain.chats import ChatIdentity
from domain.schedule import Timetable
from services import Services
from services.subscribing import wishes
from services.subscribing.wishes import Subscribed


async def subscribe(
    services: Services, identity: ChatIdentity, thread_id: int | None, timetable: Timetable, user: int = 0
) -> datetime:
    """Give a chat or topic a digest of all, or another time to the one that it has; when the first one is due."""
    for each in await wishes.here(services, identity.id, thread_id):
        changed = await wishes.change(services, identity.id, each.id, lambda wish: replace(wish, timetable=timetable))
        assert changed is not None
        return changed.next_run
    became = await wishes.subscribe(services, identity, thread_id, timetable, user)
    assert isinstance(became, Subscribed)
    return became.subscription.next_run


async def unsubscribe(services: Services, identity: ChatIdentity, thread_id: int | None) -> bool:
    """End what a chat or topic is sent; False where that is nothing."""
    found = await wishes.here(services, identity.id, thread_id)
    for each in found:
        await wishes.end(services, identity.id, each.id)
    return bool(found)
