"""Keyboards in place of the letters, in private chats: to choose a channel or a group, and to share a place."""

from telegram import (
    CallbackQuery,
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from domain.subscriptions import Subscription
from handlers.context import Context
from handlers.replies import subscriptions
from handlers.tapping import settle
from services.subscribing import prompts
from services.subscribing.prompts import Prompt

# What a request for a chat is known by has 31 bits.
REQUESTS = 2**31


async def ask_for_chat(query: CallbackQuery, context: Context, subscription: Subscription) -> None:
    """Have a channel or a group chosen in which both of us are administrators."""
    channel, group, _, cancel = subscriptions.labels()
    posting, leading = _rights(posting=True), _rights(posting=False)
    number = subscription.id % REQUESTS
    buttons = [
        KeyboardButton(
            channel,
            request_chat=KeyboardButtonRequestChat(
                number, True, user_administrator_rights=posting, bot_administrator_rights=posting, request_title=True
            ),
        ),
        KeyboardButton(
            group,
            request_chat=KeyboardButtonRequestChat(
                number, False, user_administrator_rights=leading, bot_administrator_rights=leading, request_title=True
            ),
        ),
    ]
    await _ask(query, context, "chat", subscriptions.share_chat(), [buttons, [KeyboardButton(cancel)]], subscription)


async def ask_for_place(query: CallbackQuery, context: Context, subscription: Subscription) -> None:
    """Have a place shared."""
    *_, share, cancel = subscriptions.labels()
    rows = [[KeyboardButton(share, request_location=True)], [KeyboardButton(cancel)]]
    await _ask(query, context, "place", subscriptions.share_place(), rows, subscription)


async def say(context: Context, to: Message, sentence: str) -> None:
    """Say something, and give the letters back."""
    await context.bot.send_message(to.chat_id, sentence, reply_markup=ReplyKeyboardRemove())


async def _ask(
    query: CallbackQuery,
    context: Context,
    asks: str,
    sentence: str,
    rows: list[list[KeyboardButton]],
    subscription: Subscription,
) -> None:
    message = query.message
    if isinstance(message, Message):
        keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
        sent = await context.bot.send_message(message.chat_id, sentence, reply_markup=keyboard)
        prompt = Prompt(asks, subscription.id, query.from_user.id, message.message_id, sent.message_id)
        await prompts.remember(context.services, message.chat_id, None, prompt)
    await settle(query)


def _rights(*, posting: bool) -> ChatAdministratorRights:
    """Return the least that an administrator may do; in a channel, post."""
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=True,
        can_delete_messages=False,
        can_manage_video_chats=False,
        can_restrict_members=False,
        can_promote_members=False,
        can_change_info=False,
        can_invite_users=False,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_post_messages=True if posting else None,
    )
