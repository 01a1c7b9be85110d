"""Inline mode: how a bot answers what people type after its name in any chat."""

from __future__ import annotations

import re

from bot.local_telegram.messages import check_markup, content_of, parse_text
from bot.local_telegram.objects import InlineAnswer, InlineResult, Json
from bot.local_telegram.request import Request
from bot.local_telegram.spec import bad_request
from bot.local_telegram.world import MAX_TEXT

MAX_RESULTS = 50
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def answer_inline_query(request: Request) -> bool:
    query = request.params["inline_query_id"]
    if query not in request.world.open_queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = tuple(_result(result) for result in _results(request))
    answer = InlineAnswer(query, results, request.get("next_offset", ""), _button(request))
    request.world.open_queries.discard(query)
    request.world.inline_answers[query] = answer
    request.world.changes.notify()
    return True


def _results(request: Request) -> list[Json]:
    results: list[Json] = request.params["results"]
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    names = [result["id"] for result in results]
    if not all(1 <= len(name.encode()) <= 64 for name in names):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(names)) != len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(request.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    return results


def _result(result: Json) -> InlineResult:
    if result["type"] != "article":
        raise bad_request(f'results of the type "{result["type"]}" are not supported: this Telegram is a small one')
    if not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    message = result["input_message_content"]
    if "message_text" not in message:
        raise bad_request("only texts can be sent: this Telegram is a small one")
    text = parse_text(message, "message_text", "entities", MAX_TEXT)
    if not text.plain:
        raise bad_request("MESSAGE_EMPTY")
    content = content_of(text, "text", "entities")
    markup = check_markup(result.get("reply_markup"))
    return InlineResult(result["id"], result["title"], result.get("description", ""), content, text.html, markup)


def _button(request: Request) -> str:
    """The start parameter of the button above the results; raises `Refused`."""
    button: Json | None = request.get("button")
    if button is None:
        return ""
    parameter: str = button.get("start_parameter", "")
    if not button["text"].strip() or ("web_app" not in button and not START_PARAMETER.fullmatch(parameter)):
        raise bad_request("START_PARAM_INVALID")
    return parameter
