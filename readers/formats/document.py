"""What every format's reader gives: the blocks of a document in reading order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.extraction import Metadata
from domain.intake import NoArticle

# Characters of text in one file; a long book has fewer.
MOST_CHARACTERS = 1_000_000
# Bytes of one packed part; a text of that many characters stays well below it with all its marks.
MOST_UNPACKED = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading where ``level`` is 1 or more, or a rule or page break where there is no text."""

    text: str
    level: int = 0


RULE = Block("")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's blocks, and what the file says about them.

    ``text`` is what a reader that changes nothing was given; else the blocks make it up.
    """

    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    text: str | None = None


DocumentContent = Document | NoArticle


def joined(blocks: Iterable[Block]) -> str:
    """Return the text of blocks, a blank line between any two."""
    return "\n\n".join(block.text for block in blocks if block.text)


def tidy(text: str) -> str:
    """Return a paragraph's text with its runs of spaces made one and its own line breaks kept."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
