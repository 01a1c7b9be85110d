"""Telegram's limits on what a bot sends."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import AIORateLimiter

# Telegram limits messages. The library counts every call that names a chat, and a sign must not cost a group's card.
_NO_MESSAGES = frozenset({"setMessageReaction", "sendChatAction", "getChatMember", "getChat"})


class SparingRateLimiter(AIORateLimiter):
    """The library's limiter for what Telegram limits: 30 messages a second in all, 20 a minute in a group."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Let a call through when its turn has come."""
        if endpoint in _NO_MESSAGES:
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
