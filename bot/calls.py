"""Calls of the Bot API, watched on their way."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

UNAUTHORIZED = "401"

# Told of each call: its method, its status, or what became of one that has none, and how many seconds it took.
Called = Callable[[str, str, float], None]


def method_of(url: str) -> str:
    """Return which method of the Bot API an address calls; "file" is a download."""
    path = urlsplit(url).path
    return "file" if path.startswith("/file/") else path.rpartition("/")[2]


class WatchedCalls(BaseRequest):
    """A transport whose calls somebody is told of."""

    def __init__(self, request: BaseRequest, called: Called) -> None:
        self._request = request
        self._called = called

    @property
    def read_timeout(self) -> float | None:
        return self._request.read_timeout

    async def initialize(self) -> None:
        await self._request.initialize()

    async def shutdown(self) -> None:
        await self._request.shutdown()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **others: Any
    ) -> tuple[int, bytes]:
        began, status = time.monotonic(), "unreached"
        try:
            code, answer = await self._request.do_request(url, method, request_data, *timeouts, **others)
            status = str(code)
        except TimedOut:
            status = "timed_out"
            raise
        except asyncio.CancelledError:
            status = "cancelled"
            raise
        finally:
            self._called(method_of(url), status, time.monotonic() - began)
        return code, answer
