"""What bytes are: no bytes and no declared type break anything, and a body never grows beyond its bound."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.web.content import PAGE, pointer, sniff
from readers.web.fetch import Body

DECLARED = st.one_of(
    st.none(),
    st.text(),
    st.sampled_from(["text/html", "text/plain", "application/octet-stream", "image/png", "text/html;;="]),
)
PIECES = st.sampled_from(
    [
        b"<meta ",
        b"http-equiv=",
        b"refresh ",
        b"content=",
        b"'0;url=/x'",
        b">",
        b"<!--",
        b"-->",
        b"<script",
        b"<noscript>",
        b"&#0;",
    ]
)


@given(st.one_of(st.binary(), st.lists(PIECES).map(b"".join)), DECLARED)
def test_no_answer_breaks_anything(data: bytes, declared: str | None):
    kind = sniff(data, declared)
    assert kind is None or "/" in kind
    target = pointer(data, declared)
    assert target is None or (target and not set(target) & set(" \n\"'"))


@pytest.mark.parametrize("declared", ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"])
def test_a_page_is_taken_at_its_word(declared: str):
    assert sniff(b"Words.", declared) == PAGE


@given(
    st.binary(max_size=3000),
    st.sampled_from([gzip.compress, zlib.compress, lambda data: zlib.compress(data, wbits=-15), bytes]),
    st.integers(0, 3000),
    st.integers(1, 3000),
)
def test_a_body_comes_whole_or_is_too_large_whatever_the_pieces_it_comes_in(data: bytes, pack, size: int, piece: int):
    packed = pack(data)
    body = Body(size, compressed=pack is not bytes)
    fits = all(body.add(packed[at : at + piece]) for at in range(0, len(packed), piece))
    assert fits == (len(data) <= size and len(packed) <= size)
    if fits:
        assert body.whole() == data


@given(st.lists(st.binary()), st.integers(0, 100))
def test_a_body_that_only_says_it_is_compressed_is_told(pieces: list[bytes], size: int):
    body = Body(size, compressed=True)
    try:
        if all(map(body.add, pieces)):
            assert len(body.whole()) <= size
    except zlib.error:
        pass
