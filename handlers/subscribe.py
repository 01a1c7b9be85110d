"""``/subscribe``, ``/unsubscribe`` and ``/digest``."""

import difflib
import re
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from telegram import Update

from domain.schedule import Timetable
from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import digests
from services import digests as service
from services.asking.telling import Place, keep_claims
from services.chats import know

_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?", re.IGNORECASE)


async def on_subscribe(update: Update, context: Context) -> None:
    """Bring a digest every day: ``/subscribe 08:00 Europe/Vilnius``; without a place, in the chat's own zone."""
    message = message_of(update)
    chat = await know(context.services, identity(message.chat))
    at, *place = context.args or [""]
    if not at:
        await answer(message, digests.how_to_subscribe(chat.timezone))
        return
    read = time_of(at)
    if read is None:
        await answer(message, digests.time_unclear(at))
        return
    written = "_".join(place)
    zone = zone_of(written) if place else chat.timezone
    if zone is None:
        await answer(message, digests.zone_unknown(f"{read:%H:%M}", " ".join(place), zones_like(written)))
        return
    daily = Timetable((read,), zone)
    user = message.from_user.id if message.from_user else 0
    first = await service.subscribe(context.services, chat.identity, topic_of(message), daily, user)
    await answer(message, digests.subscribed(daily, first))


async def on_unsubscribe(update: Update, context: Context) -> None:
    """End the digest of this chat or topic."""
    message = message_of(update)
    ended = await service.unsubscribe(context.services, identity(message.chat), topic_of(message))
    await answer(message, digests.unsubscribed(ended))


async def on_digest(update: Update, context: Context) -> None:
    """Show the digest of the last day now."""
    message = message_of(update)
    digest = await service.latest(context.services, identity(message.chat))
    sent = await answer(message, digests.on_demand(digest, context.name))
    place = Place(message.chat_id, sent.message_id, topic_of(message))
    await keep_claims(context.services, place, "digest", [claim for each in digest.articles for claim in each.claims])


def time_of(written: str) -> time | None:
    """Return the time of day that "08:00", "8.30", "8h15" or "8" means, or None."""
    read = _TIME.fullmatch(written)
    return time(int(read["hour"]), int(read["minute"] or 0)) if read else None


def zone_of(written: str) -> str | None:
    """Return the IANA zone that is written out, or whose city is: "europe/vilnius", "Vilnius"."""
    return _zones().get(written.casefold())


def zones_like(written: str) -> list[str]:
    """Return the zones whose name or city is spelt most like what was written."""
    near = difflib.get_close_matches(written.casefold(), _zones(), n=6, cutoff=0.7)
    return list(dict.fromkeys(_zones()[name] for name in near))[:3]


@cache
def _zones() -> dict[str, str]:
    """Return every zone by its name and by its city, in lower case."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone in ("UTC", "GMT"))
    cities = {zone.rsplit("/", 1)[-1].casefold(): zone for zone in zones if not zone.startswith("Etc/")}
    return cities | {zone.casefold(): zone for zone in zones}
