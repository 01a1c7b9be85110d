"""What people do reaches the bot as Telegram would tell it, and what the bot did can be read."""

import asyncio
from collections.abc import Iterator

import pytest
from telegram import TelegramObject, Update

from bot.local_telegram import (
    LocalTelegram,
    origin_channel,
    origin_chat,
    origin_hidden_user,
    origin_user,
)

YEAR_2026 = 1_767_225_600


@pytest.fixture
def local():
    return LocalTelegram(clock=lambda: YEAR_2026)


@pytest.fixture
def person(local):
    return local.create_user("Agnė", "Balsytė", "agne_b")


@pytest.fixture
def chat(local, person):
    return local.create_private_chat(person)


async def done(local, method, **params):
    status, body = await local.call(method, params)
    assert status == 200, body
    return body["result"]


async def updates(local, **params) -> list[Update]:
    """The pending updates, each of which the library must understand to the last field."""
    raw = await done(local, "getUpdates", **params)
    parsed = [Update.de_json(update, None) for update in raw]
    for update, origin in zip(parsed, raw, strict=True):
        assert without_false(update.to_dict()) == without_false(origin)
        assert [thing for thing in parts(update) if thing.api_kwargs] == []
    return parsed


def without_false(thing):
    """The library writes out what is false, Telegram leaves it out."""
    if isinstance(thing, list):
        return [without_false(item) for item in thing]
    if isinstance(thing, dict):
        return {name: without_false(value) for name, value in thing.items() if value is not False}
    return thing


def parts(thing: TelegramObject) -> Iterator[TelegramObject]:
    yield thing
    for name in thing.__slots__:
        value = getattr(thing, name, None)
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, TelegramObject):
                yield from parts(item)


async def test_a_text_arrives_with_its_sender_its_time_and_its_marks(local, person, chat):
    local.send_text(chat, person, "😀 /who see https://news.example/1")
    (update,) = await updates(local)
    message = update.message
    assert (message.chat_id, message.from_user.full_name) == (person.id, "Agnė Balsytė")
    assert message.date.timestamp() == YEAR_2026
    assert [message.parse_entity(entity) for entity in message.entities] == [
        "/who",
        "https://news.example/1",
    ]


@pytest.mark.parametrize("text", ["", " \n", "x" * 4097, "😀" * 2049])
def test_a_text_that_no_app_would_send_is_refused(local, person, chat, text):
    with pytest.raises(ValueError):
        local.send_text(chat, person, text)
    assert local.history(chat) == []


def test_a_caption_of_more_than_1024_units_is_refused(local, person, chat):
    with pytest.raises(ValueError):
        local.send_photo(chat, person, "x" * 1025)


async def test_a_link_can_hide_behind_words_and_in_the_preview(local, person, chat):
    hidden = {"type": "text_link", "offset": 0, "length": 4, "url": "https://news.example/1"}
    local.send_text(chat, person, "here", entities=[hidden], link_preview_url="https://news.example/2")
    (update,) = await updates(local)
    assert update.message.entities[0].url == "https://news.example/1"
    assert update.message.link_preview_options.url == "https://news.example/2"


async def test_forwards_of_all_four_kinds_arrive_with_their_origin(local, person, chat):
    channel = local.create_channel("Harbour News", person, username="harbour_news")
    origins = [
        origin_user(person, YEAR_2026),
        origin_hidden_user("Somebody", YEAR_2026),
        origin_chat(channel, YEAR_2026, "Editor"),
        origin_channel(channel, 17, YEAR_2026, "Editor"),
    ]
    for origin in origins:
        local.send_text(chat, person, "An article", forward_origin=origin)
    seen = [update.message.forward_origin for update in await updates(local)]
    assert [origin.type for origin in seen] == ["user", "hidden_user", "chat", "channel"]
    assert (seen[1].sender_user_name, seen[2].author_signature) == ("Somebody", "Editor")
    assert (seen[3].chat.username, seen[3].message_id) == ("harbour_news", 17)


