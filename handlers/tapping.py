"""What every tap on a button has in common."""

import re
from contextlib import suppress

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update
from telegram.error import BadRequest

from handlers.answering import answer, edit
from handlers.context import Context
from handlers.replies import Reply
from handlers.replies.layout import shorten

# Telegram refuses a longer one, and nothing would be shown.
_LONGEST_ALERT = 200


def tap(update: Update, pattern: re.Pattern[str]) -> tuple[CallbackQuery, re.Match[str]]:
    """Return a tap and what its button says."""
    query = update.callback_query
    assert query is not None  # noqa: S101  # handlers of buttons are only called for taps …
    tapped = pattern.fullmatch(query.data or "")
    assert tapped is not None  # noqa: S101  # … whose data fits the pattern
    return query, tapped


def chat_of(query: CallbackQuery) -> int:
    """Return the chat of the button; what the tap may see is decided by it."""
    return query.message.chat.id if query.message else 0


async def turn_to(query: CallbackQuery, reply: Reply, context: Context) -> MaybeInaccessibleMessage | None:
    """Show a reply in place of the message that bears the button; a picture stays, and the reply answers it.

    Returns the message that shows the reply now.
    """
    message = query.message
    if isinstance(message, Message) and message.photo:
        message = await answer(message, reply)
    elif message is not None:
        await edit(context.bot, message.chat.id, message.message_id, reply)
    await settle(query)
    return message


async def show(query: CallbackQuery, reply: Reply | str | None, context: Context) -> None:
    """Show what a tap led to: in place, or, where it is a sentence, above the chat; None was shown elsewhere."""
    if isinstance(reply, Reply):
        await turn_to(query, reply, context)
    elif reply is not None:
        await refuse(query, reply)
    else:
        await settle(query)


async def settle(query: CallbackQuery) -> None:
    """Let the button look tapped no more."""
    with suppress(BadRequest):
        # After some time Telegram wants no answer to a tap any more; what was asked for is shown all the same.
        await query.answer()


async def refuse(query: CallbackQuery, sentence: str) -> None:
    """Say why a button does nothing."""
    with suppress(BadRequest):
        shown = sentence if len(sentence) <= _LONGEST_ALERT else shorten(sentence, _LONGEST_ALERT)
        await query.answer(shown, show_alert=True)
