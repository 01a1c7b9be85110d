"""How a bot reaches the local Telegram: one way for every door, and the door within the process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.local_telegram.faults import ConnectionDropped
from bot.local_telegram.local import LocalTelegram
from bot.local_telegram.request import Upload

_METHOD = re.compile(r"/bot(?P<token>[^/]*)/(?P<method>[^/]+)")
_FILE = re.compile(r"/file/bot(?P<token>[^/]*)/(?P<path>.+)")


async def serve(
    local: LocalTelegram, path: str, params: Mapping[str, Any], uploads: Mapping[str, Upload]
) -> tuple[int, bytes]:
    """Answers a request for /bot<token>/<method> or /file/bot<token>/<path> → HTTP status and content.

    Raises `ConnectionDropped` where that fault was asked for.
    """
    if match := _FILE.fullmatch(path):
        return await local.download(match["path"], token=match["token"])
    if match := _METHOD.fullmatch(path):
        status, body = await local.call(match["method"], params, uploads, token=match["token"])
    else:
        status, body = 404, {"ok": False, "error_code": 404, "description": "Not Found"}
    return status, json.dumps(body).encode()


class LocalRequest(BaseRequest):
    """python-telegram-bot's transport without a network: `ApplicationBuilder().request(LocalRequest(local))`.

    An Application needs two of them: `.request(…)` and `.get_updates_request(…)`.
    """

    def __init__(self, local: LocalTelegram, read_timeout: float | None = 5.0) -> None:
        self._local = local
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Answers in process; only `read_timeout` (seconds) has a meaning here."""
        params = dict(parse_qsl(urlsplit(url).query)) | (request_data.json_parameters if request_data else {})
        seconds = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        path = unquote(urlsplit(url).path)
        try:
            async with asyncio.timeout(seconds):
                return await serve(self._local, path, params, _uploads(request_data))
        except TimeoutError as error:
            raise TimedOut from error
        except ConnectionDropped as error:
            raise NetworkError("the local Telegram dropped the connection") from error


def _uploads(request_data: RequestData | None) -> dict[str, Upload]:
    parts = request_data.multipart_data if request_data else {}
    return {name: _upload(*cast(tuple[str, Any, str], part)) for name, part in parts.items()}


def _upload(name: str, content: Any, mime: str) -> Upload:
    data = content if isinstance(content, bytes) else content.read()
    return Upload(name, data, mime)
