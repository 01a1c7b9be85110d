"""ODT (OASIS OpenDocument): the text of content.xml, read as XML only."""

from collections.abc import Iterator

from lxml.etree import _Element

from domain.extraction import Metadata
from domain.intake import NoArticle
from readers.formats.document import MOST_CHARACTERS, Block, Document, DocumentContent, joined, tidy
from readers.formats.information import borne_out
from readers.formats.packed import Package, elements, local

MIME = b"application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PASSED_OVER = frozenset({"annotation", "note", "tracked-changes", "title", "desc", "ruby-text", "bibliography-mark"})
_PROPERTIES = ("title", "creator", "initial-creator", "creation-date")
_BREAKS = {"tab": "\t", "line-break": "\n", "s": " "}


def read_odt(package: Package) -> DocumentContent:
    """Return the paragraphs of an ODT file, tables and text boxes among them, each with its heading's level."""
    if b"encryption-data" in package.part("META-INF/manifest.xml"):
        return NoArticle.ENCRYPTED
    blocks: list[Block] = []
    characters = 0
    for block in _blocks(package):
        blocks.append(block)
        characters += len(block.text)
        if characters > MOST_CHARACTERS:
            return NoArticle.TOO_LARGE
    return Document(tuple(blocks), _metadata(package, joined(blocks)))


def _blocks(package: Package) -> Iterator[Block]:
    """Each paragraph as it closes, one within another first; what has been read is let go."""
    titles = {"Title"}
    for element in elements(package, "content.xml", ("style", "p", "h", "table", "frame", *_PASSED_OVER)):
        if local(element) == "style" and element.get(_STYLE + "parent-style-name") == "Title":
            titles.add(element.get(_STYLE + "name", ""))
        if element.tag in {_TEXT + "p", _TEXT + "h"}:
            hidden = any(local(above) in _PASSED_OVER for above in element.iterancestors())
            if not hidden and (text := tidy("".join(_text(element)))):
                yield Block(text, _level(element, titles))
        # The words that follow an element in its paragraph stay.
        element.clear(keep_tail=True)


def _text(paragraph: _Element) -> Iterator[str]:
    waiting: list[_Element | str] = [paragraph]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        if one is not paragraph and one.tail:
            waiting.append(one.tail)
        name = local(one)
        if name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _PASSED_OVER:
            waiting.extend(reversed(one))
            yield one.text or ""


def _level(paragraph: _Element, titles: set[str]) -> int:
    if paragraph.get(_TEXT + "style-name") in titles:
        return 1
    if local(paragraph) == "p":
        return 0
    level = paragraph.get(_TEXT + "outline-level", "1")
    return int(level) if level in set("123456789") else 1


def _metadata(package: Package, text: str) -> Metadata:
    told = {local(part): part.text for part in elements(package, "meta.xml", _PROPERTIES)}
    return borne_out(
        text, told.get("title"), told.get("creator") or told.get("initial-creator"), told.get("creation-date")
    )
