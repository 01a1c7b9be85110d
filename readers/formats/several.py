"""Several articles in one file, as in a press review, told from one article with subheadings.

A heading alone proves nothing. What a press review has and an article's sections have not is a line with each headline
that says where the piece comes from: an outlet with its date, a byline, "Source:", or the piece's own address.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from domain.extraction import Metadata
from domain.intake import FoundArticle
from domain.messages import words_in
from readers.formats.document import Block, Document, joined

# A piece is an article from here on, and what stands before the first one is no piece up to here.
_FEWEST_WORDS = 60
_COLOPHON_WORDS = 40
_HEADLINE_WORDS = 30
_SOURCE_WORDS = 16
_SOURCE_CHARACTERS = 200
# The line that names the source stands among so many after the headline, or is the last.
_HEAD_LINES = 3
_ADDRESS = re.compile(r"[\W_]*(?P<url>https?://[^\s<>\"]+?)[\s.,;>)\]]*")
_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?[.\s]+(?:de\s+|d[’'])?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d\b"
    r"|\b[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"
    r"|\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d\b"
    r"|\b(?:19|20)\d\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}\b"
    r"|(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
)

Piece = Sequence[Block]


def articles(document: Document) -> tuple[FoundArticle, ...]:
    """Return the articles of a document: one, unless every sign says that it holds several."""
    for ways in (_by_rules(document.blocks), *_by_headings(document.blocks)):
        pieces = _sourced(ways)
        if len(pieces) > 1:
            return tuple(_found(piece) for piece in pieces)
    text = document.text if document.text is not None else joined(document.blocks)
    return (FoundArticle(text, document.metadata),)


def _by_rules(blocks: Sequence[Block]) -> list[list[Block]]:
    pieces: list[list[Block]] = [[]]
    for block in blocks:
        if block.text:
            pieces[-1].append(block)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _by_headings(blocks: Sequence[Block]) -> Iterator[list[list[Block]]]:
    """The ways to cut at the headings of one level; a higher one, as a section of the review, ends a piece too."""
    for level in sorted({block.level for block in blocks if block.level}):
        pieces: list[list[Block]] = [[]]
        for block in blocks:
            if block.text and 0 < block.level <= level:
                pieces.append([])
            if block.text:
                pieces[-1].append(block)
        yield [piece for piece in pieces if piece and not _is_section(piece, level)]


def _is_section(piece: Piece, level: int) -> bool:
    return len(piece) == 1 and 0 < piece[0].level < level


def _sourced(pieces: list[list[Block]]) -> list[list[Block]]:
    """Return the articles among pieces, those without a source joined to the one before; nothing if in doubt."""
    starts = [index for index, piece in enumerate(pieces) if _has_headline(piece) and _source(piece)]
    if len(starts) < 2 or len(starts) * 2 < len(pieces):
        return []
    headlines = {_plain(pieces[start][0]) for start in starts}
    preamble = [block for piece in pieces[: starts[0]] for block in piece if _plain(block) not in headlines]
    if words_in(joined(preamble)) >= _FEWEST_WORDS:
        return []
    ends = [*starts[1:], _end(pieces, starts[-1])]
    found = [[block for piece in pieces[start:end] for block in piece] for start, end in zip(starts, ends, strict=True)]
    return found if all(words_in(joined(piece)) >= _FEWEST_WORDS for piece in found) else []


def _end(pieces: Sequence[Piece], last: int) -> int:
    """Where the last article ends: a few words after it are the review's own."""
    after = [block for piece in pieces[last + 1 :] for block in piece]
    return last + 1 if words_in(joined(after)) < _COLOPHON_WORDS else len(pieces)


def _plain(block: Block) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", block.text.casefold()))


def _has_headline(piece: Piece) -> bool:
    text = piece[0].text
    return 1 < words_in(text) <= _HEADLINE_WORDS and not text.endswith((".", ":", ";", ",", "。"))


def _source(piece: Piece) -> str | None:
    """Return the line that says where a piece comes from; an address below an article may lead anywhere."""
    lines = [line for block in piece[1:] for line in block.text.splitlines()]
    for line in lines[:_HEAD_LINES]:
        if _names_source(line) or _ADDRESS.fullmatch(line):
            return line
    return lines[-1] if len(lines) > 1 and _is_labelled(lines[-1]) else None


def _names_source(line: str) -> bool:
    if len(line) > _SOURCE_CHARACTERS or len(line.split()) > _SOURCE_WORDS:
        return False
    return _is_labelled(line) or _is_byline(line) or _is_outlet_with_date(line)


@cache
def _words(group: str) -> frozenset[str]:
    listed = (files("readers.formats") / "data" / "source_lines.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(listed)[group])


def _is_labelled(line: str) -> bool:
    label, colon, rest = line.replace("：", ":").partition(":")
    short = len(line) <= _SOURCE_CHARACTERS and len(line.split()) <= _SOURCE_WORDS
    return bool(colon and rest.strip()) and short and label.strip(" *_[(").casefold() in _words("labels")


def _is_byline(line: str) -> bool:
    return any(_names_author(part) for part in re.split(r"\s[·•|]\s", line)) and not line.endswith(".")


def _names_author(part: str) -> bool:
    first, *names = part.replace(":", " ").strip(" *_").split()[:4] or [""]
    titled = len(names) > 1 and all(name[0].isupper() for name in names[:2])
    return first.casefold() in _words("bylines") and titled and len(part.split()) <= 8


def _is_outlet_with_date(line: str) -> bool:
    """An outlet's name is what is left of a line without its date, and begins with a capital if its script has them."""
    rest, dates = _DATE.subn(" ", line)
    words = [word for word in re.findall(r"[^\W\d_]+", rest) if word.casefold() not in _words("of_dates")]
    return bool(dates) and bool(words) and not words[0].islower() and not line.rstrip().endswith((".", "?", "!"))


def _found(piece: Piece) -> FoundArticle:
    lines = (line for block in piece[1:] for line in block.text.splitlines()[:_HEAD_LINES])
    addresses = (match["url"] for line in lines if (match := _ADDRESS.fullmatch(line)))
    headline = " ".join(piece[0].text.split())
    return FoundArticle(joined(piece), Metadata(headline=headline, url=next(addresses, None)))
