"""Pages to articles, by trafilatura (Barbaresi 2021, ACL Demo), whose text is kept as it is but for its line breaks."""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from domain.extraction import Metadata
from domain.intake import FoundArticle, NoArticle, PageContent
from readers.web.addresses import Address, parse_address, without_trackers
from readers.web.charsets import decode
from readers.web.structured import Structured, read_structured
from readers.web.walls import judge, look_at

# They log addresses and pieces of pages, which are nobody's business.
for _name in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

# A date that is found by guessing among a page's numbers is worse than none.
_DATES = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]|$)")
# Templates say so by default, whatever is written in them.
_SAYS_NOTHING = "en"
# One site under several names.
_EDITION = re.compile(r"^(www\d?|m|mobile|touch|amp)\.")
_LONGEST_NAME = 200


def read_page(data: bytes, url: str, content_type: str | None = None) -> PageContent:
    """Return the article of the page that ``url`` gave, or why there is none.

    ``content_type`` is the server's; its charset counts. No page raises anything; what takes too long or too much
    memory is for the process to end.
    """
    html = decode(data, content_type)
    tree = load_html(html)
    if tree is None:
        return NoArticle.NO_ARTICLE_ON_PAGE
    structured = read_structured(tree)
    page = look_at(tree, url, structured)
    document = _extract(tree, url)
    text = _paragraphs(document.text if document else None)
    if reason := judge(page, text):
        return reason
    return FoundArticle(text, _metadata(document, tree, url, structured))


def _extract(tree: HtmlElement, url: str) -> Document | None:
    try:
        found = bare_extraction(
            tree, url=url, include_comments=False, with_metadata=True, date_extraction_params=dict(_DATES)
        )
    except Exception:  # noqa: BLE001  # whatever a strange page makes of three libraries' rules, it is no article
        return None
    return found if isinstance(found, Document) else None


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(line for line in (text or "").splitlines() if line.strip())


def _metadata(document: Document | None, tree: HtmlElement, url: str, structured: Structured) -> Metadata:
    if document is None:
        return Metadata(url=_address(tree, url))
    publisher = _name_of(document.sitename)
    return Metadata(
        headline=_headline(document.title, publisher),
        publisher=publisher,
        author=tuple(name for part in (document.author or "").split(";") if (name := _name_of(part))),
        date_published=_date(document.date, structured.published),
        language=_language(tree),
        url=_address(tree, url),
    )


def _name_of(text: str | None) -> str | None:
    return " ".join((text or "").split())[:_LONGEST_NAME] or None


def _headline(title: str | None, publisher: str | None) -> str | None:
    """Return the title without the publisher's name behind it."""
    headline = _name_of(title)
    if headline and publisher:
        headline = re.sub(rf"\s+[|·–—-]\s+{re.escape(publisher)}$", "", headline, flags=re.IGNORECASE)
    return headline


def _date(day: str | None, published: Sequence[str]) -> str | None:
    """Return the day that was found, with its time where the page gives it for that day."""
    for exact in published:
        if day and exact.startswith(f"{day}T"):
            try:
                return datetime.fromisoformat(exact.strip()).isoformat()
            except ValueError:
                continue
    return day


def _language(tree: HtmlElement) -> str | None:
    match = _LANGUAGE.match((tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower())
    return match[1] if match and match[1] != _SAYS_NOTHING else None


def _address(tree: HtmlElement, url: str) -> str:
    """Return the page's own address for itself, without trackers, where that is one of its site; else its server's.

    Else a page could put its words under any other's address.
    """
    given = parse_address(url)
    links = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    links += [meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:url"]
    if isinstance(given, Address):
        for link in filter(None, links):
            own = _resolved(link, url)
            if isinstance(own, Address) and _site(own) == _site(given) and (own.target != "/" or given.target == "/"):
                return without_trackers(str(own))
    return without_trackers(url)


def _resolved(link: str, url: str) -> Address | NoArticle:
    try:
        return parse_address(urljoin(url, link.strip()))
    except ValueError:
        return NoArticle.NOT_AN_ADDRESS


def _site(address: Address) -> str:
    return _EDITION.sub("", address.host)
