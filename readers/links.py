"""From a link to its article: fetched here, read in the readers' processes."""

import ssl
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from domain.extraction import Metadata
from domain.intake import FileContent, FoundArticle, NoArticle, PageContent
from readers.web.addresses import parse_allowed, without_trackers
from readers.web.content import PAGE
from readers.web.fetch import Fetched, Fetcher, Limits, Resolve, look_up, trusted


class Pool(Protocol):
    """The processes that read: ``readers.pool.ReaderPool``."""

    async def read_page(self, data: bytes, url: str, content_type: str | None) -> PageContent: ...

    async def read_file(self, data: bytes, name: str | None = None, mime: str | None = None) -> FileContent: ...


class LinkReader:
    """Reads what links lead to; ``allowed_private`` names private places that the operator lets in.

    Its entries are networks, or IP addresses and host names with a port or without. Raises ValueError for others.
    """

    def __init__(
        self,
        pool: Pool,
        allowed_private: Iterable[str] = (),
        *,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._pool = pool
        self._fetcher = Fetcher(parse_allowed(allowed_private), limits, resolve, tls or trusted())

    async def read_link(self, url: str) -> PageContent:
        """Return the article that ``url`` leads to, or why there is none."""
        fetched = await self._fetcher.fetch(url)
        if isinstance(fetched, NoArticle):
            return fetched
        kind = fetched.content_type.partition(";")[0]
        if kind == PAGE:
            return await self._pool.read_page(fetched.data, fetched.final_url, fetched.content_type)
        content = await self._pool.read_file(fetched.data, _name(fetched), kind)
        return content if isinstance(content, NoArticle) else _one(content, without_trackers(fetched.final_url))


def _name(fetched: Fetched) -> str | None:
    return PurePosixPath(unquote(urlsplit(fetched.final_url).path)).name or None


def _one(articles: tuple[FoundArticle, ...], url: str) -> PageContent:
    """Return what a file holds as the one article that a link stands for; several stand in it with their headlines."""
    if not articles:
        return NoArticle.EMPTY
    if len(articles) == 1:
        return replace(articles[0], metadata=replace(articles[0].metadata, url=url))
    parts = (part for article in articles for part in (article.metadata.headline, article.text) if part)
    return FoundArticle("\n\n".join(parts), Metadata(publisher=articles[0].metadata.publisher, url=url))
