"""Mailboxes of the mbox family, one message after another, however large the file is.

A line "From " begins a message. The dialects differ in how they keep such a line of a mail apart from it (mboxo and
mboxrd put ">" before it, mboxcl counts bytes), and many files keep to none: see RFC 4155, appendix A. So a line counts
only behind a blank one, and only where it ends in a time and a year or a header follows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import BinaryIO

from readers.lines import LARGEST

# Longer lines than this are read in pieces; no separator or header's name is longer.
_PIECE = 64 * 1024
_SEPARATOR = re.compile(rb"From .*\d\d?:\d\d.*\d{4}\s*\Z", re.DOTALL)
_HEADER = re.compile(rb"[!-9;-~]+:|>From ")
_QUOTED = re.compile(rb">+From ")
_BLANK = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """The ``number``-th message, counted from 1, as it was sent; None where it is too large."""

    number: int
    data: bytes | None


def begins_mailbox(start: bytes) -> bool:
    """Return whether a file with these first bytes is a mailbox."""
    return start.lstrip().startswith(b"From ")


def read_mailbox(stream: BinaryIO, largest: int = LARGEST) -> Iterator[MailboxMessage]:
    """Return the messages; what stands before the first "From " counts as one where it is not blank."""
    number = 1
    message = _Message(largest)
    for line, begins in _lines(stream):
        if not begins:
            message.add(line)
            continue
        if message.holds_anything:
            yield MailboxMessage(number, message.data)
            number += 1
        message = _Message(largest)
    if message.holds_anything:
        yield MailboxMessage(number, message.data)


class _Message:
    """The lines of one message as they come, unless they are too many."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._held = bytearray()
        self._overlong = False
        self.holds_anything = False

    def add(self, line: bytes) -> None:
        self.holds_anything = self.holds_anything or bool(line.strip())
        self._overlong = self._overlong or len(self._held) + len(line) > self._largest
        if self._overlong:
            self._held.clear()
        else:
            self._held += line[1:] if _QUOTED.match(line) else line

    @property
    def data(self) -> bytes | None:
        return None if self._overlong else bytes(self._held)


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Return each line, or piece of a long one, and whether it begins a message."""
    before = b"\n"
    pieces = chain(iter(lambda: stream.readline(_PIECE), b""), [b""])
    for line, after in pairwise(pieces):
        begins = before in _BLANK and line.startswith(b"From ")
        yield line, begins and bool(_SEPARATOR.match(line) or _HEADER.match(after))
        before = line
