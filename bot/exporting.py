"""``presswatch export``: a collection as JSON lines, tables or JSON-LD, into a file or to standard output."""

import os
import sys
from pathlib import Path

from bot.application import open_services
from bot.settings import Settings
from bot.terminal.session import TERMINAL, TOKEN
from domain.chats import CollectionId
from domain.exports import Form, NobodyCalled, Selection
from services import Services
from services.exporting import Export, select, select_of
from services.exporting.files import write

# What is not whole yet is called so.
_PART = ".part"


async def export_archive(
    settings: Settings,
    selection: Selection,
    form: Form,
    output: Path | None,
    *,
    chat: int | None = None,
    collection: int | None = None,
) -> str | None:
    """Write the collection, or that of the chat, or else the terminal's; return a sentence where nothing is written."""
    async with open_services(settings, TOKEN) as services:
        export = await _selected(services, selection, chat, collection)
        if not isinstance(export, Export):
            return export
        if output is None:
            await write(export, form, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return None
        return await _write_file(export, form, output)


async def _selected(services: Services, selection: Selection, chat: int | None, collection: int | None) -> Export | str:
    if collection is not None:
        export = await select_of(services, CollectionId(collection), selection)
        unknown = f"--collection: there is no collection {collection}"
    else:
        export = await select(services, TERMINAL.id if chat is None else chat, selection)
        unknown = f"--chat: the bot has not met a chat {chat}" if chat is not None else "There is nothing here yet"
    if export is None:
        return unknown
    return f"--person: nobody here is called {export.name}" if isinstance(export, NobodyCalled) else export


async def _write_file(export: Export, form: Form, output: Path) -> str | None:
    """Write a file for its owner alone, which has its name only once it is whole."""
    part = output.with_name(output.name + _PART)
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            await write(export, form, out)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        return f"--output: {output}: {error.strerror}"
    return None
