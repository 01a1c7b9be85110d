"""What a refusal of Telegram's means: whether to try again, and whether a chat is lost."""

from datetime import timedelta

import aiohttp
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from domain.jobs import Failed, Later, NotYet, Outcome
from domain.sending import Loss

_NOT_REACHED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)

# Pieces of what Telegram says, in lower case; the first that fits counts.
_LOSSES = {
    "blocked by the user": Loss.BLOCKED,
    "user is deactivated": Loss.GONE,
    "chat not found": Loss.GONE,
    "chat was deleted": Loss.GONE,
    "group chat was deactivated": Loss.GONE,
    "peer_id_invalid": Loss.GONE,
    "channel_private": Loss.GONE,
    "was kicked": Loss.REMOVED,
    "is not a member": Loss.REMOVED,
    "can't initiate conversation": Loss.BLOCKED,
    "thread not found": Loss.TOPIC,
    "topic_closed": Loss.TOPIC,
    "topic_deleted": Loss.TOPIC,
    "topic_id_invalid": Loss.TOPIC,
    "write_forbidden": Loss.RIGHTS,
    "plain_forbidden": Loss.RIGHTS,
    "chat_restricted": Loss.RIGHTS,
    "not enough rights": Loss.RIGHTS,
    "no rights to send": Loss.RIGHTS,
    "need administrator rights": Loss.RIGHTS,
}


def outcome_of(error: TelegramError) -> Outcome:
    """Return what becomes of a job whose call of Telegram failed: what may pass is tried again."""
    if isinstance(error, RetryAfter):
        return Later("429", seconds_of(error))
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return Later(type(error).__name__)
    return Failed(error.message)


def outcome_of_digest(error: TelegramError) -> Outcome:
    """Return the same of a digest's job: it comes exactly when Telegram wants it, and outlasts a wrong token."""
    if isinstance(error, RetryAfter):
        return NotYet(seconds_of(error))
    if isinstance(error, InvalidToken):
        return Later(type(error).__name__)
    return outcome_of(error)


def loss_of(error: TelegramError) -> Loss | None:
    """Return why nothing can be sent to the chat, or the topic, any more; None where that was not the reason."""
    if not isinstance(error, Forbidden | BadRequest):
        return None
    said = error.message.lower()
    found = next((loss for piece, loss in _LOSSES.items() if piece in said), None)
    return found or (Loss.REMOVED if isinstance(error, Forbidden) else None)


def moved_to(error: TelegramError) -> int | None:
    """Return the number that a group has as a supergroup, where it has become one."""
    return error.new_chat_id if isinstance(error, ChatMigrated) else None


def may_have_arrived(error: TelegramError) -> bool:
    """Return whether Telegram may have done what it gave no answer to.

    The line broke after it had been reached, or a gateway before it gave up waiting (504).
    """
    cause = error.__cause__
    if isinstance(cause, aiohttp.ClientError | OSError):
        return not isinstance(cause, _NOT_REACHED)
    return isinstance(error, NetworkError) and "gateway time" in error.message.lower()


def seconds_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram wants us to wait; the library gives it as a number or, if told to, as a timedelta."""
    wait: float | timedelta = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
