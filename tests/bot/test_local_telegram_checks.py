"""Every call is checked against the Bot API: what Telegram would refuse is refused, and so are slips it would hide."""

import json

import pytest

from bot.local_telegram import LocalTelegram
from bot.local_telegram.methods import METHODS
from bot.local_telegram.request import Upload
from bot.local_telegram.spec import api_facts
from tests.samples import png

LONG = "ž" * 4096


class Scene:
    """One person's chat, a group, a message of the bot's, a message of the person's, and an open query."""

    def __init__(self) -> None:
        self.local = LocalTelegram()
        self.person = self.local.create_user("Agnė")
        self.chat = self.local.create_private_chat(self.person)
        self.theirs = self.local.send_text(self.chat, self.person, "An article")

    async def write(self, text="Hello", **params):
        status, body = await self.local.call("sendMessage", {"chat_id": self.chat.id, "text": text, **params})
        assert status == 200, body
        return self.local.messages(self.chat)[-1]

    async def refusal(self, method, **params):
        status, body = await self.local.call(method, params)
        assert (body["ok"], body.get("error_code")) == (status == 200, None if status == 200 else status)
        return (status, body.get("description", ""))


@pytest.fixture
def scene():
    return Scene()


def keyboard(**button):
    return {"inline_keyboard": [[{"text": "All", **button}]]}


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({}, 'needs the parameter "text"'),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": LONG + "x"}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": 5}, 'parameter "text" of sendMessage is not String'),
        ({"text": "\ud83d"}, 'parameter "text" of sendMessage is not String'),
        ({"text": "x", "txt": "y"}, 'sendMessage has no parameter "txt"'),
        ({"text": "x", "reply_to_message_id": 1}, 'sendMessage has no parameter "reply_to_message_id"'),
        ({"text": "x", "disable_notification": "yes"}, "is not Boolean"),
        ({"text": "x", "message_thread_id": 1.5}, "is not Integer"),
        ({"text": "x", "message_thread_id": True}, "is not Integer"),
        ({"text": "x", "message_thread_id": 77}, "message thread not found"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "x < y", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "reads HTML only"),
        ({"text": "<b>x</b>" * 101, "parse_mode": "HTML"}, "101 entities"),
        ({"text": "x", "link_preview_options": {"disabled": True}}, "is not LinkPreviewOptions"),
        ({"text": "x", "reply_parameters": {}}, "is not ReplyParameters"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"message_id": 1, "quote": "no"}}, "QUOTE_TEXT_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [{"text": "All"}]}}, "is not InlineKeyboardMarkup"),
        ({"text": "x", "reply_markup": keyboard()}, "exactly one action"),
        ({"text": "x", "reply_markup": keyboard(callback_data="a", url="https://x.example")}, "exactly one"),
        ({"text": "x", "reply_markup": keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(callback_data="ž" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(callback_data="a", text=" ")}, "button text is empty"),
        ({"text": "x", "reply_markup": keyboard(url="not a link")}, "URL 'not a link' is invalid"),
        ({"text": "x", "reply_markup": keyboard(data="a")}, "is not InlineKeyboardMarkup"),
    ],
)
@pytest.mark.parametrize("as_form", [False, True])
async def test_a_wrong_message_is_refused_and_not_sent(scene, params, complaint, as_form):
    if as_form:
        params = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        if params.get("text") == "5":
            return  # a form has no numbers: this is the text "5"
    status, description = await scene.refusal("sendMessage", chat_id=scene.chat.id, **params)
    assert status == 400
    assert description.startswith("Bad Request: ")
    assert complaint in description
    assert scene.local.messages(scene.chat) == []


