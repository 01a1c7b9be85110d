"""Which plain words in a private chat may be those that a question of ours asked for."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, MessageEntity, MessageOriginHiddenUser

from handlers.prompting import is_plain

MOMENT = datetime(2026, 3, 12, 8, tzinfo=UTC)


def written(text: str | None, *entities: MessageEntity, forwarded: bool = False) -> Message:
    origin = MessageOriginHiddenUser(MOMENT, "Ann") if forwarded else None
    return Message(7, MOMENT, Chat(5, "private"), text=text, entities=entities, forward_origin=origin)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Lviv", "city"),
        ("half past eight", "time"),
        ("dam* AND (crack* OR repair)", "words"),
        ("Will Lind", "person"),
        ("Who will pay for the bridge?", "headline"),
        ("Who will pay for the bridge", "headline"),
    ],
)
def test_what_may_be_the_words(text: str, asks: str):
    assert is_plain(written(text), asks)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (None, "city"),
        ("/settings", "city"),
        ("What did Ann Lee say?", "person"),
        ("What did Ann Lee say", "person"),
        ("Lviv?", "city"),
        ("The council met.\nIt rained.", "words"),
        ("word " * 80, "words"),
    ],
)
def test_a_command_a_question_and_an_article_are_no_answer(text: str | None, asks: str):
    assert not is_plain(written(text), asks)


def test_a_forward_and_a_link_are_no_answer():
    assert not is_plain(written("Lviv", forwarded=True), "city")
    assert not is_plain(written("harbour.example", MessageEntity(MessageEntity.URL, 0, 15)), "words")
