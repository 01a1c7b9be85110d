"""Fetching one page that a person asked for, from a server that may want anything but to give it.

Names are resolved here, every address found is checked, and the connection goes to a checked address: what the name
means a moment later (DNS rebinding) makes no difference. TLS certificates are still verified for the name. Redirects
are followed here, each one a new address that is parsed, resolved and checked. A redirect from https to http is
followed: nothing secret is sent, and the address shown in the end is the one that was read.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from ipaddress import ip_address
from urllib.parse import urljoin

import httpx

from domain.intake import NoArticle
from readers.web.addresses import Address, Allowed, IPAddress, may_visit, parse_address
from readers.web.content import PAGE, is_hopeless, pointer, sniff

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Of many addresses of one name, trying some must do.
_MOST_ADDRESSES = 4
_PLAIN = frozenset({"", "identity"})
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its bytes, the address that gave them, and its type as sniffed, with the charset as declared."""

    data: bytes
    final_url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page may take: seconds from first to last, bytes before and after decompression, and redirects."""

    seconds: float = 15.0
    size: int = 5_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a redirect leads."""

    target: str


@cache
def trusted() -> ssl.SSLContext:
    """Return the TLS settings: certificates and names are verified, by SSL_CERT_FILE where the operator sets one."""
    return httpx.create_ssl_context()


@cache
def agent() -> str:
    """Return what the bot calls itself to servers."""
    return f"Presswatch/{version('presswatch')} (reads single pages that a person asks it to)"


