"""DOCX (ECMA-376): the text of the main part, read as XML only. Macros and embedded objects are never looked at."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

from domain.extraction import Metadata
from domain.intake import NoArticle
from readers.formats.document import MOST_CHARACTERS, RULE, Block, Document, DocumentContent, joined, tidy
from readers.formats.information import borne_out
from readers.formats.packed import Package

# Some programs number it.
_MAIN = re.compile(r"word/document\d{0,3}\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
# What was deleted or moved away, and the older form of what stands beside it in a newer one.
_PASSED_OVER = frozenset({"del", "moveFrom", "Fallback", "pPr", "instrText", "delText", "footnoteReference"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def main_part(package: Package) -> str | None:
    """Return the name of the part that holds the text; None where the package is no DOCX file."""
    return min(filter(_MAIN.fullmatch, package.names), default=None)


def read_docx(package: Package) -> DocumentContent:
    """Return the paragraphs of a DOCX file, tables and text boxes among them, each with its heading's level."""
    levels = _heading_levels(package.part("word/styles.xml"))
    blocks: list[Block] = []
    characters = 0
    for paragraph in _paragraphs(package):
        blocks += _blocks(paragraph, levels)
        characters += len(blocks[-1].text) if blocks else 0
        if characters > MOST_CHARACTERS:
            return NoArticle.TOO_LARGE
    return Document(tuple(blocks), _metadata(package, joined(blocks)))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return element.get(_W + name) or element.get(_STRICT + name) or ""


def _paragraphs(package: Package) -> Iterator[Element]:
    """Each paragraph as it closes, one within another first; what has been read is let go."""
    passed_over = 0
    main = package.open(main_part(package) or "")
    for event, element in iterparse(main, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if name in {"Fallback", "moveFrom", "del"}:
            passed_over += 1 if event == "start" else -1
        if event == "end" and name == "p":
            if not passed_over:
                yield element
            element.clear()
        elif event == "end" and name in {"tbl", "txbxContent", "sectPr", "drawing", "pict"}:
            element.clear()


def _blocks(paragraph: Element, levels: dict[str, int]) -> Iterator[Block]:
    text, breaks_page = _text(paragraph)
    if breaks_page:
        yield RULE
    if text:
        yield Block(text, _level(paragraph, levels))


def _text(paragraph: Element) -> tuple[str, bool]:
    parts: list[str] = []
    breaks_page = False
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        name = _local(element)
        if name == "br" and _attribute(element, "type") == "page":
            breaks_page = True
        elif name == "t":
            parts.append(element.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name not in _PASSED_OVER:
            waiting.extend(reversed(element))
    return tidy("".join(parts)), breaks_page


def _level(paragraph: Element, levels: dict[str, int]) -> int:
    for properties in paragraph:
        if _local(properties) != "pPr":
            continue
        for setting in properties:
            value = _attribute(setting, "val")
            if _local(setting) == "outlineLvl" and value.isdecimal() and len(value) == 1 and int(value) < 9:
                return int(value) + 1
            if _local(setting) == "pStyle" and value in levels:
                return levels[value]
    return 0


def _heading_levels(styles: bytes) -> dict[str, int]:
    """Styles by identity, which an office in another language translates, with the level of their name, which stays."""
    if not styles:
        return {}
    found = {}
    for style in fromstring(styles, forbid_dtd=True):
        name = next((_attribute(part, "val") for part in style if _local(part) == "name"), "").lower()
        if name == "title":
            found[_attribute(style, "styleId")] = 1
        elif match := re.fullmatch(r"heading ([1-9])", name):
            found[_attribute(style, "styleId")] = int(match[1])
    return found


def _metadata(package: Package, text: str) -> Metadata:
    core = package.part("docProps/core.xml")
    told = {_local(part): part.text or "" for part in fromstring(core, forbid_dtd=True)} if core else {}
    return borne_out(text, told.get("title"), told.get("creator"), told.get("created"))
