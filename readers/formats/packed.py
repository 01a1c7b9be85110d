"""Zip files that are documents: looking into them without ever unpacking more than is read."""

import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from domain.intake import NoArticle
from readers.formats.document import MOST_UNPACKED, DocumentContent

# A document has some hundreds of parts at most; a directory of a million takes long only to be listed.
MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1
# Beside its own error zipfile raises these for a field that makes no sense.
_DAMAGE = (
    BadZipFile,
    LookupError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
)
# The parser's own bounds, on depth, on the length of one text, and on entities.
_WITHOUT_END = {
    etree.ErrorTypes.ERR_RESOURCE_LIMIT,
    etree.ErrorTypes.ERR_ENTITY_LOOP,
    etree.ErrorTypes.ERR_NAME_TOO_LONG,
}


class BombError(Exception):
    """A part unpacks to more than any document holds."""


class Bounded:
    """A packed part as a file to read from, which ends a part that goes on too long by raising ``BombError``."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part
        self._left = MOST_UNPACKED

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``."""
        chunk = self._part.read(min(size, 65_536) if size >= 0 else self._left + 1)
        self._left -= len(chunk)
        if self._left < 0:
            raise BombError
        return chunk


class Package:
    """A zip file's parts by name."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped
        self.names = frozenset(zipped.namelist())
        self.encrypted = any(member.flag_bits & _ENCRYPTED for member in zipped.infolist())

    def open(self, name: str) -> IO[bytes]:
        """Return a part to read from; KeyError where there is none."""
        return Bounded(self._zip.open(name))  # type: ignore[return-value]  # all that a parser asks of it is read()

    def part(self, name: str) -> bytes:
        """Return a part as a whole, nothing where there is none."""
        return self.open(name).read() if name in self.names else b""


def elements(package: Package, name: str, tags: Collection[str]) -> Iterator[etree._Element]:
    """Return the elements of an XML part with these local names as they close, inner ones first; none if it is absent.

    Whoever has read an element empties it, so that a long part needs little memory. No entity is ever expanded.
    """
    if name not in package.names:
        return
    found = etree.iterparse(
        package.open(name),
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in found:
        _refuse_declarations(element)
        yield element
    if found.root is not None:
        _refuse_declarations(found.root)


def _refuse_declarations(element: etree._Element) -> None:
    """A declaration of entities has no business in a document; it only serves to blow one up or to fetch."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise BombError


def local(element: etree._Element) -> str:
    """Return an element's name without its name space; nothing for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def opened(data: bytes, read: Callable[[Package], DocumentContent]) -> DocumentContent:
    """Return what ``read`` makes of a zip file's parts, or why they cannot be read."""
    try:
        with ZipFile(BytesIO(data)) as zipped:
            if len(zipped.infolist()) > MOST_MEMBERS:
                return NoArticle.BOMB
            package = Package(zipped)
            return NoArticle.ENCRYPTED if package.encrypted else read(package)
    except BombError:
        return NoArticle.BOMB
    except etree.XMLSyntaxError as error:
        return NoArticle.BOMB if error.code in _WITHOUT_END else NoArticle.DAMAGED
    except _DAMAGE:
        return NoArticle.DAMAGED
