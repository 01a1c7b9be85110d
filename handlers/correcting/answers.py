"""What people write in answer to a question of ours."""

from collections.abc import Mapping
from typing import Any

from markupsafe import escape
from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from domain.correcting import NotUnderstood
from domain.corrections import CorrectionKind, Editor
from domain.messages import Talk, content_of
from handlers.answering import answer
from handlers.context import Context, message_of, topic_of
from handlers.correcting.asking import ask, writer
from handlers.correcting.persons import same_as
from handlers.incoming import incoming_message
from handlers.prompting import question_of
from handlers.replies import Reply, corrections
from services.correcting import candidates, making, prompts

_OF_ITSELF = {
    "headline": CorrectionKind.HEADLINE,
    "date": CorrectionKind.DATE,
    "publisher": CorrectionKind.PUBLISHER,
}


async def on_answer(update: Update, context: Context) -> None:
    """Take what the one who was asked writes in answer to a question of the menu, once.

    Whatever else answers it goes its usual way: what others write, articles, and links.
    """
    message = message_of(update)
    to = await question_of(message, context)
    topic = await prompts.asked(context.services, message.chat_id, to) if to is not None else None
    if to is None or topic is None or message.text is None or not _is_asked(message, topic):
        return
    if not isinstance(content_of([incoming_message(message, context)]), Talk):
        return
    editor = writer(message)
    if await _is_doubtful(context, message, topic):
        await prompts.end(context.services, message.chat_id, to)
        raise ApplicationHandlerStop
    reply = await _take(context, message.chat_id, topic, message.text, editor)
    about = await prompts.about(context.services, message.chat_id, topic) if isinstance(reply, str) else None
    if isinstance(reply, str) and about is not None:
        await ask(context, message, topic, about, editor, reply)
    else:
        await answer(message, reply if isinstance(reply, Reply) else Reply(escape(reply)))
    await prompts.end(context.services, message.chat_id, to)
    raise ApplicationHandlerStop


async def _is_doubtful(context: Context, message: Message, topic: Mapping[str, Any]) -> bool:
    """Ask, where a claim is to be given to a name that not just one person bears, whether the name is right."""
    name = making.name_of(message.text or "")
    if topic["ask"] != "speaker" or isinstance(name, NotUnderstood):
        return False
    if await candidates.are_one(context.services, message.chat_id, name):
        return False
    known = await candidates.called(context.services, message.chat_id, name)
    told = await answer(message, corrections.unknown_speaker(topic["article"], topic["number"], name, known))
    # A tap takes the name from here; another name may also be written in answer to it.
    here = (message.chat_id, told.message_id, topic_of(told))
    await prompts.remember(context.services, *here, {**topic, "name": name})
    return True


def _is_asked(message: Message, topic: Mapping[str, Any]) -> bool:
    """Return whether a message comes from the one who was asked, as far as Telegram tells who wrote it."""
    by, chat = message.from_user, message.sender_chat
    hidden = by is None or (chat is not None and chat.id == message.chat_id)
    return hidden or by is None or topic.get("by") in (None, by.id)


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
        return corrections.not_understood(name)
    if topic["ask"] == "same":
        return await same_as(context, chat, number, name)
    known = await candidates.called(services, chat, name)
    found = await making.correctable(services, chat, article) if len(known) > 1 else None
    person = next((each for each in found.people if each.id == number), None) if found else None
    if found is not None and person is not None:
        return corrections.others(found, person, [each for each in known if each.id != person.shown_as.id])
    return corrections.outcome(await making.another_person(services, chat, article, number, name, editor), article)
