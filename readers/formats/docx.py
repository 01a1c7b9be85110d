"""DOCX (ECMA-376): the text of the main part, read as XML only. Macros and embedded objects are never looked at."""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from domain.extraction import Metadata
from domain.intake import NoArticle
from readers.formats.document import MOST_CHARACTERS, RULE, Block, Document, DocumentContent, joined, tidy
from readers.formats.information import borne_out
from readers.formats.packed import Package, elements, local

# Some programs number it.
_MAIN = re.compile(r"word/document\d{0,3}\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
# What was deleted or moved away, and the older form of what stands beside it in a newer one.
_WITHOUT_TEXT = frozenset({"del", "moveFrom", "Fallback"})
_PASSED_OVER = _WITHOUT_TEXT | {"pPr", "rPr", "instrText", "delText"}
# Below all that styles have.
_BOLD_LEVEL = 10
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def main_part(package: Package) -> str | None:
    """Return the name of the part that holds the text; None where the package is no DOCX file."""
    return min(filter(_MAIN.fullmatch, package.names), default=None)


def read_docx(package: Package) -> DocumentContent:
    """Return the paragraphs of a DOCX file, tables and text boxes among them, each with its heading's level."""
    levels = _heading_levels(package)
    blocks: list[Block] = []
    characters = 0
    for paragraph in _paragraphs(package):
        found = list(_blocks(paragraph, levels))
        characters += sum(len(block.text) for block in found)
        blocks += found
        if characters > MOST_CHARACTERS:
            return NoArticle.TOO_LARGE
    return Document(tuple(blocks), _metadata(package, joined(blocks)))


def _attribute(element: _Element, name: str) -> str:
    return element.get(_W + name) or element.get(_STRICT + name) or ""


def _paragraphs(package: Package) -> Iterator[_Element]:
    """Each paragraph as it closes, one within another first; what has been read is let go."""
    for element in elements(package, main_part(package) or "", ("p", "tbl", "drawing", "pict")):
        if local(element) == "p" and not any(local(above) in _WITHOUT_TEXT for above in element.iterancestors()):
            yield element
        element.clear(keep_tail=True)


def _blocks(paragraph: _Element, levels: dict[str, int]) -> Iterator[Block]:
    text, breaks_page = _text(paragraph)
    if breaks_page:
        yield RULE
    if text:
        yield Block(text, _level(paragraph, levels))


def _text(paragraph: _Element) -> tuple[str, bool]:
    parts: list[str] = []
    breaks_page = False
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name == "br" and _attribute(element, "type") == "page":
            breaks_page = True
        elif name == "t":
            parts.append(element.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name not in _PASSED_OVER:
            waiting.extend(reversed(element))
    return tidy("".join(parts)), breaks_page


def _level(paragraph: _Element, levels: dict[str, int]) -> int:
    for setting in (setting for part in paragraph if local(part) == "pPr" for setting in part):
        value = _attribute(setting, "val")
        if local(setting) == "outlineLvl" and re.fullmatch(r"[0-8]", value):
            return int(value) + 1
        if local(setting) == "pStyle" and value in levels:
            return levels[value]
    return _BOLD_LEVEL if _is_bold(paragraph) else 0


def _is_bold(paragraph: _Element) -> bool:
    """Who knows nothing of styles makes a heading bold."""
    weights = [_weight(run) for run in paragraph.iter("{*}r") if any(local(part) == "t" and part.text for part in run)]
    return bool(weights) and all(weights)


def _weight(run: _Element) -> bool:
    settings = (setting for part in run if local(part) == "rPr" for setting in part)
    return any(
        local(setting) == "b" and _attribute(setting, "val") not in {"0", "false", "off"} for setting in settings
    )


def _heading_levels(package: Package) -> dict[str, int]:
    """Styles by identity, which an office in another language translates, with the level of their name, which stays."""
    found = {}
    for style in elements(package, "word/styles.xml", ("style",)):
        name = next((_attribute(part, "val") for part in style if local(part) == "name"), "").lower()
        if name == "title":
            found[_attribute(style, "styleId")] = 1
        elif match := re.fullmatch(r"heading ([1-9])", name):
            found[_attribute(style, "styleId")] = int(match[1])
        style.clear()
    return found


def _metadata(package: Package, text: str) -> Metadata:
    properties = elements(package, "docProps/core.xml", ("title", "creator", "created"))
    told = {local(part): part.text for part in properties}
    return borne_out(text, told.get("title"), told.get("creator"), told.get("created"))
