"""What is written, or shared, in answer to a question about a wish."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from telegram import Chat, ChatMember, Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop

from domain.chats import ChatIdentity, ChatKind
from domain.ledger import NobodyFound, PersonReference
from domain.subscriptions import Subscription, Wish
from handlers.admins import leads, may_decide
from handlers.answering import answer
from handlers.context import Context, is_private, message_of
from handlers.correcting.asking import writer
from handlers.prompting import question_of
from handlers.replies import Reply, subscriptions, texts, wishing
from handlers.replies.layout import shorten
from handlers.replies.wording import NAME_LENGTH
from handlers.subscribing.keyboards import REQUESTS, say
from handlers.subscribing.showing import ask, show_instead, show_wish, view
from services.chats import know
from services.filtering import problem_of
from services.subscribing import changes, offers, prompts, wishes, zones
from services.subscribing.lines import parse, time_of
from services.subscribing.prompts import Prompt
from services.subscribing.zones import Offered

_Taken = Subscription | Reply | str
_QUOTES = "\"'“”„«»‘’"
# "https://t.me/s/harbourpost/"
_LINK = re.compile(r"\A(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?(?=\w+/?\Z)", re.IGNORECASE)


async def on_answer(update: Update, context: Context) -> None:
    """Take what the one who was asked writes in answer to a question about a wish, once."""
    message = message_of(update)
    to = await question_of(message, context)
    prompt = await prompts.asked(context.services, message.chat_id, to) if to is not None else None
    if prompt is None or prompt.asks not in _TAKING or message.text is None or not _is_asked(message, prompt):
        return
    if not await may_decide(message, context):
        await answer(message, texts.plain(subscriptions.admins_only()))
        raise ApplicationHandlerStop
    found = await wishes.find(context.services, message.chat_id, prompt.subscription)
    taken = await _TAKING[prompt.asks](message, context, found) if found is not None else subscriptions.gone()
    if not isinstance(taken, Reply):
        # Who finds nothing among what is offered may write again.
        await prompts.end(context.services, message.chat_id, prompt)
    if isinstance(taken, str) and found is not None:
        await ask(context, message, _in_words(prompt), taken, writer(message))
    elif isinstance(taken, str):
        await answer(message, texts.plain(taken))
    else:
        await _forget_question(message, context, prompt)
        if prompt.asks == "place" and isinstance(taken, Subscription):
            # The keyboard that a place is shared by goes.
            await say(context, message, subscriptions.chosen_zone(taken.wish.timetable.timezone))
        await (
            show_instead(context, message, prompt, taken)
            if isinstance(taken, Reply)
            else show_wish(context, message, prompt, taken)
        )
    raise ApplicationHandlerStop


async def on_place(update: Update, context: Context) -> None:
    """Take a place that is shared where we asked for one; only its zone is kept."""
    message = message_of(update)
    prompt = await prompts.open_one(context.services, message.chat_id, "place")
    if prompt is None or message.location is None or not is_private(update):
        return
    zone = await zones.zone_at(message.location.latitude, message.location.longitude)
    await prompts.end(context.services, message.chat_id, prompt)
    after = None
    if zone is not None:
        alter = partial(changes.in_zone, zone=zone)
        after = await wishes.change(context.services, message.chat_id, prompt.subscription, alter)
    if zone is None:
        await ask(context, message, _in_words(prompt), subscriptions.no_zone_there(), writer(message))
    elif after is None:
        await say(context, message, subscriptions.gone())
    else:
        await say(context, message, subscriptions.chosen_zone(zone))
        await show_wish(context, message, prompt, after)
    raise ApplicationHandlerStop


async def on_cancel(update: Update, context: Context) -> None:
    """Give the letters back where a keyboard of ours is not wanted."""
    message = message_of(update)
    if not is_private(update) or (message.text or "").casefold() != subscriptions.labels()[-1].casefold():
        return
    open_ones = [await prompts.open_one(context.services, message.chat_id, asks) for asks in _TAKING]
    waiting = [prompt for prompt in open_ones if prompt is not None]
    if not waiting:
        return
    for prompt in waiting:
        await prompts.end(context.services, message.chat_id, prompt)
    await say(context, message, subscriptions.not_chosen())
    raise ApplicationHandlerStop


async def on_chat_shared(update: Update, context: Context) -> None:
    """Have digests go to the channel or group that was chosen on the keyboard."""
    message, services = message_of(update), context.services
    shared = message.chat_shared
    prompt = await prompts.open_one(services, message.chat_id, "chat")
    if shared is None or prompt is None or shared.request_id != prompt.subscription % REQUESTS:
        await say(context, message, subscriptions.gone())
        return
    taken = await _to_chat(message, context, prompt.subscription, shared.chat_id, shared.title)
    if isinstance(taken, str):
        await say(context, message, taken)
        return
    await prompts.end(services, message.chat_id, prompt)
    shown = await view(context, taken)
    await say(context, message, subscriptions.chosen_chat(shown.target.title if shown.target else ""))
    await show_wish(context, message, prompt, taken)


def _in_words(prompt: Prompt) -> Prompt:
    """Return a question as it is asked again: who was to share a place is to write a city."""
    return replace(prompt, asks="city") if prompt.asks == "place" else prompt


async def _forget_question(message: Message, context: Context, prompt: Prompt) -> None:
    with suppress(TelegramError):
        await context.bot.delete_message(message.chat_id, prompt.number)


def _is_asked(message: Message, prompt: Prompt) -> bool:
    """Return whether a message comes from the one who was asked, as far as Telegram tells who wrote it."""
    by, chat = message.from_user, message.sender_chat
    return by is None or by.id == prompt.user or (chat is not None and chat.id == message.chat_id)


async def _take_time(message: Message, context: Context, found: Subscription) -> _Taken:
    line = parse(message.text or "")
    if not line.times or line.unclear or line.place:
        return subscriptions.no_time(message.text or "")

    if len(line.times) > changes.MOST_TIMES:
        return subscriptions.too_many_times(changes.MOST_TIMES)

    def alter(wish: Wish) -> Wish:
        timed = changes.at(wish, line.times)
        return changes.on_days(timed, line.days) if line.days else timed

    return await _changed(context, found, alter)


async def _take_city(message: Message, context: Context, found: Subscription) -> _Taken:
    written, now = message.text or "", context.services.clock()
    clock = time_of(written)
    place = (
        await zones.place_of(context.services, written) if clock is None else Offered(behind=zones.ahead_of(clock, now))
    )
    if not isinstance(place, Offered):
        return await _changed(context, found, partial(changes.in_zone, zone=place.timezone))
    shown = await view(context, found)
    if place.behind is not None:
        return wishing.which_of_zones(shown, zones.showing(place.behind, now), place.behind, 0)
    if place.places:
        return wishing.which_place(shown, written, place.places)
    return subscriptions.place_unknown(written)


async def _take_words(message: Message, context: Context, found: Subscription) -> _Taken:
    written = " ".join((message.text or "").split())
    problem = problem_of(written)
    if problem is not None:
        return subscriptions.words_unclear(problem.why.value, problem.at, problem.found, written)
    return await _changed(context, found, partial(changes.about, words=written))


async def _take_person(message: Message, context: Context, found: Subscription) -> _Taken:
    name = " ".join((message.text or "").split())
    if len(name) > 2 and name[0] in _QUOTES and name[-1] in _QUOTES:
        return await _take_name(context, found, name.strip(_QUOTES))
    meant = await offers.people_called(context.services, found.chat, name)
    if isinstance(meant, PersonReference):
        if meant.id in found.wish.filters.people:
            return found
        after = await wishes.change(
            context.services, found.chat, found.id, partial(changes.turn_person, person=meant.id)
        )
        return after if after is not None else subscriptions.enough(changes.MOST_PEOPLE)
    candidates = meant.nearest if isinstance(meant, NobodyFound) else meant.candidates
    if not candidates:
        return await _take_name(context, found, name)
    return wishing.which_person(await view(context, found), name, candidates)


async def _take_name(context: Context, found: Subscription, name: str) -> _Taken:
    """Wait for somebody whom no article has named yet."""
    name = shorten(name, NAME_LENGTH)
    if not name or name in found.wish.filters.names:
        return found
    after = await wishes.change(context.services, found.chat, found.id, partial(changes.turn_name, name=name))
    return after if after is not None else subscriptions.enough(changes.MOST_PEOPLE)


async def _take_publisher(message: Message, context: Context, found: Subscription) -> _Taken:
    name = shorten((message.text or "").strip(_QUOTES + " "), NAME_LENGTH)
    if not name or name in found.wish.filters.publishers:
        return found
    return await _changed(context, found, partial(changes.turn_publisher, publisher=name))


async def _take_language(message: Message, context: Context, found: Subscription) -> _Taken:
    code = offers.code_of(message.text or "")
    if code is None:
        return subscriptions.language_unknown(message.text or "")
    if code in found.wish.filters.languages:
        return found
    return await _changed(context, found, partial(changes.turn_language, language=code))


async def _take_chat(message: Message, context: Context, found: Subscription) -> _Taken:
    name = _LINK.sub("@", (message.text or "").strip()).rstrip("/")
    if not is_name(name):
        return subscriptions.no_such_chat(name)
    return await _to_chat(message, context, found.id, name, name)


def is_name(written: str) -> bool:
    """Return whether something may be a public chat's name."""
    return written.startswith("@") and written[1:].replace("_", "").isalnum() and written.isascii()


