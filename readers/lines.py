"""Lines of JSON, an article each: ``{"id", "text"[, "headline", "publisher", "datePublished", "url"]}``."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from domain.extraction import Metadata

# Bytes of the largest thing that holds an article: a line, a mail, a message, a file.
LARGEST = 32 * 1024 * 1024
# JSON may hold half of a character pair, which is no text and cannot be written anywhere.
_HALF = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """An article as a line gives it; ``text`` is None where the line cannot be read, for the ``reason``.

    ``id`` is whatever the line has there, or its number.
    """

    id: Any
    text: str | None
    given: Metadata
    reason: str = ""


def read_lines(stream: BinaryIO, largest: int = LARGEST) -> Iterator[tuple[int, Line]]:
    """Return what each line says that is not blank, with its number, counted from 1."""
    number = 0
    while line := stream.readline(largest + 1):
        number += 1
        if len(line) > largest:
            while line and not line.endswith(b"\n"):
                line = stream.readline(largest)
            yield number, Line(number, None, Metadata(), "this line is too long")
        elif line.strip():
            yield number, read_line(number, line)


def read_line(number: int, line: bytes) -> Line:
    """Return what one line, the ``number``-th, says."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return Line(number, None, Metadata(), "this line is no JSON")
    if not isinstance(record, dict):
        return Line(number, None, Metadata(), "this line is no JSON object")
    strings = {key: _HALF.sub("\ufffd", value) for key, value in record.items() if isinstance(value, str)}
    identity = strings.get("id", record.get("id", number))
    if "text" not in strings:
        return Line(identity, None, Metadata(), 'this line has no "text"')
    given = Metadata(
        headline=strings.get("headline"),
        publisher=strings.get("publisher"),
        date_published=strings.get("datePublished"),
        url=strings.get("url"),
    )
    return Line(identity, strings["text"], given)
