"""Pictures of a person: ``/timeline NAME``, ``/net NAME``, and the buttons that lead there."""

import re
from dataclasses import dataclass

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from domain.ledger import Dossier, NobodyFound, SeveralPersons
from domain.pictures import Net, Timeline
from handlers.answering import answer, edit_picture, send, send_picture
from handlers.context import Context, message_of, topic_of
from handlers.replies import Reply, persons
from handlers.replies.charts import captions
from handlers.tapping import chat_of, refuse, settle, tap
from services import asking
from services.pictures import net, timeline

PICTURE = re.compile(r"pic:(?P<kind>timeline|net):(?P<number>\d{1,18})\Z")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is to be shown: the words, and the picture where there is one."""

    caption: Reply
    png: bytes | None


async def on_timeline(update: Update, context: Context) -> None:
    """Answer ``/timeline NAME``."""
    await _on_command(update, context, "timeline")


async def on_net(update: Update, context: Context) -> None:
    """Answer ``/net NAME``."""
    await _on_command(update, context, "net")


async def on_button(update: Update, context: Context) -> None:
    """Show a picture in place of the other one, or as an answer to the text that bears the button."""
    query, tapped = tap(update, PICTURE)
    kind, person = tapped["kind"], int(tapped["number"])
    shown = await _show(context, chat_of(query), kind, person)
    if shown is None:
        await refuse(query, persons.gone())
        return
    if _is_picture(query) and shown.png is None:
        await refuse(query, captions.nothing(kind))
        return
    await _turn_to(query, context, shown)
    await settle(query)


async def _on_command(update: Update, context: Context, kind: str) -> None:
    message = message_of(update)
    name = " ".join(context.args or []).strip(" ?")
    if not name:
        await answer(message, captions.ask_whom(kind))
        return
    found = await asking.who(context.services, message.chat_id, name)
    match found:
        case Dossier(person=person):
            shown = await _show(context, message.chat_id, kind, person.id)
            assert shown is not None  # noqa: S101  # a chat knows whom it has just been told of
            await _send(context, message, shown)
        case SeveralPersons(candidates):
            await answer(message, captions.choices(captions.several(), kind, candidates))
        case NobodyFound(asked, nearest):
            await answer(message, captions.choices(persons.nobody(asked, nearest), kind, nearest))


async def _show(context: Context, chat: int, kind: str, person: int) -> _Shown | None:
    """Return what a picture shows, drawn; None where the chat knows no such person."""
    look = {"timeline": timeline, "net": net}[kind]
    shown: Timeline | Net | None = await look(context.services, chat, person)
    if shown is None:
        return None
    if shown.is_empty:
        return _Shown(captions.caption(shown), None)
    drawn = await context.services.drawing.draw(shown)
    if drawn is None:
        return _Shown(captions.not_drawn(captions.caption(shown)), None)
    return _Shown(captions.caption(shown, drawn.spelt), drawn.png)


async def _send(context: Context, message: Message, shown: _Shown) -> None:
    """Answer a message with a picture, or, where Telegram does not take it, with its words."""
    bot, chat, topic = context.bot, message.chat_id, topic_of(message)
    if shown.png is None:
        await send(bot, chat, shown.caption, topic, message.message_id)
        return
    try:
        await send_picture(bot, chat, shown.png, shown.caption, topic, message.message_id)
    except BadRequest as error:
        log.warning("a picture was refused", action="picture.refused", error=error.message)
        await send(bot, chat, captions.not_drawn(shown.caption), topic, message.message_id)


async def _turn_to(query: CallbackQuery, context: Context, shown: _Shown) -> None:
    message = query.message
    if not isinstance(message, Message):
        return
    replaced = False
    if shown.png is not None and message.photo:
        replaced = await edit_picture(context.bot, message.chat_id, message.message_id, shown.png, shown.caption)
    if not replaced:
        await _send(context, message, shown)


def _is_picture(query: CallbackQuery) -> bool:
    return isinstance(query.message, Message) and bool(query.message.photo)