async def _to_chat(
    message: Message, context: Context, number: int, chat: int | str, title: str | None
) -> Subscription | str:
    """Have digests go to a channel or group in which both of us are administrators, or say why they cannot."""
    try:
        target = await context.bot.get_chat(chat)
    except Forbidden:
        return subscriptions.not_admins(title)
    except BadRequest:
        return subscriptions.no_such_chat(title or "")
    user = message.from_user.id if message.from_user else 0
    may_post = target.type != Chat.PRIVATE and await _may_post(context, target.id)
    if not may_post or not await leads(context.services, context.bot, target.id, user):
        return subscriptions.not_admins(target.title)
    named = ChatIdentity(target.id, ChatKind(target.type), target.title or str(target.id), target.username)
    await know(context.services, named)
    alter = partial(changes.to, target=target.id, thread_id=None)
    after = await wishes.change(context.services, message.chat_id, number, alter)
    return after if after is not None else subscriptions.gone()


async def _may_post(context: Context, chat: int) -> bool:
    try:
        own = await context.bot.get_chat_member(chat, context.bot.id)
    except (BadRequest, Forbidden):
        return False
    # Only in a channel is it said whether somebody may post.
    return own.status == ChatMember.ADMINISTRATOR and getattr(own, "can_post_messages", None) is not False


async def _changed(context: Context, found: Subscription, alter: Callable[[Wish], Wish | None]) -> _Taken:
    after = await wishes.change(context.services, found.chat, found.id, alter)
    return after if after is not None else subscriptions.gone()


_TAKING: Mapping[str, Callable[[Message, Context, Subscription], Awaitable[_Taken]]] = {
    "time": _take_time,
    "city": _take_city,
    # Who does not share where they are may still write it.
    "place": _take_city,
    "words": _take_words,
    "person": _take_person,
    "publisher": _take_publisher,
    "language": _take_language,
    "chat": _take_chat,
}
