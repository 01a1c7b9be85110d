"""Text as Telegram counts and marks it: UTF-16 offsets, the HTML parse mode, entities found in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.local_telegram.objects import Json


class MarkupError(ValueError):
    """The HTML cannot be parsed; the message says what is wrong and at which UTF-8 byte."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts limits and offsets."""
    return len(text) + sum(ch > "\uffff" for ch in text)


SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
"""Tags that always make the same entity, unless an attribute says more."""

_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"""
    r"""(?P<attributes>(?:\s+[a-zA-Z-]+(?:=(?:"[^"<]*"|'[^'<]*'))?)*)\s*>"""
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:=(?:"([^"]*)"|'([^']*)'))?""")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_LINK = re.compile(r"(?:https?|tg)://\S|(?:tel|mailto):\S", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_referred, text)


def _referred(match: re.Match[str]) -> str:
    named, decimal, hexadecimal = match.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    valid = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else match[0]


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    entity: Json | None


@dataclass(slots=True)
class _Parsed:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def add(self, source: str) -> None:
        text = _unescape(source)
        self.pieces.append(text)
        self.length += utf16_length(text)

    def open(self, tag: str, attributes: dict[str, str], at: int) -> None:
        outer = self.stack[-1] if self.stack else None
        if any(o.tag in ("pre", "code") for o in self.stack) and not (tag == "code" and outer and outer.tag == "pre"):
            raise MarkupError(f'Tag "{tag}" inside of "pre" or "code" at byte offset {at}')
        if tag == "blockquote" and any(o.tag == "blockquote" for o in self.stack):
            raise MarkupError(f'Nested "blockquote" at byte offset {at}')
        entity = _entity(tag, attributes, at)
        if tag == "code" and outer and outer.tag == "pre" and outer.entity is not None:
            outer.entity |= {k: v for k, v in entity.items() if k == "language"}
            self.stack.append(_Open(tag, self.length, None))
        else:
            self.stack.append(_Open(tag, self.length, entity))

    def close(self, tag: str, at: int) -> None:
        if not self.stack:
            raise MarkupError(f"Unexpected end tag at byte offset {at}")
        opened = self.stack.pop()
        if opened.tag != tag:
            raise MarkupError(f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{tag}>"')
        length = self.length - opened.offset
        if opened.entity is not None and length:
            self.entities.append({"offset": opened.offset, "length": length, **opened.entity})


def _entity(tag: str, attributes: dict[str, str], at: int) -> Json:
    """What the tag marks, without its place. Telegram ignores odd attributes; here they are errors."""
    match tag, sorted(attributes):
        case "a", ["href"] if _LINK.match(attributes["href"]):
            return {"type": "text_link", "url": attributes["href"]}
        case "span", ["class"] if attributes["class"] == "tg-spoiler":
            return {"type": "spoiler"}
        case "tg-emoji", ["emoji-id"]:
            return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
        case "code", ["class"] if attributes["class"].startswith("language-"):
            return {"type": "code", "language": attributes["class"].removeprefix("language-")}
        case "blockquote", ["expandable"]:
            return {"type": "expandable_blockquote"}
        case _, [] if tag in SIMPLE_TAGS:
            return {"type": SIMPLE_TAGS[tag]}
    shown = " ".join((tag, *attributes))
    raise MarkupError(f'Unsupported start tag "{shown}" at byte offset {at}')


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Telegram's HTML parse mode, strictly → plain text and its entities (UTF-16 offsets, outer first).

    Raises `MarkupError` where Telegram would, and also where it would silently drop a mark.
    """
    parsed, position = _Parsed(), 0
    while (start := source.find("<", position)) >= 0:
        parsed.add(source[position:start])
        at = len(source[:start].encode("utf-8", "surrogatepass"))
        match = _TAG.match(source, start)
        if match is None:
            raise MarkupError(f'Unsupported start tag "" at byte offset {at}')
        tag = match["name"].lower()
        if not match["close"]:
            parsed.open(tag, _attributes(match["attributes"]), at)
        elif match["attributes"].strip():
            raise MarkupError(f"End tag with attributes at byte offset {at}")
        else:
            parsed.close(tag, at)
        position = match.end()
    parsed.add(source[position:])
    if parsed.stack:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{parsed.stack[-1].tag}"')
    return "".join(parsed.pieces), sorted(parsed.entities, key=lambda e: (e["offset"], -e["length"]))


def _attributes(source: str) -> dict[str, str]:
    return {m[1].lower(): _unescape(m[2] or m[3] or "") for m in _ATTRIBUTE.finditer(source)}


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text without white space at its ends, as Telegram keeps it, and the entities moved accordingly."""
    shift = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    end = utf16_length(kept)
    moved = []
    for entity in entities:
        first = max(0, entity["offset"] - shift)
        last = min(end, entity["offset"] + entity["length"] - shift)
        if first < last:
            moved.append({**entity, "offset": first, "length": last - first})
    return kept, moved


_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"«»]+|(?<![\w@./])(?:[\w-]+\.)+(?:com|org|net|info|eu|example)\b(?:/[^\s<>\"«»]*)?)"
    r"|(?P<bot_command>(?<![\w/@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w))"
)


def found_entities(text: str) -> list[Json]:
    """The commands, mentions and links that Telegram marks in what people write (UTF-16 offsets)."""
    entities = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup or ""
        shown = match[0].rstrip(".,;:!?'") if kind == "url" else match[0]
        if "(" not in shown:
            shown = shown.rstrip(").,;:!?'")
        offset = utf16_length(text[: match.start()])
        entities.append({"type": kind, "offset": offset, "length": utf16_length(shown)})
    return entities


def entity_text(text: str, entity: Json) -> str:
    """The part of the text that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    first, last = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return units[first:last].decode("utf-16-le", "replace")