async def test_files_arrive_with_name_kind_and_the_size_that_telegram_says(local, person, chat):
    local.send_document(chat, person, "a.pdf", b"%PDF", "application/pdf", "Look", size=25_000_000)
    local.send_photo(chat, person, "In the photo", media_group_id="album")
    local.send_sticker(chat, person)
    local.send_voice(chat, person)
    local.send(chat, person, {"location": {"latitude": 54.7, "longitude": 25.3}})
    document, photo, sticker, voice, location = [update.message for update in await updates(local)]
    assert (document.document.file_name, document.document.mime_type) == ("a.pdf", "application/pdf")
    assert (document.document.file_size, document.caption) == (25_000_000, "Look")
    assert (photo.media_group_id, photo.caption, len(photo.photo)) == ("album", "In the photo", 1)
    assert (bool(sticker.sticker), voice.voice.mime_type, location.location.latitude) == (
        True,
        "audio/ogg",
        54.7,
    )


async def test_an_edited_text_arrives_as_an_edited_message(local, person, chat):
    message = local.send_text(chat, person, "Frist")
    local.edit_text(message, "First /help")
    photo = local.send_photo(chat, person, "Capton")
    local.edit_text(photo, "Caption")
    _, text, _, caption = await updates(local)
    assert (text.edited_message.text, text.edited_message.message_id) == ("First /help", message.id)
    assert (caption.edited_message.caption, caption.edited_message.text) == ("Caption", None)


async def test_a_reply_brings_the_message_it_answers(local, person, chat):
    first = local.send_text(chat, person, "An article")
    second = local.send_text(chat, person, "A question", reply_to=first)
    local.send_text(chat, person, "And one more", reply_to=second)
    last = (await updates(local))[-1].message
    assert last.reply_to_message.text == "A question"
    assert last.reply_to_message.reply_to_message is None


async def test_ids_count_from_the_numbers_given(person):
    local = LocalTelegram(first_update_id=700, first_message_id=40)
    chat = local.create_private_chat(local.create_user("Agnė"))
    for text in ("one", "two"):
        local.send_text(chat, chat.person, text)
    seen = [(update.update_id, update.message.message_id) for update in await updates(local)]
    assert seen == [(700, 40), (701, 41)]


async def test_an_offset_acknowledges_what_is_below_it(local, person, chat):
    for text in ("one", "two", "three"):
        local.send_text(chat, person, text)
    assert [update.update_id for update in await updates(local, limit=2)] == [1, 2]
    assert [update.update_id for update in await updates(local)] == [1, 2, 3]
    assert [update.update_id for update in await updates(local, offset=3)] == [3]
    assert [update.update_id for update in await updates(local, offset=0)] == [3]
    assert await updates(local, offset=4) == []


async def test_a_negative_offset_forgets_all_but_the_last(local, person, chat):
    for text in ("one", "two", "three"):
        local.send_text(chat, person, text)
    assert [update.update_id for update in await updates(local, offset=-1)] == [3]
    assert [update.update_id for update in await updates(local)] == [3]


async def test_a_long_poll_waits_for_the_first_update(local, person, chat):
    poll = asyncio.create_task(updates(local, timeout=30))
    await local.until(lambda: local.calls_of("getUpdates"))
    assert not poll.done()
    local.send_text(chat, person, "one")
    assert [update.message.text for update in await poll] == ["one"]


async def test_a_second_poll_ends_the_first_with_conflict(local, person, chat):
    first = asyncio.create_task(local.call("getUpdates", {"timeout": 30}))
    await local.until(lambda: local.calls_of("getUpdates"))
    second = asyncio.create_task(updates(local, timeout=30))
    status, body = await first
    assert (status, body["description"].split(":")[0]) == (409, "Conflict")
    local.send_text(chat, person, "one")
    assert len(await second) == 1


