"""Stories: ``/story`` in answer to an article or its card, ``/story WORDS``, and the pages of a story."""

import re

from telegram import Message, Update

from domain.stories import Story
from handlers.answering import answer
from handlers.context import Context, message_of, topic_of
from handlers.incoming import answered
from handlers.replies import Reply
from handlers.replies import stories as replies
from handlers.tapping import chat_of, refuse, settle, tap, turn_to
from services import stories
from services.asking.telling import Place, keep_claims

LINK = re.compile(r"^/start(?:@\w+)?\s+t(?P<number>\d{1,18})$")
STORY = re.compile(r"story:(?P<number>\d{1,18}):(?P<page>\d{1,4})\Z")


async def on_command(update: Update, context: Context) -> None:
    """Answer with the story of the article that is answered to, or with the newest one that has the words."""
    message = message_of(update)
    words = " ".join(context.args or [])
    asked_of = answered(message)
    if words:
        found = await stories.with_words(context.services, message.chat_id, words)
        await _answer(message, found, replies.nothing(words), context)
    elif asked_of is not None:
        found = await stories.of_message(context.services, message.chat_id, asked_of.message_id)
        await _answer(message, found, replies.no_article(), context)
    else:
        await answer(message, replies.ask_which())


async def on_link(update: Update, context: Context) -> None:
    """Show the story that a channel's digest leads to, if this chat has it."""
    message = message_of(update)
    asked = LINK.match(message.text or "")
    found = await stories.show(context.services, message.chat_id, int(asked["number"])) if asked else None
    await _answer(message, found, replies.not_seen(), context)


async def on_button(update: Update, context: Context) -> None:
    """Show a page of a story, if this chat has it; a card stays, and the story answers it."""
    query, tapped = tap(update, STORY)
    found = await stories.show(context.services, chat_of(query), int(tapped["number"]), int(tapped["page"]))
    if found is None:
        await refuse(query, replies.gone())
        return
    card = query.message
    if isinstance(card, Message) and await stories.stays(context.services, card.chat_id, card.message_id):
        await _answer(card, found, replies.ask_which(), context)
        await settle(query)
    else:
        await turn_to(query, replies.story(found, context.name), context)


async def _answer(message: Message, found: Story | None, otherwise: Reply, context: Context) -> None:
    sent = await answer(message, replies.story(found, context.name) if found else otherwise)
    if found is not None:
        place = Place(message.chat_id, sent.message_id, topic_of(message))
        await keep_claims(context.services, place, "story", found.claims)
