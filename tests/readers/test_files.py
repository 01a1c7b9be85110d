"""Files: text in UTF-8 or marked UTF-16, and nothing else, is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.files import read_plain

TEXT = "Ľubomíra: “Пристань” \U0001f600\r\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain", "plain"),
        (TEXT.encode(), TEXT),
        (TEXT.encode("utf-8-sig"), TEXT),
        (TEXT.encode("utf-16"), TEXT),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT),
        (b"\xff\xfe", ""),
    ],
)
def test_a_text_file_is_read_as_it_was_written(data: bytes, text: str):
    assert read_plain(data) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"MZ\x90\x00\x03",
        b"text\x00with a nul",
        TEXT.encode("utf-16-le"),
        "Пристань".encode("cp1251"),
        "café".encode("latin-1"),
        b"\xff\xfea",
        b"\xff\xfe\x00\xd8",
        b"\xef\xbb\xbf\xff",
    ],
)
def test_anything_else_is_not_taken_for_text(data: bytes):
    assert read_plain(data) is None


TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_text_comes_back(text: str, encoding: str):
    marked = encoding == "utf-8" and text.startswith("\ufeff")
    assert read_plain(text.encode(encoding)) == (text[1:] if marked else text)


@given(st.binary())
def test_no_file_breaks_anything(data: bytes):
    text = read_plain(data)
    assert text is None or "\0" not in text
