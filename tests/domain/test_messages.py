"""What messages hold, and which of them belong together."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.articles import MessagePart, Origin, OriginKind
from domain.messages import (
    MESSAGE_LIMIT,
    NEARLY_FULL,
    SHORTEST_ARTICLE,
    FileReference,
    IncomingMessage,
    Links,
    Talk,
    Text,
    beside_links,
    bundles,
    content_of,
    joined,
    words_in,
)
from tests.samples import DAY, NOON, chat_identity, forward

CHAT = chat_identity(100)
PROSE = "The harbour office says that the ferry sank in Lake Oru after it had struck a rock that no map shows. "
ARTICLE = PROSE * 3
LONG = (PROSE * 40)[: NEARLY_FULL + 100].strip()
CHANNEL = Origin(OriginKind.CHANNEL, "Oru Daily", "orudaily", 7, NOON)
HEADINGS = "\n".join(["A heading of a few words"] * 20)
LATER_POST = replace(CHANNEL, message_id=8, sent_at=NOON + DAY)
OTHER_POST = replace(CHANNEL, message_id=12)
USER = Origin(OriginKind.USER, "Cleo")
SHORT_PARAGRAPHS = "The ferry stays in port.\n\n" * 12 + "Our site | oru.example/ferry"
LINK = "https://oru.example/ferry"


def message(
    number: int = 1,
    text: str = "",
    *,
    links: tuple[str, ...] = (),
    album: str | None = None,
    file: FileReference | None = None,
    origin: Origin | None = None,
    sender: int = 5,
    seconds: float = 0,
) -> IncomingMessage:
    """A message; all of them are sent at the same moment, some ``seconds`` later."""
    came = forward(CHAT, 0, origin=origin)
    sent_at = came.sent_at + timedelta(seconds=seconds)
    came = replace(came, message_id=number, sent_at=sent_at, sender_id=sender)
    return IncomingMessage(came, text, links, file, album)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two  three", 3),
        ("1 2 3", 3),
        ("港口负责人否认出售泊位" * 8, 44),
        ("ปฏิเสธ" * 7, 5),
        ("Ferry🚢sank", 1),
    ],
)
def test_words_are_counted_by_letters_where_a_script_sets_none_apart(text: str, words: int):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (message(text=ARTICLE), Text(ARTICLE, (MessagePart(1, ARTICLE),))),
        (message(text="Ferry sinks"), Talk(2)),
        (message(), Talk(0)),
        (message(text=LINK, links=(LINK,)), Links((LINK,))),
        (message(text=f"Look at this: {LINK}", links=(LINK,)), Links((LINK,))),
        (message(text="", links=(LINK,)), Links((LINK,))),
        (message(text=f"{ARTICLE}\nMore: {LINK}", links=(LINK,)), Text(f"{ARTICLE}\nMore: {LINK}", ())),
        (message(text=HEADINGS, links=(LINK, LINK + "2")), Links((LINK, LINK + "2"))),
        (message(text=HEADINGS), Text(HEADINGS, ())),
        (message(text=SHORT_PARAGRAPHS, links=(LINK,)), Text(SHORT_PARAGRAPHS, ())),
        (message(text=" ".join([LINK] * 45), links=(LINK,)), Links((LINK,))),
    ],
)
def test_a_text_with_links_is_an_article_only_where_it_has_prose_of_an_article_s_length(given_, expected):
    found = content_of([given_])
    if isinstance(expected, Text):
        assert isinstance(found, Text)
        assert found.text == expected.text
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], ""),
        (["One."], "One."),
        (["x" * MESSAGE_LIMIT, "yz"], "x" * MESSAGE_LIMIT + "yz"),
        (["x " * (NEARLY_FULL // 2) + "end", "goes on"], "x " * (NEARLY_FULL // 2) + "end goes on"),
        (["x " * (NEARLY_FULL // 2) + "End.", "Next"], "x " * (NEARLY_FULL // 2) + "End.\n\nNext"),
        (["x" * NEARLY_FULL + "\n", "Next"], "x" * NEARLY_FULL + "\nNext"),
        (["A caption", "Another caption"], "A caption\n\nAnother caption"),
    ],
)
def test_a_text_that_was_cut_is_joined_as_it_was(parts: list[str], whole: str):
    assert joined(parts) == whole


@given(st.lists(st.text(max_size=30)))
def test_joining_loses_no_character(parts: list[str]):
    without = "".join(joined(parts).split())
    assert without == "".join("".join(parts).split())


def numbers(*messages: IncomingMessage) -> list[tuple[list[int], str | None]]:
    return [([each.number for each in bundle.messages], bundle.forward().note) for bundle in bundles(messages)]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], []),
        ([message(1, LONG), message(2, "the rest")], [([1, 2], None)]),
        ([message(2, "the rest"), message(1, LONG)], [([1, 2], None)]),
        ([message(1, LONG), message(2, LONG), message(3, "rest")], [([1, 2, 3], None)]),
        ([message(1, LONG), message(3, "after an answer of the bot")], [([1, 3], None)]),
        ([message(1, LONG), message(2, "of another", sender=6), message(3, "rest")], [([1, 3], None), ([2], None)]),
        ([message(1, LONG), message(2, "later", seconds=60)], [([1], None), ([2], None)]),
        ([message(1, LONG), message(30, "far")], [([1], None), ([30], None)]),
        ([message(1, LONG, origin=CHANNEL), message(2, ARTICLE, origin=LATER_POST)], [([1], None), ([2], None)]),
        ([message(1, LONG, origin=CHANNEL), message(2, ARTICLE, origin=OTHER_POST)], [([1], None), ([2], None)]),
        ([message(1, LONG, origin=CHANNEL), message(2, "own words")], [([1], None), ([2], None)]),
        ([message(1, LONG, origin=CHANNEL), message(2, "rest", origin=CHANNEL)], [([1, 2], None)]),
        ([message(1, ARTICLE), message(2, ARTICLE)], [([1], None), ([2], None)]),
        ([message(1, ARTICLE, album="a"), message(2, album="a"), message(3, album="a")], [([1, 2, 3], None)]),
        ([message(1, album="a"), message(2, album="b")], [([1], None), ([2], None)]),
        ([message(1, LONG, album="a"), message(2, "not of it")], [([1], None), ([2], None)]),
        ([message(1, "Read this!"), message(2, LONG, origin=CHANNEL)], [([2], "Read this!")]),
        (
            [
                message(1, "Both!"),
                message(2, LONG, origin=CHANNEL),
                message(5, LONG, origin=USER),
            ],
            [([2], "Both!"), ([5], "Both!")],
        ),
        ([message(1, "One."), message(2, "Two."), message(3, LONG, origin=CHANNEL)], [([3], "One. Two.")]),
        ([message(1, "Read this!"), message(2, LONG)], [([1], None), ([2], None)]),
        ([message(1, "Hello", sender=6), message(2, LONG, origin=CHANNEL)], [([1], None), ([2], None)]),
        ([message(1, "Hello"), message(2, LONG, origin=CHANNEL, seconds=9)], [([1], None), ([2], None)]),
    ],
)
def test_parts_albums_and_comments_are_put_together_and_nothing_else(messages, expected):
    assert numbers(*messages) == expected


texts = st.sampled_from([LONG, ARTICLE, "short words", ""])
some = st.builds(
    message,
    st.integers(1, 40),
    texts,
    album=st.sampled_from([None, None, "a", "b"]),
    origin=st.sampled_from([None, CHANNEL]),
    sender=st.integers(5, 6),
    seconds=st.integers(0, 5),
)


@given(st.lists(some, unique_by=lambda each: each.number))
def test_every_message_is_in_one_bundle_or_a_comment(messages: list[IncomingMessage]):
    found = bundles(messages)
    inside = [each for bundle in found for each in bundle.messages]
    comments = {comment for bundle in found for comment in bundle.comments}
    assert len(inside) == len(set(inside))
    assert {*inside, *comments} == set(messages)
    for bundle in found:
        assert [each.number for each in bundle.messages] == sorted(each.number for each in bundle.messages)


@pytest.mark.parametrize(
    ("given_", "note"),
    [
        (message(text=LINK, links=(LINK,)), None),
        (message(text=f"For Monday:\n{LINK}", links=(LINK,)), "For Monday:"),
        (message(text="hidden", links=(LINK,)), "hidden"),
        (message(text="oru.example/ferry", links=(LINK,)), None),
        (message(text=f"{LINK}/b", links=(LINK, f"{LINK}/b")), None),
    ],
)
def test_what_stands_beside_links_is_a_note(given_: IncomingMessage, note: str | None):
    assert beside_links(given_) == note


def test_an_article_has_words_enough():
    assert words_in(ARTICLE) >= SHORTEST_ARTICLE
