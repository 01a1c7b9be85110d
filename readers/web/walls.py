"""Pages that stand where an article should: walls, checks, empty places, front pages.

No single mark decides: articles too have log-in forms, consent banners and captchas. It takes little text beside the
mark, or a title that says it all, or a text that speaks of nothing else; what a page says about itself in its
structured data weighs against it. No list of sites is needed, and none could be kept.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from domain.intake import NoArticle
from readers.web.addresses import without_trackers
from readers.web.structured import Structured

# Below so many words the text of a page may be what a wall leaves of it.
TEASER = 60
# A wall's own text is shorter than an article's.
_WALL = 150
# An article's text, where nothing else says that there is one, and where the page says so.
_LEAST, _LEAST_OF_ARTICLE = 25, 8
# Of a consent wall's words so many are about consent; of an article's about cookies hardly half as many.
_CONSENT_SHARE = 0.08
_CONSENT_LONGEST = 1200
# A front page is made of lines shorter than a sentence or two. Of plain pages many say "website" of themselves.
_PROSE_LINE = 20
_PROSE_SHARE = 0.5
_PROSE_SHARE_OF_WEBSITE = 0.25
# Or of so many headings that are links, and so much of its lines.
_MANY_LINKS = 5
_LINKED_SHARE = 0.2
_LINK_WORDS = 3
_LONGEST_TITLE = 200

_WORD = re.compile(r"\w+")
# Scripts without blanks between words: two characters make about one.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Page:
    """What of a page tells whether it holds an article: ``identifiers`` are ids, classes and addresses of its parts.

    ``path`` is its address's path and query, in lower case; ``links`` are the texts of its links, as long as headings.
    """

    path: str
    titles: tuple[str, ...]
    identifiers: str
    password: bool
    links: frozenset[str]
    structured: Structured


@dataclass(frozen=True, slots=True)
class _Marks:
    titles: re.Pattern[str]
    identifiers: re.Pattern[str]
    words: re.Pattern[str]


def look_at(tree: HtmlElement, url: str, structured: Structured) -> Page:
    """Return what of a parsed page ``judge`` needs."""
    titles = [element.text_content() for name in ("title", "h1") for element in list(tree.iter(name))[:2]]
    parts = tree.xpath("//@id | //@class | //script/@src | //iframe/@src | //form/@action | //input/@name")
    return Page(
        path=_path(url),
        titles=tuple(" ".join(title[:_LONGEST_TITLE].lower().replace("’", "'").split()) for title in titles if title),
        identifiers=" ".join(map(str, parts)).lower(),
        password=any((field.get("type") or "").lower() == "password" for field in tree.iter("input")),
        links=frozenset(
            " ".join(words) for link in tree.iter("a") if len(words := link.text_content().split()) >= _LINK_WORDS
        ),
        structured=structured,
    )


def _path(url: str) -> str:
    try:
        parts = urlsplit(without_trackers(url).lower())
    except ValueError:
        return "/"
    return f"{parts.path or '/'}?{parts.query}".removesuffix("?")


def judge(page: Page, text: str) -> NoArticle | None:
    """Return why ``page``, of which ``text`` is what looks most like an article, holds none; None where it does."""
    words = count_words(text)
    return _wall(page, text, words) or _nothing(page, text, words)


def count_words(text: str) -> int:
    """Return the number of words, and of pairs of characters in scripts that put no blanks between words."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text) if unspaced else text)) + unspaced // 2


def _wall(page: Page, text: str, words: int) -> NoArticle | None:
    article = page.structured.article
    little = words < (_LEAST if article else TEASER)
    notice = words < (_LEAST if article else _WALL)
    if (notice and _says(page, "robot_check")) or (little and _has(page, "robot_check")):
        return NoArticle.ROBOT_CHECK
    if notice and _says(page, "not_found"):
        return NoArticle.NOT_FOUND
    if notice and _says(page, "refused"):
        return NoArticle.REFUSED
    if _asks_consent(page, text, words):
        return NoArticle.CONSENT_WALL
    if (words < TEASER and _asks_to_pay(page)) or (little and (page.password or _says(page, "log_in"))):
        return NoArticle.LOG_IN
    return None


def _asks_to_pay(page: Page) -> bool:
    return page.structured.free is False or (page.structured.free is None and _has(page, "log_in"))


def _asks_consent(page: Page, text: str, words: int) -> bool:
    about = len(_marks("consent").words.findall(text.lower()))
    longest = _WALL if page.structured.article else _CONSENT_LONGEST
    if 10 < words < longest and about > _CONSENT_SHARE * words:
        return _has(page, "consent") or _says(page, "consent")
    if page.structured.article or words >= _LEAST:
        return False
    return _says(page, "consent") or "consent" in page.path


def _nothing(page: Page, text: str, words: int) -> NoArticle | None:
    structured = page.structured
    least = _LEAST_OF_ARTICLE if structured.article and not structured.video else _LEAST
    return NoArticle.NO_ARTICLE_ON_PAGE if words < least or _is_front(page, text) else None


def _is_front(page: Page, text: str) -> bool:
    """Whether the page leads to articles: its text is made of scraps, or of the words of its links.

    What a page says of articles counts little at a site's root: front pages describe those that they lead to.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    linked = sum(line in page.links for line in lines)
    lists = linked >= _MANY_LINKS and linked >= _LINKED_SHARE * len(lines)
    prose = _prose_share(lines)
    if page.path == "/":
        return lists or prose < _PROSE_SHARE
    if page.structured.article:
        return False
    scraps = (page.structured.collection and prose < _PROSE_SHARE) or (
        page.structured.website and prose < _PROSE_SHARE_OF_WEBSITE
    )
    return lists or scraps


def _prose_share(lines: list[str]) -> float:
    """Return the share of words that stand in lines long enough for prose."""
    counts = list(map(count_words, lines))
    return sum(words for words in counts if words >= _PROSE_LINE) / max(1, sum(counts))


def _says(page: Page, wall: str) -> bool:
    return any(map(_marks(wall).titles.match, page.titles))


def _has(page: Page, wall: str) -> bool:
    return bool(_marks(wall).identifiers.search(page.identifiers))


@cache
def _marks(wall: str) -> _Marks:
    lists = tomllib.loads(files(__package__).joinpath("data/walls.toml").read_text("utf-8"))[wall]
    return _Marks(
        titles=re.compile(rf"(?:.*[|·:–—-] *)?(?:{_titles(lists.get('titles', []))})"),
        identifiers=re.compile(_any(lists.get("identifiers", []))),
        words=re.compile(rf"\b(?:{_any(lists.get('words', []))})"),
    )


def _titles(titles: list[str]) -> str:
    """Return a pattern for ``titles``, with nothing behind them but a divider, or anything where they end in "*"."""
    open_ended = _any([title[:-1] for title in titles if title.endswith("*")])
    whole = _any([title for title in titles if not title.endswith("*")])
    return rf"{open_ended}|(?:{whole})[\s.!…]*(?:$|[|·:–—-])"


def _any(texts: list[str]) -> str:
    """Return a pattern for any of ``texts``; without any, one that matches nothing."""
    return "|".join(map(re.escape, texts)) or r"(?!)"
