"""In which language the bot speaks: gettext's catalogues, kept and compiled by Babel.

Texts stand in the code in English, each in ``_()`` or ``ngettext()``, with named placeholders; ``locale/`` has what
they are in other languages. Which one is spoken is set for the time that an update, or a job, is handled.

Where writing goes from right to left, names, quotations and commands of another direction would drag their neighbours
along: each stands between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Standard Annex 9, 2.4).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

# By ISO 639-1 code, each as its speakers call it.
LANGUAGES = {
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "de": "Deutsch",
    "fr": "Français",
    "he": "עברית",
}
ENGLISH = "en"
RIGHT_TO_LEFT = frozenset({"he"})
ISOLATE, POP = "\u2068", "\u2069"
# What is put into a text, and what is to be typed; what stands inside a tag, or is part of a word, stays as it is.
_FOREIGN = re.compile(
    r"(?P<told><code>.*?</code>|(?<![\w@/=<])/[a-z_]+(?:\{\w+\})?|@\{\w+\}|(?<![\w@/=?&])\{\w+\})|<[^>]*>", re.DOTALL
)

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def known(code: str | None) -> str | None:
    """Return the language of ours that an IETF tag such as Telegram's ``language_code`` means, or None."""
    language = (code or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else None


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Speak a language in what follows; English where it is None or not ours."""
    token = _language.set(known(language) or ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def spoken() -> str:
    """Return the code of the language that is spoken now."""
    return _language.get()


def gettext(text: str) -> str:
    """Return a text in the language that is spoken."""
    return _catalogue(spoken()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text for a number, in the language that is spoken."""
    return _catalogue(spoken()).ngettext(one, many, count)


def later(text: str) -> str:
    """Return a text as it is; it stands in the catalogues, and ``gettext`` is given it where it is spoken."""
    return text


def locale() -> Locale:
    """Return how dates, numbers and names of languages are written in the language that is spoken."""
    return _locale(spoken())


def apart(foreign: Markup) -> Markup:
    """Return what stands beside words of ours, so that its direction does not turn theirs."""
    return Markup("{}{}{}").format(ISOLATE, foreign, POP) if spoken() in RIGHT_TO_LEFT else foreign


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _catalogue(language: str) -> NullTranslations:
    file = resources.files("handlers.replies") / "locale" / language / "LC_MESSAGES" / "presswatch.po"
    if not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    if language in RIGHT_TO_LEFT:
        _isolate(catalogue)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _isolate(catalogue: Catalog) -> None:
    """Put apart what is foreign in the texts of a catalogue."""
    for message in catalogue:
        if isinstance(message.string, str):
            message.string = isolated(message.string)
        elif message.string is not None:
            message.string = tuple(isolated(form) for form in message.string)


def isolated(text: str) -> str:
    """Return a text with isolates around its placeholders and commands."""
    return _FOREIGN.sub(lambda found: f"{ISOLATE}{found[0]}{POP}" if found["told"] else found[0], text)
