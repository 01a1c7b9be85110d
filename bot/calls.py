"""Calls of the Bot API, watched on their way."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

UNAUTHORIZED = "401"

# Told of each call: its method, its status, or what became of one that has none, and how many seconds it took.
Called = Callable[[str, str, float], None]


def method_of(url: str) -> str:
    """Return which method of the Bot API an address calls; "file" is a download."""
    path = urlsplit(url).path
    return "file" if "/file/bot" in path else path.rpartition("/")[2]


def json_of(payload: bytes) -> dict[str, Any]:
    """Return what Telegram answers.

    Anything else comes from a proxy, say, or is cut off: raises NetworkError, where the library would log all of it and
    have whoever calls give up.
    """
    try:
        found = json.loads(payload.decode(errors="replace"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NetworkError("this is no answer of Telegram's") from aiohttp.ClientPayloadError()
    return found


class WatchedCalls(BaseRequest):
    """A transport whose calls somebody is told of."""

    parse_json_payload = staticmethod(json_of)

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
