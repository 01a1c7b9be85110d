"""The local Telegram: a world with the Bot API over it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.local_telegram.faults import ConnectionDropped, Fault, FaultKind, Faults
from bot.local_telegram.methods import METHODS, Request, Upload
from bot.local_telegram.objects import Json
from bot.local_telegram.spec import Refused, bad_request, canonical, checked
from bot.local_telegram.world import World

TOKEN = re.compile(r"\d+:[\w-]{3,}")


@dataclass(frozen=True, slots=True)
class Call:
    """What the bot asked; `status` is the HTTP status, None where it got no answer."""

    method: str
    params: Json
    status: int | None
    body: Json


class LocalTelegram(World):
    """A world (see `World` for its settings and people) that a bot can talk to by `call`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.calls: list[Call] = []
        self._faults = Faults()

    def fail_next(
        self,
        method: str,
        kind: FaultKind,
        times: int = 1,
        *,
        retry_after: int = 1,
        delay: float = 0.1,
    ) -> None:
        """Makes the next calls of a method fail; "file" stands for downloads.

        `retry_after` (seconds) belongs to 429, `delay` (seconds) to "slow".
        """
        self._faults.add(method, Fault(kind, retry_after, delay), times)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        uploads: Mapping[str, Upload] | None = None,
        *,
        token: str | None = None,
    ) -> tuple[int, Json]:
        """Performs a Bot API call → HTTP status and body. `params` are form strings or JSON values.

        Raises `ConnectionDropped` where that fault was asked for; with the fault "hang" it never returns.
        """
        params, uploads = params or {}, uploads or {}
        name = canonical(method)
        try:
            self._refuse_token(self.token if token is None else token)
            if name is None:
                raise Refused(404, "Not Found")
            status, body = 200, await self._answer(name, params, uploads)
        except Refused as refused:
            status, body = refused.status, _refusal(refused)
        except (ConnectionDropped, asyncio.CancelledError):
            self._log(name or method, params, None, {})
            raise
        self._log(name or method, params, status, body)
        return status, body

    async def download(self, path: str, *, token: str | None = None) -> tuple[int, bytes]:
        """A stored file's bytes by the `file_path` of getFile → HTTP status and content."""
        try:
            self._refuse_token(self.token if token is None else token)
            fault = await self._strike("file")
            if fault is not None and fault.kind == "drop":
                raise ConnectionDropped
        except Refused as refused:
            return refused.status, b""
        found = next((file for file in self.files.values() if file.path == path), None)
        return (404, b"") if found is None else (200, found.data)

    def _refuse_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    async def _answer(self, method: str, params: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Json:
        fault = await self._strike(method)
        request = Request(self, checked(method, params, uploads), uploads)
        result = await self._get_updates(request) if method == "getUpdates" else METHODS[method](request)
        if fault is not None and fault.kind == "drop":
            raise ConnectionDropped
        return {"ok": True, "result": result}

    async def _strike(self, method: str) -> Fault | None:
        """Lets the next fault of the method happen, as far as it happens before the call is performed."""
        fault = self._faults.take(method)
        if fault is None:
            return None
        if (refusal := fault.refusal()) is not None:
            raise refusal
        if fault.kind == "hang":
            await asyncio.Event().wait()
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
        return fault

    async def _get_updates(self, request: Request) -> list[Json]:
        limit = request.get("limit", 100)
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        self.updates.allow(request.get("allowed_updates"))
        return await self.updates.get(request.get("offset", 0), limit, request.get("timeout", 0))

    def _log(self, method: str, params: Mapping[str, Any], status: int | None, body: Json) -> None:
        self.calls.append(Call(method, dict(params), status, body))
        self.changes.notify()


def _refusal(refused: Refused) -> Json:
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.description}
    return {**body, "parameters": refused.parameters} if refused.parameters else body