async def test_only_the_kinds_asked_for_arrive_and_the_wish_is_kept(local, person, chat):
    await updates(local, allowed_updates=["callback_query"])
    local.send_text(chat, person, "unseen")
    assert await updates(local) == []
    await updates(local, allowed_updates=[])
    local.send_text(chat, person, "seen")
    assert len(await updates(local)) == 1


async def test_a_webhook_shuts_out_polling_until_it_is_deleted(local, person, chat):
    await done(local, "setWebhook", url="https://bot.example/hook", allowed_updates=["message"])
    local.send_text(chat, person, "one")
    info = await done(local, "getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("https://bot.example/hook", 1)
    assert (await local.call("getUpdates"))[0] == 409
    await done(local, "deleteWebhook", drop_pending_updates=True)
    assert await updates(local) == []


async def test_a_raw_update_arrives_as_it_is(local, person, chat):
    local.raw_update({"update_id": 9, "message": "not a message"})
    local.send_text(chat, person, "after it")
    raw = await done(local, "getUpdates")
    assert raw[0] == {"update_id": 9, "message": "not a message"}
    assert raw[1]["update_id"] == 10


KEYBOARD = {
    "inline_keyboard": [[{"text": "All", "callback_data": "all"}, {"text": "Site", "url": "https://x.example"}]]
}


async def test_what_the_bot_wrote_can_be_read(local, person, chat):
    article = local.send_text(chat, person, "An article")
    await done(
        local,
        "sendMessage",
        chat_id=chat.id,
        text="<b>Card</b> &amp; more",
        parse_mode="HTML",
        reply_parameters={"message_id": article.id},
        reply_markup=KEYBOARD,
    )
    (card,) = local.messages(chat)
    assert (card.text, card.html, card.reply_to) == ("Card & more", "<b>Card</b> &amp; more", article)
    assert [(button.text, button.data, button.url) for button in card.buttons] == [
        ("All", "all", None),
        ("Site", None, "https://x.example"),
    ]
    assert local.history(chat) == [article, card]
    await done(local, "editMessageText", chat_id=chat.id, message_id=card.id, text="1 < 2")
    assert (card.text, card.html, card.buttons, card.edits) == ("1 < 2", "1 &lt; 2", [], 1)
    await done(local, "deleteMessage", chat_id=chat.id, message_id=card.id)
    assert (card.deleted, local.messages(chat)) == (True, [card])


async def test_reactions_and_chat_actions_can_be_read(local, person, chat):
    article = local.send_text(chat, person, "An article")
    for emoji in ("👀", "👍"):
        reaction = [{"type": "emoji", "emoji": emoji}]
        await done(local, "setMessageReaction", chat_id=chat.id, message_id=article.id, reaction=reaction)
        assert article.reactions == [emoji]
    await done(local, "setMessageReaction", chat_id=chat.id, message_id=article.id)
    await done(local, "sendChatAction", chat_id=chat.id, action="typing")
    assert (article.reactions, chat.actions) == ([], ["typing"])


async def test_a_pressed_button_arrives_and_its_answer_can_be_read(local, person, chat):
    await done(local, "sendMessage", chat_id=chat.id, text="Card", reply_markup=KEYBOARD)
    card = local.messages(chat)[0]
    query = local.press(card, card.buttons[0])
    (update,) = await updates(local)
    assert (update.callback_query.data, update.callback_query.from_user.id) == ("all", person.id)
    assert update.callback_query.message.text == "Card"
    await done(local, "answerCallbackQuery", callback_query_id=query, text="Here", show_alert=True)
    (answer,) = local.answers
    assert (answer.query_id, answer.text, answer.alert) == (query, "Here", True)


async def test_only_a_forged_press_sends_data_that_is_not_on_the_message(local, person, chat):
    await done(local, "sendMessage", chat_id=chat.id, text="Card", reply_markup=KEYBOARD)
    card = local.messages(chat)[0]
    with pytest.raises(ValueError, match="no button"):
        local.press(card, "erase")
    local.press(card, "erase", forged=True)
    assert [update.callback_query.data for update in await updates(local)] == ["erase"]


async def test_a_button_of_a_deleted_message_comes_without_the_message(local, person, chat):
    await done(local, "sendMessage", chat_id=chat.id, text="Card", reply_markup=KEYBOARD)
    card = local.messages(chat)[0]
    local.delete(card)
    local.press(card, "all")
    (update,) = await updates(local)
    assert (update.callback_query.message.is_accessible, update.callback_query.data) == (False, "all")


async def test_in_a_group_the_one_who_presses_is_named(local, person):
    group = local.create_group("Desk", person)
    await done(local, "sendMessage", chat_id=group.id, text="Card", reply_markup=KEYBOARD)
    with pytest.raises(ValueError, match="who presses"):
        local.press(local.messages(group)[0], "all")
    local.press(local.messages(group)[0], "all", person)
    assert len(await updates(local)) == 1


async def test_a_bot_that_is_blocked_hears_of_it_and_may_not_write(local, person, chat):
    local.block(person)
    (update,) = await updates(local)
    assert update.my_chat_member.new_chat_member.status == "kicked"
    status, body = await local.call("sendMessage", {"chat_id": chat.id, "text": "x"})
    assert (status, body["description"]) == (403, "Forbidden: bot was blocked by the user")
    local.send_text(chat, person, "unseen")
    local.unblock(person)
    await done(local, "sendMessage", chat_id=chat.id, text="x")
    assert [bool(update.message) for update in await updates(local)] == [False, False]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_bot_that_is_kicked_hears_of_it_and_may_not_write(local, person, kind):
    place = getattr(local, f"create_{kind}")("Desk", person)
    local.kick(place, person)
    (update,) = await updates(local)
    assert update.my_chat_member.chat.type == kind
    status, body = await local.call("sendMessage", {"chat_id": place.id, "text": "x"})
    assert (status, body["description"]) == (403, f"Forbidden: bot was kicked from the {kind} chat")


async def test_privacy_mode_shows_a_member_only_what_is_meant_for_it(local, person):
    group = local.create_supergroup("Desk", person)
    await done(local, "sendMessage", chat_id=group.id, text="Card")
    hidden = ["people talk", "/who@other_bot x", "@agne_b hello"]
    shown = ["/who Vaida", "/who@presswatch_bot Vaida", "what is this, @Presswatch_bot?"]
    for text in hidden + shown:
        local.send_text(group, person, text)
    local.send_document(group, person, "a.txt", b"x")
    local.send_text(group, person, "why?", reply_to=local.messages(group)[0])
    assert [update.message.text for update in await updates(local)] == [*shown, "why?"]


@pytest.mark.parametrize(("privacy_mode", "status"), [(False, "member"), (True, "administrator")])
async def test_without_privacy_mode_and_as_an_administrator_the_bot_sees_all(privacy_mode, status):
    local = LocalTelegram(privacy_mode=privacy_mode)
    person = local.create_user("Agnė")
    group = local.create_group("Desk", person, bot_status=status)
    local.send_text(group, person, "people talk")
    assert [update.message.text for update in await updates(local)] == ["people talk"]


async def test_an_anonymous_administrator_writes_in_the_name_of_the_group(local, person):
    group = local.create_supergroup("Desk", person)
    local.send_text(group, None, "/settings")
    (update,) = await updates(local)
    assert update.message.sender_chat.id == group.id
    assert update.message.from_user.username == "GroupAnonymousBot"


async def test_a_channel_posts_without_a_person(local, person):
    channel = local.create_channel("Harbour News", person, username="harbour_news")
    post = local.send_text(channel, None, "A post")
    local.edit_text(post, "A better post")
    first, second = await updates(local)
    assert (first.channel_post.text, second.edited_channel_post.text) == ("A post", "A better post")
    assert first.effective_user is None
    assert first.channel_post.link == "https://t.me/harbour_news/1"


async def test_a_public_chat_is_reached_by_its_name(local, person):
    channel = local.create_channel("Harbour News", person, username="harbour_news")
    await done(local, "sendMessage", chat_id="@Harbour_news", text="A post of the bot")
    assert [message.text for message in local.messages(channel)] == ["A post of the bot"]


async def test_an_answer_stays_in_the_topic_of_what_it_replies_to(local, person):
    forum = local.create_supergroup("Desk", person, forum=True)
    topic = local.create_topic(forum, person, "Harbour")
    question = local.send_text(forum, person, "/who Vaida", thread_id=topic)
    opened, asked = await updates(local)
    assert opened.message.forum_topic_created.name == "Harbour"
    assert (asked.message.message_thread_id, asked.message.is_topic_message) == (topic, True)
    assert asked.message.reply_to_message.message_id == topic
    reply = {"message_id": question.id}
    await done(local, "sendMessage", chat_id=forum.id, text="by reply", reply_parameters=reply)
    await done(local, "sendMessage", chat_id=forum.id, text="by topic", message_thread_id=topic)
    await done(local, "sendMessage", chat_id=forum.id, text="astray")
    assert [message.thread_id for message in local.messages(forum)] == [topic, topic, None]


async def test_a_group_that_migrates_is_reached_by_its_new_id(local, person):
    group = local.create_group("Desk", person)
    new = local.migrate(group, person)
    old_side, new_side = [update.message for update in await updates(local)]
    assert (old_side.migrate_to_chat_id, new_side.migrate_from_chat_id) == (new.id, group.id)
    status, body = await local.call("sendMessage", {"chat_id": group.id, "text": "x"})
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    await done(local, "sendMessage", chat_id=new.id, text="x")


async def test_commands_are_kept_by_scope_and_language(local):
    commands = [{"command": "who", "description": "What is known of a person"}]
    await done(local, "setMyCommands", commands=commands)
    await done(local, "setMyCommands", commands=[], scope={"type": "chat", "chat_id": 5}, language_code="lt")
    assert local.my_commands == {("default", ""): commands, ("chat:5", "lt"): []}
    assert await done(local, "getMyCommands") == commands
    await done(local, "deleteMyCommands")
    assert await done(local, "getMyCommands") == []


async def test_the_calls_of_the_bot_are_kept_with_decoded_parameters(local, person, chat):
    await local.call("sendMessage", {"chat_id": str(chat.id), "text": "x", "reply_markup": '{"force_reply": true}'})
    await local.call("sendMessage", {"chat_id": str(chat.id)})
    first, second = local.calls_of("sendMessage")
    assert (first.status, first.params["chat_id"]) == (200, chat.id)
    assert first.params["reply_markup"] == {"force_reply": True}
    assert (second.status, second.params) == (400, {"chat_id": str(chat.id)})


async def test_a_fault_for_a_method_that_there_is_not_is_an_error(local):
    with pytest.raises(ValueError, match="sendmessage"):
        local.fail_next("sendmessage", 429)


async def test_waiting_ends_with_the_last_calls_when_nothing_happens(local):
    await local.call("getMe")
    with pytest.raises(TimeoutError, match="getMe"):
        await local.until(lambda: False, seconds=0)


async def test_a_chat_is_chosen_only_where_a_keyboard_asks_for_one(local, person, chat):
    channel = local.create_channel("News", person)
    asking = {"text": "A channel", "request_chat": {"request_id": 5, "chat_is_channel": True, "request_title": True}}
    await done(local, "sendMessage", chat_id=chat.id, text="Which?", reply_markup={"keyboard": [[asking]]})
    (sent,) = local.messages(chat)
    chosen = local.choose_chat(sent, person, "A channel", channel)
    assert chosen.content == {"chat_shared": {"request_id": 5, "chat_id": channel.id, "title": "News"}}
    with pytest.raises(ValueError, match="asks for a chat"):
        local.choose_chat(sent, person, "A group", channel)
