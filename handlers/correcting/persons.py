"""Which persons are one, and which article means another one by a name."""

import re

from telegram import Message, Update

from domain.corrections import Verdict
from handlers.context import Context
from handlers.correcting.asking import answer_below, ask, tapper
from handlers.replies import Reply, corrections
from handlers.tapping import chat_of, refuse, settle, show, tap, turn_to
from services.correcting import candidates
from services.identity.judging import judge

SAME = re.compile(r"same:(?P<person>\d{1,18})(?::(?P<other>\d{1,18}|[mt]))?\Z")
SPLIT = re.compile(r"split:(?P<person>\d{1,18})(?::(?P<page>\d{1,4}))?\Z")


async def on_same(update: Update, context: Context) -> None:
    """Say that two persons are one; the first tap asks who the other one is."""
    query, tapped = tap(update, SAME)
    person, other, chat = int(tapped["person"]), tapped["other"], chat_of(query)
    if other == "t":
        known = await candidates.person(context.services, chat, person)
        if known is None or not isinstance(query.message, Message):
            await refuse(query, corrections.gone())
            return
        topic = {"ask": "same", "article": 0, "number": person}
        await ask(context, query.message, topic, known.name, tapper(query))
        await settle(query)
    elif other is None or other == "m":
        reply = await same_as(context, chat, person)
        if isinstance(reply, Reply) and other is None:
            await answer_below(query, reply, context)
        else:
            await show(query, reply, context)
    else:
        judged = await judge(context.services, chat, person, int(other), Verdict.SAME, tapper(query))
        await show(query, corrections.judged(judged), context)


async def on_split(update: Update, context: Context) -> None:
    """Ask which article means somebody else by a person's name."""
    query, tapped = tap(update, SPLIT)
    person, page, chat = int(tapped["person"]), int(tapped["page"] or 0), chat_of(query)
    known = await candidates.person(context.services, chat, person)
    if known is None:
        await refuse(query, corrections.gone())
        return
    named_in, has_older = await candidates.named_in(context.services, chat, person, page)
    reply = corrections.which_article(known, named_in, page, has_older)
    if tapped["page"] is None:
        await answer_below(query, reply, context)
    else:
        await turn_to(query, reply, context)


async def same_as(context: Context, chat: int, person: int, name: str | None = None) -> Reply | str:
    """Return who may be the same as somebody, by the name that they have or by one that was written."""
    known = await candidates.person(context.services, chat, person)
    if known is None:
        return corrections.gone()
    found = await candidates.called(context.services, chat, name or known.name, known.id)
    if name is not None and not found:
        return corrections.nobody_called(name)
    return corrections.same(known, found)
