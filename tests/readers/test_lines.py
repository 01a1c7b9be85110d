"""Lines of JSON: each gives an article or the reason why it does not, and none stops those after it."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.extraction import Metadata
from readers.lines import Line, read_line, read_lines

NO_JSON, NO_OBJECT, NO_TEXT = "this line is no JSON", "this line is no JSON object", 'this line has no "text"'


@pytest.mark.parametrize(
    ("line", "article"),
    [
        ({"id": "a", "text": "Words."}, Line("a", "Words.", Metadata())),
        ({"text": "Words."}, Line(4, "Words.", Metadata())),
        ({"id": "a", "text": ""}, Line("a", "", Metadata())),
        ({"id": None, "text": "Words."}, Line(None, "Words.", Metadata())),
        ({"id": [1], "text": "Words.", "more": 1}, Line([1], "Words.", Metadata())),
        (
            {"id": 9, "text": "W", "headline": "H", "publisher": "P", "datePublished": "2026-03-01", "url": "U"},
            Line(9, "W", Metadata("H", "P", (), "2026-03-01", None, "U")),
        ),
        ({"id": 9, "text": "W", "headline": 7, "publisher": None, "url": ["U"]}, Line(9, "W", Metadata())),
    ],
)
def test_a_line_gives_its_article(line: object, article: Line):
    assert read_line(4, json.dumps(line).encode()) == article


@pytest.mark.parametrize(
    ("line", "identity", "reason"),
    [
        (b"", 4, NO_JSON),
        (b"{", 4, NO_JSON),
        (b"words", 4, NO_JSON),
        (b"\xff\xfe{}", 4, NO_JSON),
        (b'{"text": "\xe9"}', 4, NO_JSON),
        (b"[" * 100_000, 4, NO_JSON),
        (b"9" * 10_000, 4, NO_JSON),
        (b'["text"]', 4, NO_OBJECT),
        (b"7", 4, NO_OBJECT),
        (b"{}", 4, NO_TEXT),
        (b'{"id": "a"}', "a", NO_TEXT),
        (b'{"id": "a", "text": null}', "a", NO_TEXT),
        (b'{"id": "a", "text": 7}', "a", NO_TEXT),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: bytes, identity: object, reason: str):
    assert read_line(4, line) == Line(identity, None, Metadata(), reason)


def test_half_a_character_is_no_character_and_moves_no_offset():
    found = read_line(1, rb'{"id": "\ud800", "text": "a\ud83db\ude00c \ud83d\ude00", "headline": "\udfff"}')
    assert found == Line("\ufffd", "a\ufffdb\ufffdc \U0001f600", Metadata(headline="\ufffd"))


def test_lines_are_read_one_by_one_and_one_that_is_too_long_costs_itself_alone():
    stream = io.BytesIO(b'{"text": "a"}\n\n \r\n' + b"x" * 5000 + b'\n{"text": "b"}\r\n' + b"y" * 5000)
    found = list(read_lines(stream, largest=100))
    too_long = "this line is too long"
    assert [(number, line.text, line.reason) for number, line in found] == [
        (1, "a", ""),
        (4, None, too_long),
        (5, "b", ""),
        (6, None, too_long),
    ]


@given(st.binary())
def test_no_bytes_break_anything(line: bytes):
    assert read_line(1, line).text is None or b"text" in line


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=9
)


@given(JSON)
def test_no_json_breaks_anything(value: object):
    found = read_line(1, json.dumps(value).encode())
    assert (found.text is None) == bool(found.reason)
