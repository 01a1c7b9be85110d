"""``/export``: the chat's archive as a file, written by a job of its own while the chat goes on."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import IO, Any

import structlog
from telegram import InputFile, ReplyParameters, Update
from telegram.constants import ChatAction, FileSizeLimit, ParseMode
from telegram.error import TelegramError, TimedOut

from domain.exports import Form, NobodyCalled, Selection
from domain.jobs import Done, Failed, Outcome
from handlers.answering import answer, send
from handlers.context import Bot, Context, message_of, topic_of
from handlers.replies import Reply, exports
from services import Services
from services.exporting import Export, characters, queue, select
from services.exporting.files import write_zip

LARGEST = int(FileSizeLimit.FILESIZE_UPLOAD)
# Fifty megabytes take their time on the way.
PATIENCE = 300.0
# Of an article's text, a zip takes so much at the least: what has no chance to be small enough is not written.
LEAST_SHARE = 0.1
log = structlog.get_logger()
_FORMS = frozenset(form.value for form in Form)
_FILTERS = frozenset({"since", "until", "person", "publisher", "language"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, and in which forms."""

    forms: tuple[Form, ...] = tuple(Form)
    selection: Selection = field(default_factory=Selection)


async def on_command(update: Update, context: Context) -> None:
    """Answer ``/export [FORM] [since DAY] [until DAY] [person NAME] [publisher NAME] [language CODE]``."""
    message = message_of(update)
    asked = wanted(context.args or [])
    if isinstance(asked, str):
        await answer(message, exports.not_understood(asked))
        return
    export = await select(context.services, message.chat_id, asked.selection)
    if isinstance(export, Export) and not await characters(export):
        filtered = asked.selection != Selection()
        await answer(message, exports.nothing_fits() if filtered else exports.nothing())
    elif isinstance(export, Export):
        await answer(message, exports.under_way())
        payload = {
            "what": "export",
            "chat": message.chat_id,
            "thread": topic_of(message),
            "message": message.message_id,
            "words": list(context.args or []),
        }
        await queue(context.services, payload)
    else:
        await answer(message, exports.nobody(export.name) if isinstance(export, NobodyCalled) else exports.nothing())


def wanted(words: Sequence[str]) -> Wanted | str:
    """Return what the words behind the command ask for, or the first that says nothing."""
    asked = Wanted()
    for name, value in _parts(words):
        selection = _selected(asked.selection, name, value)
        if name in _FORMS and not value:
            # A second form is one more.
            forms = asked.forms if len(asked.forms) < len(Form) else ()
            asked = replace(asked, forms=(*forms, Form(name)))
        elif selection is not None:
            asked = replace(asked, selection=selection)
        else:
            return f"{name} {value}".strip()
    return asked


def _selected(selection: Selection, name: str, value: str) -> Selection | None:
    """Return a selection with one more filter; None where the words are no filter."""
    match name:
        case "since" | "until" if (day := _day(value)) is not None:
            return replace(selection, since=day) if name == "since" else replace(selection, until=day)
        case "person" if value:
            return replace(selection, person=value)
        case "publisher" if value:
            return replace(selection, publisher=value)
        case "language" if value:
            return replace(selection, language=value)
    return None


def _parts(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word that begins something, with the words behind it."""
    name, value = "", list[str]()
    for word in words:
        bare = word.lower().lstrip("-—")
        if bare in _FORMS | _FILTERS:
            if name or value:
                yield name, " ".join(value)
            name, value = bare, []
        else:
            value.append(word)
    if name or value:
        yield name, " ".join(value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def send_export(services: Services, bot: Bot, payload: Mapping[str, Any]) -> Outcome:
    """Write what ``/export`` asked for and send it; a job that is done twice sends it twice."""
    chat, thread, number = payload["chat"], payload["thread"], payload["message"]
    asked = wanted(payload["words"])
    export = await select(services, chat, asked.selection) if isinstance(asked, Wanted) else None
    if not isinstance(asked, Wanted) or not isinstance(export, Export):
        return Done()
    await bot.send_chat_action(chat, ChatAction.UPLOAD_DOCUMENT, message_thread_id=thread)
    with tempfile.TemporaryFile() as out:
        if not await _written(export, asked.forms, out):
            await send(bot, chat, exports.too_large(LARGEST), thread, number)
            return Done()
        now = await select(services, chat, asked.selection)
        if not isinstance(now, Export) or now.uid != export.uid:
            # It was removed from what it shared, or has left, while that was written.
            return Failed("it sees other articles by now")
        out.seek(0)
        caption: Reply = exports.caption(asked.forms, asked.selection)
        try:
            await bot.send_document(
                chat,
                InputFile(out, f"presswatch-{export.at:%Y-%m-%d}.zip", read_file_handle=False),
                caption=caption.text,
                parse_mode=ParseMode.HTML,
                message_thread_id=thread,
                reply_parameters=ReplyParameters(number, allow_sending_without_reply=True),
                write_timeout=PATIENCE,
            )
        except TimedOut:
            # It may have arrived; so much is not sent again and again.
            return Failed("no answer from Telegram")
    return Done()


async def tell_no_export(bot: Bot, payload: Mapping[str, Any]) -> None:
    """Tell whoever asked for an export that none will come."""
    try:
        await send(bot, payload["chat"], exports.failed(), payload["thread"], payload["message"])
    except TelegramError as error:
        log.warning("a failed export could not be told", action="export.silent", error=type(error).__name__)


async def _written(export: Export, forms: Sequence[Form], out: IO[bytes]) -> bool:
    """Write a zip, unless it is too large, or would be for certain."""
    least = await characters(export) * len(forms) * LEAST_SHARE
    return least <= LARGEST and await write_zip(export, forms, out, LARGEST)
