"""``/subscribe``, on one line or by buttons, ``/unsubscribe`` and ``/settings``."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import Message, Update

from domain.chats import ChatKind
from domain.ledger import PersonReference
from domain.schedule import EVERY_DAY, Timetable
from domain.subscriptions import Filters, Subscription
from handlers.admins import creator, may_decide, sees_all
from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import Reply, subscriptions, texts, wishing
from handlers.replies.layout import join
from handlers.replies.subscriptions import Names
from handlers.subscribing.showing import view
from services import Services
from services.chats import find, know, settings
from services.filtering import NoExpression
from services.subscribing import changes, offers, wishes, zones
from services.subscribing.lines import Line, parse
from services.subscribing.wishes import Refusal, Subscribed
from services.subscribing.zones import Offered


async def on_subscribe(update: Update, context: Context) -> None:
    """Take a wish that is written on one line, or begin to put one together by buttons."""
    await take_line(message_of(update), parse(" ".join(context.args or [])), context)


async def on_unsubscribe(update: Update, context: Context) -> None:
    """End the digest of this chat or topic; of several, ask which, unless all shall end."""
    said = " ".join(context.args or []).casefold().strip(" .!")
    await end_digest(message_of(update), context, everything=said in subscriptions.words_for_all())


async def take_line(message: Message, line: Line, context: Context) -> None:
    """Do what a line says, if who writes it decides for the chat."""
    if line.ends:
        await end_digest(message, context)
        return
    if not await may_decide(message, context):
        await answer(message, texts.plain(subscriptions.admins_only()))
        return
    reply = await _taken(message, line, context)
    group = message.chat.type in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    if group and not await sees_all(context.bot, message.chat_id):
        reply = replace(reply, text=join([reply.text, subscriptions.sees_little().text]))
    await answer(message, reply)


async def end_digest(message: Message, context: Context, *, everything: bool = False) -> None:
    """End the digest of a message's chat or topic; of several, ask which."""
    services = context.services
    if not await may_decide(message, context):
        await answer(message, texts.plain(subscriptions.admins_only()))
        return
    found = await wishes.here(services, message.chat_id, topic_of(message))
    others = await wishes.of_chat(services, message.chat_id)
    if everything:
        await answer(message, subscriptions.all_ended(await wishes.end_all(services, message.chat_id)))
    elif len(found) == 1:
        await wishes.end(services, message.chat_id, found[0].id)
        await answer(message, subscriptions.unsubscribed())
    elif found or others:
        shown = found or others
        await answer(message, subscriptions.which_to_end(shown, await names_of(context, message.chat_id, shown)))
    else:
        await answer(message, subscriptions.none_here())


async def on_settings(update: Update, context: Context) -> None:
    """Show how the chat is set up, with buttons to change what comes."""
    message = message_of(update)
    await answer(message, await settings_of(context, message))


async def settings_of(context: Context, message: Message) -> Reply:
    """Return how a message's chat is set up."""
    current = await settings(context.services, identity(message.chat))
    of_deliveries = [each.subscription for each in current.deliveries]
    shown = [*current.subscriptions, *current.lost, *of_deliveries]
    return subscriptions.settings(current, await names_of(context, message.chat_id, shown))


async def names_of(context: Context, chat: int, found: Sequence[Subscription]) -> Names:
    """Return the names of the chats to which a chat's digests go, and of the people whom they are about."""
    numbers = list(dict.fromkeys(person for each in found for person in each.wish.filters.people))
    targets = await wishes.names_of(context.services, [each.wish.target for each in found])
    return Names(targets, await offers.called(context.services, chat, numbers))


async def _taken(message: Message, line: Line, context: Context) -> Reply:
    """Return what becomes of a line: digests, a wish that is still to be put together, or what is not understood."""
    services = context.services
    if len(line.times) > changes.MOST_TIMES:
        return texts.plain(subscriptions.too_many_times(changes.MOST_TIMES))
    if line.rhythm:
        return subscriptions.no_such_rhythm(line.rhythm, changes.MOST_TIMES)
    if line.unclear:
        return subscriptions.time_unclear(line.unclear[0])
    chat = await know(services, identity(message.chat))
    line = await _with_place(services, chat.id, line)
    filters = await offers.filters_of(services, chat.id, line.about, disputed=line.disputed)
    if isinstance(filters, NoExpression):
        why = subscriptions.words_unclear(filters.why.value, filters.at, filters.found, line.about or "")
        return texts.plain(why)
    place = await zones.place_of(services, line.place) if line.place else None
    unsure = place if isinstance(place, Offered) else None
    zone = chat.timezone if place is None or isinstance(place, Offered) else place.timezone
    timetable = Timetable(line.times or (wishes.MORNING,), zone, line.days or EVERY_DAY)
    user = await _maker(message, context)
    begun = partial(wishes.draft, services, chat.identity, topic_of(message), user, timetable, filters)
    if unsure is not None:
        return await _which_place(context, await begun(), line.place or "", unsure)
    if line.weekly:
        return wishing.which_day(await view(context, await begun()))
    if not line.times:
        return wishing.wish(await view(context, await begun()))
    if filters != Filters():
        return await told(context, await wishes.confirm(services, chat.id, (await begun()).id))
    return await told(context, await wishes.subscribe(services, chat.identity, topic_of(message), timetable, user))


async def _with_place(services: Services, chat: int, line: Line) -> Line:
    """Return a line where what stands behind somebody's name is a place: "about Ada Quill Vilnius"."""
    name, _, behind = (line.about or "").rpartition(" ")
    if not name or line.place:
        return line
    whole, part = [await offers.people_called(services, chat, each) for each in (f"{name} {behind}", name)]
    parted = isinstance(part, PersonReference) and not isinstance(whole, PersonReference)
    return replace(line, about=name, place=behind) if parted else line


async def _maker(message: Message, context: Context) -> int:
    """Return who is told when a digest ends: who writes it; in a channel, where that is not said, its creator."""
    if message.from_user is not None and message.sender_chat is None:
        return message.from_user.id
    number = await creator(context.bot, message.chat_id)
    # Who has never met the bot cannot be told anything.
    return number if number and await find(context.services, number) else 0


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
        return subscriptions.subscribed(
            became.subscription, shown.target, became.others, shown.now, shown.people, sets_clock=became.sets_clock
        )
    sentence = subscriptions.too_many(wishes.MOST) if became is Refusal.TOO_MANY else subscriptions.gone()
    return texts.plain(sentence)
