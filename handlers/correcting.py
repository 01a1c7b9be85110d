"""Putting right what the bot has read: the menu below a card or an answer, one message that changes tap by tap."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.ext import ApplicationHandlerStop

from domain.chats import ChatKind
from domain.correcting import ClaimPlace, Correctable, Correcting, NotUnderstood, PersonPlace
from domain.corrections import CorrectionKind, Editor, Verdict
from handlers.answering import answer, send
from handlers.context import Context, message_of, topic_of
from handlers.incoming import answered
from handlers.replies import Reply, corrections
from handlers.tapping import chat_of, refuse, settle, tap, turn_to
from services.correcting import candidates, forgetting, history, making, prompts, undoing
from services.identity.judging import judge

FIX = re.compile(
    r"fix:(?P<article>\d{1,18})(?::(?P<what>[a-zE]{1,2})(?::(?P<one>\d{1,18})(?::(?P<two>\d{1,18}))?)?)?\Z"
)
SAME = re.compile(r"same:(?P<person>\d{1,18})(?::(?P<other>\d{1,18}|[mt]))?\Z")
SPLIT = re.compile(r"split:(?P<person>\d{1,18})(?::(?P<page>\d{1,4}))?\Z")
UNDO = re.compile(r"undo:(?P<correction>\d{1,18})(?::(?P<page>\d{1,4}))?\Z")
HISTORY = re.compile(r"history:(?P<page>\d{1,4})(?::(?P<article>\d{1,18}))?\Z")
_OF_ITSELF = {
    "headline": CorrectionKind.HEADLINE,
    "date": CorrectionKind.DATE,
    "publisher": CorrectionKind.PUBLISHER,
}


async def on_fix_command(update: Update, context: Context) -> None:
    """Offer, in answer to ``/fix`` below a card, what can be put right in its article."""
    message = message_of(update)
    article = await _article_pointed_to(message, context)
    found = await making.correctable(context.services, message.chat_id, article) if article is not None else None
    await answer(message, corrections.menu(found) if found else corrections.which_card())


async def on_fix(update: Update, context: Context) -> None:
    """Go one step through the menu; the first one opens it below the card, which stays."""
    query, tapped = tap(update, FIX)
    if tapped["what"] == "x":
        await turn_to(query, corrections.closed(), context)
        return
    found = await making.correctable(context.services, chat_of(query), int(tapped["article"]))
    if found is None:
        await refuse(query, corrections.gone())
    elif tapped["what"] is None:
        await _answer_below(query, corrections.menu(found), context)
    elif tapped["what"] not in _STEPS:
        await refuse(query, corrections.gone())
    else:
        step = Step(
            query, context, found, int(tapped["one"] or 0), None if tapped["two"] is None else int(tapped["two"])
        )
        await _show(query, await _STEPS[tapped["what"]](step), context)


async def _show(query: CallbackQuery, reply: Reply | str | None, context: Context) -> None:
    """Show what a tap led to: in place, or, where it is a sentence, above the chat; nothing where that is done."""
    if isinstance(reply, Reply):
        await turn_to(query, reply, context)
    elif reply is not None:
        await refuse(query, reply)
    else:
        await settle(query)


async def _answer_below(query: CallbackQuery, reply: Reply, context: Context) -> None:
    message = query.message
    if isinstance(message, Message):
        await send(context.bot, message.chat_id, reply, topic_of(message), message.message_id)
    await settle(query)


@dataclass(frozen=True, slots=True)
class Step:
    """A tap in the menu of an article: what can be put right there, and the numbers that the button had."""

    query: CallbackQuery
    context: Context
    found: Correctable
    one: int
    two: int | None

    @property
    def article(self) -> int:
        """The article's number."""
        return self.found.article.id

    @property
    def claim(self) -> ClaimPlace | None:
        """The claim that the first number means."""
        return next((each for each in self.found.claims if each.id == self.one), None)

    @property
    def person(self) -> PersonPlace | None:
        """The person of the article whom the first number means."""
        return next((each for each in self.found.people if each.id == self.one), None)

    @property
    def editor(self) -> Editor:
        """Who taps."""
        return _tapper(self.query)


Shown = Reply | str | None


async def _menu(step: Step) -> Shown:
    return corrections.menu(step.found)


def _claims(kind: str) -> Callable[[Step], Awaitable[Shown]]:
    async def listed(step: Step) -> Shown:
        return corrections.claims(step.found, kind, step.one) if step.found.claims else corrections.gone()

    return listed


def _people(kind: str) -> Callable[[Step], Awaitable[Shown]]:
    async def listed(step: Step) -> Shown:
        return corrections.people(step.found, kind, step.one) if step.found.people else corrections.gone()

    return listed


