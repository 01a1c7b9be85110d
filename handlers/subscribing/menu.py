"""The buttons by which a wish is put together and changed: one message that changes tap by tap."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import partial

from telegram import CallbackQuery, Message, Update

from domain.chats import ChatKind
from domain.schedule import EVERY_DAY, WORKDAYS
from domain.subscriptions import Subscription, Wish
from handlers.admins import may_decide_by_tap
from handlers.context import Context, identity, topic_of
from handlers.replies import Reply, subscriptions, wishing
from handlers.replies.wishing import Shown
from handlers.subscribing.commands import settings_of, told
from handlers.subscribing.keyboards import ask_for_chat, ask_for_place
from handlers.subscribing.showing import ask_below, view
from handlers.tapping import chat_of, refuse, show, tap
from services.subscribing import changes, offers, wishes, zones

WISH = re.compile(
    r"sub:(?P<number>\d{1,18}):(?P<what>[a-z1]{1,4})(?::(?P<value>[\w/+-]{1,40}))?(?::(?P<page>\d{1,2}))?\Z"
)
ALL = re.compile(r"sub:(?P<what>all|new|zone|none)\Z")

_Seen = Reply | str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A tap on a wish, and the value that the button had."""

    query: CallbackQuery
    context: Context
    subscription: Subscription
    value: str
    page: int

    @property
    def private(self) -> bool:
        """Whether the wish is put together in a private chat."""
        return self.query.message is not None and self.query.message.chat.type == ChatKind.PRIVATE

    @property
    def count(self) -> int:
        """The value as a number; one that is none is -1, which nothing has."""
        return int(self.value) if re.fullmatch(r"-?\d{1,18}", self.value) else -1

    async def shown(self) -> Shown:
        """Return the wish as it is shown."""
        return await view(self.context, self.subscription)


async def on_all(update: Update, context: Context) -> None:
    """Show how the chat is set up, or begin a further wish, in whose course the chat's zone is chosen."""
    query, tapped = tap(update, ALL)
    message = query.message
    if not isinstance(message, Message):
        await refuse(query, subscriptions.gone())
    elif tapped["what"] == "all":
        await show(query, await settings_of(context, message), context)
    elif not await may_decide_by_tap(query, context):
        await refuse(query, subscriptions.admins_only())
    elif tapped["what"] == "none":
        ended = await wishes.end_all(context.services, message.chat_id)
        await show(query, subscriptions.all_ended(ended), context)
    else:
        services, thread = context.services, topic_of(message)
        draft = await wishes.draft(services, identity(message.chat), thread, query.from_user.id)
        shown, private = await view(context, draft), message.chat.type == ChatKind.PRIVATE
        begun = wishing.wish(shown) if tapped["what"] == "new" else wishing.which_zone(shown, private=private)
        await show(query, begun, context)


async def on_wish(update: Update, context: Context) -> None:
    """Go one step, if it is this chat's wish and who taps decides for the chat."""
    query, tapped = tap(update, WISH)
    found = await wishes.find(context.services, chat_of(query), int(tapped["number"]))
    if not await may_decide_by_tap(query, context):
        await refuse(query, subscriptions.admins_only())
    elif found is None or tapped["what"] not in STEPS:
        await refuse(query, subscriptions.gone())
    else:
        step = Step(query, context, found, tapped["value"] or "", int(tapped["page"] or 0))
        await show(query, await STEPS[tapped["what"]](step), context)


_Step = Callable[[Step], Awaitable[_Seen]]
_Screen = Callable[[Shown], Reply]


def _screen(reply: _Screen) -> _Step:
    """Return a step that only shows something."""

    async def shown(step: Step) -> _Seen:
        return reply(await step.shown())

    return shown


def _change(
    alter: Callable[[Step, Wish], Wish | None], reply: _Screen, refused: Callable[[], str] = subscriptions.gone
) -> _Step:
    """Return a step that changes the wish and shows it then, or says why it cannot be."""

    async def changed(step: Step) -> _Seen:
        services, found = step.context.services, step.subscription
        after = await wishes.change(services, found.chat, found.id, partial(alter, step))
        return reply(await view(step.context, after)) if after is not None else refused()

    return changed


