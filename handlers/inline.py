"""Inline mode: ``@bot name`` in any chat offers what the asker's own private chat with the bot knows of people."""

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.constants import ParseMode

from domain.ledger import Dossier
from handlers.answering import NO_PREVIEW
from handlers.context import Context
from handlers.replies import persons
from services import asking

# Seconds for which Telegram may offer the same again; what is known changes with every article.
_KEPT = 5
# Telegram's limit is 256 characters; nobody's name is as long.
_LONGEST = 100


async def on_query(update: Update, context: Context) -> None:
    """Offer the people whom a name may mean, without one those named newest; where there is nobody, how to ask.

    A private chat has its person's number, and no other chat is looked at.
    """
    query = update.inline_query
    assert query is not None  # noqa: S101  # this handler is only called for inline queries
    name, chat = query.query.strip(" ?")[:_LONGEST], query.from_user.id
    known = await (
        asking.known_by_name(context.services, chat, name) if name else asking.newest_named(context.services, chat)
    )
    button = None if known else InlineQueryResultsButton(persons.offer_nobody(name), start_parameter="ask")
    await query.answer([_offered(each) for each in known], cache_time=_KEPT, is_personal=True, button=button)


def _offered(known: Dossier) -> InlineQueryResultArticle:
    shown = persons.in_short(known)
    return InlineQueryResultArticle(
        id=str(known.person.id),
        title=shown.title,
        description=shown.description,
        input_message_content=InputTextMessageContent(
            shown.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
    )
