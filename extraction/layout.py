"""An article's text as a page: which lines are its body and which are furniture.

Pure text, no model. A paragraph is one non-empty line of the text as received, or a part of one: a dateline before
the first sentence and a publisher behind the headline stand apart.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from domain.extraction import Span
from extraction.dates import is_date_line, month_pattern, without_dates
from extraction.outlets import looks_like_outlet

# How many words (or lines, or characters) each part of a page runs to at most.
_FURNITURE_CHARACTERS = 400
_CREDIT_CHARACTERS = 100
_FEWEST_OF_A_NOTICE, _NOTICE_CHARACTERS = 40, 1500
_DATE_LINE_CHARACTERS = 120
_BYLINE_WORDS = 16
_CAPTION_WORDS = 14
_HEADLINE_WORDS = 40
_PLACE_WORDS = 4
_SECTION_WORDS = 3
_WRITER_LINES = 3
# A headline may end in a full stop, as channels write them, but is hardly ever longer then.
_FINISHED_HEADLINE_WORDS = 14
_HEADER_LINES = 8
# A line that no writer breaks is read in pieces, so that the parser's memory stays bounded.
_PIECE = 20_000

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FINISHED = re.compile(r"[.!?…:;,][\"'“”‘’»)\]]*\s*$|[\"“”»]\s*$")
_FULL_STOP = re.compile(r"[^.]\.[\"'“”‘’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'“”‘’»)\]]*\s+")
_HEADLINE_TAIL = re.compile(r"\s+[|•·]\s+|\s+[-–—]\s+|\s*\|\s*")
_FIELDS = re.compile(r"\s*(?:&nbsp;)?[|•·/–—](?:&nbsp;)?\s*|\s+-\s+|\s{3,}")
_OUR_OWN = re.compile(r"\s*(?:from |by )?our\b", re.IGNORECASE)
_FOR_OUTLET = re.compile(r"\s+for\s+(?:the\s+)?[A-Z].{2,40}$")
_ASKS_READER = re.compile(r"\b(?:we|us|our|you|your)\b[^\"“”]*\?\s*$", re.IGNORECASE)
_NAME = r"[^\W\d_][\w.'’-]*"
_BYLINE = re.compile(
    rf"\W*(?:(?:words|text|story|report|written|posted|published|analysis|opinion)?\s*by|author|writer|reporter|text)\b"
    rf"\s*:?\s+(?P<names>{_NAME}(?:[ ,&]+(?:and\s+)?{_NAME}){{0,11}})(?:\s*[|•·–—(@].*)?$",
    re.IGNORECASE,
)


class ParagraphKind(StrEnum):
    """What a line is on the page. A caption names people, but what it says is no claim.

    A correction is the outlet's notice of what it told wrongly before.
    """

    BODY = "body"
    HEADLINE = "headline"
    CAPTION = "caption"
    METADATA = "metadata"
    CORRECTION = "correction"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; ``text`` equals the characters of ``span``."""

    kind: ParagraphKind
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Furniture:
    """Patterns of one group; ``unfinished`` spares full sentences, ``leads`` says that other headlines follow."""

    kind: ParagraphKind
    starting: re.Pattern[str]
    anywhere: re.Pattern[str] | None
    unfinished: bool
    leads: bool

    def fits(self, line: str) -> bool:
        """Say whether a pattern of the group matches a line."""
        return bool(self.starting.match(line) or (self.anywhere and self.anywhere.search(line)))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return the lines of ``text`` that hold anything, in order, each with its kind."""
    lines = [part for line in _lines(text) for part in _own_parts(line)]
    lines = _headed(lines)
    lines = _without_crossheads(lines)
    lines = _without_links(lines)
    lines = _without_closing_questions(lines)
    return tuple(part for line in lines for part in _without_dateline(line))


def is_byline(text: str) -> re.Match[str] | None:
    """Return the match of a byline, its people in the group "names", or None."""
    match = _BYLINE.match(text) if len(text.split()) <= _BYLINE_WORDS else None
    return match if match and _names_people(match["names"]) else None


def _names_people(names: str) -> bool:
    first = names.split()[0]
    return first[0].isupper() and first.lower() not in {"the", "a", "an"} and not names.rstrip().endswith((".", "?"))


def _lines(text: str) -> Iterator[Paragraph]:
    for line in _LINE.finditer(text):
        for start, end in _pieces(text, line.start(), line.end()):
            words = text[start:end]
            left = start + len(words) - len(words.lstrip())
            right = start + len(words.rstrip())
            if left < right:
                yield Paragraph(ParagraphKind.BODY, text[left:right], Span(left, right))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _PIECE:
        sentence_ends = [match.end() for match in _SENTENCE_END.finditer(text, start + _PIECE // 2, start + _PIECE)]
        cut = sentence_ends[-1] if sentence_ends else _word_end(text, start)
        yield start, cut
        start = cut
    yield start, end


def _word_end(text: str, start: int) -> int:
    space = text.rfind(" ", start + _PIECE // 2, start + _PIECE)
    return space if space > 0 else start + _PIECE


@cache
def _furniture() -> tuple[_Furniture, ...]:
    return tuple(_group(kind, group) for kind in ("boilerplate", "caption") for group in _read_furniture()[kind])


def _read_furniture() -> dict[str, Any]:
    return tomllib.loads((files("extraction") / "data" / "furniture.toml").read_text(encoding="utf-8"))


def _group(kind: str, group: dict[str, Any]) -> _Furniture:
    starting = _one_of(group["starts"])
    anywhere = _one_of(group["anywhere"]) if "anywhere" in group else None
    return _Furniture(
        ParagraphKind(kind), starting, anywhere, group.get("unfinished", False), group.get("leads", False)
    )


def _one_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


@cache
def _credit() -> re.Pattern[str]:
    return _one_of(_read_furniture()["credit"]["anywhere"])


def _own_parts(line: Paragraph) -> list[Paragraph]:
    """Return a line with its kind; a picture's credit is a part of its own, and what it stands behind a caption."""
    kind = _own_kind(line.text)
    tail = max(0, len(line.text) - _CREDIT_CHARACTERS)
    credit = _credit().search(line.text, tail) if kind is not ParagraphKind.METADATA else None
    if credit is None:
        return [replace(line, kind=kind)]
    start = credit.start() + len(credit.group()) - len(credit.group().lstrip(' \t\xa0.,!?)"”/'))
    caption = line.text[:start].rstrip(" ,([")
    parts = [_part(line, 0, len(caption), ParagraphKind.CAPTION)] if re.search(r"\w", caption) else []
    return [*parts, _part(line, start, len(line.text), ParagraphKind.BOILERPLATE)]


