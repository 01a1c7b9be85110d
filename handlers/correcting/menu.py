"""The menu below a card: one message that changes tap by tap, from what is wrong to what holds instead."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update

from domain.correcting import Correctable, Correcting, PersonPlace
from domain.corrections import Editor
from domain.ledger import LedgerClaim
from handlers.answering import answer
from handlers.context import Context, message_of
from handlers.correcting.asking import answer_below, ask, tapper
from handlers.correcting.log import article_pointed_to
from handlers.correcting.persons import same_as
from handlers.replies import Reply, corrections
from handlers.tapping import chat_of, refuse, show, tap, turn_to
from services import Services
from services.correcting import candidates, forgetting, making, prompts

FIX = re.compile(
    r"fix:(?P<article>\d{1,18})(?::(?P<what>[a-zE]{1,2})(?::(?P<one>\d{1,18})(?::(?P<two>\d{1,18}))?)?)?\Z"
)


async def on_fix_command(update: Update, context: Context) -> None:
    """Offer, in answer to ``/fix`` below a card, what can be put right in its article."""
    message = message_of(update)
    article = await article_pointed_to(message, context)
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
        await answer_below(query, corrections.menu(found), context)
    elif tapped["what"] not in _STEPS:
        await refuse(query, corrections.gone())
    else:
        step = Step(
            query, context, found, int(tapped["one"] or 0), None if tapped["two"] is None else int(tapped["two"])
        )
        await show(query, await _STEPS[tapped["what"]](step), context)


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
    def claim(self) -> LedgerClaim | None:
        """The claim that the first number means."""
        return next((each for each in self.found.claims if each.id == self.one), None)

    @property
    def person(self) -> PersonPlace | None:
        """The person of the article whom the first number means."""
        return next((each for each in self.found.people if each.id == self.one), None)

    @property
    def editor(self) -> Editor:
        """Who taps."""
        return tapper(self.query)


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
    return await _asks(step, "speaker", step.claim.text) if step.claim else corrections.gone()


async def _typed_speaker(step: Step) -> Shown:
    """Give the claim to the name that was typed and asked about."""
    message = step.query.message
    asked = await prompts.asked(step.context.services, chat_of(step.query), message.message_id) if message else None
    if asked is None or "name" not in asked or asked["number"] != step.one:
        return corrections.gone()
    return _shown(step, await making.speaker(*_place(step), str(asked["name"]), step.editor))


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
    return await _asks(step, "person", step.person.name) if step.person else corrections.gone()


async def _same_person(step: Step) -> Shown:
    return await same_as(step.context, chat_of(step.query), step.person.shown_as.id if step.person else 0)


async def _ties(step: Step) -> Shown:
    return corrections.ties(step.found, step.one) if step.found.ties else corrections.gone()


async def _tie(step: Step) -> Shown:
    tie = next((each for each in step.found.ties if each.relation == step.one), None)
    if tie is None:
        return corrections.gone()
    if step.two is None:
        return corrections.tie(step.found, tie)
    return _shown(step, await making.tie(*_place(step), step.editor, holds=step.two == 1))


def _asking(what: str) -> Callable[[Step], Awaitable[Shown]]:
    async def asking(step: Step) -> Shown:
        return await _asks(step, what, step.found.article.headline or corrections.this_article())

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
    "sy": _typed_speaker,
    "c": _not_a_claim,
    "f": _status,
    "n": _not_a_person,
    "w": _another_person,
    "wn": _new_person,
    "wt": _person_by_name,
    "j": _same_person,
    "lr": _ties,
    "r": _tie,
    "h": _asking("headline"),
    "d": _asking("date"),
    "p": _asking("publisher"),
    "e": _forget_asked,
    "E": _forget,
}


def _place(step: Step) -> tuple[Services, int, int, int]:
    """Return where the first number of a button leads: services, chat, article, and claim or person."""
    return step.context.services, chat_of(step.query), step.article, step.one


def _shown(step: Step, became: Correcting) -> Shown:
    return corrections.outcome(became, step.article)


async def _asks(step: Step, what: str, about: str) -> Shown:
    """Ask for words, in a message of its own, which the answer answers."""
    if not isinstance(step.query.message, Message):
        return corrections.gone()
    topic = {"ask": what, "article": step.article, "number": step.one}
    await ask(step.context, step.query.message, topic, about, step.editor)
    return None
