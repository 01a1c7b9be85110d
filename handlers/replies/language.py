"""In which language the bot speaks: gettext's catalogues, kept and compiled by Babel.

Texts stand in the code in English, each in ``_()`` or ``ngettext()``, with named placeholders; ``locale/`` has what
they are in other languages. Which one is spoken is set for the time that an update, or a job, is handled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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


@cache
def _catalogue(language: str) -> NullTranslations:
    file = resources.files("handlers.replies") / "locale" / language / "LC_MESSAGES" / "presswatch.po"
    if not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
