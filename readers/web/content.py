"""What an answer's bytes are, whatever its server calls them, and where a page that only points elsewhere points."""

import re
from html import unescape

PAGE = "text/html"
TEXT = "text/plain"

# A declared type of these families cannot hold an article, so the rest need not be waited for.
_NEVER = re.compile(r"(image|audio|video|font|model|multipart)/|application/(json|javascript|ld\+json|wasm)", re.I)
# The files that are read as forwarded files are, by the bytes they begin with (WHATWG MIME Sniffing; ISO 32000).
_FILES = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"{\\rtf": "text/rtf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/x-ole-storage",
}
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# The types that are taken at their word; an unnamed one is looked at.
_PAGES = frozenset({PAGE, "application/xhtml+xml"})
_TEXTS = frozenset({TEXT, "text/markdown", "text/x-markdown", "message/rfc822"})
_UNNAMED = frozenset({"", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})
_BEFORE = rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?(<!--[^>]{0,500}-->\s*)?"
_HTML = re.compile(_BEFORE + rb"<(!doctype\s+html|html)[\s>]", re.I)
_TAG = re.compile(
    _BEFORE + rb"<(!doctype|html|head|body|title|meta|link|script|style|div|p|h1|article|table)[\s>/]", re.I
)
_SNIFFED = 2048

# A page that does nothing but point elsewhere is short.
_LONGEST_POINTER = 8_192
_SECONDS = 10
# What is not closed reaches to the end, in browsers too; this also keeps the search linear.
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(noscript|script)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_META = re.compile(r"<meta\s[^<>]{1,4000}>", re.I)
_IS_REFRESH = re.compile(r"""http-equiv\s*=\s*["']?\s*refresh\b""", re.I)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_REFRESH = re.compile(r"""\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s]+)""", re.I)


def is_hopeless(declared: str | None) -> bool:
    """Whether no answer of the ``declared`` type can be an article."""
    return bool(declared and _NEVER.match(declared.strip()))


def sniff(data: bytes, declared: str | None) -> str | None:
    """Return the media type that ``data`` has, the ``declared`` one being a hint; None for what is never an article."""
    beginning = data[:_SNIFFED]
    for mark, kind in _FILES.items():
        if beginning.startswith(mark):
            return kind
    hint = (declared or "").partition(";")[0].strip().lower()
    binary = b"\0" in beginning and not beginning.startswith(_MARKS) and "utf-16" not in (declared or "").lower()
    if binary or is_hopeless(hint):
        return None
    if hint in _PAGES or _HTML.match(beginning):
        return PAGE
    if hint in _TEXTS:
        return hint
    if hint in _UNNAMED:
        return PAGE if _TAG.match(beginning) else TEXT
    return None


def pointer(data: bytes, refresh: str | None) -> str | None:
    """Return where a page that only points elsewhere points, as its Refresh header or its meta element says."""
    if refresh and (target := _refresh(refresh)):
        return target
    if len(data) > _LONGEST_POINTER:
        return None
    page = _HIDDEN.sub(" ", data.decode("utf-8", "replace"))
    for meta in _META.findall(page):
        if _IS_REFRESH.search(meta) and (content := _CONTENT.search(meta)):
            return _refresh(unescape(next(filter(None, content.groups()), "")))
    return None


def _refresh(value: str) -> str | None:
    match = _REFRESH.match(value)
    return match[2] if match and int(match[1]) <= _SECONDS else None
