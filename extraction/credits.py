"""The news agency that an article credits: in its dateline, in its first lines, or in a line of its own at its end."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extraction.layout import Paragraph, ParagraphKind
from extraction.outlets import looks_like_outlet

# An agency is named at once, or when all is told: further inside, an article only mentions it.
_FIRST, _LAST = 2, 4
_FIRST_CHARACTERS = 600
_CREDIT_WORDS = 20
_CAPITAL = r"[A-ZÀ-ÞА-ЯЄІЇҐ]"
_WORD = rf"{_CAPITAL}(?:[\w.&’'«»-]|/(?=\w))*"
_NAME = rf"(?P<name>{_WORD}(?: {_WORD}){{0,3}})"
_DATELINE = re.compile(r"\((?P<name>[^\W\d_a-zß-ÿ][\w./& -]{1,40})\)\s*(?:[—–:]|--?)\s*$")
_SIGNED = re.compile(rf"^\s*(?:[—–-]+\s*|/|\(|\[){_NAME}\s*[/)\]]?[.\s]*$")
_ENDS_IN = re.compile(rf"[.!?…»”\"]\s*(?:[—–-]\s*|\(|/|\[){_NAME}[)/\]]?\.?\s*$")


def credited_agency(page: Sequence[Paragraph]) -> str | None:
    """Return the agency (or other outlet) whose report the article on a page is, by its own account.

    One that is known goes by one name however it is written.
    """
    found = next((name for name in _candidates(page) if name), None)
    return known_agency(found) or found


def known_agency(name: str | None) -> str | None:
    """Return by which name an agency goes that is known under this one, None for anybody else."""
    return _words().known.get(name) if name else None


def _candidates(page: Sequence[Paragraph]) -> Iterator[str | None]:
    body = [line.text for line in page if line.kind is ParagraphKind.BODY]
    yield from (match["name"] for line in page if line.kind is ParagraphKind.METADATA for match in _datelines(line))
    yield from (_signed(line.text) for line in page[-_LAST:] if line.kind is not ParagraphKind.HEADLINE)
    yield from (_credited_in(line[:_FIRST_CHARACTERS]) for line in body[:_FIRST])
    yield from (_ends_in(line) for line in body[-1:])


def _datelines(line: Paragraph) -> Iterator[re.Match[str]]:
    match = _DATELINE.search(line.text)
    if match and match["name"] not in _words().others:
        yield match


def _signed(line: str) -> str | None:
    """Return whom a line credits that does nothing else."""
    if len(line.split()) > _CREDIT_WORDS:
        return None
    match = _SIGNED.match(line) or _words().credit.match(line)
    return _agency(match[match.lastgroup or 0]) if match else None


def _ends_in(line: str) -> str | None:
    match = _ENDS_IN.search(line)
    return _agency(match["name"]) if match else None


def _credited_in(line: str) -> str | None:
    """Return the agency to which a sentence gives what it tells."""
    words = _words()
    for pattern in words.sentences:
        for match in pattern.finditer(line):
            name = match["name"].removesuffix("’s").removesuffix("'s")
            if match.groupdict().get("news") or name in words.known or _is_short_form(match, name):
                return name
    return None


def _is_short_form(match: re.Match[str], name: str) -> bool:
    """The "NORDA agency", but not the Harbour Agency."""
    return bool(match.groupdict().get("any")) and name.isupper() and name not in _words().others


def _agency(name: str) -> str | None:
    name = name.strip(" .")
    short = name.isupper() and name.isalpha() and len(name) > 2 and name not in _words().others
    return name if short or name in _words().known or looks_like_outlet(name) else None


@dataclass(frozen=True, slots=True)
class _Words:
    known: dict[str, str]
    others: frozenset[str]
    credit: re.Pattern[str]
    sentences: tuple[re.Pattern[str], ...]


@cache
def _words() -> _Words:
    table = tomllib.loads((files("extraction") / "data" / "agencies.toml").read_text(encoding="utf-8"))
    words = table["words"]
    known = {form: name for name, forms in table["known"].items() for form in (name, *forms)}
    credit = rf"^\W*(?:(?i:{_one_of(words['credits'])})\s+(?:(?i:the)\s+)?{_NAME}|"
    credit += rf"{_NAME.replace('?P<name>', '?P<behind>')}\s+(?i:{_one_of(words['credited'])}))"
    return _Words(known, frozenset(words["others"]), re.compile(credit), tuple(_sentences(words)))


def _sentences(words: dict[str, list[str]]) -> Iterator[re.Pattern[str]]:
    office = rf"(?:(?P<news>(?i:{_one_of(words['news'])}))|(?P<any>(?i:{_one_of(words['any'])})))"
    before, behind = rf"(?i:{_one_of(words['before'])})", rf"(?i:{_one_of(words['behind'])})"
    for named in (rf"{_NAME}\s+{office}", rf"{office}\s+{_NAME}", _NAME):
        yield re.compile(rf"\b{before}\s+(?:(?i:the|an?|local|state|state-run|national)\s+)*{named}\b")
        yield re.compile(rf"\b{named}\s+(?:has\s+)?{behind}\b")


def _one_of(patterns: Sequence[str]) -> str:
    return "|".join(patterns)
