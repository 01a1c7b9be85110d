"""Folders, mailboxes, chat exports and lines of JSON: everything in them that may be an article, one by one.

Nothing is read twice, and no list of files or messages is held, so the size of an archive does not matter.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from domain.extraction import Metadata
from domain.intake import FoundArticle
from readers.lines import LARGEST, read_lines
from readers.mailbox import begins_mailbox, read_mailbox
from readers.telegram_export import Damaged, Post, looks_like_export, read_export

DOCUMENTS = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".odt", ".eml"})
_EXPORT = "result.json"
_MAIL = "message/rfc822"
# Enough to see which kind a file is of.
_START = 4096

TOO_LARGE = f"it is larger than {LARGEST // 2**20} MB"
NO_FILE = "it is no file, or a folder that cannot be opened"
OTHER_KIND = "it is of a kind that is not read"
NO_EXPORT = "it is no chat export of Telegram's"
NOT_EXPORTED = "the export has left this file out"
OUTSIDE = "the export names a file outside of its folder"
DAMAGED = "the export is damaged from here on"


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes, not looked at yet."""

    data: bytes
    name: str
    mime: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is no article, for a ``reason`` of which there are few."""

    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something in an archive that may be an article, or hold some; ``sent_at`` is when a message with it was sent."""

    place: str
    content: FoundArticle | File | Skipped
    sent_at: datetime | None = None


class Archives:
    """Everything below some paths, to be gone through once.

    ``total`` is the size of all that can be read, in bytes, ``position`` how much of it has been.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._done = 0
        self._open: BinaryIO | None = None
        self.total = sum(_size(file) for path in paths for file in _files(path, within_exports=True))

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._done + (self._open.tell() if self._open is not None else 0)

    def __iter__(self) -> Iterator[Piece]:
        for path in self._paths:
            for file in _files(path):
                try:
                    yield from self._pieces(file, named=file == path)
                except OSError as error:
                    yield Piece(str(file), Skipped(str(error.strerror)))

    def _pieces(self, file: Path, *, named: bool) -> Iterator[Piece]:
        if not stat.S_ISREG(file.stat().st_mode):
            yield Piece(str(file), Skipped(NO_FILE))
            return
        kind = _kind(file)
        if kind is None or (named and kind == Skipped(OTHER_KIND)):
            yield self._document(str(file), file)
        elif isinstance(kind, Skipped):
            yield Piece(str(file), kind)
        else:
            yield from self._container(kind, file)

    def _container(self, kind: "_Container", file: Path) -> Iterator[Piece]:
        with file.open("rb") as stream:
            self._open = stream
            try:
                yield from kind(self, file, stream)
            finally:
                self._done += stream.tell()
                self._open = None

    def _document(self, place: str, file: Path, mime: str | None = None, sent_at: datetime | None = None) -> Piece:
        size = file.stat().st_size
        self._done += size
        content = Skipped(TOO_LARGE) if size > LARGEST else File(file.read_bytes(), file.name, mime)
        return Piece(place, content, sent_at)

    def _lines(self, file: Path, stream: BinaryIO) -> Iterator[Piece]:
        for number, line in read_lines(stream):
            content = Skipped(line.reason) if line.text is None else FoundArticle(line.text, line.given)
            yield Piece(f"{file}, line {number}", content)

    def _mails(self, file: Path, stream: BinaryIO) -> Iterator[Piece]:
        for mail in read_mailbox(stream):
            content = Skipped(TOO_LARGE) if mail.data is None else File(mail.data, "mail.eml", _MAIL)
            yield Piece(f"{file}, mail {mail.number}", content)

    def _posts(self, file: Path, stream: BinaryIO) -> Iterator[Piece]:
        chat = ""
        for post in read_export(stream):
            if isinstance(post, Damaged):
                yield Piece(f"{file}{chat}", Skipped(DAMAGED))
                return
            chat = f", chat {post.chat}"
            place = f"{file}{chat}, message {post.id}"
            if post.text.strip():
                yield Piece(place, FoundArticle(post.text, Metadata(publisher=post.channel)), post.sent_at)
            if post.file is not None:
                yield self._attached(place, file.parent, post)

    def _attached(self, place: str, folder: Path, post: Post) -> Piece:
        if not post.file:
            return Piece(place, Skipped(NOT_EXPORTED), post.sent_at)
        place = f"{place}, {post.file}"
        try:
            file = (folder / post.file).resolve(strict=True)
            if not file.is_relative_to(folder.resolve()):
                return Piece(place, Skipped(OUTSIDE))
            if file.suffix.lower() not in DOCUMENTS or not file.is_file():
                return Piece(place, Skipped(OTHER_KIND))
            return self._document(place, file, post.mime, post.sent_at)
        except FileNotFoundError:
            return Piece(place, Skipped(NOT_EXPORTED))
        except OSError as error:
            return Piece(place, Skipped(str(error.strerror)))
        except ValueError:  # a name that no file can have
            return Piece(place, Skipped(NOT_EXPORTED))


_Container = Callable[[Archives, Path, BinaryIO], Iterator[Piece]]


def _files(path: Path, *, within_exports: bool = False) -> Iterator[Path]:
    """Return the path itself, or every file below it that is not hidden, and folders that cannot be opened.

    The other files of a chat export are left to its messages, unless ``within_exports``.
    """
    if not path.is_dir():
        yield path
        return
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        if _is_export(folder / _EXPORT) and not within_exports:
            yield folder / _EXPORT
            continue
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                        waiting.append(folder / entry.name)
                    elif not entry.is_dir() and not entry.name.startswith("."):
                        yield folder / entry.name
        except OSError:
            yield folder


def _size(file: Path) -> int:
    try:
        size = file.stat().st_size
        return 0 if isinstance(_kind(file), Skipped) else size
    except OSError:
        return 0


def _kind(file: Path) -> "_Container | Skipped | None":
    """Return how to read what holds several articles, None for a document, and why a file is left alone."""
    suffix = file.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return Archives._lines
    if suffix == ".mbox" or (suffix in ("", ".mbx") and begins_mailbox(_start(file))):
        return Archives._mails
    if suffix == ".json":
        return Archives._posts if looks_like_export(_start(file)) else Skipped(NO_EXPORT)
    return None if suffix in DOCUMENTS else Skipped(OTHER_KIND)


def _is_export(file: Path) -> bool:
    try:
        return looks_like_export(_start(file))
    except OSError:
        return False


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_START)