def _own_kind(line: str) -> ParagraphKind:
    """Say what a line is by its own looks, whatever stands around it."""
    if correction_label(line) is not None:
        return ParagraphKind.CORRECTION
    if len(line) > _FURNITURE_CHARACTERS:
        return ParagraphKind.BODY
    if len(line) <= _DATE_LINE_CHARACTERS and is_metadata_line(line):
        return ParagraphKind.METADATA
    group = _group_of(line)
    return group.kind if group else ParagraphKind.BODY


def correction_label(line: str) -> str | None:
    """Return the words with which a notice of correction begins, or None for any other line."""
    if not _FEWEST_OF_A_NOTICE <= len(line) <= _NOTICE_CHARACTERS or not _FINISHED.search(line):
        return None
    label = _notice().match(line)
    return label.group() if label else None


@cache
def _notice() -> re.Pattern[str]:
    return _one_of(_read_furniture()["correction"]["starts"])


def _group_of(line: str) -> _Furniture | None:
    full_sentence = bool(_FINISHED.search(line)) and len(line.split()) > 7
    for group in _furniture():
        if group.fits(line) and not (group.unfinished and full_sentence):
            return group
    return None


def _leads(line: Paragraph) -> bool:
    group = _group_of(line.text) if len(line.text.split()) <= 5 else None
    return group is not None and group.leads


def is_metadata_line(line: str) -> bool:
    """Say whether a line is a date, a byline, or several such parts side by side."""
    if is_date_line(line) or is_byline(line) or _is_dated_name(line) or _dateline().fullmatch(f"{line} "):
        return True
    parts = [part for part in _FIELDS.split(line) if part.strip()]
    if parts == [line]:
        return False
    known = [is_date_line(part) or bool(is_byline(part)) or _is_dated_name(part) for part in parts]
    return any(known) and all(
        told or looks_like_outlet(part) or len(part.split()) <= 3 or _is_named(part) or not without_dates(part)
        for told, part in zip(known, parts, strict=True)
    )


