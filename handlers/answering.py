"""Sending a reply: as an answer in its chat and topic, or in place of an earlier message."""

from collections.abc import Awaitable
from typing import cast

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.context import Bot, topic_of
from handlers.replies import Button, Reply

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Told to whoever keeps Telegram's limits: this message has had its turn; this one waits for none.
IN_TURN, AT_ONCE = "in turn", "at once"


async def answer(message: Message, reply: Reply) -> Message:
    """Answer to a message, in its topic."""
    bot = cast(Bot, message.get_bot())
    return await send(bot, message.chat_id, reply, topic_of(message), message.message_id)


async def send(
    bot: Bot,
    chat: int,
    reply: Reply,
    thread_id: int | None = None,
    to_message: int | None = None,
    *,
    turn: str | None = None,
) -> Message:
    """Send a message, as an answer to another one where that still stands; in its ``turn``, where none is named."""
    return await bot.send_message(
        chat,
        reply.text,
        parse_mode=ParseMode.HTML,
        reply_markup=ForceReply(selective=True) if reply.asks else _keyboard(reply),
        reply_parameters=_answered(to_message),
        message_thread_id=thread_id,
        link_preview_options=NO_PREVIEW,
        rate_limit_args=turn,
    )


async def send_picture(
    bot: Bot,
    chat: int,
    picture: bytes,
    caption: Reply,
    thread_id: int | None = None,
    to_message: int | None = None,
    *,
    turn: str | None = None,
) -> Message:
    """Send a picture (PNG), as an answer to another message where that still stands; see ``send``."""
    return await bot.send_photo(
        chat,
        picture,
        caption=caption.text,
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(caption),
        reply_parameters=_answered(to_message),
        message_thread_id=thread_id,
        rate_limit_args=turn,
    )


async def edit(bot: Bot, chat: int, message: int, reply: Reply) -> bool:
    """Put a reply in the place of an earlier message; False where that message is gone."""
    return await _edited(
        bot.edit_message_text(
            reply.text,
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(reply),
            link_preview_options=NO_PREVIEW,
        )
    )


async def edit_picture(bot: Bot, chat: int, message: int, picture: bytes, caption: Reply) -> bool:
    """Put a picture (PNG) in the place of an earlier one; False where that message is gone."""
    media = InputMediaPhoto(picture, caption.text, ParseMode.HTML)
    return await _edited(
        bot.edit_message_media(media, chat_id=chat, message_id=message, reply_markup=_keyboard(caption))
    )


async def _edited(editing: Awaitable[object]) -> bool:
    try:
        await editing
    except BadRequest as error:
        if "not modified" in error.message:
            return True
        if "not found" in error.message or "can't be edited" in error.message:
            return False
        raise
    return True


def _answered(to_message: int | None) -> ReplyParameters | None:
    # A message of a group that has become a supergroup since has no number there: storage/moving.py.
    number = to_message or 0
    return ReplyParameters(number, allow_sending_without_reply=True) if number > 0 else None


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in reply.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.data.startswith("https://"):
        return InlineKeyboardButton(button.label, url=button.data)
    return InlineKeyboardButton(button.label, callback_data=button.data)
