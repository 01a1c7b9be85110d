"""How values stand in the database, the same for every engine."""

import hashlib
import re
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache

from anyascii import anyascii

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_APOSTROPHE = re.compile("['’`´]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# What stands for a soft sign or a glottal stop in Latin letters; most people leave it out.
_MUTE = re.compile("['`]")


def to_text(moment: datetime) -> str:
    """Return an aware moment as sortable text in UTC, to the millisecond; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the aware moment that ``to_text`` wrote."""
    return datetime.fromisoformat(text)


def normalise(text: str) -> str:
    """Return lower-case Latin words with single spaces: "Ólafsdóttir", "Ковальчук" → "olafsdottir", "kovalchuk"."""
    spaced = _APOSTROPHE.sub(" ", text)
    # What is Latin already need not be looked up letter by letter.
    latin = _MUTE.sub("", spaced if spaced.isascii() else _FOREIGN.sub(_in_latin, spaced))
    return _NOT_A_WORD.sub(" ", latin.casefold()).strip()


def _in_latin(letters: re.Match[str]) -> str:
    return "".join(map(_letter, letters[0]))


@lru_cache(maxsize=4_000)
def _letter(letter: str) -> str:
    return str(anyascii(letter))


def trigrams(word: str) -> set[str]:
    """Return the three-letter pieces of a normalised word, its borders marked."""
    padded = f"  {word} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}


def bound(parameters: Collection[str]) -> str:
    """Return where named parameters stand in ``IN (…)``; with none of them, nothing is in it."""
    return ", ".join(f":{name}" for name in parameters) or "NULL"


def content_hash(text: str) -> str:
    """Return what two texts share that differ in nothing but spaces and line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
