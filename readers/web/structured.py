"""What a page says about itself in its structured data: schema.org in JSON-LD, Open Graph, and meta elements."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

# Deeper or longer than any honest page nests or repeats its JSON-LD.
_DEEPEST = 20
_MOST = 2000
_ARTICLES = ("article", "blogposting", "report", "reportage", "liveblogposting", "review", "discussionforumposting")
_VIDEOS = ("videoobject", "movie", "tvepisode", "episode", "clip")
_COLLECTIONS = ("collectionpage", "searchresultspage", "profilepage", "itemlist", "category")
_LOCKED = ("locked", "metered")


@dataclass(frozen=True, slots=True)
class Structured:
    """What kind of page it says it is; ``free`` is None where it does not say whether one must pay."""

    article: bool = False
    video: bool = False
    collection: bool = False
    website: bool = False
    free: bool | None = None
    published: tuple[str, ...] = ()


def read_structured(tree: HtmlElement) -> Structured:
    """Return what the structured data of a page say."""
    things = list(_things(tree))
    types = {kind for thing in things for kind in _types(thing)}
    metas = _metas(tree)
    og_type = metas.get("og:type", "").lower()
    published = [thing.get("datePublished") for thing in things if any(map(_is_article, _types(thing)))]
    published.append(metas.get("article:published_time"))
    return Structured(
        article=any(map(_is_article, types)) or og_type == "article" or "article:published_time" in metas,
        video=og_type.startswith("video") or bool(types & set(_VIDEOS)),
        collection=bool(types & set(_COLLECTIONS)),
        website=og_type == "website",
        free=_is_free(things, metas),
        published=tuple(date for date in published if isinstance(date, str)),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Return the first content of each named meta element."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        found.setdefault(name, (meta.get("content") or "").strip())
    return found


def _things(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            yield from _objects(_parse(script.text or ""))


def _parse(text: str) -> Any:
    try:
        return json.loads(text.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(root: Any) -> Iterator[dict[str, Any]]:
    """Walk the objects of a JSON value, breadth first, as far as honest pages go."""
    level = [root]
    seen = 0
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for value in level:
            seen += 1
            if seen > _MOST:
                return
            if isinstance(value, dict):
                yield value
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = inner


def _types(thing: dict[str, Any]) -> list[str]:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [str(kind).rpartition("/")[2].lower() for kind in kinds if kind]


def _is_article(kind: str) -> bool:
    return kind.endswith(_ARTICLES)


def _is_free(things: list[dict[str, Any]], metas: dict[str, str]) -> bool | None:
    said = {str(thing["isAccessibleForFree"]).lower() for thing in things if "isAccessibleForFree" in thing}
    said.add(metas.get("isaccessibleforfree", "").lower())
    tier = metas.get("article:content_tier", "").lower()
    if "false" in said or tier in _LOCKED:
        return False
    return True if "true" in said or tier == "free" else None
