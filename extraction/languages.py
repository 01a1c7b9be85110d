"""Which language is being read: the rules are the same for all, their words come from the language's own data."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

ENGLISH = "en"
# Codes of further languages (ISO 639-1), each with the installed spaCy pipeline for it.
FurtherModels = tuple[tuple[str, str], ...]

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Take words from the data of ``language``, an ISO 639-1 code, inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language_read() -> str:
    """Return the language that is being read."""
    return _language.get()


@cache
def has_words(language: str) -> bool:
    """Say whether there are words of speech and the like for a language."""
    return language == ENGLISH or (files("extraction") / "data" / language / "cues.toml").is_file()


def read_text(name: str, language: str = ENGLISH) -> str:
    """Return a file of ``extraction/data/LANGUAGE``; one that a language lacks is the English one."""
    data = files("extraction") / "data"
    own = data / language / name
    return (own if language != ENGLISH and own.is_file() else data / name).read_text(encoding="utf-8")


def read_data(name: str, language: str = ENGLISH) -> dict[str, Any]:
    """Return a TOML file, as ``read_text`` finds it."""
    return tomllib.loads(read_text(name, language))
