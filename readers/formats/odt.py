"""ODT (OASIS OpenDocument): the text of content.xml, read as XML only."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

from domain.extraction import Metadata
from domain.intake import NoArticle
from readers.formats.document import MOST_CHARACTERS, Block, Document, DocumentContent, joined, tidy
from readers.formats.information import borne_out
from readers.formats.packed import Package

MIME = b"application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PASSED_OVER = frozenset({"annotation", "note", "tracked-changes", "title", "desc", "ruby-text", "bibliography-mark"})
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


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _blocks(package: Package) -> Iterator[Block]:
    """Each paragraph as it closes, one within another first; what has been read is let go."""
    titles = {"Title"}
    passed_over = 0
    for event, element in iterparse(package.open("content.xml"), events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if name in _PASSED_OVER:
            passed_over += 1 if event == "start" else -1
        if event == "start":
            continue
        if name == "style" and element.get(_STYLE + "parent-style-name") == "Title":
            titles.add(element.get(_STYLE + "name", ""))
        if element.tag in {_TEXT + "p", _TEXT + "h"}:
            if not passed_over and (text := tidy("".join(_text(element)))):
                yield Block(text, _level(element, titles))
            _empty(element)
        elif name in {"table", "frame", "text-box", *_PASSED_OVER}:
            _empty(element)


def _empty(element: Element) -> None:
    """Let the content go, but keep the words that follow the element in its paragraph."""
    tail = element.tail
    element.clear()
    element.tail = tail


def _text(paragraph: Element) -> Iterator[str]:
    waiting: list[Element | str] = [paragraph]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        if one is not paragraph and one.tail:
            waiting.append(one.tail)
        name = _local(one)
        if name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _PASSED_OVER:
            waiting.extend(reversed(one))
            yield one.text or ""


def _level(paragraph: Element, titles: set[str]) -> int:
    if paragraph.get(_TEXT + "style-name") in titles:
        return 1
    if _local(paragraph) == "p":
        return 0
    level = paragraph.get(_TEXT + "outline-level", "1")
    return int(level) if level in set("123456789") else 1


def _metadata(package: Package, text: str) -> Metadata:
    meta = package.part("meta.xml")
    told = {part.tag.rpartition("}")[2]: part.text for part in fromstring(meta, forbid_dtd=True).iter()} if meta else {}
    return borne_out(
        text, told.get("title"), told.get("creator") or told.get("initial-creator"), told.get("creation-date")
    )
