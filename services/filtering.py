"""Filters by words: expressions with AND, OR, NOT, brackets and phrases, and whether a text fits one.

Words stand as in ``storage.values.normalise``, so case and alphabet make no difference; one that ends in ``*`` stands
for all that begin so. What stands side by side must all be there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

import boolean

from storage.values import normalise

LONGEST = 300
DEEPEST = 20
# How many expressions are kept parsed; a digest tries one on each of its claims.
_KEPT = 512
_TOKEN = re.compile(r'\s*(?:(?P<phrase>"[^"]*")|(?P<open>\()|(?P<close>\))|(?P<quote>")|(?P<word>[^\s()"]+))')
_QUOTES = str.maketrans("“”„«»‟", '""""""')


class Misread(StrEnum):
    """What an expression lacks."""

    NOTHING = "nothing"
    TOO_LONG = "too long"
    TOO_DEEP = "too deep"
    UNCLOSED = "unclosed"
    UNOPENED = "unopened"
    QUOTE = "quote"
    NO_WORD = "no word"
    WORD_MISSING_BEFORE = "word missing before"
    WORD_MISSING_AFTER = "word missing after"


@dataclass(frozen=True, slots=True)
class NoExpression:
    """Why words are no expression, and ``at`` which character; ``found`` is what stands there."""

    why: Misread
    at: int = 0
    found: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """Words that must follow one another in a text; of the last one, ``begins`` wants the beginning only."""

    words: str
    begins: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: int
    text: str
    at: int
    term: _Term | None = None


def problem_of(expression: str) -> NoExpression | None:
    """Return what is wrong with an expression, or None where nothing is."""
    found = _tokens(expression)
    return found if isinstance(found, NoExpression) else None


def matches(expression: str, words: Iterable[str]) -> bool:
    """Return whether the normalised words of a text, in their order, fit an expression.

    Every text fits what is no expression.
    """
    parsed = _parsed(expression)
    return parsed is None or _holds(parsed, f" {' '.join(words)} ")


def _holds(expression: boolean.Expression, text: str) -> bool:
    if isinstance(expression, boolean.Symbol):
        term: _Term = expression.obj
        return f" {term.words}{'' if term.begins else ' '}" in text
    parts = (_holds(part, text) for part in expression.args)
    if isinstance(expression, boolean.NOT):
        return not next(parts)
    return all(parts) if isinstance(expression, boolean.AND) else any(parts)


@lru_cache(_KEPT)
def _parsed(expression: str) -> boolean.Expression | None:
    tokens = _tokens(expression)
    if isinstance(tokens, NoExpression):
        return None
    given = [(each.kind if each.term is None else boolean.Symbol(each.term), each.text, each.at) for each in tokens]
    return _algebra().parse(given)


@cache
def _algebra() -> boolean.BooleanAlgebra:
    return boolean.BooleanAlgebra()


def _tokens(expression: str) -> list[_Token] | NoExpression:
    """Return an expression in its parts, an AND between what stands side by side, or what is wrong with it.

    The library does not tell the place of every mistake, so that it is only given what has none.
    """
    if len(expression) > LONGEST:
        return NoExpression(Misread.TOO_LONG, LONGEST)
    found: list[_Token] = []
    opened: list[_Token] = []
    for token in _split(expression):
        problem = token if isinstance(token, NoExpression) else _misplaced(found[-1] if found else None, token, opened)
        if problem is not None:
            return problem
        assert isinstance(token, _Token)  # noqa: S101  # the other kind was returned
        if found and _ends(found[-1]) and _begins(token):
            found.append(_Token(boolean.TOKEN_AND, "", token.at))
        found.append(token)
    if not found:
        return NoExpression(Misread.NOTHING)
    if not _ends(found[-1]):
        return NoExpression(Misread.WORD_MISSING_AFTER, found[-1].at, found[-1].text)
    return NoExpression(Misread.UNCLOSED, opened[-1].at, "(") if opened else found


def _misplaced(before: _Token | None, token: _Token, opened: list[_Token]) -> NoExpression | None:
    """Return why a part cannot stand behind the one before it; keep which brackets are open."""
    needs_word = before is None or not _ends(before)
    if not _begins(token) and needs_word:
        if token.kind == boolean.TOKEN_RPAR and not opened:
            return NoExpression(Misread.UNOPENED, token.at, ")")
        if before is None or before.kind == boolean.TOKEN_LPAR:
            return NoExpression(Misread.WORD_MISSING_BEFORE, token.at, token.text)
        return NoExpression(Misread.WORD_MISSING_AFTER, before.at, before.text)
    if token.kind == boolean.TOKEN_LPAR:
        opened.append(token)
        return NoExpression(Misread.TOO_DEEP, token.at, "(") if len(opened) > DEEPEST else None
    if token.kind == boolean.TOKEN_RPAR:
        if not opened:
            return NoExpression(Misread.UNOPENED, token.at, ")")
        opened.pop()
    return None


def _begins(token: _Token) -> bool:
    """Return whether something that holds or does not may begin with a part."""
    return token.kind in (boolean.TOKEN_SYMBOL, boolean.TOKEN_NOT, boolean.TOKEN_LPAR)


def _ends(token: _Token) -> bool:
    return token.kind in (boolean.TOKEN_SYMBOL, boolean.TOKEN_RPAR)


def _split(expression: str) -> Iterator[_Token | NoExpression]:
    for found in _TOKEN.finditer(expression.translate(_QUOTES)):
        text, at = found[0].strip(), found.end() - len(found[0].lstrip())
        kind = found.lastgroup or ""
        if kind == "quote":
            yield NoExpression(Misread.QUOTE, at, text)
        elif kind in ("open", "close"):
            yield _Token(boolean.TOKEN_LPAR if kind == "open" else boolean.TOKEN_RPAR, text, at)
        elif kind == "word" and text.upper() in _OPERATORS:
            yield _Token(_OPERATORS[text.upper()], text, at)
        else:
            yield _word(text, at)


_OPERATORS = {"AND": boolean.TOKEN_AND, "OR": boolean.TOKEN_OR, "NOT": boolean.TOKEN_NOT}


def _word(text: str, at: int) -> _Token | NoExpression:
    words = normalise(text)
    if not words:
        return NoExpression(Misread.NO_WORD, at, text)
    return _Token(boolean.TOKEN_SYMBOL, text, at, _Term(words, text.rstrip('"').endswith("*")))
