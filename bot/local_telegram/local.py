"""The local Telegram: a world with its people, and the Bot API over it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from bot.local_telegram.faults import ConnectionDropped, Fault, FaultKind
from bot.local_telegram.methods import perform
from bot.local_telegram.objects import Call, Json
from bot.local_telegram.people import People
from bot.local_telegram.request import Request, Upload
from bot.local_telegram.spec import Refused, canonical, checked

TOKEN = re.compile(r"\d+:[\w-]{3,}")


class LocalTelegram(People):
    """A Telegram in memory (see `World` for its settings, `People` for its people) that a bot can call."""

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

        `retry_after` (seconds) belongs to 429, `delay` (seconds) to "slow". Raises ValueError for a method
        that there is not.
        """
        if method != "file" and canonical(method) != method:
            raise ValueError(f"no method {method!r}")
        self.faults.add(method, Fault(kind, retry_after, delay), times)

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
        call = Call(canonical(method) or method, dict(params or {}))
        self.calls.append(call)
        self.changes.notify()
        try:
            self._refuse_token(self.token if token is None else token)
            call.status, call.body = 200, await self._answer(call, uploads or {})
        except Refused as refused:
            call.status, call.body = refused.status, refused.body()
        finally:
            self.changes.notify()
        return call.status, call.body

    async def download(self, path: str, *, token: str | None = None) -> tuple[int, bytes]:
        """A stored file's bytes by the `file_path` of getFile → HTTP status and content."""
        try:
            self._refuse_token(self.token if token is None else token)
            fault = await self._strike("file")
        except Refused as refused:
            return refused.status, b""
        found = next((file for file in self.files.values() if file.path == path), None)
        await _delay_answer(fault)
        return (404, b"") if found is None else (200, found.data)

    def _refuse_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    async def _answer(self, call: Call, uploads: Mapping[str, Upload]) -> Json:
        if canonical(call.method) is None:
            raise Refused(404, "Not Found")
        fault = await self._strike(call.method)
        call.params = checked(call.method, call.params, uploads)
        result = await perform(call.method, Request(self, call.params, uploads))
        await _delay_answer(fault)
        return {"ok": True, "result": result}

    async def _strike(self, method: str) -> Fault | None:
        """Lets the next fault of the method happen; returns it if the call is performed nevertheless."""
        fault = self.faults.take(method)
        if fault is not None and (refusal := fault.refusal()) is not None:
            raise refusal
        if fault is not None and fault.kind == "hang":
            await asyncio.Event().wait()
        return fault


async def _delay_answer(fault: Fault | None) -> None:
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.delay)
    if fault is not None and fault.kind == "drop":
        raise ConnectionDropped
