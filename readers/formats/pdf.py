"""PDF (ISO 32000) through PDFium: the characters of the pages, with their places. Scripts in it are never run."""

import ctypes
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from math import isfinite, pi
from statistics import median
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from domain.extraction import Metadata
from domain.intake import NoArticle
from readers.formats.document import MOST_CHARACTERS, Block, Document, DocumentContent, joined
from readers.formats.information import borne_out
from readers.formats.pdf_layout import Run, blocks_of

MOST_PAGES = 300
# Unpacked bytes of one stream that is no picture; a page's drawing orders are some hundred thousand.
_MOST_UNPACKED = 64 * 1024 * 1024
# A page of an article has more words; a scan's pages have those of its scanner.
_FEWEST_WORDS = 8
_MOST_UNPACKED_IN_ALL = 256 * 1024 * 1024
_STREAM = re.compile(rb"\bstream\r?\n")
_LONGEST_DICTIONARY = 2_000
# A font without a table of its characters gives characters that stand for none.
_UNREADABLE = re.compile(r"[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_BOLD = 600
# Part of a quarter turn that a line may lie askew.
_ASKEW = 0.1
_MOST_LAYERS = 3


def read_pdf(data: bytes) -> DocumentContent:
    """Return the paragraphs of a PDF file."""
    if _unpacks_without_end(data):
        return NoArticle.BOMB
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return NoArticle.ENCRYPTED if error.err_code == raw.FPDF_ERR_PASSWORD else NoArticle.DAMAGED
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pypdfium2.PdfDocument) -> DocumentContent:
    if len(document) > MOST_PAGES:
        return NoArticle.TOO_MANY_PAGES
    pages: list[list[Run]] = []
    characters = pictures = broken = 0
    for number in range(len(document)):
        try:
            with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
                characters += textpage.count_chars()
                if characters > MOST_CHARACTERS:
                    return NoArticle.TOO_LARGE
                pages.append(list(_runs(textpage)))
                pictures += _has_picture(page)
        except pypdfium2.PdfiumError:
            broken += 1
    if broken * 2 >= len(document):
        return NoArticle.DAMAGED
    return _document(document, blocks_of(pages), len(pages), pictures)


def _document(document: pypdfium2.PdfDocument, blocks: tuple[Block, ...], pages: int, pictures: int) -> DocumentContent:
    text = joined(blocks)
    unreadable = len(_UNREADABLE.findall(text)) * 5 > len(text) > 0
    if unreadable or (pictures * 2 >= pages and len(re.findall(r"\w+", text)) < _FEWEST_WORDS * pages):
        return NoArticle.SCAN
    return Document(blocks, _metadata(document, text))


def _metadata(document: pypdfium2.PdfDocument, text: str) -> Metadata:
    told = {key: document.get_metadata_value(key) for key in ("Title", "Author", "CreationDate")}
    return borne_out(text, told["Title"], told["Author"], told["CreationDate"])


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


# Characters


class _Character(NamedTuple):
    """One visible character, its box turned so that its line runs from left to right. There may be a million."""

    at: int
    text: str
    spaced: bool
    quarters: int
    left: float
    right: float
    bottom: float
    top: float


def _runs(textpage: pypdfium2.PdfTextPage) -> Iterator[Run]:
    """Characters that follow one another on one line; those that do not lie as most of the page does are left out."""
    characters = list(_characters(textpage))
    turns = Counter(character.quarters for character in characters)
    upright = turns.most_common(1)[0][0] if turns else 0
    run: list[_Character] = []
    for character in characters:
        if character.quarters != upright:
            continue
        if run and not _follows(run[-1], character):
            yield _run(textpage, run)
            run = []
        run.append(character)
    if run:
        yield _run(textpage, run)


def _characters(textpage: pypdfium2.PdfTextPage) -> Iterator[_Character]:
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    spaced = False
    for at in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, at)
        # PDFium's own sign for a hyphen at a line's end.
        text = "-" if code == 0x2 else chr(code) if code < 0x110000 else "\ufffd"
        if text.isspace() or (code < 0x20 and code != 0x2):
            spaced = True
            continue
        quarters = _quarters(raw.FPDFText_GetCharAngle(textpage, at))
        if raw.FPDFText_GetLooseCharBox(textpage, at, reference) and quarters is not None:
            yield _Character(at, text, spaced, quarters, *_turned(box, quarters))
        spaced = False


def _quarters(angle: float) -> int | None:
    """Quarter turns to the left of a clockwise angle in radians; None where it lies askew, as a watermark does."""
    if not angle:
        return 0
    turns = -angle / (pi / 2)
    return round(turns) % 4 if isfinite(turns) and abs(turns - round(turns)) < _ASKEW else None


def _turned(box: raw.FS_RECTF, quarters: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = box.left, box.right, box.bottom, box.top
    if quarters == 1:
        return bottom, top, -right, -left
    if quarters == 2:
        return -right, -left, -top, -bottom
    if quarters == 3:
        return -top, -bottom, left, right
    return left, right, bottom, top


def _follows(last: _Character, character: _Character) -> bool:
    height = min(last.top - last.bottom, character.top - character.bottom)
    level = abs((last.top + last.bottom) - (character.top + character.bottom)) < height
    # Arabic and Hebrew run the other way.
    gap = max(character.left - last.right, last.left - character.right)
    return level and gap < height


def _run(textpage: pypdfium2.PdfTextPage, characters: Sequence[_Character]) -> Run:
    text = "".join(f" {one.text}" if one.spaced and at else one.text for at, one in enumerate(characters))
    bottom, top = median(one.bottom for one in characters), median(one.top for one in characters)
    return Run(
        # Characters beyond the first plane may come as two halves.
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        min(one.left for one in characters),
        max(one.right for one in characters),
        bottom,
        top,
        top - bottom,
        _is_bold(textpage, characters[0].at) and _is_bold(textpage, characters[-1].at),
    )


def _is_bold(textpage: pypdfium2.PdfTextPage, at: int) -> bool:
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage, at, name, len(name), ctypes.byref(ctypes.c_int()))
    return raw.FPDFText_GetFontWeight(textpage, at) >= _BOLD or b"bold" in name.value.lower()


# Bombs


def _unpacks_without_end(data: bytes) -> bool:
    """Say whether the packed streams, pictures aside, unpack to more than pages need; PDFium itself would go on."""
    left = _MOST_UNPACKED_IN_ALL
    for stream in _STREAM.finditer(data):
        head = data[max(0, stream.start() - _LONGEST_DICTIONARY) : stream.start()]
        told = head[head.rfind(b"obj") + 1 :]
        layers = told.count(b"/FlateDecode") + len(re.findall(rb"/Fl\b", told))
        picture = layers == 1 and re.search(rb"/Subtype\s*/Image", told)
        if layers and not picture:
            left -= _unpacked(data[stream.end() : data.find(b"endstream", stream.end())], layers)
        if left < 0:
            return True
    return False


def _unpacked(stream: bytes, layers: int) -> int:
    """The bytes that a stream unpacks to, or at least the most that one may; what is broken unpacks to nothing."""
    if layers > _MOST_LAYERS:
        return _MOST_UNPACKED_IN_ALL + 1
    for _ in range(layers):
        try:
            stream = zlib.decompressobj().decompress(stream, _MOST_UNPACKED)
        except zlib.error:
            return 0
        if len(stream) >= _MOST_UNPACKED:
            return _MOST_UNPACKED_IN_ALL + 1
    return len(stream)
