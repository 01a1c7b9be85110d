"""Links: what they lead to is read as the page or the file that it is, under the address that gave it."""

from collections.abc import Sequence

import pytest

from domain.extraction import Metadata
from domain.intake import FileContent, FoundArticle, NoArticle, PageContent
from readers.links import LinkReader
from readers.web.pages import read_page
from tests.readers.web.hostile import LIMITS, page, redirect, resolver, serving

STORY = "The port of Lundvik sold eleven berths for a tenth of their value, the chief auditor said on Thursday. " * 3
PAGE = f"<html><head><title>Berths sold</title></head><body><article><p>{STORY}</p></article></body></html>"


class Pool:
    """Reads pages here and now, and finds in files what it is told to."""

    def __init__(self, found: FileContent = ()) -> None:
        self.found = found
        self.asked: list[tuple[str | None, str | None]] = []

    async def read_page(self, data: bytes, url: str, content_type: str | None) -> PageContent:
        return read_page(data, url, content_type)

    async def read_file(self, data: bytes, name: str | None = None, mime: str | None = None) -> FileContent:
        self.asked.append((name, mime))
        return self.found


async def read(answer: bytes, pool: Pool, path: str = "/story") -> tuple[PageContent, str]:
    async with serving(answer) as server:
        names: dict[str, Sequence[str]] = {"press.example": ["127.0.0.1"]}
        reader = LinkReader(pool, [f"127.0.0.1:{server.port}"], limits=LIMITS, resolve=resolver(names))
        return await reader.read_link(server.url(path)), server.url(path)


async def test_a_page_gives_its_article_under_its_address():
    found, url = await read(page(PAGE), Pool())
    assert isinstance(found, FoundArticle)
    assert found.text.strip() == STORY.strip()
    assert found.metadata.url == url


@pytest.mark.parametrize(
    ("body", "declared", "mime"),
    [
        (b"%PDF-1.7\n\x00", "application/pdf", "application/pdf"),
        (b"%PDF-1.7\n\x00", "text/html", "application/pdf"),
        (b"PK\x03\x04\x00", "application/octet-stream", "application/zip"),
        (b"Words.", "text/plain", "text/plain"),
    ],
)
async def test_a_file_gives_its_article_under_its_address(body: bytes, declared: str, mime: str):
    pool = Pool((FoundArticle(STORY, Metadata(headline="Berths sold", publisher="Lundvik Press")),))
    found, url = await read(page(body, f"Content-Type: {declared}"), pool, "/files/The%20berths.x?id=7")
    assert found == FoundArticle(STORY, Metadata(headline="Berths sold", publisher="Lundvik Press", url=url))
    assert pool.asked == [("The berths.x", mime)]


async def test_a_file_of_several_articles_loses_none_of_them():
    articles = (FoundArticle("One.", Metadata(headline="First")), FoundArticle("Two."), FoundArticle("Three."))
    found, url = await read(page(b"%PDF-1.7", "Content-Type: application/pdf"), Pool(articles))
    assert found == FoundArticle("First\n\nOne.\n\nTwo.\n\nThree.", Metadata(url=url))


@pytest.mark.parametrize("reason", [NoArticle.SCAN, NoArticle.ENCRYPTED, NoArticle.TIMEOUT])
async def test_a_file_without_an_article_says_why(reason: NoArticle):
    found, _ = await read(page(b"%PDF-1.7", "Content-Type: application/pdf"), Pool(reason))
    assert found is reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page("", status="404 Not Found"), NoArticle.NOT_FOUND),
        (redirect("http://10.0.0.1/"), NoArticle.PRIVATE_ADDRESS),
        (page("<html><body></body></html>"), NoArticle.NO_ARTICLE_ON_PAGE),
        (page("", "Content-Type: text/plain"), NoArticle.EMPTY),
        (b"", NoArticle.NOT_REACHED),
    ],
)
async def test_a_link_without_an_article_says_why(answer: bytes, reason: NoArticle):
    found, _ = await read(answer, Pool())
    assert found is reason


async def test_nothing_private_is_let_in_unless_the_operator_says_so():
    async with serving(page(PAGE)) as server:
        found = await LinkReader(Pool(), limits=LIMITS).read_link(server.url(host="127.0.0.1"))
    assert found is NoArticle.PRIVATE_ADDRESS
    assert not server.requests


def test_a_setting_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        LinkReader(Pool(), ["10.0.0.0/99"])
