"""Whose turn an update takes, which others it must not overtake, and which are new."""

import pytest

from bot.updates import Inbox, RawUpdate, chat_of, owner_of
from storage.opening import open_database, open_queue
from tests.engines import ON_BOTH
from tests.samples import Clock

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


@ON_BOTH
async def test_what_is_new_is_told_of_once_wherever_it_stands_among_what_was_kept_before(database_url: str):
    database = await open_database(database_url)
    told: list[RawUpdate] = []
    inbox = Inbox(open_queue(database, Clock(), 1), 1, told.extend)
    for numbers in ([1, 2], [3, 1], [2, 4, 3, 5, 4], [5]):
        await inbox.keep([{"update_id": number, "message": {"chat": GROUP}} for number in numbers])
    await database.close()
    assert [update["update_id"] for update in told] == [1, 2, 3, 4, 5]
