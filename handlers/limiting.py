"""Commands, questions, taps and inline queries that are over the limits go no further."""

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, InlineQueryHandler

from domain.limits import OverLimit, What
from domain.messages import IncomingMessage
from handlers.answering import answer, send
from handlers.context import Bot, Context
from handlers.replies import Reply
from handlers.replies import limits as replies
from handlers.tapping import refuse
from services import Services, limits
from services.limits import Asker

# Whoever wants to know what is kept, or wants it gone, need not wait.
_ALWAYS = frozenset({"privacy", "forget_me", "forget_chat", "help"})


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
    reply = await _reply(context.services, asker, over)
    if reply is not None:
        await answer(message, reply)
    return True


async def tell_over(services: Services, bot: Bot, message: IncomingMessage, over: OverLimit) -> None:
    """Say, once a minute, that what a message brought is dropped."""
    reply = await _reply(services, limits.asker_of(message.forward), over)
    if reply is not None:
        await send(bot, message.forward.chat.id, reply, message.forward.thread_id, message.number)


async def _reply(services: Services, asker: Asker, over: OverLimit) -> Reply | None:
    if not await limits.is_to_be_told(services, asker, over):
        return None
    until = await limits.local(services, asker.chat, over.until)
    now = await limits.local(services, asker.chat, services.clock())
    return replies.over(over.what, until, now)


def asker_of(message: Message) -> Asker:
    """Return who writes a message."""
    user = message.from_user.id if message.from_user and not message.sender_chat else 0
    return Asker(message.chat_id, user)


TAPS = (CallbackQueryHandler(on_tap), InlineQueryHandler(on_inline))


def _name(message: Message) -> str:
    words = (message.text or message.caption or "").split()
    return words[0].lstrip("/").partition("@")[0].lower() if words else ""