async def _speakers(step: Step) -> Shown:
    if step.claim is None:
        return corrections.gone()
    return corrections.speakers(step.found, step.claim, step.two or 0)


async def _speaker(step: Step) -> Shown:
    if step.two is None:
        return await _speakers(step)
    return _shown(step, await making.speaker(*_place(step), step.two, step.editor))


async def _nobody(step: Step) -> Shown:
    return _shown(step, await making.speaker(*_place(step), None, step.editor))


async def _other_speaker(step: Step) -> Shown:
    return await _ask(step, "speaker", step.claim.text) if step.claim else corrections.gone()


async def _not_a_claim(step: Step) -> Shown:
    return _shown(step, await making.not_a_claim(*_place(step), step.editor))


async def _status(step: Step) -> Shown:
    if step.claim is None:
        return corrections.gone()
    if step.two is None:
        return corrections.statuses(step.found, step.claim)
    if step.two >= len(corrections.STATUSES):
        return corrections.gone()
    value, _ = corrections.STATUSES[step.two]
    return _shown(step, await making.factuality(*_place(step), value, step.editor))


async def _not_a_person(step: Step) -> Shown:
    return _shown(step, await making.not_a_person(*_place(step), step.editor))


async def _another_person(step: Step) -> Shown:
    person = step.person
    if person is None:
        return corrections.gone()
    if step.two is not None:
        return _shown(step, await making.another_person(*_place(step), step.two, step.editor))
    known = await candidates.called(step.context.services, chat_of(step.query), person.name, person.shown_as.id)
    return corrections.others(step.found, person, known)


async def _new_person(step: Step) -> Shown:
    return _shown(step, await making.another_person(*_place(step), None, step.editor))


async def _person_by_name(step: Step) -> Shown:
    return await _ask(step, "person", step.person.name) if step.person else corrections.gone()


async def _same_person(step: Step) -> Shown:
    return await _candidates(step.context, chat_of(step.query), step.person.shown_as.id if step.person else 0)


def _asking(ask: str) -> Callable[[Step], Awaitable[Shown]]:
    async def asking(step: Step) -> Shown:
        return await _ask(step, ask, step.found.article.headline or "this article")

    return asking


async def _forget_asked(step: Step) -> Shown:
    return corrections.forget(step.found.article)


async def _forget(step: Step) -> Shown:
    services, chat = step.context.services, chat_of(step.query)
    return _shown(step, await forgetting.forget(services, chat, step.article, step.editor))


_STEPS: Mapping[str, Callable[[Step], Awaitable[Shown]]] = {
    "m": _menu,
    **{f"l{kind}": _claims(kind) for kind in "scf"},
    **{f"l{kind}": _people(kind) for kind in "wnj"},
    "s": _speaker,
    "sp": _speakers,
    "sn": _nobody,
    "st": _other_speaker,
    "c": _not_a_claim,
    "f": _status,
    "n": _not_a_person,
    "w": _another_person,
    "wn": _new_person,
    "wt": _person_by_name,
    "j": _same_person,
    "h": _asking("headline"),
    "d": _asking("date"),
    "p": _asking("publisher"),
    "e": _forget_asked,
    "E": _forget,
}


def _place(step: Step) -> tuple[Any, int, int, int]:
    """Return where the first number of a button leads: services, chat, article, and claim or person."""
    return step.context.services, chat_of(step.query), step.article, step.one


def _shown(step: Step, became: Correcting) -> Shown:
    return corrections.outcome(became, step.article)


async def _ask(step: Step, ask: str, about: str) -> Shown:
    """Ask for words, in a message of its own, which the answer answers."""
    if not isinstance(step.query.message, Message):
        return corrections.gone()
    topic = {"ask": ask, "article": step.article, "number": step.one, "about": about}
    await _prompt(step.context, step.query.message, topic, step.editor)
    return None


async def _prompt(
    context: Context, to: Message, topic: Mapping[str, Any], editor: Editor, problem: str | None = None
) -> None:
    asked = None if to.chat.type == ChatKind.PRIVATE else editor
    reply = corrections.prompt(topic["ask"], topic["about"], asked, problem)
    message = await send(context.bot, to.chat_id, reply, topic_of(to), to.message_id)
    await prompts.remember(context.services, to.chat_id, message.message_id, topic_of(to), topic)


async def on_answer(update: Update, context: Context) -> None:
    """Take what somebody writes in answer to a question of the menu; any other answer goes its usual way."""
    message = message_of(update)
    to = answered(message)
    topic = await prompts.asked(context.services, message.chat_id, to.message_id) if to is not None else None
    if topic is None or message.text is None:
        return
    editor = _writer(message)
    reply = await _take(context, message.chat_id, topic, message.text, editor)
    if isinstance(reply, Reply):
        await answer(message, reply)
    else:
        await _prompt(context, message, topic, editor, reply)
    raise ApplicationHandlerStop


