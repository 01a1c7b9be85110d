"""Commands, questions, taps and inline queries that are over the limits go no further."""

from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, InlineQueryHandler

from domain.limits import OverLimit, What
from domain.messages import IncomingMessage
from handlers.answering import send
from handlers.context import Bot, Context, topic_of
from handlers.replies import limits as replies
from handlers.tapping import refuse
from services import Services, limits
from services.limits import Asker

# Whoever wants to know what is kept, or wants it gone, or has enough, need not wait.
_ALWAYS = frozenset({"privacy", "forget_me", "forget_chat", "help", "unsubscribe"})


async def on_command(update: Update, context: Context) -> None:
    """Stop a command that is one too many."""
    message = update.effective_message
    if message is None or _name(message) in _ALWAYS:
        return
    if await holds_back(message, context):
        raise ApplicationHandlerStop


async def on_tap(update: Update, context: Context) -> None:
    """Stop a tap that is one too many."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    asker = Asker(query.message.chat.id, query.from_user.id)
    over = await limits.use(context.services, asker, What.TAP)
    if over is not None:
        until = await limits.local(context.services, asker.chat, over.until)
        now = await limits.local(context.services, asker.chat, context.services.clock())
        await refuse(query, replies.sentence(over.what, until, now))
        raise ApplicationHandlerStop


async def on_inline(update: Update, context: Context) -> None:
    """Stop an inline query that is one too many; the next letter that is typed sends another."""
    query = update.inline_query
    if query is None:
        return
    user = query.from_user.id
    if await limits.use(context.services, Asker(user, user), What.TAP) is not None:
        await query.answer([], is_personal=True)
        raise ApplicationHandlerStop


async def holds_back(message: Message, context: Context) -> bool:
    """Count a question or command, and return whether it is one too many, which its sender has then been told."""
    asker = asker_of(message)
    over = await limits.use(context.services, asker, What.QUESTION)
    if over is None:
        return False
    await _tell(context.services, context.bot, asker, over, (topic_of(message), message.message_id))
    return True


async def tell_over(
    services: Services, bot: Bot, message: IncomingMessage, over: OverLimit, asker: Asker | None = None
) -> None:
    """Say, once a minute, that what a message brought is dropped, for which the asker, or else its sender, asked."""
    counted = asker or limits.asker_of(message.forward)
    await _tell(services, bot, counted, over, (message.forward.thread_id, message.number))


async def _tell(services: Services, bot: Bot, asker: Asker, over: OverLimit, place: tuple[int | None, int]) -> None:
    if not await limits.is_to_be_told(services, asker, over):
        return
    until = await limits.local(services, asker.chat, over.until)
    now = await limits.local(services, asker.chat, services.clock())
    try:
        await send(bot, asker.chat, replies.over(over.what, until, now), *place)
    except TelegramError:
        await limits.was_not_told(services, asker, over)
        raise


def asker_of(message: Message) -> Asker:
    """Return who writes a message."""
    user = message.from_user.id if message.from_user and not message.sender_chat else 0
    return Asker(message.chat_id, user)


TAPS = (CallbackQueryHandler(on_tap), InlineQueryHandler(on_inline))


def _name(message: Message) -> str:
    words = (message.text or message.caption or "").split()
    return words[0].lstrip("/").partition("@")[0].lower() if words else ""
