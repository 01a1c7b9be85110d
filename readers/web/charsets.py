"""A page's bytes to characters."""

import codecs
import re

from charset_normalizer import from_bytes

# The WHATWG Encoding Standard reads these labels as supersets of what they name, as pages mean them.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Python's text encodings that are no charset of pages; some of them grow, or mean ASCII otherwise.
_NOT_PAGES = re.compile(r"utf-7|idna|punycode|(raw-)?unicode-escape|undefined|mbcs|oem|hz|palmos")
# Those whose text also looks like UTF-8.
_FIRST = re.compile(r"iso2022_|utf-(16|32)")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
# As far as the standard looks for a meta element; XML declares its own.
_HEAD = 4096
_META = re.compile(rb"""<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})""", re.I)
# What can be read but for so many bytes is what it says it is, with faults.
_FAULTS = 0.01


def decode(data: bytes, content_type: str | None) -> str:
    """Return the text of a page: by its byte order mark, as UTF-8 where that fits, as declared, or guessed.

    UTF-8 goes before what is declared because other text hardly ever happens to be UTF-8, and declarations grow old.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    declared = [name for label in _declared(data, content_type) if (name := _codec(label, wide=b"\0" in data[:_HEAD]))]
    first = [(name, _FAULTS) for name in declared if _FIRST.match(name)]
    for encoding, faults in [*first, ("utf-8", 0.0), *((name, _FAULTS) for name in declared)]:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= faults * len(text):
            return text
    best = from_bytes(data[: 1 << 16]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _declared(data: bytes, content_type: str | None) -> list[str]:
    header = _CHARSET.search(content_type or "")
    found = [header[1]] if header else []
    return found + [match[1].decode() for pattern in (_META, _XML) if (match := pattern.search(data[:_HEAD]))]


def _codec(label: str, wide: bool) -> str | None:
    """Return Python's name for a charset; None for what is none, and for a ``wide`` one where no byte is zero."""
    try:
        found = codecs.lookup(label)
    except LookupError:
        return None
    name = found.name.lower()
    if name.startswith(("utf-16", "utf-32")):
        return name if wide else None
    return None if _NOT_PAGES.match(name) or not _is_charset(name) else _MEANT.get(name, name)


def _is_charset(name: str) -> bool:
    try:
        return b"<".decode(name) == "<"
    except (LookupError, ValueError):
        return False
