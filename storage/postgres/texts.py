"""From this room's SQL, with ``:name`` for a parameter, to psycopg's, with ``%(name)s``."""

import re
from functools import lru_cache

# What a colon is no parameter in, a parameter, and what psycopg would take for one.
_PIECE = re.compile(
    r"""
    (?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: )
    | : (?P<name> [a-zA-Z_]\w* )
    | %
    """,
    re.VERBOSE | re.DOTALL,
)
# Some texts list numbers, so that there is no end of different ones, and some list thousands.
_REMEMBERED, _LONGEST = 2000, 5000


def for_psycopg(sql: str) -> bytes:
    """Return the text as psycopg takes it; strings, quoted names, comments and casts stay what they are."""
    return _remembered(sql) if len(sql) <= _LONGEST else _turned(sql)


def _turned(sql: str) -> bytes:
    return _PIECE.sub(_replaced, sql).encode()


_remembered = lru_cache(maxsize=_REMEMBERED)(_turned)


def _replaced(piece: re.Match[str]) -> str:
    return f"%({piece['name']})s" if piece["name"] else piece[0].replace("%", "%%")
