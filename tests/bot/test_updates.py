"""Whose turn an update takes, and which others it must not overtake."""

import pytest

from bot.updates import RawUpdate, chat_of, owner_of

ANN, BOB = {"id": 1, "first_name": "Ann"}, {"id": 2, "first_name": "Bob"}
GROUP, CHANNEL = {"id": -5, "type": "supergroup"}, {"id": -9, "type": "channel"}


@pytest.mark.parametrize(
    ("update", "chat", "owner"),
    [
        ({"message": {"chat": GROUP, "from": ANN, "text": "/help"}}, -5, 1),
        ({"edited_message": {"chat": GROUP, "from": BOB, "text": "/help"}}, -5, 2),
        ({"message": {"chat": GROUP, "from": ANN, "sender_chat": GROUP}}, -5, -5),  # an anonymous administrator
        ({"channel_post": {"chat": CHANNEL, "sender_chat": CHANNEL}}, -9, -9),
        ({"channel_post": {"chat": CHANNEL}}, -9, -9),
        ({"callback_query": {"from": BOB, "message": {"chat": GROUP, "from": ANN}}}, -5, 2),
        ({"callback_query": {"from": BOB, "inline_message_id": "7"}}, 2, 2),
        ({"inline_query": {"from": BOB, "query": "ann"}}, 2, 2),
        ({"my_chat_member": {"chat": GROUP, "from": ANN}}, -5, 1),
        ({"poll": {"id": "7"}}, None, 0),
        ({"message": {"chat": {"id": "no number"}, "from": ANN}}, 1, 1),
        ({"message": {"chat": {"id": 1 << 63}, "from": ANN}}, 1, 1),
        ({"message": "no object"}, None, 0),
        ({}, None, 0),
    ],
)
def test_an_update_is_of_a_chat_and_of_who_has_done_it(update: RawUpdate, chat: int | None, owner: int):
    assert (chat_of({"update_id": 1, **update}), owner_of({"update_id": 1, **update})) == (chat, owner)
