"""``/subscribe``, on one line or by buttons, ``/unsubscribe`` and ``/settings``."""

from collections.abc import Sequence
from functools import partial

from telegram import Message, Update

from domain.chats import ChatIdentity
from domain.schedule import EVERY_DAY, Timetable
from domain.subscriptions import Subscription
from handlers.admins import may_decide
from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import Reply, subscriptions, texts, wishing
from handlers.subscribing.showing import view
from services.chats import know, settings
from services.subscribing import changes, wishes, zones
from services.subscribing.lines import Line, parse
from services.subscribing.wishes import Refusal, Subscribed
from services.subscribing.zones import Offered


async def on_subscribe(update: Update, context: Context) -> None:
    """Take a wish that is written on one line, or begin to put one together by buttons."""
    message = message_of(update)
    if not await may_decide(message, context):
        await answer(message, texts.plain(subscriptions.admins_only()))
        return
    await answer(message, await _taken(message, parse(" ".join(context.args or [])), context))


async def on_unsubscribe(update: Update, context: Context) -> None:
    """End the digest of this chat or topic; of several, ask which."""
    message, services = message_of(update), context.services
    if not await may_decide(message, context):
        await answer(message, texts.plain(subscriptions.admins_only()))
        return
    found = await wishes.here(services, message.chat_id, topic_of(message))
    others = await wishes.of_chat(services, message.chat_id)
    if len(found) == 1:
        await wishes.end(services, message.chat_id, found[0].id)
        await answer(message, subscriptions.unsubscribed())
    elif found or others:
        shown = found or others
        await answer(message, subscriptions.which_to_end(shown, await targets(context, shown)))
    else:
        await answer(message, subscriptions.none_here())


async def on_settings(update: Update, context: Context) -> None:
    """Show how the chat is set up, with buttons to change what comes."""
    message = message_of(update)
    await answer(message, await settings_of(context, message))


async def settings_of(context: Context, message: Message) -> Reply:
    """Return how a message's chat is set up."""
    current = await settings(context.services, identity(message.chat))
    return subscriptions.settings(current, await targets(context, current.subscriptions))


async def targets(context: Context, found: Sequence[Subscription]) -> dict[int, ChatIdentity]:
    """Return the chats to which digests go."""
    return await wishes.names_of(context.services, [each.wish.target for each in found])


async def _taken(message: Message, line: Line, context: Context) -> Reply:
    """Return what becomes of a line: digests, a wish that is still to be put together, or what is not understood."""
    services = context.services
    if len(line.times) > changes.MOST_TIMES:
        return texts.plain(subscriptions.too_many_times(changes.MOST_TIMES))
    if line.unclear:
        return subscriptions.time_unclear(line.unclear[0])
    chat = await know(services, identity(message.chat))
    place = await zones.place_of(services, line.place) if line.place else None
    unsure = place if isinstance(place, Offered) else None
    zone = chat.timezone if place is None or isinstance(place, Offered) else place.timezone
    timetable = Timetable(line.times or (wishes.MORNING,), zone, line.days or EVERY_DAY)
    user = message.from_user.id if message.from_user else 0
    begun = partial(wishes.draft, services, chat.identity, topic_of(message), user, timetable)
    if unsure is not None:
        return await _which_place(context, await begun(), line.place or "", unsure)
    if line.weekly:
        return wishing.which_day(await view(context, await begun()))
    if not line.times:
        return wishing.wish(await view(context, await begun()))
    return await told(context, await wishes.subscribe(services, chat.identity, topic_of(message), timetable, user))


async def _which_place(context: Context, draft: Subscription, written: str, unsure: Offered) -> Reply:
    shown = await view(context, draft)
    if unsure.behind is None:
        return wishing.place_unclear(shown, written, unsure.places)
    now = context.services.clock()
    return wishing.offset_zones(shown, written, zones.showing(unsure.behind, now), unsure.behind)


async def told(context: Context, became: Subscribed | Refusal) -> Reply:
    """Return what became of a wish."""
    if isinstance(became, Subscribed):
        shown = await view(context, became.subscription)
        return subscriptions.subscribed(became.subscription, shown.target, became.others, shown.now)
    sentence = subscriptions.too_many(wishes.MOST) if became is Refusal.TOO_MANY else subscriptions.gone()
    return texts.plain(sentence)
