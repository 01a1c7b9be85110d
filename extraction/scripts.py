"""Which script and language a text is in."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # it ships no types

from extraction.languages import ENGLISH, read_data

# Enough letters to judge by; more cost time and tell nothing new.
_SAMPLE = 6_000
_FEW_LETTERS = 40
# A script of few languages, or whose letters are syllables, tells sooner.
_FEW_TELLING_LETTERS = 12
_MANY_LANGUAGES = frozenset({"LATIN", "CYRILLIC"})
# Fewer letters than this do not tell a paragraph's language from that of a name or a title in it.
_PARAGRAPH = 80
_ENGLISH_SHARE = 0.15
# A text of so many letters with so large a share is in English; the identifier would take ten times as long to say so.
# Dutch can have the share in a sentence ("was", "in", "of"), but not further.
_PLAINLY_ENGLISH, _SOME_SENTENCES = 0.25, 300
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Tables:
    languages: dict[str, tuple[str, ...]]
    mixed: dict[str, str]
    english: frozenset[str]


def load() -> None:
    """Load what tells languages apart, which takes half a second, before the first text comes."""
    _identifier()


def script_of(text: str) -> str | None:
    """Return the script of most of a text's letters, by the first word of their Unicode names; None without letters."""
    scripts = _letters(text)
    return scripts.most_common(1)[0][0] if scripts else None


def is_in_script(text: str, script: str) -> bool:
    """Say whether most of a text's letters are of a script; a text without letters is in any."""
    scripts = _letters(text)
    return 2 * scripts[script] >= scripts.total()


def language_of(text: str) -> str | None:
    """Return a text's ISO 639-1 code, or None where there is too little to tell by or the script is of none we know."""
    sample = text[:_SAMPLE]
    letters = _letters(sample)
    script = letters.most_common(1)[0][0] if letters else None
    candidates = _tables().languages.get(script or "", ())
    if letters.total() < (_FEW_LETTERS if script in _MANY_LANGUAGES else _FEW_TELLING_LETTERS):
        return None
    if len(candidates) < 2:
        return next(iter(candidates), None)
    told = script == "LATIN" and letters.total() >= _SOME_SENTENCES
    if told and _english_share(_words(sample)) >= _PLAINLY_ENGLISH:
        return ENGLISH
    return next((str(code) for code, _ in _identifier().rank(sample) if code in candidates), None)


def is_foreign(paragraph: str) -> bool:
    """Say whether a paragraph of an English article is surely in another language."""
    words = _words(paragraph)
    if sum(map(len, words)) < _PARAGRAPH or _english_share(words) >= _ENGLISH_SHARE:
        return False
    return language_of(paragraph) != ENGLISH


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _english_share(words: Sequence[str]) -> float:
    english = _tables().english
    return sum(word in english for word in words) / len(words)


def _letters(text: str) -> Counter[str]:
    """Count the letters of a text's beginning by their scripts."""
    scripts: Counter[str] = Counter()
    for character, count in Counter(text[: 4 * _SAMPLE]).items():
        if character.isalpha():
            scripts[_script(character)] += count
    return scripts


@cache
def _script(character: str) -> str:
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    return _tables().mixed.get(script, script)


@cache
def _tables() -> _Tables:
    data = read_data("languages.toml")
    languages = {script: tuple(codes.split()) for script, codes in data["scripts"].items()}
    return _Tables(languages, data["mixed"], frozenset(data["english"]["words"].split()))


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
