"""The bot's own questions, whether two persons are one: sent behind a card, listed by ``/doubts``, answered by taps."""

import re

from telegram import Update

from domain.corrections import Editor, Verdict
from domain.jobs import Done, Job, Outcome
from handlers.answering import answer, send
from handlers.context import Bot, Context, message_of
from handlers.replies import doubts
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import Services
from services.identity import doubting

DOUBT = re.compile(r"doubt:(?P<number>\d{1,18}):(?P<says>same|different|unsure|next)\Z")


async def on_command(update: Update, context: Context) -> None:
    """Ask the first question that is open."""
    message = message_of(update)
    found = await doubting.next_open(context.services, message.chat_id)
    await answer(message, doubts.doubt(found, context.name) if found else doubts.none_open())


async def on_button(update: Update, context: Context) -> None:
    """Take an answer to a question, or show the next one."""
    query, tapped = tap(update, DOUBT)
    number, chat = int(tapped["number"]), chat_of(query)
    if tapped["says"] == "next":
        found = await doubting.next_open(context.services, chat, number)
        await turn_to(query, doubts.doubt(found, context.name) if found else doubts.none_open(), context)
        return
    editor = Editor(query.from_user.id, query.from_user.full_name, chat)
    became = await doubting.answer(context.services, chat, number, Verdict(tapped["says"]), editor)
    if became is None:
        await refuse(query, doubts.gone())
        return
    await turn_to(query, doubts.answered(became), context)


async def send_doubt(services: Services, bot: Bot, job: Job) -> Outcome:
    """Ask a chat, below the article that raised the question, unless it has been settled meanwhile."""
    chat, number = job.payload["chat"], job.payload["doubt"]
    found = await doubting.show(services, chat, number)
    if found is None:
        return Done()
    forward = found.newcomer.article.forward
    here = forward if forward and forward.chat.id == chat else None
    await send(
        bot,
        chat,
        doubts.doubt(found, bot.username),
        here.thread_id if here else None,
        here.message_id if here else None,
    )
    await doubting.asked(services, number)
    return Done()
