"""Files to articles. Bytes from outside are only ever looked at, never run; macros and scripts in them stay unread.

What a file is, its bytes say; its name and the type that came with it only decide between forms of plain text.
"""

import codecs
import re
from collections.abc import Callable
from enum import StrEnum

from domain.intake import FileContent, NoArticle
from readers.formats.decoding import decode
from readers.formats.document import MOST_CHARACTERS, Document, DocumentContent
from readers.formats.docx import main_part, read_docx
from readers.formats.html import read_html
from readers.formats.mail import read_mail
from readers.formats.odt import MIME as ODT_MIME
from readers.formats.odt import read_odt
from readers.formats.packed import Package, opened
from readers.formats.pdf import read_pdf
from readers.formats.plain import read_markdown, read_plain_text
from readers.formats.several import articles

MOST_BYTES = 20 * 1024 * 1024

_ARCHIVES = (
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF"),
    *(b"PK\x05\x06", b"PK\x07\x08", b"\x04\x22\x4d\x18", b"!<arch>\n", b"xar!", b"\x5d\x00\x00\x80\x00"),
)
# Forms that are text to look at but no article: RTF, PostScript, and others that nobody writes articles in.
_OTHERS = (b"{\\rtf", b"%!PS", b"<svg", b"%FDF", b"-----BEGIN PGP MESSAGE")
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(
    rb"(?:\s+|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>){0,20}<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S
)
_XML = re.compile(rb"\s*<(?:\?xml|rss|feed|\w+:?\w* xmlns)", re.I)
_TAGS = re.compile(rb"<(?:p|div|h[1-6]|br|span|table)\b[^<>]{0,500}>", re.I)
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):(?:[ \t]|\r?\n[ \t])")
_MAIL_ONLY = frozenset(
    {b"mime-version", b"received", b"message-id", b"return-path", b"delivered-to", b"dkim-signature"}
)
_MAIL_USUAL = frozenset({b"from", b"subject", b"date"})


class _Form(StrEnum):
    PDF = "pdf"
    ZIP = "zip"
    HTML = "html"
    MAIL = "mail"
    MARKDOWN = "markdown"
    TEXT = "text"


def read_file(data: bytes, name: str | None = None, mime: str | None = None) -> FileContent:
    """Return the articles that a file holds, or why it holds none; never more than ``MOST_CHARACTERS`` of text.

    To be run in a process of ``readers.pool``: what is malicious may still take long or end the process.
    """
    return _read(data, name, mime, 0)


def _read(data: bytes, name: str | None, mime: str | None, depth: int) -> FileContent:
    content = _content(data, (name or "").lower(), (mime or "").lower(), depth)
    if not isinstance(content, tuple):
        return content
    told = tuple(article for article in content if article.text.strip())
    if sum(len(article.text) for article in told) > MOST_CHARACTERS:
        return NoArticle.TOO_LARGE
    return told or NoArticle.EMPTY


def _content(data: bytes, name: str, mime: str, depth: int) -> FileContent:
    if len(data) > MOST_BYTES:
        return NoArticle.TOO_LARGE
    if not data.strip():
        return NoArticle.EMPTY
    form = _form(data, name, mime)
    if isinstance(form, NoArticle):
        return form
    if form is _Form.MAIL:
        return read_mail(data, lambda attached, called, told: _read(attached, called, told, depth + 1), depth)
    if form is _Form.HTML:
        return read_html(data)
    document = _READERS[form](data)
    return articles(document) if isinstance(document, Document) else document


def _form(data: bytes, name: str, mime: str) -> _Form | NoArticle:
    """Tell a file by its first bytes."""
    if data.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and (name.endswith(".pdf") or mime == "application/pdf")):
        return _Form.PDF
    if data.startswith(b"PK\x03\x04"):
        return _Form.ZIP
    if data.startswith(_OFFICE):
        return NoArticle.ENCRYPTED if _ENCRYPTED_OFFICE in data else NoArticle.UNKNOWN_FORMAT
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        return NoArticle.ARCHIVE
    if data.lstrip().startswith(_OTHERS):
        return NoArticle.UNKNOWN_FORMAT
    return _form_of_text(data, name, mime)


def _form_of_text(data: bytes, name: str, mime: str) -> _Form | NoArticle:
    start = _as_ascii(data)
    if _HTML.match(start):
        return _Form.HTML
    named_page = name.endswith((".html", ".htm", ".xhtml")) or mime in {"text/html", "application/xhtml+xml"}
    if named_page and len(_TAGS.findall(start)) > 1:
        return _Form.HTML
    if _XML.match(start):
        return NoArticle.UNKNOWN_FORMAT
    if _is_mail(start, name.endswith((".eml", ".mht", ".mhtml")) or mime in {"message/rfc822", "multipart/related"}):
        return _Form.MAIL
    if name.endswith((".md", ".markdown")) or mime in {"text/markdown", "text/x-markdown"}:
        return _Form.MARKDOWN
    return _Form.TEXT


def _as_ascii(data: bytes) -> bytes:
    """Return the first bytes with what UTF-16 and marks put between and before them left out."""
    return data[:16_384].removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe").replace(b"\0", b"")


def _is_mail(start: bytes, called_so: bool) -> bool:
    """A mail's header: fields to the first blank line, some of them such as only mail has."""
    header = re.split(rb"\r?\n\r?\n", start.lstrip(), maxsplit=1)[0]
    lines = header.splitlines()
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    names = {match[1].lower() for line in lines if (match := _FIELD.match(line + b" "))}
    if not lines or not _FIELD.match(lines[0] + b" "):
        return False
    return called_so or bool(names & _MAIL_ONLY) or names >= _MAIL_USUAL


def _of_package(package: Package) -> DocumentContent:
    if main_part(package):
        return read_docx(package)
    if package.part("mimetype").startswith(ODT_MIME) and "content.xml" in package.names:
        return read_odt(package)
    document = package.names & {"mimetype", "[Content_Types].xml"}
    return NoArticle.UNKNOWN_FORMAT if document else NoArticle.ARCHIVE


def _decoded(data: bytes) -> str | NoArticle:
    # No encoding takes more than four bytes for a character, and to find the encoding of more takes long.
    text = decode(data[: 4 * MOST_CHARACTERS + 4])
    if text is None:
        return NoArticle.UNKNOWN_FORMAT
    return NoArticle.TOO_LARGE if len(text) > MOST_CHARACTERS else text


def _of_text(data: bytes) -> DocumentContent:
    text = _decoded(data)
    return text if isinstance(text, NoArticle) else read_plain_text(text)


def _of_markdown(data: bytes) -> DocumentContent:
    text = _decoded(data)
    return text if isinstance(text, NoArticle) else read_markdown(text)


_READERS: dict[_Form, Callable[[bytes], DocumentContent]] = {
    _Form.PDF: read_pdf,
    _Form.ZIP: lambda data: opened(data, _of_package),
    _Form.MARKDOWN: _of_markdown,
    _Form.TEXT: _of_text,
}

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_plain(data: bytes) -> str | None:
    """Return the text of a plain text file in UTF-8, or UTF-16 with its mark; None where it is anything else."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # A text file has no NUL characters; many binary ones that happen to decode do.
    return None if "\0" in text else text
