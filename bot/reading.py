"""Files and links that ``presswatch extract`` is given, to articles."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.settings import Settings
from domain.intake import FileContent, FoundArticle, NoArticle
from handlers.replies.problems import why
from readers.files import read_plain
from readers.formats.document import MOST_CHARACTERS
from readers.links import LinkReader
from readers.pool import ReaderPool

# Text in these is taken as it is: what offsets count in is what was given.
_PLAIN = frozenset({"", ".txt"})


def articles(settings: Settings, places: Sequence[str]) -> Iterator[tuple[str, FoundArticle | str]]:
    """Yield each article with its name, or why there is none; no place at all is standard input."""
    with asyncio.Runner() as runner:
        pool = ReaderPool()
        try:
            for place in places or ["-"]:
                yield from _named(place, runner.run(_read(settings, pool, place)))
        finally:
            pool.close()


async def _read(settings: Settings, pool: ReaderPool, place: str) -> FileContent | str:
    if place.startswith(("http://", "https://")):
        page = await LinkReader(pool, settings.allowed_private).read_link(place)
        return page if isinstance(page, NoArticle) else (page,)
    path = Path(place)
    try:
        # Once for each article, and nothing else runs meanwhile.
        data = sys.stdin.buffer.read() if place == "-" else path.read_bytes()  # noqa: ASYNC240
    except OSError as error:
        return error.strerror or "it cannot be read"
    text = read_plain(data) if path.suffix.lower() in _PLAIN or place == "-" else None
    if text is not None and text.strip() and len(text) <= MOST_CHARACTERS:
        return (FoundArticle(text),)
    return await pool.read_file(data, None if place == "-" else path.name, None)


def _named(place: str, content: FileContent | str) -> Iterator[tuple[str, FoundArticle | str]]:
    name = place if "://" in place else Path(place).stem
    if isinstance(content, NoArticle):
        yield place, why(content)
    elif isinstance(content, str):
        yield place, content
    else:
        for number, article in enumerate(content, start=1):
            yield (name if number == 1 else f"{name}-{number}"), article