@pytest.mark.parametrize(
    "params",
    [
        {"text": LONG},
        {"text": f"<b>{LONG}</b>", "parse_mode": "HTML"},
        {"text": f"\n {LONG} "},
        {"text": "x", "reply_markup": keyboard(callback_data="ž" * 32)},
        {"text": "x", "reply_markup": keyboard(url="https://news.example/a")},
        {"text": "x", "reply_parameters": {"message_id": 1, "quote": "article"}},
        {"text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
        {"text": "x", "reply_markup": {"force_reply": True}},
    ],
)
async def test_what_is_just_within_the_limits_is_sent(scene, params):
    await scene.write(**params)


@pytest.mark.parametrize(
    ("method", "params", "status", "complaint"),
    [
        ("sendMesage", {}, 404, "Not Found"),
        ("sendGift", {}, 404, "Not Found"),
        ("sendMessage", {"chat_id": 7, "text": "x"}, 400, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, 400, "chat not found"),
        ("sendMessage", {"text": "x"}, 400, 'needs the parameter "chat_id"'),
        ("setMyCommands", {"commands": [{"command": "Who", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "/who", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "x"}]}, 400, "COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, 400, "DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x" * 257}]}, 400, "DESCRIPTION"),
        ("setMyCommands", {"commands": [{"command": "a"}]}, 400, "is not Array of BotCommand"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, 400, "TOO_MUCH"),
        ("setMyDescription", {"description": "x" * 513}, 400, "at most 512"),
        ("setMyShortDescription", {"short_description": "x" * 121}, 400, "at most 120"),
        ("getFile", {"file_id": "nothing"}, 400, "invalid file_id"),
        ("answerCallbackQuery", {"callback_query_id": "old"}, 400, "query is too old"),
        ("getUpdates", {"limit": 0}, 400, "between 1 and 100"),
        ("getUpdates", {"allowed_updates": ["mesage"]}, 400, '"mesage"'),
        ("setWebhook", {"url": "http://bot.example"}, 400, "HTTPS"),
        ("setWebhook", {"url": "https://bot.example", "secret_token": "a b"}, 400, "unallowed characters"),
    ],
)
async def test_a_wrong_call_is_refused(scene, method, params, status, complaint):
    answer = await scene.refusal(method, **params)
    assert answer[0] == status
    assert complaint in answer[1]


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("editMessageText", {"text": "Hello"}, "message is not modified"),
        ("editMessageText", {"text": "<b>Hello", "parse_mode": "HTML"}, "can't parse entities"),
        ("editMessageText", {"text": ""}, "message text is empty"),
        ("editMessageText", {"text": "x", "message_id": 99}, "message to edit not found"),
        ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
        ("editMessageReplyMarkup", {}, "message is not modified"),
        ("editMessageCaption", {"caption": "x"}, "no caption in the message"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("deleteMessages", {"message_ids": []}, "1 to 100"),
        ("setMessageReaction", {"message_id": 99}, "message to react not found"),
        ("setMessageReaction", {"reaction": [{"type": "emoji", "emoji": "🧾"}]}, "REACTION_INVALID"),
        ("setMessageReaction", {"reaction": [{"type": "emoji"}]}, "REACTION_INVALID"),
        ("setMessageReaction", {"reaction": [{"type": "emoji", "emoji": e} for e in "👀👍"]}, "TOO_MANY"),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action"),
        ("sendPhoto", {"photo": "https://x.example/a.jpg"}, "wrong file identifier"),
        ("sendDocument", {}, 'needs the parameter "document"'),
        ("getChatAdministrators", {}, "no administrators in the private chat"),
        ("getChatMember", {"user_id": 5}, "user not found"),
        ("leaveChat", {}, "private chats"),
    ],
)
async def test_a_wrong_call_about_a_chat_is_refused_and_changes_nothing(scene, method, params, complaint):
    message = await scene.write()
    named = {"message_id": message.id} if "message_id" in _parameters(method) else {}
    status, description = await scene.refusal(method, **{"chat_id": scene.chat.id, **named, **params})
    assert (status, complaint in description) == (400, True), description
    assert (message.text, message.edits, message.deleted, message.reactions) == ("Hello", 0, False, [])


def _parameters(method):
    facts = api_facts()["methods"][method]
    return {**facts["required"], **facts["optional"]}


async def test_a_caption_has_at_most_1024_units(scene):
    upload = {"document": Upload("a.txt", b"x", "text/plain")}
    for length, expected in ((1024, 200), (1025, 400)):
        params = {"chat_id": scene.chat.id, "caption": "x" * length}
        status, _ = await scene.local.call("sendDocument", params, upload)
        assert status == expected


async def test_a_file_of_another_parameter_is_refused(scene):
    upload = {"documment": Upload("a.txt", b"x", "text/plain")}
    status, body = await scene.local.call("sendDocument", {"chat_id": scene.chat.id}, upload)
    assert (status, 'no parameter "documment"' in body["description"]) == (400, True)


async def test_a_file_above_20_megabytes_cannot_be_fetched(scene):
    message = scene.local.send_document(scene.chat, scene.person, "a.pdf", b"%PDF", size=25_000_000)
    status, description = await scene.refusal("getFile", file_id=message.content["document"]["file_id"])
    assert (status, description) == (400, "Bad Request: file is too big")


@pytest.mark.parametrize(
    ("data", "status", "complaint"),
    [
        (png(1080, 1080), 200, ""),
        (png(9500, 500), 200, ""),
        (png(9501, 500), 400, "PHOTO_INVALID_DIMENSIONS"),
        (png(2000, 100), 200, ""),
        (png(2001, 100), 400, "PHOTO_INVALID_DIMENSIONS"),
        (png(100, 2001), 400, "PHOTO_INVALID_DIMENSIONS"),
        (png(0, 5), 400, "PHOTO_INVALID_DIMENSIONS"),
        (b"not a picture", 400, "IMAGE_PROCESS_FAILED"),
        (b"", 400, "must be non-empty"),
        (png(5, 5) + bytes(10 * 1024 * 1024), 400, "too big for a photo"),
        (bytes(50 * 1024 * 1024 + 1), 413, "Request Entity Too Large"),
    ],
)
async def test_a_photo_is_a_picture_of_a_size_that_telegram_takes(scene, data, status, complaint):
    photo = {"photo": Upload("a.png", data, "image/png")}
    answered, body = await scene.local.call("sendPhoto", {"chat_id": scene.chat.id}, photo)
    assert (answered, complaint in body.get("description", "")) == (status, True)
    assert len(scene.local.messages(scene.chat)) == int(status == 200)


@pytest.mark.parametrize(
    ("media", "complaint"),
    [
        ({"type": "photo", "media": "attach://file", "caption": "x" * 1025}, "caption is too long"),
        ({"type": "photo", "media": "attach://file", "captoin": "x"}, "is not InputMedia"),
        ({"type": "photo", "media": "attach://other"}, 'no parameter "file"'),
        ({"type": "photo", "media": "file-99"}, 'no parameter "file"'),
        ({"type": "video", "media": "attach://file"}, "not supported"),
    ],
)
async def test_wrong_media_are_refused_and_change_nothing(scene, media, complaint):
    message = await scene.write()
    upload = {"file": Upload("a.png", png(5, 5), "image/png")}
    params = {"chat_id": scene.chat.id, "message_id": message.id, "media": media}
    status, body = await scene.local.call("editMessageMedia", params, upload)
    assert (status, complaint in body["description"]) == (400, True), body
    assert (message.text, message.edits) == ("Hello", 0)


def line(**fields):
    return {"type": "article", "id": "1", "title": "One", "input_message_content": {"message_text": "x"}, **fields}


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"inline_query_id": "old"}, "query is too old"),
        ({"results": [line()] * 2}, "RESULT_ID_DUPLICATE"),
        ({"results": [line(id=str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [line(id="x" * 65)]}, "RESULT_ID_INVALID"),
        ({"results": [line(id="")]}, "RESULT_ID_INVALID"),
        ({"results": [line(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [line(tilte="x")]}, "is not Array of InlineQueryResult"),
        ({"results": [line(input_message_content={"message_text": ""})]}, "MESSAGE_EMPTY"),
        ({"results": [line(input_message_content={"message_text": "x" * 4097})]}, "message is too long"),
        ({"results": [line(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})]}, "can't parse"),
        ({"results": [line(reply_markup=keyboard(callback_data="x" * 65))]}, "BUTTON_DATA_INVALID"),
        ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "More", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"button": {"text": "More"}}, "START_PARAM_INVALID"),
    ],
)
async def test_a_wrong_answer_to_an_inline_query_is_refused(scene, params, complaint):
    query = scene.local.ask_inline(scene.person, "orkavec")
    params = {"inline_query_id": query, "results": [line()], **params}
    status, description = await scene.refusal("answerInlineQuery", **params)
    assert (status, complaint in description) == (400, True), description
    assert scene.local.inline_answers == {}
    assert (await scene.refusal("answerInlineQuery", inline_query_id=query, results=[line()]))[0] == 200
    assert (await scene.refusal("answerInlineQuery", inline_query_id=query, results=[]))[0] == 400


