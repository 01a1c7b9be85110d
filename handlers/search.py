"""``/search WORDS``: where words stand in the collection."""

from telegram import Update

from handlers.answering import answer
from handlers.context import Context, message_of
from handlers.replies import persons
from services import asking


async def on_command(update: Update, context: Context) -> None:
    """Answer with the claims and articles that have all the words."""
    message = message_of(update)
    words = " ".join(context.args or [])
    if not words:
        await answer(message, persons.ask_what())
        return
    found = await asking.search(context.services, message.chat_id, words)
    await answer(message, persons.finds(found, context.name))
