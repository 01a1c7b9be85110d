"""Asking who somebody is: ``/who NAME``, "who is NAME?", and the buttons of the answer."""

import re

from telegram import Message, Update

from handlers.answering import answer
from handlers.context import Context, message_of
from handlers.replies import persons
from services import asking

_QUESTION = re.compile(r"who(?:\s+(?:is|was|are)|['’]s)\s+(?P<name>[^?\n]{1,100}?)\s*\?*", re.IGNORECASE)


async def on_command(update: Update, context: Context) -> None:
    """Answer ``/who NAME``."""
    message = message_of(update)
    name = " ".join(context.args or []).strip(" ?")
    if name:
        await answer_who(message, name, context)
    else:
        await answer(message, persons.ask_whom())


async def answer_who(message: Message, name: str, context: Context) -> None:
    """Answer what is known of a person of this name."""
    found = await asking.who(context.services, message.chat_id, name)
    await answer(message, persons.who(found, context.name))


def name_asked_for(text: str) -> str | None:
    """Return the name that a plain question such as "who is NAME?" asks for, or None for any other text."""
    asked = _QUESTION.fullmatch(text.strip())
    return asked["name"].strip() if asked else None
