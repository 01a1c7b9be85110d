"""Files to text. Bytes from outside are only ever looked at, never run."""

import codecs

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_plain(data: bytes) -> str | None:
    """Return the text of a plain text file in UTF-8, or UTF-16 with its mark; None where it is anything else."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # A text file has no NUL characters; many binary ones that happen to decode do.
    return None if "\0" in text else text
