"""Mailboxes: every message comes out once, whatever its dialect, and a broken file costs what is broken in it."""

import io
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.mailbox import begins_mailbox, read_mailbox

ONE = b"From ilka@oru.test Tue Mar  3 08:00:00 2026\nSubject: Pier\n\nThe pier stays closed.\n\n"
TWO = b"From - Wed Mar  4 08:00:00 2026\nSubject: Ferry\n\nThe ferry sails again.\n"


def messages(data: bytes, largest: int = 1000) -> list[bytes | None]:
    found = list(read_mailbox(io.BytesIO(data), largest))
    assert [message.number for message in found] == list(range(1, len(found) + 1))
    return [message.data for message in found]


FIRST, SECOND = b"Subject: Pier\n\nThe pier stays closed.\n\n", b"Subject: Ferry\n\nThe ferry sails again.\n"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", []),
        (b"\n \n\n", []),
        (ONE, [FIRST]),
        (ONE + TWO, [FIRST, SECOND]),
        (b"\n\n" + ONE + b"\n\n\n" + TWO, [FIRST + b"\n\n\n", SECOND]),
        ((ONE + TWO).replace(b"\n", b"\r\n"), [FIRST.replace(b"\n", b"\r\n"), SECOND.replace(b"\n", b"\r\n")]),
        (ONE + b"From 1234@xxx Tue Mar 03 08:00:00 +0000 2026\r\n" + SECOND, [FIRST, SECOND]),
        # Thunderbird leaves sender and date out.
        (ONE + b"From \n" + SECOND, [FIRST, SECOND]),
        # No blank line in front: it belongs to the mail.
        (ONE.rstrip() + b"\n" + TWO, [FIRST.rstrip() + b"\n" + TWO]),
        (ONE + b"From the harbour nobody answered.\n", [FIRST + b"From the harbour nobody answered.\n"]),
        (ONE + b">From the pier\n>>From it\n> From\n", [FIRST + b"From the pier\n>From it\n> From\n"]),
        (ONE + b"From a@b.test Tue Mar  3 08:00:00 2026\n", [FIRST]),
        (ONE + b"From a@b.test Tue Mar  3 08:00:00 2026\n\nNo header.", [FIRST, b"\nNo header."]),
        (FIRST + TWO, [FIRST, SECOND]),
        (b"\x00\xff\xfe", [b"\x00\xff\xfe"]),
    ],
)
def test_a_message_begins_at_from_behind_a_blank_line(data: bytes, found: list[bytes]):
    assert messages(data) == found


def test_what_the_standard_library_writes_comes_back(tmp_path: Path):
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        mail = EmailMessage()
        mail["Subject"] = f"Edition {number}"
        mail.set_content("From the pier:\n\nFrom Tuesday on it is closed.\n")
        box.add(mail)
    box.flush()
    box.close()
    with (tmp_path / "box").open("rb") as stream:
        found = [message.data or b"" for message in read_mailbox(stream)]
    assert [b"Subject: Edition %d" % number in data for number, data in enumerate(found)] == [True] * 3
    assert all(b"\n\nFrom Tuesday on" in data for data in found)


def test_a_message_that_is_too_large_is_left_out_and_the_next_is_read():
    assert messages(ONE + b"x\n" * 5000 + b"\n" + TWO) == [None, SECOND]
    assert messages(ONE + b"x" * 500_000 + b"\n\n" + TWO) == [None, SECOND]


@pytest.mark.parametrize(
    ("start", "is_one"), [(ONE, True), (b"\r\n" + TWO, True), (b"", False), (b"Fromage", False), (FIRST, False)]
)
def test_a_mailbox_is_known_by_its_first_line(start: bytes, is_one: bool):
    assert begins_mailbox(start) is is_one


PIECES = st.sampled_from([ONE, TWO, b"From ", b"\n", b"\r\n", b">From x\n", b"a: b\n", b"\xff", b"From x 08:00 2026\n"])


@given(st.lists(PIECES | st.binary(max_size=20), max_size=30).map(b"".join))
def test_no_file_breaks_anything_and_nothing_but_lines_in_between_is_lost(data: bytes):
    found = messages(data, largest=10_000)
    assert all(message is not None for message in found)
    kept = sum(len(message or b"") for message in found)
    assert kept <= len(data)
    if b"From " not in data:
        assert found == ([data] if data.strip() else [])