def _ask(asks: str) -> _Step:
    """Return a step that asks for words."""

    async def ask(step: Step) -> _Seen:
        await ask_below(step.query, step.context, asks, step.subscription)
        return None

    return ask


async def _zone(step: Step) -> _Seen:
    return wishing.which_zone(await step.shown(), private=step.private)


async def _clock(step: Step) -> _Seen:
    now, shown = step.context.services.clock(), await step.shown()
    if not step.value:
        return wishing.which_clock(shown, zones.clocks(now))
    return wishing.which_of_zones(shown, zones.showing(step.count, now), step.count, step.page)


async def _zone_and_begin(step: Step) -> _Seen:
    """Take the zone that was offered for a line; the line said all else."""
    services, found = step.context.services, step.subscription
    after = await wishes.change(services, found.chat, found.id, partial(_in_zone, step), sets_clock=False)
    if after is None:
        return subscriptions.gone()
    return await told(step.context, await wishes.confirm(services, found.chat, found.id))


async def _begin(step: Step) -> _Seen:
    return await told(
        step.context, await wishes.confirm(step.context.services, step.subscription.chat, step.subscription.id)
    )


async def _keep_only(step: Step) -> _Seen:
    kept = await wishes.keep_only(step.context.services, step.subscription.chat, step.subscription.id)
    return subscriptions.kept_only(kept) if kept is not None else subscriptions.gone()


async def _pause(step: Step) -> _Seen:
    paused = await wishes.pause(step.context.services, step.subscription.chat, step.subscription.id)
    return wishing.wish(await view(step.context, paused)) if paused is not None else subscriptions.gone()


async def _skip(step: Step) -> _Seen:
    after = await wishes.skip(step.context.services, step.subscription.chat, step.subscription.id)
    return wishing.wish(await view(step.context, after)) if after is not None else subscriptions.gone()


async def _delete(step: Step) -> _Seen:
    ended = await wishes.end(step.context.services, step.subscription.chat, step.subscription.id)
    return subscriptions.deleted(ended) if ended is not None else subscriptions.gone()


async def _cancel(step: Step) -> _Seen:
    shown = await step.shown()
    # A draft is forgotten by itself.
    return subscriptions.cancelled() if shown.is_draft else wishing.wish(shown)


async def _publishers(step: Step) -> _Seen:
    found = await offers.publishers(step.context.services, step.subscription.chat)
    if not step.value:
        return wishing.which_publishers(await step.shown(), found)
    known = (*step.subscription.wish.filters.publishers, *found)
    name = next((each for each in known if wishing.key_of(each) == step.value), None)
    turned = _change(
        lambda _, wish: changes.turn_publisher(wish, name) if name is not None else None,
        lambda shown: wishing.which_publishers(shown, found),
    )
    return await turned(step)


async def _languages(step: Step) -> _Seen:
    found = await offers.languages(step.context.services, step.subscription.chat)
    if not step.value:
        return wishing.which_languages(await step.shown(), found)
    known = {*step.subscription.wish.filters.languages, *found}
    turned = _change(
        lambda _, wish: changes.turn_language(wish, step.value) if step.value in known else None,
        lambda shown: wishing.which_languages(shown, found),
    )
    return await turned(step)


async def _person(step: Step) -> _Seen:
    """Add or take away somebody of the collection that the chat sees."""
    known = await offers.people_of(step.context.services, step.subscription.chat, [step.count])
    if not known and step.count not in step.subscription.wish.filters.people:
        return subscriptions.gone()
    turned = _change(
        lambda _, wish: changes.turn_person(wish, step.count),
        wishing.which_people,
        lambda: subscriptions.enough(changes.MOST_PEOPLE),
    )
    return await turned(step)


async def _name(step: Step) -> _Seen:
    """Take away somebody whom no article had named."""
    names = step.subscription.wish.filters.names
    name = next((each for each in names if wishing.key_of(each) == step.value), None)
    return await _change(lambda _, wish: changes.turn_name(wish, name) if name else None, wishing.which_people)(step)


async def _where(step: Step) -> _Seen:
    message = step.query.message
    thread = topic_of(message) if isinstance(message, Message) else None
    return wishing.where_to(await step.shown(), thread, private=step.private)


async def _share_chat(step: Step) -> _Seen:
    await ask_for_chat(step.query, step.context, step.subscription)
    return None


