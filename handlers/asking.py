"""Questions in plain words, answers to our answers, ``/claims``, and the buttons of answers."""

import re
from dataclasses import replace

from telegram import MaybeInaccessibleMessage, Message, Update

from domain.ledger import SeveralPersons
from domain.messages import SHORTEST_ARTICLE, words_in
from domain.questions import Answer, Asked, Question
from handlers.answering import answer
from handlers.context import Context, is_private, message_of, topic_of
from handlers.incoming import answered, answers_us, is_addressed
from handlers.replies import answers, persons, problems
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import asking
from services.asking.questions import parse, wants_more
from services.asking.telling import Place, keep_question, question_of
from services.asking.unasked import in_words, is_of_silence, is_question

PAGE = re.compile(r"ask:(?P<page>\d{1,4})\Z")
PICK = re.compile(r"whom:(?P<person>\d{1,18})\Z")
PERSON = re.compile(r"(?P<view>who|says):(?P<person>\d{1,18}):(?P<page>\d{1,4})\Z")
_TOPIC = re.compile(r"\s(?:about|on|re)\s", re.IGNORECASE)


async def on_words(update: Update, words: str, context: Context) -> bool:
    """Answer what may be a question; False where it is none, or may be talk and has no answer."""
    message = message_of(update)
    before = await _before(message, context)
    if before is not None and wants_more(words):
        return await _answer(message, before[0], context, before[1] + 1)
    found = await in_words(
        context.services,
        message.chat_id,
        words,
        before[0] if before else None,
        alone=is_private(update),
        addressed=is_addressed(message, context),
    )
    if found is not None:
        await _say(message, *found, context)
        return True
    if not is_addressed(message, context) or not is_question(words):
        return False
    if is_of_silence(words):
        await answer(message, problems.silence())
    else:
        await answer(
            message, problems.long_question() if words_in(words) >= SHORTEST_ARTICLE else problems.how_to_ask()
        )
    return True


async def on_claims(update: Update, context: Context) -> None:
    """Answer ``/claims NAME``, ``/claims NAME about TOPIC``, both with or without a time."""
    message = message_of(update)
    words = " ".join(context.args or []).strip(" ?")
    if not words:
        await answer(message, answers.ask_claims())
        return
    name, *topic = _TOPIC.split(words, maxsplit=1)
    about = f" about {topic[0]}" if topic else ""
    question = parse(f"what did {name} say{about}") or Question(
        Asked.SAID, person=name, topic=topic[0] if topic else None
    )
    await _answer(message, question, context)


async def on_who(update: Update, context: Context) -> None:
    """Answer ``/who NAME``."""
    message = message_of(update)
    name = " ".join(context.args or []).strip(" ?")
    if name:
        await _answer(message, Question(Asked.WHO, person=name), context)
    else:
        await answer(message, persons.ask_whom())


async def on_search(update: Update, context: Context) -> None:
    """Answer ``/search WORDS`` with the claims and articles that have them all."""
    message = message_of(update)
    words = " ".join(context.args or [])
    if words:
        await _answer(message, Question(Asked.FIND, topic=words), context)
    else:
        await answer(message, persons.ask_what())


async def on_page(update: Update, context: Context) -> None:
    """Show another page of an answer in its place."""
    query, tapped = tap(update, PAGE)
    message = query.message
    asked = await question_of(context.services, chat_of(query), message.message_id) if message else None
    if asked is None:
        await refuse(query, answers.forgotten())
        return
    await _turn(update, asked[0], int(tapped["page"]), context)


async def on_pick(update: Update, context: Context) -> None:
    """Answer the question again for the person who was picked."""
    query, tapped = tap(update, PICK)
    message = query.message
    asked = await question_of(context.services, chat_of(query), message.message_id) if message else None
    question = asked[0] if asked else Question(Asked.WHO)
    await _turn(update, replace(question, chosen=int(tapped["person"]), subject=None, sure=True), 0, context)


async def on_person(update: Update, context: Context) -> None:
    """Show a page of what is known of a person, or only of what they say, if this chat knows them."""
    query, tapped = tap(update, PERSON)
    chat, number, page = chat_of(query), int(tapped["person"]), int(tapped["page"])
    only_said = tapped["view"] == "says"
    known = await asking.dossier(context.services, chat, number, page, only_said=only_said)
    if known is None:
        await refuse(query, persons.gone())
        return
    told = await turn_to(query, persons.dossier(known, context.name, only_said=only_said), context)
    question = Question(Asked.SAID if only_said else Asked.WHO, person=known.person.name, chosen=known.person.id)
    await _keep(told, question, page, known, context)


async def _before(message: Message, context: Context) -> tuple[Question, int] | None:
    """Return the question to whose answer a message replies."""
    to = answered(message)
    if to is None or not answers_us(message, context):
        return None
    return await question_of(context.services, message.chat_id, to.message_id)


async def _answer(message: Message, question: Question, context: Context, page: int = 0) -> bool:
    given = await asking.answer(context.services, message.chat_id, question, page)
    if given is None:
        return False
    await _say(message, question, given, context, page)
    return True


async def _say(message: Message, question: Question, given: Answer, context: Context, page: int = 0) -> None:
    told = await answer(message, answers.answer(question, given, context.name))
    await _keep(told, question, page, given, context)


async def _turn(update: Update, question: Question, page: int, context: Context) -> None:
    query = update.callback_query
    assert query is not None  # noqa: S101  # this is only called for taps
    given = await asking.answer(context.services, chat_of(query), question, page)
    if given is None or isinstance(given, SeveralPersons):
        await refuse(query, persons.gone())
        return
    told = await turn_to(query, answers.answer(question, given, context.name), context)
    await _keep(told, question, page, given, context)


async def _keep(
    message: MaybeInaccessibleMessage | None, question: Question, page: int, given: Answer, context: Context
) -> None:
    if isinstance(message, Message):
        place = Place(message.chat_id, message.message_id, topic_of(message))
        await keep_question(context.services, place, question, page, given)
