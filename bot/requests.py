"""Calls of the Bot API over aiohttp, which costs about a third of what HTTPX does."""

import io
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass_environment  # type: ignore[attr-defined]  # not in typeshed

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.calls import json_of

# From a megabyte on, aiohttp warns of bytes, which it would hand to the socket at once.
LARGE = 1 << 20
# Bytes a second that a line carries at the least; one that uploads more slowly is taken for stuck.
SLOWEST = 16_384
_JSON = {"Content-Type": "application/json"}


class AiohttpRequest(BaseRequest):
    """A transport with ``connection_pool_size`` connections at most; all waits are in seconds, None is for ever.

    What could not be done is raised as the library's own NetworkError or TimedOut, with aiohttp's error, or a
    TimeoutError, as its cause. Proxies are taken from the environment, as HTTPX takes them, SOCKS excepted.
    """

    __slots__ = ("_proxies", "_session", "_size", "_waits")

    parse_json_payload = staticmethod(json_of)

    def __init__(
        self,
        connection_pool_size: int = 256,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._size = connection_pool_size
        self._waits = (read_timeout, write_timeout, connect_timeout, pool_timeout, media_write_timeout)
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str] = {}

    @property
    def read_timeout(self) -> float | None:
        return self._waits[0]

    async def initialize(self) -> None:
        if self._session is not None:
            return
        self._proxies = getproxies()
        connector = aiohttp.TCPConnector(limit=self._size, ssl=_trusted())
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": self.USER_AGENT}
        )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("This request is not initialized.")
        read, write, connect, pool, media = self._waits
        files = request_data is not None and request_data.multipart_data
        timeout = _timeout(
            _chosen(read_timeout, read),
            _chosen(write_timeout, media if files else write),
            _chosen(connect_timeout, connect),
            _chosen(pool_timeout, pool),
            _size_of(files) if files else 0,
            sends=method != "GET",
        )
        try:
            async with self._session.request(
                method,
                url,
                **_body(request_data),
                timeout=timeout,
                allow_redirects=False,
                proxy=proxy_of(url, self._proxies),
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {_said(error)}".removesuffix(": ")) from error


@cache
def _trusted() -> ssl.SSLContext:
    """Return HTTPX's certificates: those of certifi, or of SSL_CERT_FILE, for not every system has its own."""
    return httpx.create_ssl_context()


def proxy_of(url: str, known: Mapping[str, str]) -> str | None:
    """Return which of the proxies, by scheme, ``all`` or ``no``, as the environment names them, leads to an address."""
    if not known:
        return None
    parts = urlsplit(url)
    if proxy_bypass_environment(parts.hostname or "", known):
        return None
    proxy = known.get(parts.scheme) or known.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _said(error: Exception) -> str:
    """Return what an error says, without addresses: ours have the token, a proxy's may have a password."""
    match error:
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return ""
        case aiohttp.ClientResponseError():
            return f"{error.status} {error.message}"
    return str(error)


def _chosen(wait: Any, otherwise: float | None) -> float | None:
    chosen: float | None = otherwise if wait is BaseRequest.DEFAULT_NONE else wait
    return chosen


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None, size: int, *, sends: bool
) -> aiohttp.ClientTimeout:
    """Return aiohttp's waits: it has none for writing, so that what is sent has one over all."""
    reach = _sum(connect, pool)
    whole = _sum(reach, read, write, size / SLOWEST) if sends else None
    return aiohttp.ClientTimeout(total=whole, connect=reach, sock_connect=connect, sock_read=read)


def _sum(*waits: float | None) -> float | None:
    known = [each for each in waits if each is not None]
    return sum(known) if len(known) == len(waits) else None


def _size_of(files: dict[str, Any]) -> int:
    return sum(len(content) for _, content, *_ in files.values() if isinstance(content, bytes))


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """Return how aiohttp is given what is sent: JSON, which costs less than a form, or, with files, a form."""
    if request_data is None:
        return {}
    files = request_data.multipart_data
    if not files:
        return {"data": request_data.json_payload, "headers": _JSON} if request_data.parameters else {}
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows a file's name as it stands
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, kind) in files.items():
        if isinstance(content, bytes) and len(content) >= LARGE:
            content = io.BytesIO(content)
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
