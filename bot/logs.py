"""Log lines for people and machines: each of ours has an ``action``; none has the token, a name or an article's text.

What a library's exception says may quote what it was given, so a traceback tells where it was raised and of which kind
it is, and no more than that unless it is sure to be about the machine.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from telegram.error import TelegramError

# A refusal may quote what was sent.
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'|“[^”]*”")
# Shorter secrets are none.
SHORTEST = 5
# What of ours may hold the words of a refusal.
_TELLING = ("error", "reason")


def configure(level: str, secrets: Iterable[str] = (), form: str = "auto") -> None:
    """Send structlog's lines and those of libraries to standard error, without ``secrets`` wherever they turn up.

    In the ``form`` "json" each is an object; in "console" it is for people; "auto" is that for a terminal.
    """
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    is_console = form == "console" or (form == "auto" and sys.stderr.isatty())
    handler.setFormatter(formatter(secrets, as_json=not is_console))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # These tell of every call with its address, which contains the token, and of every tick.
    for chatty in ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram", "uvicorn", "psycopg"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def formatter(secrets: Iterable[str], *, as_json: bool) -> logging.Formatter:
    """Return what makes a line of a record, ours or a library's."""
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.ExceptionRenderer(_traceback_of),
        structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__),
    ]
    if not as_json:
        # A prettier traceback prints the local variables, and with them articles.
        pretty = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_write_traceback)
        rendering = [pretty]
    return _Redacting(
        secrets,
        foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name, _of_library],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    )


def without(secrets: Iterable[str], text: str) -> str:
    """Return a text without the secrets that stand in it."""
    # The longest first, for one may be part of another; one of a few letters would tear other words apart.
    for secret in sorted((each for each in secrets if len(each) >= SHORTEST), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text


class Reporting(logging.Handler):
    """Hands on each error that is logged: what its line says, and what was raised, if anything."""

    def __init__(self, told: Callable[[Mapping[str, Any], BaseException | None], None]) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on an error; a library's has no more than an action."""
        said: Mapping[str, Any] = record.msg if isinstance(record.msg, dict) else {"action": _action_of(record.name)}
        raised = said.get("exc_info") or record.exc_info
        if raised is True:
            raised = sys.exc_info()
        error = raised[1] if isinstance(raised, tuple) else raised
        self._told(said, error if isinstance(error, BaseException) else None)


@contextmanager
def reporting(told: Callable[[Mapping[str, Any], BaseException | None], None]) -> Iterator[None]:
    """Have somebody told of each error that is logged, as long as the context is open."""
    handler, root = Reporting(told), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """A traceback may quote the address of a call; the token in it is left out, and so are other secrets."""

    def __init__(self, secrets: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return without(self._secrets, super().format(record))


def _unquoting(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what a refusal quotes."""
    for name in _TELLING:
        if isinstance(event.get(name), str):
            event[name] = _QUOTED.sub("[…]", event[name])
    return event


_SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _unquoting,
)


def _of_library(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Give a library's line an action, and leave out what it quotes, and what it says further.

    asyncio, say, shows tasks with what they raised, and a database what it was given.
    """
    event["event"] = _QUOTED.sub("[…]", str(event["event"]).partition("\n")[0])
    event["action"] = _action_of(str(event.pop("logger", "")))
    return event


def _action_of(logger: str) -> str:
    return f"library.{logger.partition('.')[0] or 'unknown'}"


def _traceback_of(exc_info: structlog.typing.ExcInfo) -> str:
    """Return where an exception, and what led to it, was raised."""
    return "\n".join(_lines(exc_info[1])).rstrip()


def _write_traceback(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    out.write("\n" + _traceback_of(exc_info))


def _lines(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    if error.__cause__ is not None or not error.__suppress_context__:
        yield from _lines(error.__cause__ or error.__context__)
    yield "Traceback (most recent call last):"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said(error)}".rstrip(": ")
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _lines(each)


def said(error: BaseException) -> str:
    """Return what an exception says, where that is about the machine and nothing that it was given."""
    match error:
        case OSError():
            return error.strerror or ""
        case TelegramError():
            return _QUOTED.sub("[…]", error.message)
        case _:
            # Of SQLite's, the name of the fault; of PostgreSQL's, its code.
            return str(getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or "")
