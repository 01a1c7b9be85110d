"""Bytes of a text file to text, whatever encoding they are in."""

import codecs
import re
import sys
import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise

import ftfy
from charset_normalizer import from_bytes
from ftfy.badness import badness

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What press files come in. Left to itself the detector also weighs Atari's and EBCDIC, and sometimes prefers them.
_ENCODINGS = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "cp866", "mac_roman", "mac_cyrillic"),
    *("gb18030", "big5", "cp932", "euc_jp", "iso2022_jp", "cp949"),
)
_CHARSETS = (
    "ascii",
    "utf-8",
    "utf-16",
    "iso",
    "cp",
    "koi8",
    "mac",
    "gb",
    "big5",
    "hz",
    "shift_jis",
    "euc",
    "johab",
    "tis",
)
# The detector looks at this much; a file has one encoding.
_SAMPLE = 65_536
# A sign or a capital within a word: what a wrong code page makes of letters.
_BROKEN_WORD = re.compile(r"[^\W\d_][^\w\s\x00-\x7f’‘“”„«»‹›‐-―…·]+(?=[^\W\d_])|[\x80-\x9f\ue000-\uf8ff]")
_UTF16_STOPS = frozenset(" \n\r\t.,-’“”–—«»、。，！？：；「」")
# Fewer traces than these may be an article's example of such an accident.
_LEAST_MOJIBAKE = 3
_MOJIBAKE_ONLY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_encoding=True,
    restore_byte_a0=True,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)


def decode(data: bytes, declared: str | None = None) -> str | None:
    """Return the text that ``data`` is, or None where it is none; ``declared`` is the encoding that came with it.

    Only a text that reads as mojibake from end to end is mended; any other is what its bytes say, to the character.
    """
    text = _decoded(data, declared)
    return None if text is None or _is_binary(text) else _mended(text)


def _decoded(data: bytes, declared: str | None) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    text = _strictly(data, "utf-8")
    if text is not None and "\0" not in text and not (data.isascii() and b"\x1b$" in data):
        return text
    if b"\0" in data:
        return _unmarked_utf16(data)
    if declared and _is_charset(declared) and (text := _strictly(data, declared)) is not None:
        return text
    return _detected(data)


def _is_charset(name: str) -> bool:
    """Python's codecs also turn letters about, read escapes and so on."""
    try:
        return codecs.lookup(name).name.startswith(_CHARSETS)
    except (LookupError, ValueError):
        return False


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """The byte order in which more of the units are spaces and stops."""
    texts = [text for order in ("utf-16-le", "utf-16-be") if (text := _strictly(data, order)) is not None]
    best = max(texts, key=_stops, default=None)
    return best if best is not None and _stops(best) * 50 >= len(best[:_SAMPLE]) else None


def _stops(text: str) -> int:
    return sum(character in _UTF16_STOPS for character in text[:_SAMPLE])


def _detected(data: bytes) -> str | None:
    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_ENCODINGS)).best()
    if best is None:
        return None
    if best.encoding in {code_page for _, code_pages in _alphabets() for code_page in code_pages}:
        return _in_latin_letters(data)
    # One stray byte far into the file is worth one lost character, not the article.
    return data.decode(best.encoding, errors="replace")


def _in_latin_letters(data: bytes) -> str | None:
    """The reading whose letters come nearest to those of one language, the more widespread one where several do."""
    fewest, found = sys.maxsize, None
    for letters, code_pages in _alphabets():
        for code_page in code_pages:
            text = _strictly(data, code_page)
            if text is not None and (foreign := _foreign(text[:_SAMPLE], letters)) < fewest:
                fewest, found = foreign, text
    return found


def _foreign(text: str, letters: frozenset[str]) -> int:
    strange = sum(letter.isalpha() and letter not in letters for letter in text.lower() if letter > "\x7f")
    capitals = sum(one.islower() and other > "\x7f" and other.isupper() for one, other in pairwise(text))
    return strange + capitals + 2 * len(_BROKEN_WORD.findall(text))


@cache
def _alphabets() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    listed = (files("readers.formats") / "data" / "alphabets.toml").read_text(encoding="utf-8")
    languages = tomllib.loads(listed)["language"]
    return tuple((frozenset(language["letters"]), tuple(language["code_pages"])) for language in languages)


def _is_binary(text: str) -> bool:
    """Control characters other than those of a page: no text file has them, most binary ones do."""
    strange = len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]", text))
    unassigned = len(re.findall(r"[\ufffd\ue000-\uf8ff]", text))
    return "\0" in text or strange * 100 > len(text) or unassigned * 10 > len(text)


def _mended(text: str) -> str:
    if text.isascii():
        return text
    traces = badness(text)
    if traces < _LEAST_MOJIBAKE:
        return text
    fixed = ftfy.fix_encoding(text, _MOJIBAKE_ONLY)
    return fixed if badness(fixed) * 10 <= traces else text
