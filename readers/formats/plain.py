"""Plain text and Markdown: text to lines, with the headings and rules that writers of plain text use."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from domain.extraction import Metadata
from readers.formats.document import RULE, Block, Document

# A program that breaks lines does so at 60 to 80 characters, as a rule.
_WIDEST = 100
_NARROWEST = 50
_FEWEST_BREAKS = 4
# Scripts without spaces have one word to a line, of which nobody can say whether it would have fitted.
_FEWEST_WORDS_A_LINE = 4
_RULE = re.compile(r"\s*([-*_=~#–—•])(?:\s*\1){2,}\s*|\s*\*\s*\*\s*\*\s*")
_MARKED_HEADING = re.compile(r" {0,3}(#{1,6})\s+(?P<text>\S.*?)\s*#*\s*")
_NUMBERED = re.compile(r"\s{0,3}(?:\d{1,3}|[IVXL]{1,6})[.)]\s+(?P<text>\S.*)")
_UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,})\s*")
_PAGE_BREAK = "***"
# Levels below those that headings have.
_NUMBERED_LEVEL, _CAPITALS_LEVEL = 7, 8
_HEADING_WORDS = 25
_LONGEST_HEADING = 500


def read_plain_text(text: str, metadata: Metadata | None = None) -> Document:
    """Return a text as it is; only lines that a program broke are mended."""
    whole = unwrapped(text)
    paged = whole.replace("\f", f"\n{_PAGE_BREAK}\n")
    return Document(tuple(_blocks(paged.splitlines())), metadata or Metadata(), whole)


def read_markdown(text: str) -> Document:
    """Return the text without Markdown's marks (CommonMark 0.31); the headline is the first heading of level 1."""
    lines = _without_front_matter(unwrapped(text).splitlines())
    blocks = tuple(replace(block, text=_unmarked(block.text)) for block in _blocks(_paragraphs(lines)))
    headline = next((block.text for block in blocks if block.level == 1), None)
    starts = bool(blocks) and blocks[0].level == 1
    return Document(blocks, Metadata(headline=headline if starts else None))


# Lines that a program broke


def unwrapped(text: str) -> str:
    """Return ``text`` with its lines joined to paragraphs where a program broke them, else as it is.

    A program breaks a line where the next word would not fit; a writer where a paragraph ends.
    """
    lines = text.splitlines(keepends=True)
    pairs = [(above, below) for above, below in pairwise(lines) if above.strip() and below.strip()]
    width = max((len(line.rstrip()) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST or len(pairs) < _FEWEST_BREAKS:
        return text
    if sum(len(above.split()) for above, _ in pairs) < _FEWEST_WORDS_A_LINE * len(pairs):
        return text
    full = sum(_is_full(above, below, width) for above, below in pairs)
    if full < _FEWEST_BREAKS or full * 10 < len(pairs) * 7:
        return text
    return "".join(_rejoined(lines, width))


def _is_full(above: str, below: str, width: int) -> bool:
    """The few characters' grace are for a break at a hyphen, or for a margin that the longest line overran."""
    return len(above.rstrip()) + 1 + len(below.split()[0]) > width - 3 and not (
        above.endswith("\f") or _starts_anew(below)
    )


def _starts_anew(line: str) -> bool:
    return bool(re.match(r"\s{2,}|\s*[-*•–—>#|]\s|\s*\d{1,3}[.)]\s", line) or _RULE.fullmatch(line.rstrip()))


def _rejoined(lines: Sequence[str], width: int) -> Iterator[str]:
    for above, below in pairwise([*lines, ""]):
        if above.strip() and below.strip() and _is_full(above, below, width):
            yield f"{above.rstrip()} "
        else:
            yield above


# Headings and rules


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Each line a block; blank ones only count for what they set apart."""
    skip = False
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else ""
        below = lines[index + 1] if index + 1 < len(lines) else ""
        if skip:
            skip = False
        elif line.strip() and not above.strip() and _UNDERLINE.fullmatch(below) and not _RULE.fullmatch(line):
            skip = True
            yield Block(line.strip(), 1 if "=" in below else 2)
        elif _RULE.fullmatch(line):
            yield RULE
        elif line.strip():
            yield Block(_heading_text(line), _level(line, not above.strip() or bool(_RULE.fullmatch(above))))


def _heading_text(line: str) -> str:
    marked = _marked_heading(line)
    return marked["text"] if marked else line.strip()


def _marked_heading(line: str) -> re.Match[str] | None:
    return _MARKED_HEADING.fullmatch(line) if len(line) <= _LONGEST_HEADING else None


def _level(line: str, apart: bool) -> int:
    if marked := _marked_heading(line):
        return len(marked[1])
    if not apart or len(line.split()) > _HEADING_WORDS or line.rstrip().endswith((".", ",", ";")):
        return 0
    if _NUMBERED.fullmatch(line):
        return _NUMBERED_LEVEL
    return _CAPITALS_LEVEL if line.isupper() and len(line.split()) > 1 else 0


# Markdown

_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_MARKS = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"\[([^\]\[\n]{1,500})\]\([^()\s]{0,2000}(?:\([^()\s]{0,500}\))?(?:\s+\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"\[([^\]\[\n]{1,500})\]\[[^\]\[\n]{0,100}\]"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2000})>"), r"\1"),
    (re.compile(r"(?<![\w*\\])\*{1,3}(?=\S)([^*\n]{1,2000}?)(?<=\S)\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])_{1,3}(?=\S)([^_\n]{1,2000}?)(?<=\S)_{1,3}(?![\w_])"), r"\1"),
    (re.compile(r"(?<!`)`([^`\n]{1,500})`(?!`)"), r"\1"),
    (re.compile(r"~~([^~\n]{1,500})~~"), r"\1"),
    (re.compile(r"^\s*(?:>\s?)+"), ""),
    (re.compile(r"^\s*[-*+]\s+"), "– "),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!~>-])"), r"\1"),
)


def _unmarked(line: str) -> str:
    for mark, kept in _MARKS:
        line = mark.sub(kept, line)
    return line.strip()


def _without_front_matter(lines: list[str]) -> list[str]:
    """Drop the block of settings that blogs put above the text."""
    if lines[:1] != ["---"]:
        return lines
    end = next((at for at, line in enumerate(lines[1:40], 1) if line.strip() in {"---", "..."}), None)
    return lines[end + 1 :] if end and all(":" in line or line[:1] in " -#" for line in lines[1:end]) else lines


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines that follow one another without a blank one are one paragraph, unless they begin something."""
    found: list[str] = []
    for line in lines:
        if _FENCE.match(line):
            line = ""
        goes_on = found and found[-1].strip() and line.strip() and not _begins(line) and not _closes(found[-1])
        if goes_on:
            found[-1] = f"{found[-1].rstrip()} {line.strip()}"
        else:
            found.append(line)
    return found


def _begins(line: str) -> bool:
    return bool(
        re.match(r"\s{0,3}(?:#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s|>|\||={3,}\s*$|-{3,}\s*$)", line) or _RULE.fullmatch(line)
    )


def _closes(line: str) -> bool:
    """A heading is one line; two spaces or a backslash at a line's end keep the break."""
    return bool(_marked_heading(line) or _RULE.fullmatch(line) or line.endswith(("  ", "\\")))
