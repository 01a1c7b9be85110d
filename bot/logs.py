"""Log lines for people and machines: each of ours has an ``action``; none has the token, a name or an article's text.

What a library's exception says may quote what it was given, so a traceback tells where it was raised and of which kind
it is, and no more than that unless it is sure to be about the machine.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any, TextIO

import structlog
from telegram.error import TelegramError

# A refusal may quote what was sent.
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'|“[^”]*”")
# What of ours may hold the words of a refusal.
_TELLING = ("error", "reason")


def configure(level: str, token: str | None) -> None:
    """Send structlog's lines and those of libraries to standard error, without ``token`` wherever it turns up."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _unquoting,
    ]
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        # A prettier one prints the local variables, and with them articles.
        exception_formatter=_write_traceback,
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Redacting(
            token,
            foreign_pre_chain=[*shared, _first_line],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # These tell of every call with its address, which contains the token, and of every tick.
    for chatty in ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """A traceback may quote the address of a call; the token in it is left out."""

    def __init__(self, token: str | None, **options: Any) -> None:
        super().__init__(**options)
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return line.replace(self._token, "[token]") if self._token else line


def _unquoting(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what a refusal quotes."""
    for name in _TELLING:
        if isinstance(event.get(name), str):
            event[name] = _QUOTED.sub("[…]", event[name])
    return event


def _first_line(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what libraries say further: asyncio, say, shows tasks with what they raised."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _write_traceback(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    """Write where an exception, and what led to it, was raised."""
    out.write("\n" + "\n".join(_lines(exc_info[1])).rstrip())


def _lines(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    if error.__cause__ is not None or not error.__suppress_context__:
        yield from _lines(error.__cause__ or error.__context__)
    yield "Traceback (most recent call last):"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_said(error)}".rstrip(": ")
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _lines(each)


def _said(error: BaseException) -> str:
    """Return what an exception says, where that is about the machine and nothing that it was given."""
    match error:
        case OSError():
            return error.strerror or ""
        case TelegramError():
            return _QUOTED.sub("[…]", error.message)
        case _:
            # Of SQLite's, the name of the fault.
            return str(getattr(error, "sqlite_errorname", ""))
