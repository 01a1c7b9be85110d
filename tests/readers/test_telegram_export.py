"""Telegram Desktop's export: its posts come out as they stream in, and a damaged file gives what comes before that."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.telegram_export import Damaged, Post, looks_like_export, read_export

SENT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def message(number: int, text: object = "The pier stays closed.", **more: object) -> dict[str, object]:
    when = {"date": "2026-03-03T10:00:00", "date_unixtime": str(int(SENT.timestamp()))}
    return {"id": number, "type": "message", **when, "from": "Ilka", "from_id": "user7", "text": text, **more}


def chat(*messages: object, **more: object) -> dict[str, Any]:
    return {"name": "Oru press", "type": "private_group", "id": 77, **more, "messages": list(messages)}


def posts(export: object, largest: int = 1_000_000) -> list[Post | Damaged]:
    return list(read_export(io.BytesIO(json.dumps(export).encode()), largest))


def only(export: object) -> Post:
    (post,) = posts(export)
    assert isinstance(post, Post)
    return post


def test_a_message_gives_its_text_and_whence_it_comes():
    assert only(chat(message(5))) == Post("Oru press", 5, "The pier stays closed.", SENT, sender="user7", last_id=5)


def test_a_text_in_pieces_is_one_text():
    pieces = ["The ", {"type": "bold", "text": "pier"}, {"type": "link", "text": " stays"}, " closed.", 7, None, {}]
    assert only(chat(message(5, pieces))).text == "The pier stays closed."


def test_every_chat_of_an_account_is_read():
    account = {
        "about": "Here is your data",
        "personal_information": {"first_name": "Ann", "messages": "none"},
        "contacts": {"list": [{"name": "Bob", "type": "user"}]},
        "chats": {"about": "All", "list": [chat(message(1), name="One"), chat(), chat(message(2), name="Two")]},
        "left_chats": {"list": [chat(message(3), name="Left")]},
    }
    found = posts(account)
    assert [(post.chat, post.id) for post in found if isinstance(post, Post)] == [("One", 1), ("Two", 2), ("Left", 3)]


@pytest.mark.parametrize(
    ("kind", "more", "channel"),
    [
        ("public_channel", {}, "Oru press"),
        ("private_channel", {}, "Oru press"),
        ("private_supergroup", {}, None),
        ("personal_chat", {"forwarded_from": "Bob"}, None),
        ("public_channel", {"forwarded_from": "Bob", "forwarded_from_id": "user9"}, None),
        ("public_channel", {"forwarded_from": None}, None),
        ("saved_messages", {"forwarded_from": "Radio Sennet", "forwarded_from_id": "channel9"}, "Radio Sennet"),
    ],
)
def test_a_channel_published_what_it_did_not_forward(kind: str, more: dict[str, Any], channel: str | None):
    assert only(chat(message(5, **more), type=kind)).channel == channel


@pytest.mark.parametrize(
    ("more", "file"),
    [
        ({}, None),
        ({"file": "files/pier.pdf"}, "files/pier.pdf"),
        ({"file": "(File not included. Change data exporting settings to download.)"}, ""),
        ({"file": "voice/1.ogg", "media_type": "voice_message"}, None),
        ({"photo": "photos/1.jpg"}, None),
        ({"file": 7}, None),
    ],
)
def test_a_document_is_named_and_what_is_seen_or_heard_is_not(more: dict[str, Any], file: str | None):
    assert only(chat(message(5, **more))).file == file


@pytest.mark.parametrize(
    "notice",
    [
        {"id": 5, "type": "service", "action": "pin_message", "text": ""},
        {"type": "message", "text": "No number."},
        {"id": "5", "text": "No number."},
        {},
    ],
)
def test_notices_of_telegram_are_no_posts(notice: dict[str, Any]):
    assert posts(chat(notice)) == []


LONG = "word " * 800 + "end."


def test_parts_of_a_long_text_are_one_text():
    rest = [message(6, LONG), message(7, "The rest of it."), message(8, "Another.")]
    one, other = posts(chat(message(5, LONG), *rest))
    assert isinstance(one, Post) and isinstance(other, Post)
    assert (one.id, one.last_id, other.id) == (5, 7, 8)
    assert one.text == f"{LONG}\n\n{LONG}\n\nThe rest of it."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (message(5, "Short."), message(6)),
        (message(5, LONG), message(7)),
        (message(5, LONG), message(6, from_id="user8")),
        (message(5, LONG), message(6, date_unixtime="1")),
        (message(5, LONG), message(6, forwarded_from="Bob")),
        (message(5, LONG, file="files/a.pdf"), message(6)),
        (message(5, LONG), message(6, file="files/a.pdf")),
        (message(5, LONG), message(6, "")),
    ],
)
def test_other_messages_stay_apart(first: dict[str, Any], second: dict[str, Any]):
    assert len(posts(chat(first, second))) == 2


def test_parts_in_two_chats_stay_apart():
    account = {"chats": {"list": [chat(message(5, LONG), name="One"), chat(message(6), name="Two")]}}
    assert len(posts(account)) == 2


@pytest.mark.parametrize("unixtime", [None, "", "soon", "9" * 40, [], 1e300, "-1e9"])
def test_a_time_that_is_none_is_left_out(unixtime: object):
    assert only(chat(message(5, date_unixtime=unixtime))).sent_at is None


@pytest.mark.parametrize("cut", [1, 30, -1, -3, -20])
def test_what_comes_before_the_damage_is_read(cut: int):
    data = json.dumps(chat(*[message(number) for number in range(50)])).encode()[:cut]
    found = list(read_export(io.BytesIO(data)))
    assert found[-1] == Damaged()
    assert [post.id for post in found[:-1] if isinstance(post, Post)] == list(range(len(found) - 1))
    assert len(found) >= (50 if cut < 0 else 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[" * 100_000,
        b'{"messages": [' + b'{"a": [' * 100_000,
        b'{"messages": [{"id": ' + b"9" * 10_000 + b"}]}",
        b'{"messages": [{"text": "\xff"}]}',
        b'{"messages": [{"text": "' + b"a" * 3_000_000,
        b'{"about": "' + b"a" * 3_000_000,
        b'{"messages": [{"text": [' + b'"a", ' * 300_000,
        b'{"messages": [{' + b'"aaaaaaaaaa": 1, ' * 300_000,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_a_hostile_file_is_damaged(data: bytes):
    assert list(read_export(io.BytesIO(data), largest=1_000_000)) == [Damaged()]


def test_endless_parts_are_not_put_together_for_ever():
    assert len(posts(chat(*[message(number, LONG) for number in range(200)]))) == 4


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        (b'{\n "name": "Oru press",\n "type": "private_group"', True),
        (b'{\n "about": "Here is the data", ', True),
        (b'\n{"id": 7, "messages"', True),
        (b'[{"name": "x"}]', False),
        (b'{"result": 7, "name": 1}', False),
        (b"", False),
    ],
)
def test_an_export_is_known_by_its_first_key(start: bytes, is_one: bool):
    assert looks_like_export(start) is is_one


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([LONG, "channel1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "id", "type", "messages", "file", "name", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(["id", "type", "text", "date_unixtime", "from_id", "forwarded_from", "file", "media_type"])
EXPORTS = st.lists(st.dictionaries(FIELDS, VALUES, max_size=5).map(lambda odd: message(1) | odd), max_size=5).flatmap(
    lambda odd: st.fixed_dictionaries({"name": VALUES, "type": VALUES, "messages": st.just(odd) | VALUES, "x": VALUES})
)


def proper(found: list[Post | Damaged]) -> bool:
    texts = all(
        isinstance(post.text, str) and post.text.encode() is not None for post in found if isinstance(post, Post)
    )
    return texts and Damaged() not in found[:-1]


@given(EXPORTS | VALUES)
def test_no_json_breaks_anything(export: object):
    assert proper(posts(export))


@given(EXPORTS, st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4), st.integers(0, 9)), max_size=4))
def test_no_damage_breaks_anything(export: object, damages: list[tuple[int, bytes, int]]):
    data = json.dumps(export).encode()
    for at, new, length in damages:
        at %= len(data) + 1
        data = data[:at] + new + data[at + length :]
    assert proper(list(read_export(io.BytesIO(data), 100_000)))


@given(st.binary(max_size=200))
def test_no_bytes_break_anything(data: bytes):
    assert proper(list(read_export(io.BytesIO(data))))
