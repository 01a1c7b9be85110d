"""``/export``: the chat's archive as a file."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from telegram import Message, Update
from telegram.constants import ChatAction, FileSizeLimit, ParseMode

from domain.exports import Form, NobodyCalled, Selection
from handlers.answering import answer
from handlers.context import Bot, Context, message_of, topic_of
from handlers.replies import Reply, exports
from services.exporting import Export, select
from services.exporting.files import write_zip

LARGEST = int(FileSizeLimit.FILESIZE_UPLOAD)
# Fifty megabytes take their time on the way.
PATIENCE = 300.0
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
    if isinstance(export, Export):
        await _send(message, export, asked)
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


async def _send(message: Message, export: Export, asked: Wanted) -> None:
    bot = cast(Bot, message.get_bot())
    await bot.send_chat_action(message.chat_id, ChatAction.UPLOAD_DOCUMENT, message_thread_id=topic_of(message))
    with tempfile.TemporaryFile() as out:
        if not await write_zip(export, asked.forms, out, LARGEST):
            await answer(message, exports.too_large(LARGEST))
            return
        out.seek(0)
        data = out.read()
    caption: Reply = exports.caption(asked.forms, asked.selection)
    await message.reply_document(
        data,
        caption=caption.text,
        parse_mode=ParseMode.HTML,
        filename=f"presswatch-{export.at:%Y-%m-%d}.zip",
        do_quote=True,
        write_timeout=PATIENCE,
    )
