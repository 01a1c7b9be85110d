"""What Telegram's refusals mean: a chat that is lost, one that moved, a wait, or a message that may have arrived."""

from datetime import timedelta

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from domain.jobs import Failed, Later, NotYet
from domain.sending import Loss
from handlers.refusals import loss_of, may_have_arrived, moved_to, outcome_of, outcome_of_digest

AN_END = ConnectionKey("host", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the application has it: the library gives durations."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "loss"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Loss.BLOCKED),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Loss.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), Loss.GONE),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Loss.REMOVED),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), Loss.REMOVED),
        (Forbidden("Forbidden: the group chat was deleted"), Loss.GONE),
        (Forbidden("Forbidden: something new"), Loss.REMOVED),
        (BadRequest("Bad Request: chat not found"), Loss.GONE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Loss.GONE),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Loss.TOPIC),
        (BadRequest("Bad Request: message thread not found"), Loss.TOPIC),
        (BadRequest("Bad Request: need administrator rights in the channel chat"), Loss.RIGHTS),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Loss.RIGHTS),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), Loss.RIGHTS),
        (BadRequest("Bad Request: can't parse entities: unclosed tag"), None),
        (BadRequest("Bad Request: message is too long"), None),
        (NetworkError("chat not found"), None),
        (ChatMigrated(-1001), None),
    ],
)
def test_a_chat_is_lost_by_what_telegram_says_and_by_nothing_else(error: TelegramError, loss: Loss | None):
    assert loss_of(error) is loss


@pytest.mark.parametrize(
    ("error", "may_have"),
    [
        (caused(TimedOut(), aiohttp.SocketTimeoutError()), True),
        (caused(TimedOut(), TimeoutError()), True),
        (caused(NetworkError("x"), aiohttp.ServerDisconnectedError()), True),
        (caused(NetworkError("x"), aiohttp.ClientOSError(104, "reset")), True),
        (caused(NetworkError("x"), aiohttp.ClientPayloadError()), True),
        (NetworkError("Gateway Timeout (504)"), True),
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError()), False),
        (caused(NetworkError("x"), aiohttp.ClientConnectorError(AN_END, OSError(111, "refused"))), False),
        (caused(NetworkError("x"), aiohttp.ClientConnectorDNSError(AN_END, OSError(-2, "no such name"))), False),
        (caused(NetworkError("x"), aiohttp.InvalidURL("http:/nowhere")), False),
        (NetworkError("Bad Gateway"), False),
        (NetworkError("Internal Server Error"), False),
        (Forbidden("Forbidden: bot was blocked by the user"), False),
    ],
)
def test_only_what_telegram_may_have_had_may_have_arrived(error: TelegramError, may_have: bool):
    assert may_have_arrived(error) is may_have


def test_what_may_pass_is_tried_again_and_a_digest_comes_when_telegram_says():
    assert loss_of(RetryAfter(3)) is None
    assert not may_have_arrived(RetryAfter(3))
    assert outcome_of(RetryAfter(3)) == Later("429", timedelta(seconds=3))
    assert outcome_of_digest(RetryAfter(3)) == NotYet(timedelta(seconds=3))
    assert outcome_of(NetworkError("Bad Gateway")) == Later("NetworkError")
    assert outcome_of_digest(NetworkError("Bad Gateway")) == Later("NetworkError")
    assert outcome_of(BadRequest("Bad Request: message is too long")) == Failed("Message is too long")
    assert isinstance(outcome_of_digest(InvalidToken()), Later), "a new token may come"


def test_a_group_that_moved_says_where_to():
    assert moved_to(ChatMigrated(-1001)) == -1001
    assert moved_to(BadRequest("Bad Request: chat not found")) is None