async def _take(context: Context, chat: int, topic: Mapping[str, Any], typed: str, editor: Editor) -> Reply | str:
    """Return what holds now or whom to choose from, or, as a sentence, why the answer cannot be taken."""
    services, article, number = context.services, topic["article"], topic["number"]
    if topic["ask"] in _OF_ITSELF:
        kind = _OF_ITSELF[topic["ask"]]
        return corrections.outcome(await making.metadata(services, chat, article, kind, typed, editor), article)
    if topic["ask"] == "speaker":
        return corrections.outcome(await making.speaker(services, chat, article, number, typed, editor), article)
    name = making.name_of(typed)
    if isinstance(name, NotUnderstood):
        return name.sentence
    if topic["ask"] == "same":
        return await _candidates(context, chat, number, name)
    known = await candidates.called(services, chat, name)
    found = await making.correctable(services, chat, article) if len(known) > 1 else None
    person = next((each for each in found.people if each.id == number), None) if found else None
    if found is not None and person is not None:
        return corrections.others(found, person, [each for each in known if each.id != person.shown_as.id])
    return corrections.outcome(await making.another_person(services, chat, article, number, name, editor), article)


async def on_same(update: Update, context: Context) -> None:
    """Say that two persons are one; the first tap asks who the other one is."""
    query, tapped = tap(update, SAME)
    person, other, chat = int(tapped["person"]), tapped["other"], chat_of(query)
    if other == "t":
        known = await candidates.person(context.services, chat, person)
        if known is None or not isinstance(query.message, Message):
            await refuse(query, corrections.gone())
            return
        topic = {"ask": "same", "article": 0, "number": person, "about": known.name}
        await _prompt(context, query.message, topic, _tapper(query))
        await settle(query)
    elif other is None or other == "m":
        reply = await _candidates(context, chat, person)
        if isinstance(reply, Reply) and other is None:
            await _answer_below(query, reply, context)
        else:
            await _show(query, reply, context)
    else:
        judged = await judge(context.services, chat, person, int(other), Verdict.SAME, _tapper(query))
        await _show(query, corrections.judged(judged), context)


async def _candidates(context: Context, chat: int, person: int, name: str | None = None) -> Reply | str:
    """Return who may be the same as somebody, by the name that they have or by one that was written."""
    known = await candidates.person(context.services, chat, person)
    if known is None:
        return corrections.gone()
    found = await candidates.called(context.services, chat, name or known.name, known.id)
    if name is not None and not found:
        return corrections.nobody_called(name)
    return corrections.same(known, found)


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
        await _answer_below(query, reply, context)
    else:
        await turn_to(query, reply, context)


async def on_undo_command(update: Update, context: Context) -> None:
    """Take back the chat's newest correction that holds."""
    message = message_of(update)
    became = await undoing.undo_latest(context.services, message.chat_id, _writer(message))
    await answer(message, corrections.undone(became))


async def on_undo(update: Update, context: Context) -> None:
    """Take a correction back; in a list of them, the list is shown anew."""
    query, tapped = tap(update, UNDO)
    chat = chat_of(query)
    became = await undoing.undo(context.services, chat, int(tapped["correction"]), _tapper(query))
    if tapped["page"] is None:
        await turn_to(query, corrections.undone(became), context)
    else:
        found = await history.history(context.services, chat, int(tapped["page"]))
        await turn_to(query, corrections.history(found), context)


async def on_history_command(update: Update, context: Context) -> None:
    """Show what was put right; in answer to a card, in its article, with how its text was edited."""
    message = message_of(update)
    article = await _article_pointed_to(message, context)
    page = int((context.args or [""])[0]) - 1 if re.fullmatch(r"\d{1,4}", (context.args or [""])[0]) else 0
    found = await history.history(context.services, message.chat_id, max(0, page), article)
    await answer(message, corrections.history(found))


async def on_history(update: Update, context: Context) -> None:
    """Show another page of what was put right."""
    query, tapped = tap(update, HISTORY)
    article = int(tapped["article"]) if tapped["article"] else None
    found = await history.history(context.services, chat_of(query), int(tapped["page"]), article)
    await turn_to(query, corrections.history(found), context)


async def _article_pointed_to(message: Message, context: Context) -> int | None:
    to = answered(message)
    return await history.article_shown(context.services, message.chat_id, to.message_id) if to is not None else None


def _writer(message: Message) -> Editor:
    by = message.from_user
    name = by.full_name if by else message.author_signature or message.chat.title or "somebody"
    return Editor(by.id if by else message.chat_id, name, message.chat_id)


def _tapper(query: CallbackQuery) -> Editor:
    return Editor(query.from_user.id, query.from_user.full_name, chat_of(query))
