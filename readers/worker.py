"""What a process of the pool of readers runs; the bot's process imports this module, and none of the readers."""

import logging
import os
import resource
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import TypeVar

from domain.intake import FileContent, NoArticle, PageContent

# Bytes; a large PDF's reading takes some 200 MB.
MEMORY = 1024 * 1024 * 1024
_OPEN_FILES = 64
# More text than this comes out of no reader; were one at fault, it would still not come out of its process.
_MOST_CHARACTERS = 1_000_000

_Content = TypeVar("_Content")


def confine(memory: int) -> None:
    """Bound what this process takes from here on: ``memory`` bytes more than now, no file written, no secret kept."""
    # Before the limits, and before the clock of the first file or page runs.
    import readers.files
    import readers.web.pages  # noqa: F401

    # What libraries log may quote the file, and goes nowhere from here.
    logging.disable()
    os.environ.clear()
    _limit(resource.RLIMIT_AS, _address_space() + memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # another system than Linux tells it otherwise; there the memory counts from nothing
        return 0
    return pages * resource.getpagesize()


def _limit(kind: int, most: int) -> None:
    """Never above what the process was given itself."""
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (bound, bound))


def timed(seconds: float, read: Callable[..., _Content], *given: object) -> _Content:
    """Return what ``read`` gives; the kernel ends the process after ``seconds`` of the processor's time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(used.ru_utime + used.ru_stime + seconds) + 1, hard))
    return read(*given)


def read_file(data: bytes, name: str | None, mime: str | None) -> FileContent:
    """See ``readers.files.read_file``."""
    from readers.files import read_file as read

    content = read(data, name, mime)
    if isinstance(content, tuple) and sum(len(article.text) for article in content) > _MOST_CHARACTERS:
        return NoArticle.TOO_LARGE
    return content


def read_page(data: bytes, url: str, content_type: str | None) -> PageContent:
    """See ``readers.web.pages.read_page``."""
    from readers.web.pages import read_page as read

    content = read(data, url, content_type)
    if not isinstance(content, NoArticle) and len(content.text) > _MOST_CHARACTERS:
        return NoArticle.TOO_LARGE
    return content