async def look_up(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of ``host``; raises OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pages, from private addresses only where ``allowed`` lets it."""

    allowed: tuple[Allowed, ...] = ()
    limits: Limits = Limits()
    resolve: Resolve = look_up
    tls: ssl.SSLContext = field(default_factory=trusted)

    async def fetch(self, url: str) -> Fetched | NoArticle:
        """Return what ``url`` gives in the end, or why it gives nothing to read."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._follow(url)
        except TimeoutError:
            return NoArticle.TIMEOUT

    async def _follow(self, url: str) -> Fetched | NoArticle:
        for _ in range(self.limits.redirects + 1):
            address = parse_address(url, self.allowed)
            if isinstance(address, NoArticle):
                return address
            answer = await self._visit(address)
            if not isinstance(answer, Hop):
                return answer
            try:
                url = urljoin(str(address), answer.target.strip())
            except ValueError:
                return NoArticle.NOT_AN_ADDRESS
        return NoArticle.TOO_MANY_REDIRECTS

    async def _visit(self, address: Address) -> Fetched | Hop | NoArticle:
        places = await self._places(address)
        if isinstance(places, NoArticle):
            return places
        for place in places[:_MOST_ADDRESSES]:
            try:
                async with self._request(address, place) as response:
                    return await self._answer(address, response)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            # OSError: a fault in the TLS records that follow the handshake comes out of httpx as ssl.SSLError.
            except (httpx.HTTPError, httpx.InvalidURL, OSError, zlib.error):
                return NoArticle.NOT_REACHED
        return NoArticle.NOT_REACHED

    async def _places(self, address: Address) -> tuple[IPAddress, ...] | NoArticle:
        """Return where the host is, if all of that may be visited: a name that is also elsewhere is a trick."""
        try:
            found = [address.host] if address.literal else await self.resolve(address.host, address.port)
            places = tuple(map(ip_address, found))
        except (OSError, ValueError):
            return NoArticle.NOT_REACHED
        if not all(may_visit(address, place, self.allowed) for place in places):
            return NoArticle.PRIVATE_ADDRESS
        return places

    @asynccontextmanager
    async def _request(self, address: Address, place: IPAddress) -> AsyncIterator[httpx.Response]:
        """Ask the server at ``place`` for ``address``.

        A bare transport, new each time, keeps no cookies, follows nothing, decodes nothing, and reads no proxies from
        the environment. The name to verify certificates for goes along as ``sni_hostname``.
        """
        host = f"[{place}]" if place.version == 6 else str(place)
        request = httpx.Request(
            "GET",
            f"{address.scheme}://{host}:{address.port}{address.target}",
            headers={
                "Host": address.authority,
                "User-Agent": agent(),
                "Accept": "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "*",
                "Connection": "close",
            },
            # The total is timed by fetch; this leaves time for a second address.
            extensions={"sni_hostname": address.host, "timeout": {"connect": self.limits.seconds / 3}},
        )
        async with httpx.AsyncHTTPTransport(verify=self.tls, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            try:
                yield response
            finally:
                await response.aclose()

    async def _answer(self, address: Address, response: httpx.Response) -> Fetched | Hop | NoArticle:
        headers = response.headers
        if response.status_code in _REDIRECTS:
            return Hop(headers["location"]) if headers.get("location", "").strip() else NoArticle.NOT_REACHED
        if response.status_code != HTTPStatus.OK:
            return _refusal(response)
        declared = headers.get("content-type")
        if is_hopeless(declared):
            return NoArticle.NOT_A_PAGE
        data = await self._body(response)
        if isinstance(data, NoArticle):
            return data
        kind = sniff(data, declared)
        if kind is None:
            return NoArticle.NOT_A_PAGE
        if kind == PAGE and (target := pointer(data, headers.get("refresh"))):
            return Hop(target)
        _, _, parameters = (declared or "").partition(";")
        return Fetched(data, str(address), f"{kind};{parameters}" if parameters else kind)

    async def _body(self, response: httpx.Response) -> bytes | NoArticle:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in _PLAIN | _COMPRESSED:
            return NoArticle.NOT_A_PAGE
        if _declared_length(response) > self.limits.size:
            return NoArticle.TOO_LARGE
        body = Body(self.limits.size, compressed=encoding in _COMPRESSED)
        async for chunk in response.aiter_raw():
            if not body.add(chunk):
                return NoArticle.TOO_LARGE
        return body.whole()


class Body:
    """Collects a body of at most ``size`` bytes, decompressed step by step, so that no bomb goes off.

    Of several gzip members the first is read, as browsers do.
    """

    def __init__(self, size: int, compressed: bool) -> None:
        self._size = size
        self._compressed = compressed
        self._received = 0
        self._waiting = b""
        self._inflate: zlib._Decompress | None = None
        self._data = bytearray()

    def add(self, chunk: bytes) -> bool:
        """Add what was received; False where that is too much. Raises zlib.error for what is not compressed so."""
        self._received += len(chunk)
        self._data += self._decompressed(chunk) if self._compressed else chunk
        return self._received <= self._size and len(self._data) <= self._size

    def whole(self) -> bytes:
        """Return the body. Raises zlib.error where its end is missing."""
        if self._compressed and self._received and not (self._inflate and self._inflate.eof):
            raise zlib.error("the compressed body has no end")
        return bytes(self._data)

    def _decompressed(self, chunk: bytes) -> bytes:
        """Return what ``chunk`` gives, at most one byte more than there is room for."""
        if self._inflate is None:
            self._waiting += chunk
            if len(self._waiting) < 2:
                return b""
            self._inflate, chunk = zlib.decompressobj(_wbits(self._waiting)), self._waiting
        return self._inflate.decompress(chunk, self._size - len(self._data) + 1)


def _wbits(beginning: bytes) -> int:
    """Return zlib's ``wbits`` for gzip, zlib's format, and bare deflate, which many send for it (RFC 9110, 8.4.1.2)."""
    zlib_header = beginning[0] & 0x0F == zlib.DEFLATED and int.from_bytes(beginning[:2], "big") % 31 == 0
    detect = 32 + zlib.MAX_WBITS
    return detect if zlib_header or beginning[:2] == b"\x1f\x8b" else -zlib.MAX_WBITS


def _declared_length(response: httpx.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _refusal(response: httpx.Response) -> NoArticle:
    """Return what a status other than 200 means to the person who asked."""
    status = response.status_code
    if response.headers.get("cf-mitigated") == "challenge":
        return NoArticle.ROBOT_CHECK
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return NoArticle.NOT_FOUND
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED):
        return NoArticle.LOG_IN
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return NoArticle.REFUSED
    return NoArticle.NOT_REACHED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else NoArticle.NOT_A_PAGE
