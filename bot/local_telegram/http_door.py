"""The door over HTTP on the loopback interface, for tests: needs starlette and uvicorn (development only)."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message as Header
from typing import Any
from urllib.parse import parse_qsl, unquote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.local_telegram.doors import serve
from bot.local_telegram.faults import ConnectionDropped
from bot.local_telegram.local import LocalTelegram
from bot.local_telegram.request import Upload


@asynccontextmanager
async def http_door(local: LocalTelegram) -> AsyncIterator[str]:
    """Serves the local Telegram on a free port of 127.0.0.1 and yields its root, http://127.0.0.1:PORT.

    On leaving, calls that still wait are dropped.
    """
    closing = asyncio.Event()
    # With the protocol named, asyncio sends at once; else each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        _app(local, closing),
        lifespan="off",
        log_config=None,
        http="h11",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        closing.set()
        await server.shutdown(sockets=[listener])


def _app(local: LocalTelegram, closing: asyncio.Event) -> Starlette:
    async def answer(request: Request) -> Response:
        try:
            params, uploads = await _read(request)
        except ClientDisconnect:
            return _Dropped()
        except ValueError:
            return Response(b'{"ok": false, "description": "Bad Request: unreadable body"}', 400)
        path = unquote(request.url.path)
        work = asyncio.ensure_future(serve(local, path, params, uploads))
        ends = [asyncio.ensure_future(wait) for wait in (request.receive(), closing.wait())]
        try:
            await asyncio.wait({work, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                return _Dropped()
            status, content = work.result()
        except ConnectionDropped:
            return _Dropped()
        finally:
            for task in (work, *ends):
                task.cancel()
        kind = "application/octet-stream" if path.startswith("/file/") else "application/json"
        return Response(content, status, media_type=kind)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


class _Dropped(Response):
    """An answer that breaks off after its first line, so that the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _read(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Parameters of a query string, a form, a multipart form or a JSON object, and the uploaded files."""
    params: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    uploads: dict[str, Upload] = {}
    body = await request.body()
    header = Header()
    header["content-type"] = request.headers.get("content-type", "")
    match header.get_content_type():
        case "application/json":
            params |= json.loads(body)
        case "application/x-www-form-urlencoded":
            params |= parse_qsl(body.decode(), keep_blank_values=True)
        case "multipart/form-data":
            _read_multipart(body, header.get_boundary(""), params, uploads)
    return params, uploads


def _read_multipart(body: bytes, boundary: str, params: dict[str, Any], uploads: dict[str, Upload]) -> None:
    # Written here because starlette's own reader needs one more package.
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = (line.partition(": ") for line in head.decode().split("\r\n"))
        header = Header()
        for name, _, value in lines:
            header[name] = value
        field = str(header.get_param("name", header="content-disposition"))
        filename = header.get_filename()
        if filename is None:
            params[field] = content.decode()
        else:
            uploads[field] = Upload(filename, content, header.get_content_type())
