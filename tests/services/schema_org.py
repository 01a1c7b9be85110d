"""The terms of schema.org that an export may use: by type, its properties with what each may be (schema.org, 29.0).

Type names stand for nodes of that type or of one below it; ``Text``, ``Date`` and the like for plain values.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

_THING = {"name": ("Text",), "alternateName": ("Text",), "url": ("URL",), "description": ("Text",)}
_CREATIVE_WORK = {
    **_THING,
    "about": ("Thing",),
    "author": ("Organization", "Person"),
    "creditText": ("Text",),
    "datePublished": ("Date", "DateTime"),
    "headline": ("Text",),
    "inLanguage": ("Language", "Text"),
    "isBasedOn": ("CreativeWork", "Product", "URL"),
    "keywords": ("DefinedTerm", "Text", "URL"),
    "mentions": ("Thing",),
    "position": ("Integer", "Text"),
    "publisher": ("Organization", "Person"),
    "text": ("Text",),
}
PROPERTIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Person": {**_THING, "jobTitle": ("DefinedTerm", "Text")},
    "Organization": _THING,
    "NewsArticle": {**_CREATIVE_WORK, "articleBody": ("Text",)},
    "Claim": {
        **_CREATIVE_WORK,
        "appearance": ("CreativeWork",),
        "firstAppearance": ("CreativeWork",),
        "claimInterpreter": ("Organization", "Person"),
    },
}
_ABOVE = {
    "Person": {"Thing", "Person"},
    "Organization": {"Thing", "Organization"},
    "NewsArticle": {"Thing", "CreativeWork", "NewsArticle"},
    "Claim": {"Thing", "CreativeWork", "Claim"},
}


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a JSON-LD document says that schema.org has no term for, and references that lead nowhere."""
    if document.get("@context") != "https://schema.org" or document.keys() != {"@context", "@graph"}:
        yield "it is no graph of schema.org's"
    types = {node.get("@id"): node.get("@type") for node in document["@graph"]}
    if len(types) != len(document["@graph"]):
        yield "two nodes have the same @id"
    for node in document["@graph"]:
        yield from _faults_of(node, types)


def _faults_of(node: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[str]:
    kind = node.get("@type")
    if kind not in PROPERTIES:
        yield f"no type {kind}"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        expected = PROPERTIES[kind].get(name)
        if expected is None:
            yield f"{kind} has no {name}"
            continue
        for each in value if isinstance(value, list) else [value]:
            if not any(_fits(each, wanted, types) for wanted in expected):
                yield f"{kind}.{name} cannot be {each!r}"
            if isinstance(each, dict) and "@type" in each:
                yield from _faults_of(each, types)


def _fits(value: Any, wanted: str, types: Mapping[str, str]) -> bool:
    if isinstance(value, dict):
        kind = value.get("@type") or types.get(value.get("@id", ""))
        return kind in _ABOVE and wanted in _ABOVE[kind]
    if wanted == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if wanted in ("Date", "DateTime"):
        return isinstance(value, str) and _is_date(value)
    if wanted == "URL":
        return isinstance(value, str) and value.startswith(("http://", "https://"))
    return wanted in ("Text", "Language") and isinstance(value, str) and value != ""


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
