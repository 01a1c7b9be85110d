"""Fetching: one page comes whole or not at all, from no private place, whatever the server does."""

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake import NoArticle
from readers.web.addresses import parse_allowed
from readers.web.fetch import Fetched, Fetcher, Limits
from tests.readers.web.hostile import CERTIFICATE, LIMITS, Server, by_path, listening, page, redirect, resolver, serving

PAGE = b"<html><p>A page.</p></html>"
SHORT = Limits(seconds=0.25, size=100_000)


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def presenting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


async def test_a_page_comes_with_its_address_and_type():
    async with serving(page(PAGE)) as server:
        fetched = await server.fetcher().fetch(server.url("/story?id=7#part"))
    assert fetched == Fetched(PAGE, server.url("/story?id=7"), "text/html; charset=utf-8")


async def test_the_request_says_who_asks_and_nothing_more():
    async with serving(page(PAGE)) as server:
        await server.fetcher().fetch(server.url("/story"))
    line, *headers = server.requests[0].decode().split("\r\n")
    assert line == "GET /story HTTP/1.1"
    named = dict(header.split(": ", 1) for header in headers if header)
    assert named["Host"] == f"press.example:{server.port}"
    assert named["User-Agent"].startswith("Presswatch/")
    assert not {name.lower() for name in named} & {"cookie", "referer", "authorization"}


async def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with serving(page(PAGE)) as server:
        assert isinstance(await server.fetcher().fetch(server.url()), Fetched)


# Where it goes


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
async def test_loopback_is_refused_unless_let_in(host: str):
    async with serving(page(PAGE)) as server:
        fetcher = Fetcher(limits=LIMITS, resolve=resolver({}))
        assert await fetcher.fetch(server.url(host=host)) is NoArticle.PRIVATE_ADDRESS
    assert not server.requests


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%2"],
        ["9.9.9.9", "127.0.0.1"],
        ["127.0.0.1", "9.9.9.9"],
    ],
)
async def test_a_name_that_means_a_private_place_is_refused(found: list[str]):
    fetcher = Fetcher(limits=LIMITS, resolve=resolver({"press.example": found}))
    assert await fetcher.fetch("http://press.example/") is NoArticle.PRIVATE_ADDRESS


@pytest.mark.parametrize("found", [[], ["not an address"]])
async def test_a_name_that_means_nothing_is_not_reached(found: list[str]):
    fetcher = Fetcher(limits=LIMITS, resolve=resolver({"press.example": found}))
    assert await fetcher.fetch("http://press.example/") is NoArticle.NOT_REACHED
    assert await fetcher.fetch("http://other.example/") is NoArticle.NOT_REACHED


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2/",
        "http://127.1:1/",
        "//127.1:1/",
        "http://0x7f.2/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://inside.example/",
    ],
)
@pytest.mark.parametrize("how", ["Location", "Refresh", "meta"])
async def test_a_redirect_to_a_private_place_is_refused(how: str, target: str):
    answer = {
        "Location": redirect(target),
        "Refresh": page(PAGE, f"Refresh: 0; url={target}"),
        "meta": page(f'<html><meta http-equiv="refresh" content="0; url={target}">'),
    }[how]
    async with serving(answer) as server:
        fetcher = server.fetcher({"press.example": ["127.0.0.1"], "inside.example": ["192.168.0.1"]})
        assert await fetcher.fetch(server.url()) is NoArticle.PRIVATE_ADDRESS
    assert len(server.requests) == 1


