"""Log lines for people and machines: each of ours has an ``action``; none has the token or an article's text."""

import logging
import sys
from typing import Any

import structlog


def configure(level: str, token: str | None) -> None:
    """Send structlog's lines and those of libraries to standard error, without ``token`` wherever it turns up."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        # A prettier one prints the local variables, and with them articles.
        exception_formatter=structlog.dev.plain_traceback,
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
            foreign_pre_chain=shared,
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
