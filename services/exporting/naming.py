"""What rows are called in exports: the same whenever and wherever they are exported.

An article is known by its text, a claim by its article and its place there, a relation by its claims. Persons and
corrections keep the name that the collection in which they came to be gave them.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from storage.connection import Row

# In what a correction says: which keys hold a number, and of what.
NUMBERS = {"person": "person", "row": "person", "id": "person", "claim": "claim", "article": "article"}
# Which messages told an error is of no use elsewhere.
_LEFT_OUT = frozenset({"told"})


def article_id(content_hash: str) -> str:
    """Return what an article is called, by the hash of its body."""
    return f"article-{content_hash[:32]}"


def claim_id(place: Row) -> str:
    """Return what a claim is called, by its article's hash and the columns of ``storage.exporting.PLACE``."""
    return f"claim-{_digest(place['content_hash'], place['spans'], place['source_spans'], place['same'])}"


def relation_id(claim: str, other: str) -> str:
    """Return what the relation of two claims is called."""
    return f"relation-{_digest(claim, other)}"


def own_id(kind: str, uid: str, number: int) -> str:
    """Return what a person or a correction that came to be in the collection ``uid`` is called."""
    return f"{kind}-{uid}-{number}"


def number_of(kind: str, uid: str, identifier: str) -> int | None:
    """Return the number that ``own_id`` was given; None where something else is called so."""
    number = identifier.removeprefix(f"{kind}-{uid}-")
    return int(number) if number != identifier and number.isdecimal() and number.isascii() else None


def renamed(values: Mapping[str, Any], rename: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Return what a correction says with other names for persons, claims and articles.

    ``rename`` is given the kind of each and what it was called.
    """
    return {key: _renamed(key, value, rename) for key, value in values.items() if key not in _LEFT_OUT}


def _renamed(key: str, value: Any, rename: Callable[[str, Any], Any]) -> Any:
    if isinstance(value, dict):
        return renamed(value, rename)
    if isinstance(value, list):
        return [_renamed(key, each, rename) for each in value]
    named = key in NUMBERS and isinstance(value, int | str) and not isinstance(value, bool)
    return rename(NUMBERS[key], value) if named else value


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
