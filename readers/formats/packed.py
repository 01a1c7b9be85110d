"""Zip files that are documents: looking into them without ever unpacking more than is read."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException

from domain.intake import NoArticle
from readers.formats.document import MOST_UNPACKED, DocumentContent

# A document has some hundreds of parts at most; a directory of a million takes long only to be listed.
MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1
# Beside their own errors zipfile and the XML parser raise these for a field or an encoding that makes no sense.
_OF_ZIPFILE = (LookupError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, struct.error)
_DAMAGE = (BadZipFile, ParseError, zlib.error, *_OF_ZIPFILE)


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


def opened(data: bytes, read: Callable[[Package], DocumentContent]) -> DocumentContent:
    """Return what ``read`` makes of a zip file's parts, or why they cannot be read."""
    try:
        with ZipFile(BytesIO(data)) as zipped:
            if len(zipped.infolist()) > MOST_MEMBERS:
                return NoArticle.BOMB
            package = Package(zipped)
            return NoArticle.ENCRYPTED if package.encrypted else read(package)
    except (BombError, DefusedXmlException):
        # A declaration of entities has no business in a document; it only serves to blow one up or to fetch.
        return NoArticle.BOMB
    except _DAMAGE:
        return NoArticle.DAMAGED