class Changing:
    """A resolver that answers differently each time, and then not at all."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        return self.answers.pop(0)


async def test_the_connection_goes_to_the_address_that_was_checked():
    """A name that means another address a moment later (DNS rebinding) is looked up once and not again."""
    async with serving(page(PAGE)) as server:
        resolve = Changing(["127.0.0.1"], ["127.0.0.2"])
        fetcher = Fetcher(parse_allowed([f"127.0.0.1:{server.port}"]), LIMITS, resolve)
        assert isinstance(await fetcher.fetch(server.url()), Fetched)
    assert resolve.answers == [["127.0.0.2"]]


async def test_a_name_is_checked_again_at_each_redirect():
    async with serving(redirect("/next")) as server:
        fetcher = Fetcher(parse_allowed([f"127.0.0.1:{server.port}"]), LIMITS, Changing(["127.0.0.1"], ["127.0.0.2"]))
        assert await fetcher.fetch(server.url()) is NoArticle.PRIVATE_ADDRESS
    assert len(server.requests) == 1


async def test_the_next_address_is_tried_where_one_does_not_answer():
    async with serving(page(PAGE)) as server:
        allowed = parse_allowed(["127.0.0.0/8", f"127.0.0.1:{server.port}", f"127.0.0.2:{server.port}"])
        fetcher = Fetcher(allowed, LIMITS, resolver({"press.example": ["127.0.0.2", "127.0.0.1"]}))
        assert isinstance(await fetcher.fetch(server.url()), Fetched)


@pytest.mark.parametrize(
    "url", ["http://reader:word@press.example/", "ftp://press.example/", "http://press.example:8080/"]
)
async def test_what_is_no_web_address_is_not_looked_up(url: str):
    assert await Fetcher(limits=LIMITS, resolve=Changing()).fetch(url) is NoArticle.NOT_AN_ADDRESS


# Redirects


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_followed(status: str):
    async with serving(by_path({"/old": redirect("../new?a=ö", status), "/new": page(PAGE)})) as server:
        fetched = await server.fetcher().fetch(server.url("/old"))
    assert isinstance(fetched, Fetched)
    assert fetched.final_url == server.url("/new?a=%C3%B6")


@pytest.mark.parametrize(
    "pointing",
    [
        '<html><meta http-equiv="refresh" content="0; url=/new">',
        "<html><META content='5;URL=\"/new\"' http-equiv=Refresh>",
        '<html><meta http-equiv="refresh" content="0;/new">',
    ],
)
async def test_a_page_that_only_points_elsewhere_is_followed(pointing: str):
    async with serving(by_path({"/old": page(pointing), "/new": page(PAGE)})) as server:
        fetched = await server.fetcher().fetch(server.url("/old"))
    assert isinstance(fetched, Fetched)
    assert fetched.final_url == server.url("/new")


@pytest.mark.parametrize(
    "staying",
    [
        '<html><meta http-equiv="refresh" content="300; url=/new">',
        '<html><meta http-equiv="refresh" content="5">',
        '<html><!-- <meta http-equiv="refresh" content="0; url=/new"> -->',
        '<html><noscript><meta http-equiv="refresh" content="0; url=/new"></noscript>',
        '<html><meta name="refresh" content="0; url=/new">' + "<p>long</p>" * 1000,
    ],
)
async def test_a_page_that_stays_is_not_left(staying: str):
    async with serving(by_path({"/old": page(staying), "/new": page(PAGE)})) as server:
        fetched = await server.fetcher().fetch(server.url("/old"))
    assert isinstance(fetched, Fetched)
    assert fetched.final_url == server.url("/old")


async def test_cookies_are_not_carried_along():
    first = page("", "Location: /new", "Set-Cookie: id=7; Path=/", status="302 Found")
    async with serving(by_path({"/old": first, "/new": page(PAGE)})) as server:
        assert isinstance(await server.fetcher().fetch(server.url("/old")), Fetched)
    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


@pytest.mark.parametrize(
    "answers",
    [
        {"/": lambda path: redirect(f"{path}x")},
        {"/": redirect("/")},
        {"/": redirect("/other"), "/other": redirect("/")},
        {"/": lambda path: page(f'<html><meta http-equiv="refresh" content="0; url={path}x">')},
    ],
    ids=["200 pages", "itself", "a circle", "meta elements"],
)
async def test_redirects_end_after_five(answers: dict[str, bytes | Callable[[str], bytes]]):
    async with serving(by_path(answers)) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.TOO_MANY_REDIRECTS
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("", NoArticle.NOT_REACHED),
        ("javascript:alert(1)", NoArticle.NOT_AN_ADDRESS),
        ("data:text/html,x", NoArticle.NOT_AN_ADDRESS),
        ("file:///etc/passwd", NoArticle.NOT_AN_ADDRESS),
        ("http://[::1", NoArticle.NOT_AN_ADDRESS),
        ("http://reader@press.example/", NoArticle.NOT_AN_ADDRESS),
        ("\\\\press.example\\", NoArticle.NOT_AN_ADDRESS),
    ],
)
async def test_a_redirect_to_nowhere_is_told(target: str, outcome: NoArticle):
    async with serving(redirect(target)) as server:
        assert await server.fetcher().fetch(server.url()) is outcome


# Too slow, too much


async def test_a_server_that_says_nothing_runs_out_of_time():
    async def silent(request: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async with serving(silent) as server:
        assert await server.fetcher(limits=SHORT).fetch(server.url()) is NoArticle.TIMEOUT


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", page(PAGE, "Content-Length: 90000")])
async def test_a_slow_drip_runs_out_of_time(start: bytes):
    async def drip(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        for _ in range(100):
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with serving(drip) as server:
        assert await server.fetcher(limits=SHORT).fetch(server.url()) is NoArticle.TIMEOUT


async def test_time_runs_over_all_redirects_together():
    async def slow(request: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(redirect("/again"))

    async with serving(slow) as server:
        assert await server.fetcher(limits=SHORT).fetch(server.url()) is NoArticle.TIMEOUT


async def test_a_resolver_that_says_nothing_runs_out_of_time():
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(5)
        return []

    assert await Fetcher(limits=SHORT, resolve=silent).fetch("http://press.example/") is NoArticle.TIMEOUT


async def test_endless_preliminary_answers_run_out_of_time():
    async def early(request: bytes, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10)
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(early) as server:
        assert await server.fetcher(limits=SHORT).fetch(server.url()) is NoArticle.TIMEOUT


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("start", [CHUNKED, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"])
async def test_an_endless_body_is_too_large(start: bytes):
    async def endless(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()

    async with serving(endless) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.TOO_LARGE


async def test_a_body_that_says_it_is_too_large_is_not_awaited():
    async def boasting(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"", "Content-Length: 5000000000"))
        await writer.drain()
        await asyncio.sleep(5)

    async with serving(boasting) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [
        page(gzip.compress(b"\0" * 20_000_000, mtime=0), "Content-Encoding: gzip"),
        page(zlib.compress(b"x" * 20_000_000), "Content-Encoding: deflate"),
        page(b"x" * 100_001),
        page(gzip.compress(b"x" * 100_001, mtime=0), "Content-Encoding: gzip"),
        page(gzip.compress(b"x", mtime=0) + b"x" * 100_000, "Content-Encoding: gzip"),
    ],
    ids=["gzip bomb", "deflate bomb", "a byte too many", "a byte too many in gzip", "rubbish after gzip"],
)
async def test_a_bomb_does_not_go_off(answer: bytes):
    async with serving(answer) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.TOO_LARGE


async def test_what_is_not_said_to_be_compressed_is_not_inflated():
    bomb = gzip.compress(b"\0" * 20_000_000, mtime=0)
    async with serving(page(bomb)) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.NOT_A_PAGE


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PAGE, "identity"),
        (gzip.compress(PAGE, mtime=0), "gzip"),
        (gzip.compress(PAGE, mtime=0), "X-GZIP"),
        (gzip.compress(PAGE, mtime=0) + gzip.compress(b"more", mtime=0), "gzip"),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE, wbits=-15), "deflate"),
        (b"x" * 100_000, "identity"),
    ],
)
async def test_a_compressed_body_comes_as_it_was(body: bytes, encoding: str):
    async def one_by_one(request: bytes, writer: asyncio.StreamWriter) -> None:
        answer = page(body, f"Content-Encoding: {encoding}")
        writer.write(answer[: -len(body) + 1])
        await writer.drain()
        await asyncio.sleep(0)
        writer.write(answer[-len(body) + 1 :])

    async with serving(one_by_one) as server:
        fetched = await server.fetcher().fetch(server.url())
    assert isinstance(fetched, Fetched)
    assert fetched.data == (body if encoding == "identity" else PAGE)


# Not HTTP


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00\xff" * 1000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Large: " + b"x" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 30_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        page(PAGE, "Content-Length: 90000"),
        page(PAGE, "Content-Length: -1"),
        page(PAGE, "Content-Length: many"),
        page(PAGE, "Content-Length: 3", "Content-Length: 5"),
        CHUNKED + b"zz\r\nhello\r\n",
        CHUNKED + b"ffffffffffffffffffffffff\r\nhello\r\n",
        CHUNKED + b"5\r\nhel",
        page(b"no gzip at all", "Content-Encoding: gzip"),
        page(gzip.compress(PAGE, mtime=0)[:-4], "Content-Encoding: gzip"),
        page(b"\x1f", "Content-Encoding: gzip"),
        page(PAGE, status="500 Internal Server Error"),
        page(PAGE, status="503 Service Unavailable"),
    ],
)
async def test_a_server_that_does_not_answer_properly_is_not_reached(answer: bytes):
    async with serving(answer) as server:
        assert await server.fetcher().fetch(server.url()) is NoArticle.NOT_REACHED


async def test_a_length_that_is_too_short_cuts_the_page_and_nothing_else():
    async with serving(page(PAGE, "Content-Length: 9")) as server:
        fetched = await server.fetcher().fetch(server.url())
    assert isinstance(fetched, Fetched)
    assert fetched.data == PAGE[:9]


async def test_a_port_where_nobody_listens_is_not_reached():
    async with serving(b"") as server:
        pass
    assert await server.fetcher().fetch(server.url()) is NoArticle.NOT_REACHED


# Certificates


async def test_a_certificate_is_verified_for_the_name_though_the_connection_goes_to_an_address():
    async with serving(page(PAGE), presenting()) as server:
        fetched = await server.fetcher(tls=trusting()).fetch(server.url(scheme="https"))
    assert isinstance(fetched, Fetched)


@pytest.mark.parametrize(
    ("host", "tls"),
    [("other.example", trusting()), ("127.0.0.1", trusting()), ("press.example", None)],
    ids=["another's", "a name's for an address", "signed by nobody known"],
)
async def test_a_wrong_certificate_ends_it(host: str, tls: ssl.SSLContext | None):
    async with serving(page(PAGE), presenting()) as server:
        fetcher = server.fetcher({host: ["127.0.0.1"]}, tls=tls)
        assert await fetcher.fetch(server.url(host=host, scheme="https")) is NoArticle.NOT_REACHED
    assert not server.requests


async def test_no_tls_where_there_should_be_is_not_reached():
    async with serving(page(PAGE)) as server:
        assert await server.fetcher().fetch(server.url(scheme="https")) is NoArticle.NOT_REACHED


@asynccontextmanager
async def tampering(port: int) -> AsyncIterator[Server]:
    """Pass everything on to and from the server at ``port``, with a fault in each TLS record of application data."""
    between = Server()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data_type: int) -> None:
        while data := await reader.read(65536):
            writer.write(data[:20] + bytes([data[20] ^ 1]) + data[21:] if data[0] == data_type else data)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)
        nothing, application_data = -1, 23
        there = asyncio.create_task(copy(reader, upstream_writer, nothing))
        try:
            await copy(upstream_reader, writer, application_data)
        finally:
            there.cancel()
            upstream_writer.close()

    async with listening(connected, between):
        yield between


async def test_a_page_that_was_tampered_with_on_its_way_is_not_reached():
    older = presenting()
    older.maximum_version = ssl.TLSVersion.TLSv1_2  # newer ones do not show which records hold data
    async with serving(page(PAGE), older) as server, tampering(server.port) as between:
        fetcher = between.fetcher(tls=trusting())
        assert await fetcher.fetch(between.url(scheme="https")) is NoArticle.NOT_REACHED
    assert server.requests


# What comes


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (page(PAGE, status="404 Not Found"), NoArticle.NOT_FOUND),
        (page(PAGE, status="410 Gone"), NoArticle.NOT_FOUND),
        (page(PAGE, status="401 Unauthorized"), NoArticle.LOG_IN),
        (page(PAGE, status="402 Payment Required"), NoArticle.LOG_IN),
        (page(PAGE, status="403 Forbidden"), NoArticle.REFUSED),
        (page(PAGE, status="429 Too Many Requests"), NoArticle.REFUSED),
        (page(PAGE, status="451 Unavailable For Legal Reasons"), NoArticle.REFUSED),
        (page(PAGE, "CF-Mitigated: challenge", status="403 Forbidden"), NoArticle.ROBOT_CHECK),
        (page(PAGE, status="206 Partial Content"), NoArticle.NOT_A_PAGE),
        (b"HTTP/1.1 204 No Content\r\n\r\n", NoArticle.NOT_A_PAGE),
        (page(b"\x89PNG\r\n\x1a\n\x00", "Content-Type: image/png"), NoArticle.NOT_A_PAGE),
        (page(b"\x89PNG\r\n\x1a\n\x00", "Content-Type: application/octet-stream"), NoArticle.NOT_A_PAGE),
        (page(b"\x89PNG\r\n\x1a\n\x00"), NoArticle.NOT_A_PAGE),
        (page(b"\x00\x00\x00\x18ftypmp42", "Content-Type: video/mp4"), NoArticle.NOT_A_PAGE),
        (page(b'{"a": 1}', "Content-Type: application/json"), NoArticle.NOT_A_PAGE),
        (page(b"<rss></rss>", "Content-Type: application/rss+xml"), NoArticle.NOT_A_PAGE),
        (page(b"body {}", "Content-Type: text/css"), NoArticle.NOT_A_PAGE),
        (page(PAGE, "Content-Encoding: br"), NoArticle.NOT_A_PAGE),
        (page(PAGE, "Content-Encoding: gzip, gzip"), NoArticle.NOT_A_PAGE),
    ],
)
async def test_an_answer_without_a_page_says_why(answer: bytes, outcome: NoArticle):
    async with serving(answer) as server:
        assert await server.fetcher().fetch(server.url()) is outcome


@pytest.mark.parametrize(
    ("body", "declared", "kind"),
    [
        (PAGE, "text/html", "text/html"),
        (PAGE, "TEXT/HTML; charset=koi8-r", "text/html; charset=koi8-r"),
        (b"\n<?xml version='1.0'?><!DOCTYPE html><html></html>", "application/xml", "text/html"),
        (b"<!doctype HTML><p>x", "text/plain", "text/html"),
        ("<p>Ж</p>".encode("utf-16"), "text/html", "text/html"),
        (b"<p>x</p>", "application/octet-stream", "text/html"),
        (b"Words.", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        (b"# Words", "text/markdown", "text/markdown"),
        (b"Words.", "application/octet-stream", "text/plain"),
        (b"%PDF-1.7\n\x00", "text/html", "application/pdf"),
        (b"%PDF-1.7\n\x00", "application/octet-stream", "application/pdf"),
        (
            b"PK\x03\x04\x00",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/zip",
        ),
    ],
)
async def test_a_type_is_what_the_bytes_are(body: bytes, declared: str, kind: str):
    async with serving(page(body, f"Content-Type: {declared}")) as server:
        fetched = await server.fetcher().fetch(server.url())
    assert isinstance(fetched, Fetched)
    assert fetched.content_type == kind


LINES = """
    HTTP/1.1 200 OK|HTTP/1.1 302 Found|HTTP/1.1 100 Continue|HTTP/1.0 200||Location: /x|Content-Type: text/html|5
    |Content-Encoding: gzip|Transfer-Encoding: chunked|Content-Length: 5|hello|0|Refresh: 0; url=/x|<html>|Location:
"""
ANSWERS = st.one_of(
    st.binary(),
    st.lists(
        st.one_of(
            st.binary(max_size=30), st.sampled_from([f"{line.strip()}\r\n".encode() for line in LINES.split("|")])
        )
    ).map(b"".join),
)


@given(ANSWERS)
def test_no_answer_breaks_anything(answer: bytes):
    async def fetch() -> Fetched | NoArticle:
        async with serving(answer) as server:
            return await server.fetcher().fetch(server.url())

    assert isinstance(asyncio.run(fetch()), (Fetched, NoArticle))
