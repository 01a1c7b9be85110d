"""A wish as it stands, in place of the message that shows it."""

from dataclasses import replace

from telegram import CallbackQuery, Message

from domain.chats import ChatKind
from domain.corrections import Editor
from domain.ledger import PersonReference
from domain.subscriptions import Subscription
from handlers.answering import answer, edit, send
from handlers.context import Context, topic_of
from handlers.correcting.asking import tapper
from handlers.replies import Reply, subscriptions, wishing
from handlers.replies.wishing import Shown
from handlers.tapping import settle
from services.subscribing import offers, prompts, wishes
from services.subscribing.prompts import Prompt


async def view(context: Context, subscription: Subscription) -> Shown:
    """Return a wish with what it is shown by."""
    services, wish = context.services, subscription.wish
    targets = await wishes.names_of(services, [wish.target])
    people: list[PersonReference] = []
    if wish.filters.people:
        people = [*await offers.people_of(services, subscription.chat, wish.filters.people)]
    return Shown(subscription, services.clock(), targets.get(wish.target), people)


async def show_wish(context: Context, to: Message, prompt: Prompt, subscription: Subscription) -> None:
    """Show a wish in the message that shows it; where that is gone, in answer to what was written."""
    reply = wishing.wish(await view(context, subscription))
    await show_instead(context, to, prompt, reply)


async def show_instead(context: Context, to: Message, prompt: Prompt, reply: Reply) -> None:
    """Show a reply in the message that shows the wish; where that is gone, in answer to what was written."""
    if not await edit(context.bot, to.chat_id, prompt.message, reply):
        await answer(to, reply)


async def ask(
    context: Context, to: Message, prompt: Prompt, problem: str | None = None, by: Editor | None = None
) -> None:
    """Ask for words below a message; ``problem`` says why those that came could not be taken."""
    thread = topic_of(to)
    named = None if to.chat.type == ChatKind.PRIVATE else by
    reply = subscriptions.asked(prompt.asks, problem, named)
    sent = await send(context.bot, to.chat_id, reply, thread, to.message_id)
    await prompts.remember(context.services, to.chat_id, thread, replace(prompt, number=sent.message_id))


async def ask_below(query: CallbackQuery, context: Context, asks: str, subscription: Subscription) -> None:
    """Ask for words in answer to a tap."""
    message, by = query.message, tapper(query)
    if isinstance(message, Message):
        await ask(context, message, Prompt(asks, subscription.id, by.user, message.message_id), by=by)
    await settle(query)