def test_without_inline_mode_or_with_too_much_nothing_can_be_asked(scene):
    with pytest.raises(ValueError, match="at most 256"):
        scene.local.ask_inline(scene.person, "x" * 257)
    scene.local.inline_mode = False
    with pytest.raises(ValueError, match="no inline mode"):
        scene.local.ask_inline(scene.person, "x")


@pytest.mark.parametrize(("text", "expected"), [("x" * 200, 200), ("x" * 201, 400)])
async def test_an_answer_to_a_button_has_at_most_200_characters(scene, text, expected):
    message = await scene.write(reply_markup=keyboard(callback_data="all"))
    query = scene.local.press(message, "all")
    status, _ = await scene.refusal("answerCallbackQuery", callback_query_id=query, text=text)
    assert (status, len(scene.local.answers)) == (expected, int(expected == 200))


async def test_a_query_is_answered_once(scene):
    query = scene.local.press(await scene.write(reply_markup=keyboard(callback_data="all")), "all")
    assert await scene.refusal("answerCallbackQuery", callback_query_id=query) == (200, "")
    assert (await scene.refusal("answerCallbackQuery", callback_query_id=query))[0] == 400


@pytest.mark.parametrize(("token", "status"), [("12:wrong-token", 401), ("no token", 404), ("", 404), ("12:ab", 404)])
async def test_a_wrong_token_is_unauthorized_and_no_token_at_all_is_not_found(scene, token, status):
    assert (await scene.local.call("getMe", token=token))[0] == status
    assert (await scene.local.download("documents/file_1.txt", token=token))[0] == status


async def test_a_call_by_another_case_of_its_name_is_the_same_call(scene):
    status, body = await scene.local.call("GETME")
    assert (status, body["result"]["username"]) == (200, "presswatch_bot")


def test_each_method_has_its_facts():
    assert set(METHODS) | {"getUpdates"} == set(api_facts()["methods"])


def test_each_type_that_the_facts_name_is_there():
    facts = api_facts()
    simple = {"Integer", "String", "Boolean", "Float", "InputFile"}
    groups = [*facts["methods"].values(), *facts["types"].values()]
    named = {kind for group in groups for part in ("required", "optional") for kind in _kinds(group, part)}
    named |= {kind for group in groups for kind in group.get("one_of", [])}
    assert named - simple <= set(facts["types"])


def _kinds(group, part):
    return {kind.replace("Array of ", "") for kinds in group.get(part, {}).values() for kind in kinds}