async def _share_place(step: Step) -> _Seen:
    await ask_for_place(step.query, step.context, step.subscription)
    return None


def _in_zone(step: Step, wish: Wish) -> Wish | None:
    return changes.in_zone(wish, step.value) if zones.known(step.value) else None


def _at(step: Step) -> time | None:
    hour, minute = divmod(step.count, 100)
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None


def _at_only(step: Step, wish: Wish) -> Wish | None:
    at = _at(step)
    return changes.at(wish, (at,)) if at is not None else None


def _turn_time(step: Step, wish: Wish) -> Wish | None:
    at = _at(step)
    return changes.turn_time(wish, at) if at is not None else None


def _shifted(step: Step, wish: Wish) -> Wish | None:
    return changes.shift(wish, step.count) if abs(step.count) == _QUARTER else None


def _turn_day(step: Step, wish: Wish) -> Wish | None:
    return changes.turn_day(wish, step.count) if step.count in EVERY_DAY else None


async def _one_day(step: Step) -> _Seen:
    if not step.value:
        return wishing.which_day(await step.shown())
    only = _change(
        lambda step, wish: changes.on_days(wish, (step.count,)) if step.count in EVERY_DAY else None, wishing.wish
    )
    return await only(step)


def _to_topic(step: Step, wish: Wish) -> Wish | None:
    message = step.query.message
    thread = topic_of(message) if isinstance(message, Message) else None
    return changes.to(wish, step.subscription.chat, thread) if thread == step.count else None


def _origins(step: Step, wish: Wish) -> Wish | None:
    return changes.from_origins(wish, step.count)


_QUARTER = 15
_times = partial(wishing.what_time, several=False)
_several = partial(wishing.what_time, several=True)


async def _how_many(step: Step) -> _Seen:
    if not step.value:
        return wishing.how_many_origins(await step.shown())
    return await _change(_origins, wishing.about_what)(step)


STEPS: Mapping[str, _Step] = {
    "m": _screen(wishing.wish),
    "ok": _begin,
    "x": _cancel,
    "only": _keep_only,
    "o": _screen(wishing.how_often),
    "oe": _change(lambda _, wish: changes.on_days(wish, EVERY_DAY), wishing.wish),
    "ow": _change(lambda _, wish: changes.on_days(wish, WORKDAYS), wishing.wish),
    "on": _change(lambda _, wish: changes.on_days(wish, subscriptions.WEEKEND), wishing.wish),
    "od": _change(_turn_day, wishing.how_often, subscriptions.one_day_left),
    "o1": _one_day,
    "t": _screen(_times),
    "th": _change(_at_only, wishing.wish),
    "tm": _screen(_several),
    "tt": _change(_turn_time, _several, partial(subscriptions.one_time_left, changes.MOST_TIMES)),
    "ts": _change(_shifted, _times),
    "ty": _ask("time"),
    "z": _zone,
    "zc": _ask("city"),
    "zk": _clock,
    "zl": _share_place,
    "zz": _change(_in_zone, wishing.wish),
    "zs": _zone_and_begin,
    "f": _screen(wishing.about_what),
    "fp": _screen(wishing.which_people),
    "fq": _ask("person"),
    "fa": _person,
    "fr": _name,
    "fw": _screen(wishing.which_words),
    "fv": _ask("words"),
    "fz": _change(lambda _, wish: changes.about(wish, None), wishing.about_what),
    "fu": _publishers,
    "fuw": _ask("publisher"),
    "fl": _languages,
    "flw": _ask("language"),
    "fn": _how_many,
    "fd": _change(lambda _, wish: changes.turn_disputed(wish), wishing.about_what),
    "fx": _change(lambda _, wish: changes.of_all(wish), wishing.wish),
    "a": _where,
    "ah": _change(lambda step, wish: changes.to(wish, step.subscription.chat, None), wishing.wish),
    "at": _change(_to_topic, wishing.wish),
    "as": _share_chat,
    "an": _ask("chat"),
    "e": _change(lambda _, wish: changes.turn_empty(wish), wishing.wish),
    "g": _change(lambda _, wish: changes.turn_pictures(wish), wishing.wish),
    "p": _pause,
    "k": _skip,
    "d": _screen(wishing.delete),
    "dy": _delete,
}
