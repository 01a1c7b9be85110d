"""An export as a file, written piece by piece."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from typing import IO

from domain.exports import Form
from services.exporting import Export, of_export
from services.exporting.linked import document
from services.exporting.records import line
from services.exporting.tables import lines as table_lines
from services.exporting.tables import tables

# Characters at a time.
PIECE = 1_000_000
SUFFIXES = {Form.LINES: ".jsonl", Form.LINKED: ".jsonld", Form.TABLES: ".zip"}


async def write(export: Export, form: Form, out: IO[bytes]) -> None:
    """Write an export in one form; tables are a zip."""
    if form is Form.TABLES:
        await write_zip(export, [form], out)
        return
    async for piece in _pieces(_text(export, form)):
        await asyncio.to_thread(out.write, piece)


async def write_zip(export: Export, forms: Sequence[Form], out: IO[bytes], largest: int | None = None) -> bool:
    """Write an export in some forms as a zip; return False as soon as it is larger than ``largest`` bytes."""
    with closing(zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)) as archive:
        for form in forms:
            for name, text in _files(export, form):
                with archive.open(name, "w", force_zip64=True) as file:
                    async for piece in _pieces(text):
                        await asyncio.to_thread(file.write, piece)
                        if largest is not None and out.tell() > largest:
                            return False
    return largest is None or out.tell() <= largest


def _files(export: Export, form: Form) -> list[tuple[str, AsyncIterator[str]]]:
    if form is Form.TABLES:
        return [(table.name, table_lines(export, table)) for table in tables()]
    return [(f"presswatch{SUFFIXES[form]}", _text(export, form))]


async def _text(export: Export, form: Form) -> AsyncIterator[str]:
    if form is Form.LINKED:
        async for part in document(export):
            yield part
    else:
        async for record in of_export(export):
            yield line(record)


async def _pieces(text: AsyncIterator[str]) -> AsyncIterator[bytes]:
    """Yield a text in pieces that are worth the way to the disk."""
    parts: list[str] = []
    length = 0
    async for part in text:
        parts.append(part)
        length += len(part)
        if length >= PIECE:
            yield "".join(parts).encode()
            parts, length = [], 0
    yield "".join(parts).encode()
