"""A real python-telegram-bot talks to the local Telegram, in process and over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReactionTypeEmoji, Update
from telegram.error import (
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bot.local_telegram import LocalRequest, LocalTelegram
from bot.local_telegram.http_door import http_door


@asynccontextmanager
async def in_process(local: LocalTelegram) -> AsyncIterator[ApplicationBuilder]:
    builder = Application.builder().token(local.token)
    yield builder.request(LocalRequest(local, 0.5)).get_updates_request(LocalRequest(local, 0.5))


@asynccontextmanager
async def over_http(local: LocalTelegram) -> AsyncIterator[ApplicationBuilder]:
    async with http_door(local) as root:
        builder = Application.builder().token(local.token).read_timeout(0.5)
        yield builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch):
    """The library warns at each RetryAfter unless it may give timedeltas."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def local() -> LocalTelegram:
    return LocalTelegram()


@pytest.fixture(params=[in_process, over_http])
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


async def test_retry_after_says_how_long(local, bot, chat):
    local.fail_next("sendMessage", 429, retry_after=7)
    with pytest.raises(RetryAfter, match="7 seconds") as caught:
        await bot.send_message(chat.id, "one")
    assert caught.value.retry_after == timedelta(seconds=7)
