"""A real python-telegram-bot talks to the local Telegram, in process and over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from httpx import AsyncClient, RemoteProtocolError
from telegram import (
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    ReactionTypeEmoji,
    Update,
)
from telegram.error import (
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bot.local_telegram import LocalRequest, LocalTelegram
from bot.local_telegram.http_door import http_door
from bot.requests import AiohttpRequest
from tests.samples import png


@asynccontextmanager
async def in_process(local: LocalTelegram) -> AsyncIterator[ApplicationBuilder]:
    builder = Application.builder().token(local.token)
    yield builder.request(LocalRequest(local, 0.5)).get_updates_request(LocalRequest(local, 0.5))


@asynccontextmanager
async def over_http(local: LocalTelegram) -> AsyncIterator[ApplicationBuilder]:
    async with http_door(local) as root:
        builder = Application.builder().token(local.token).read_timeout(0.5)
        yield builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")


@asynccontextmanager
async def over_aiohttp(local: LocalTelegram) -> AsyncIterator[ApplicationBuilder]:
    async with http_door(local) as root:
        calls, polls = AiohttpRequest(read_timeout=0.5), AiohttpRequest(read_timeout=0.5)
        builder = Application.builder().token(local.token).request(calls).get_updates_request(polls)
        yield builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")


@pytest.fixture
def local() -> LocalTelegram:
    return LocalTelegram()


@pytest.fixture(params=[in_process, over_http, over_aiohttp])
async def builder(request, local):
    async with request.param(local) as made:
        yield made


@pytest.fixture
async def bot(builder):
    async with builder.build().bot as made:
        yield made


@pytest.fixture
def chat(local):
    return local.create_private_chat(local.create_user("Agnė"))


async def start(update: Update, context) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    await update.message.reply_html("<b>Hello</b> &amp; welcome", reply_markup=keyboard)


async def more(update: Update, context) -> None:
    await update.callback_query.answer("Here")
    await update.callback_query.edit_message_text("Hello again")


async def test_an_application_answers_start_and_a_pressed_button(local, builder, chat):
    application = builder.build()
    application.add_handlers([CommandHandler("start", start), CallbackQueryHandler(more)])
    async with application:
        await application.updater.start_polling()
        await application.start()
        local.send_text(chat, chat.person, "/start")
        greeting = await local.until(lambda: next(iter(local.messages(chat)), None))
        assert (greeting.text, greeting.html) == ("Hello & welcome", "<b>Hello</b> &amp; welcome")
        local.press(greeting, greeting.buttons[0])
        await local.until(lambda: greeting.edits)
        assert (greeting.text, greeting.buttons) == ("Hello again", [])
        assert [answer.text for answer in local.answers] == ["Here"]
        await application.updater.stop()
        await application.stop()


async def test_a_file_comes_to_the_bot_byte_by_byte(local, bot, chat):
    data = bytes(range(256)) + b"\r\n--x"
    local.send_document(chat, chat.person, "page.html", data, "text/html", "look")
    (update,) = await bot.get_updates()
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == data


async def test_a_file_goes_from_the_bot_byte_by_byte(local, bot, chat):
    data = b"\r\n--" + bytes(range(256)) + b"\r\n"
    await bot.send_document(chat.id, data, filename="archive č.jsonl", caption="<i>all</i>", parse_mode="HTML")
    (message,) = local.messages(chat)
    stored = local.files[message.content["document"]["file_id"]]
    assert (stored.name, stored.data, message.text) == ("archive č.jsonl", data, "all")


async def test_another_photo_or_a_file_takes_the_place_of_a_photo_and_of_a_text(local, bot, chat):
    photo = await bot.send_photo(chat.id, png(320, 240), caption="Before")
    text = await bot.send_message(chat.id, "A text")
    for message in (photo, text):
        changed = await bot.edit_message_media(
            InputMediaPhoto(png(1080, 720), caption="<b>After</b>", parse_mode="HTML"), chat.id, message.message_id
        )
        assert (changed.photo[-1].width, changed.photo[-1].height, changed.caption) == (1080, 720, "After")
        assert changed.text is None
    changed = await bot.edit_message_media(InputMediaDocument(b"x", filename="a.txt"), chat.id, photo.message_id)
    assert (changed.document.file_name, changed.photo, changed.caption) == ("a.txt", (), None)


async def test_what_is_typed_after_the_bots_name_is_answered_and_the_choice_is_sent(local, bot, chat):
    local.inline_feedback = True
    query = local.ask_inline(chat.person, "orkavec", chat_type="private")
    (update,) = await bot.get_updates()
    assert (update.inline_query.query, update.inline_query.chat_type) == ("orkavec", "private")
    found = InlineQueryResultArticle("7", "Anselm Orkavec", InputTextMessageContent("<b>Orkavec</b>", "HTML"))
    more = InlineQueryResultsButton("More", start_parameter="more")
    assert await update.inline_query.answer([found], cache_time=0, is_personal=True, button=more)
    answer = local.inline_answers[query]
    assert [(each.id, each.title) for each in answer.results] == [("7", "Anselm Orkavec")]
    assert answer.start == "more"
    group = local.create_group("Desk", chat.person)
    message = local.choose_inline(chat.person, query, "7", group)
    assert (message.text, message.html, message.sender) == ("Orkavec", "<b>Orkavec</b>", chat.person)
    chosen = (await bot.get_updates(update.update_id + 1))[0].chosen_inline_result
    assert (chosen.result_id, chosen.query) == ("7", "orkavec")


async def test_a_reaction_is_seen(local, bot, chat):
    message = local.send_text(chat, chat.person, "An article")
    await bot.set_message_reaction(chat.id, message.id, ReactionTypeEmoji("👀"))
    assert message.reactions == ["👀"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [(429, RetryAfter), (403, Forbidden), (500, NetworkError), (502, NetworkError), ("hang", TimedOut)],
)
async def test_a_fault_reaches_the_bot_as_the_librarys_error_and_the_call_is_not_performed(
    local, bot, chat, kind, error
):
    local.fail_next("sendMessage", kind)
    with pytest.raises(error) as caught:
        await bot.send_message(chat.id, "one")
    assert caught.type is error
    assert local.messages(chat) == []
    await bot.send_message(chat.id, "two")
    assert [message.text for message in local.messages(chat)] == ["two"]


async def test_a_dropped_connection_loses_the_answer_of_a_call_that_was_performed(local, bot, chat):
    local.fail_next("sendMessage", "drop")
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(chat.id, "one")
    assert caught.type is NetworkError
    assert [message.text for message in local.messages(chat)] == ["one"]


async def test_a_slow_answer_is_lost_to_a_bot_that_does_not_wait_but_the_call_is_performed(local, bot, chat):
    local.fail_next("sendMessage", "slow", delay=60)
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "one", read_timeout=0.05)
    assert [message.text for message in local.messages(chat)] == ["one"]


async def test_a_fault_happens_as_often_as_asked_for(local, bot, chat):
    local.fail_next("sendMessage", 502, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, "one")
    await bot.send_message(chat.id, "one")
    assert [call.status for call in local.calls_of("sendMessage")] == [502, 502, 200]


@pytest.mark.parametrize("kind", [502, "drop", "hang"])
async def test_a_download_can_fail_too(local, bot, chat, kind):
    sent = local.send_document(chat, chat.person, "a.txt", b"text")
    file = await bot.get_file(sent.content["document"]["file_id"])
    local.fail_next("file", kind)
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == b"text"


async def test_a_group_that_migrated_is_the_librarys_chat_migrated(local, bot):
    owner = local.create_user("Agnė")
    group = local.create_group("Desk", owner)
    new = local.migrate(group, owner)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new.id


async def test_a_second_poll_is_the_librarys_conflict_for_the_first(local, builder):
    async with builder.build().bot as first, builder.build().bot as second:
        poll = asyncio.create_task(first.get_updates(timeout=30))
        await local.until(lambda: local.calls_of("getUpdates"))
        assert await second.get_updates(timeout=0) == ()
        with pytest.raises(Conflict):
            await poll


@pytest.mark.parametrize("token", ["12:wrong-token", "12:x"])
async def test_a_wrong_token_is_the_librarys_invalid_token(local, builder, token):
    with pytest.raises(InvalidToken):
        async with builder.token(token).build().bot:
            pass


async def test_the_rest_of_what_a_bot_asks_is_understood_by_the_library(local, bot):
    owner = local.create_user("Agnė")
    group = local.create_supergroup("Desk", owner, bot_status="administrator")
    assert (await bot.get_chat(group.id)).title == "Desk"
    assert [member.status for member in await bot.get_chat_administrators(group.id)] == [
        "creator",
        "administrator",
    ]
    for status in ("creator", "administrator", "member", "restricted", "left", "kicked"):
        group.members[owner.id] = status
        member = await bot.get_chat_member(group.id, owner.id)
        assert (member.status, member.api_kwargs) == (status, {})
    assert await bot.get_chat_member_count(group.id) == 1
    await bot.set_my_commands([("who", "What is known of a person")], BotCommandScopeAllPrivateChats())
    assert [command.command for command in await bot.get_my_commands(BotCommandScopeAllPrivateChats())] == ["who"]
    await bot.set_my_description("Reads the press")
    assert (await bot.get_my_description()).description == "Reads the press"
    await bot.set_my_short_description("Press")
    assert (await bot.get_my_short_description()).short_description == "Press"
    photo = await bot.send_photo(group.id, png(320, 240), caption="A chart")
    assert (await bot.edit_message_caption(group.id, photo.message_id, caption="The chart")).caption == "The chart"
    again = await bot.send_photo(group.id, photo.photo[-1].file_id)
    assert await bot.delete_messages(group.id, [photo.message_id, again.message_id])
    assert await bot.leave_chat(group.id)
    assert (await bot.get_webhook_info()).url == ""


async def test_over_http_parameters_come_as_query_form_or_json(local, chat):
    params = {"chat_id": chat.id, "text": "x", "reply_parameters": {"message_id": 9}}
    flat = {**params, "reply_parameters": '{"message_id": 9, "allow_sending_without_reply": true}'}
    async with http_door(local) as root, AsyncClient(base_url=f"{root}/bot{local.token}") as client:
        answers = [
            await client.get("/sendMessage", params=flat),
            await client.post("/sendMessage", data=flat),
            await client.post("/sendMessage", json=flat),
            await client.post("/sendMessage", json=params),
            await client.post("/sendMessage", content=b"{", headers={"content-type": "application/json"}),
            await client.get("/"),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400, 400, 404]
    assert len(local.messages(chat)) == 3


async def test_over_http_a_poll_whose_bot_died_takes_no_update_away(local, chat):
    async with http_door(local) as root:
        async with AsyncClient(base_url=f"{root}/bot{local.token}") as dying:
            poll = asyncio.create_task(dying.get("/getUpdates", params={"timeout": 30}))
            await local.until(lambda: local.calls_of("getUpdates"))
            poll.cancel()
        local.send_text(chat, chat.person, "one")
        async with AsyncClient(base_url=f"{root}/bot{local.token}") as next_life:
            answer = await next_life.get("/getUpdates", params={"timeout": 30})
    assert [update["message"]["text"] for update in answer.json()["result"]] == ["one"]


async def test_closing_the_http_door_drops_what_still_waits(local):
    async with AsyncClient() as client:
        async with http_door(local) as root:
            local.fail_next("getMe", "hang")
            waiting = asyncio.create_task(client.get(f"{root}/bot{local.token}/getMe"))
            await local.until(lambda: local.calls_of("getMe"))
        with pytest.raises(RemoteProtocolError):
            await waiting


async def test_retry_after_says_how_long(local, bot, chat):
    local.fail_next("sendMessage", 429, retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(chat.id, "one")
    assert caught.value.retry_after == timedelta(seconds=7)
