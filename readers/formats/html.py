"""HTML: an article through the reader of pages; a press review, and a page that is none, by its own blocks."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from domain.intake import FileContent, FoundArticle, NoArticle
from domain.messages import words_in
from readers.formats.decoding import decode
from readers.formats.document import MOST_CHARACTERS, RULE, Block, Document, DocumentContent, tidy
from readers.formats.several import articles

# So much text without an article around it is what its sender meant.
_FEWEST_WORDS = 40
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_PASSED_OVER = frozenset(
    {"script", "style", "head", "template", "noscript", "svg", "math", "nav", "form", "iframe", "select"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
    }
    | {"q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "label"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_html(data: bytes, charset: str | None = None) -> FileContent:
    """Return the article of a page, or the several whose headings show that it is a press review.

    ``charset`` is what came with the page. Where no article stands out and the page's text is long enough for one,
    all of it is given.
    """
    whole = _document(data, charset)
    if not isinstance(whole, Document):
        return whole
    several = articles(whole)
    if len(several) > 1:
        return several
    from readers.web.pages import read_page  # trafilatura takes a moment to import; other files do without it

    content = read_page(data, "", f"text/html; charset={charset}" if charset else None)
    if isinstance(content, FoundArticle):
        return (content,)
    return several if words_in(several[0].text) >= _FEWEST_WORDS else content


def _document(data: bytes, charset: str | None) -> DocumentContent:
    """All blocks of a page, its scripts and menus left out."""
    found = _CHARSET.search(data[:4_096])
    text = decode(data, charset or (found[1].decode("ascii", "replace") if found else None))
    if text is None:
        return NoArticle.DAMAGED
    try:
        page = document_fromstring(_DECLARATION.sub("", text).replace("\0", ""), parser=HTMLParser(huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError):
        return NoArticle.EMPTY if not text.strip() else NoArticle.DAMAGED
    blocks = tuple(_blocks(page))
    return NoArticle.TOO_LARGE if sum(len(block.text) for block in blocks) > MOST_CHARACTERS else Document(blocks)


def _blocks(page: HtmlElement) -> Iterator[Block]:
    words: list[str] = []
    level = 0
    for part in _parts(page):
        if isinstance(part, str):
            words.append(part)
            continue
        if text := tidy(_flowing("".join(words))):
            yield Block(text, level)
        words = []
        level = part if part >= 0 else 0
        if part < 0:
            yield RULE
    if text := tidy(_flowing("".join(words))):
        yield Block(text, level)


def _flowing(text: str) -> str:
    """A line break of the source is a space; one of the page came as a line separator."""
    return " ".join(text.split("\n")).replace("\u2028", "\n")


def _parts(page: HtmlElement) -> Iterator[str | int]:
    """Words, and where a block ends the level of the next: 0 for text, -1 for a rule."""
    waiting: list[HtmlElement | str | int] = [page]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, etree._Element):
            yield one
            continue
        name = one.tag if isinstance(one.tag, str) else "script"
        inline = name in _INLINE
        waiting.append(one.tail or "")
        if name in _PASSED_OVER:
            continue
        if name == "br":
            yield "\u2028"
        elif name == "hr":
            waiting.append(0)
            waiting.append(-1)
        else:
            if not inline:
                waiting.append(0)
            waiting.extend(reversed(one))
            waiting.append(one.text or "")
            if not inline:
                waiting.append(_HEADINGS.get(name, 0))