def _is_dated_name(line: str) -> bool:
    """ "HALVENSTAD, March 6", "By Ana Sol, 6 March 2026": a place, an outlet or a byline, and a date."""
    commas = [comma.start() for comma in re.finditer(",", line)]
    if not any(_may_be_dated(line[:comma]) for comma in commas):
        return False
    dated = (line[:comma] for comma in commas if is_date_line(line[comma + 1 :]))
    name = next(dated, None)
    return name is not None and _may_be_dated(name)


def _may_be_dated(name: str) -> bool:
    return bool(_is_named(name) or is_byline(name) or looks_like_outlet(name) or _OUR_OWN.match(name))


def _is_named(part: str) -> bool:
    """Say whether a part of a line is a place, or somebody and a place: few words, each with a capital."""
    words = part.replace(",", " ").split()
    return len(words) <= _PLACE_WORDS and not _FINISHED.search(part) and all(word[0].isupper() for word in words)


def _is_body(line: Paragraph) -> bool:
    return line.kind is ParagraphKind.BODY


def _headed(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark the headline, and the publisher's name where it stands above or behind it."""
    top = [index for index, line in enumerate(lines[:_HEADER_LINES]) if _is_body(line)]
    if not top or len(lines) < 2:
        return list(lines)
    marked = list(lines)
    first = top[0]
    for second in top[1:]:
        if not (_is_publisher_line(lines, first, second) or _is_section_line(lines, first, second)):
            break
        marked[first] = replace(lines[first], kind=ParagraphKind.METADATA)
        first = second
    if not _is_headline(lines, first):
        return marked
    return [*marked[:first], *_headline_parts(lines[first]), *_without_writer(marked[first + 1 :])]


def _without_writer(below: Sequence[Paragraph]) -> list[Paragraph]:
    """A name alone, perhaps with a place or an outlet, right below the headline is whose text it is."""
    for number, line in enumerate(below[:_WRITER_LINES]):
        if _is_body(line) and len(line.text.split()) > 1 and _is_named(_FOR_OUTLET.sub("", line.text)):
            return [*below[:number], replace(line, kind=ParagraphKind.BOILERPLATE), *below[number + 1 :]]
    return list(below)


def _is_publisher_line(lines: Sequence[Paragraph], first: int, second: int) -> bool:
    line = lines[first].text
    if len(line.split()) > 5 or _FINISHED.search(line) or not _is_headline(lines, second):
        return False
    date_follows = any(line.kind is ParagraphKind.METADATA for line in lines[second + 1 : second + 3])
    titled = all(word[0].isupper() or len(word) < 4 for word in line.split())
    return looks_like_outlet(line) or (titled and date_follows and len(line.split()) <= 3)


def _is_section_line(lines: Sequence[Paragraph], first: int, second: int) -> bool:
    """ "World | Analysis" above a headline that does not end as sentences do."""
    parts = _FIELDS.split(lines[first].text)
    headed = _is_headline(lines, second) and not _FINISHED.search(lines[second].text)
    return headed and len(parts) > 1 and all(_is_section(part) for part in parts)


def _is_section(part: str) -> bool:
    return looks_like_outlet(part) or (len(part.split()) <= _SECTION_WORDS and part[:1].isupper())


def _is_headline(lines: Sequence[Paragraph], index: int) -> bool:
    line = lines[index].text
    words = line.split()
    if not 1 < len(words) <= _HEADLINE_WORDS or not any(_is_body(below) for below in lines[index + 1 :]):
        return False
    return len(_SENTENCE_END.findall(line)) <= 1 and not _is_prose(line)


def _is_prose(line: str) -> bool:
    """Say whether a line that might be the headline is a report behind its dateline, or a sentence of one."""
    dateline = _dateline().match(line[:160])
    finished = bool(_FULL_STOP.search(line))
    if dateline is not None and (finished or re.search(r"[\d(]", dateline.group())):
        return True
    return finished and (len(line.split()) > _FINISHED_HEADLINE_WORDS or bool(_SENTENCE_END.search(line)))


def _headline_parts(line: Paragraph) -> list[Paragraph]:
    """Cut "Headline | Publisher" in two; a dash cuts only where an outlet's name follows it."""
    cuts = [cut for cut in _HEADLINE_TAIL.finditer(line.text) if _cuts(line.text, cut)]
    head_end, tail_start = (cuts[0].start(), cuts[0].end()) if cuts else (len(line.text), None)
    head = _part(line, 0, head_end, ParagraphKind.HEADLINE)
    return [head] if tail_start is None else [head, _part(line, tail_start, len(line.text), ParagraphKind.METADATA)]


def _cuts(line: str, cut: re.Match[str]) -> bool:
    tail = line[cut.end() :]
    if not tail.strip() or len(tail.split()) > 6 or len(line[: cut.start()].split()) < 2:
        return False
    return "|" in cut.group() or looks_like_outlet(tail)


def _part(line: Paragraph, start: int, end: int, kind: ParagraphKind) -> Paragraph:
    return Paragraph(kind, line.text[start:end], Span(line.span.start + start, line.span.start + end))


def _without_crossheads(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """A short unfinished line between sentences is a crosshead or a caption, unless the page never ends sentences."""
    body = [line for line in lines if _is_body(line)]
    finished = sum(1 for line in body if _FINISHED.search(line.text))
    if finished * 2 < len(body):
        return list(lines)
    return [
        replace(line, kind=ParagraphKind.CAPTION)
        if _is_body(line) and not _FINISHED.search(line.text) and len(line.text.split()) <= _CAPTION_WORDS
        else line
        for line in lines
    ]


def _without_links(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The short unfinished lines under "Similar news" and its like are other articles' headlines."""
    marked, under_links = [], False
    for line in lines:
        unfinished = not re.search(r"[.!]\W*$", line.text) or len(line.text.split()) < 4
        if line.kind is ParagraphKind.BOILERPLATE:
            under_links = under_links or _leads(line)
        elif line.kind is ParagraphKind.CAPTION or (_is_body(line) and under_links and unfinished):
            line = replace(line, kind=ParagraphKind.BOILERPLATE) if under_links else line
        else:
            under_links = False
        marked.append(line)
    return marked


def _without_closing_questions(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """A short question to the reader below the last sentence is the page's own."""
    marked = list(lines)
    for index in range(len(marked) - 1, -1, -1):
        line = marked[index]
        if _is_body(line) and not (len(line.text.split()) <= 8 and _ASKS_READER.search(line.text)):
            break
        if _is_body(line):
            marked[index] = replace(line, kind=ParagraphKind.BOILERPLATE)
    return marked


@cache
def _dateline() -> re.Pattern[str]:
    """A place in capitals, a day, an agency in brackets: two of them, or a place in capitals, before a dash."""
    # A word begins behind a sign that ends one, or a line without spaces could be cut in endless ways.
    place = r"(?:(?<![\w.’'-])[^\W\d_a-zß-ÿ][\w.’'-]*[ ,/]*){1,6}"
    capitals = r"[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.’'/-]+){0,3}(?:,\s+[A-Z][\w.]*(?: [A-Z][\w.]*){0,2})?"
    month = rf"(?i:{month_pattern()})\b\.?"
    day = rf"(?:{month}\s+\d{{1,2}}|\d{{1,2}}\.?\s+{month})(?:,?\s+\d{{4}})?"
    agency = r"\((?:[A-Z][\w./& -]{1,40})\)"
    dash = r"\s*(?:[—–]|--?(?=\s)|:(?=\s))\s*"
    return re.compile(
        rf"(?:(?:{place})?,?\s*(?:{day})?,?\s*{agency}{dash}|{place},?\s+{day}\s*[,/.]?\s*(?:{agency})?{dash}"
        rf"|{capitals}(?:,?\s*{day})?\s*(?:[—–]|--?(?=\s))\s*|{day}\s*(?:{agency})?\s*(?:[—–]|--(?=\s))\s*)"
    )


def _without_dateline(line: Paragraph) -> list[Paragraph]:
    """Set the dateline of a body line apart: "LUNDVIK, March 6 (Kystwire) — The council …"."""
    match = _dateline().match(line.text[:160]) if _is_body(line) else None
    if match is None or match.end() == len(line.text):
        return [line]
    end = match.end()
    head = line.text[:end].rstrip()
    return [_part(line, 0, len(head), ParagraphKind.METADATA), _part(line, end, len(line.text), line.kind)]
