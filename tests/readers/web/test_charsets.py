"""Characters: a page is read in the charset that it is in, whatever is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.web.charsets import decode

RUSSIAN = "<html><head><title>Паром Ундина</title></head><p>Паром Ундина вышел из Гавани в четверг утром.</p></html>"
JAPANESE = "<html><p>港の監督は木曜日に辞任した。</p></html>"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        ("<p>港务局局长周四辞职</p>", "gb18030"),
        ("<p>“Café” – naïve</p>", "windows-1252"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta", "content", "xml", "header and meta"])
def test_a_declared_charset_is_taken(text: str, charset: str, where: str):
    declaration = {
        "meta": f'<meta charset="{charset}">',
        "content": f"<META http-equiv='Content-Type' content='text/html; charset={charset}'>",
        "xml": f'<?xml version="1.0" encoding="{charset}"?>',
        "header and meta": '<meta charset="utf-16">',
    }.get(where, "")
    header = f"text/html; charset={charset}" if where.startswith("header") else "text/html"
    assert decode((declaration + text).encode(charset), header) == declaration + text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_goes_before_what_is_declared(encoding: str):
    assert decode(RUSSIAN.encode(encoding), "text/html; charset=koi8-r") == RUSSIAN


@pytest.mark.parametrize(
    "declared", ["windows-1251", "iso-8859-1", "utf-16", "us-ascii", "no-such-charset", "utf-7", "hex", "\x00"]
)
def test_utf_8_is_read_as_utf_8_whatever_is_declared(declared: str):
    assert decode(RUSSIAN.encode(), f"text/html; charset={declared}") == RUSSIAN


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("iso-8859-1", b"\x93Caf\xe9\x94 \x80", "“Café” €"),
        ("gb2312", "镕基".encode("gbk"), "镕基"),
        ("utf-16le", "Паром".encode("utf-16-le") + b"a\0", "Паромa"),
    ],
)
def test_a_label_means_what_browsers_take_it_for(declared: str, data: bytes, text: str):
    assert decode(data, f"text/html; charset={declared}") == text


def test_a_fault_does_not_cost_the_page():
    data = RUSSIAN.encode("utf-8").replace("утром".encode(), b"\xff")
    assert decode(data, "text/html; charset=utf-8") == RUSSIAN.replace("утром", "\ufffd")


def test_what_is_not_declared_is_guessed():
    assert "Паром" in decode((RUSSIAN * 5).encode("windows-1251"), None)


@given(st.binary(), st.one_of(st.none(), st.text(), st.text().map("text/html; charset={}".format)))
def test_no_bytes_and_no_label_break_anything(data: bytes, content_type: str | None):
    assert len(decode(data, content_type)) <= len(data)
