"""Which script and language a text is in."""

import unicodedata
from collections import Counter
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # it ships no types

# The languages of the scripts that the English model can at least tokenise into words. Naming few keeps names and
# borrowed words from tipping short texts into rare languages.
_LATIN = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "sl", "hr", "hu", "ro")
_LATIN_TOO = ("tr", "lt", "lv", "et", "id", "vi", "sq", "ca")
# Enough letters to judge by; more cost time and tell nothing new.
_SAMPLE = 6_000
_FEW_LETTERS = 40


def readable_script(text: str) -> bool:
    """Say whether an English model can read the text: most of its letters are Latin, or it has no letters."""
    scripts = _scripts(text[: 4 * _SAMPLE])
    return 2 * scripts["LATIN"] >= scripts.total()


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text in Latin letters, or None where there is too little to tell by."""
    letters = sum(character.isalpha() for character in text[:_SAMPLE])
    if letters < _FEW_LETTERS:
        return None
    code, _ = _identifier().classify(text[:_SAMPLE])
    return str(code)


def _scripts(text: str) -> Counter[str]:
    return Counter(_script(character) for character in text if character.isalpha())


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").split()[0]


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([*_LATIN, *_LATIN_TOO])
    return identifier
