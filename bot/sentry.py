"""Errors told to Sentry, where the operator wants that: where each was raised and of which kind it is, and no more.

What is sent is put together here, of what the log would show: no local variables, source lines, names of machines, or
anything that people wrote.
"""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.logs import said, without

if TYPE_CHECKING:
    from sentry_sdk.types import Event

# How long what is on its way may take at the end, in seconds.
PATIENCE = 2.0
# Of the same fault it is told once in so many seconds: while a database is away, there are some each second.
HOLD = 60.0
_TAGS = ("action", "kind")

Report = Callable[[Mapping[str, Any], BaseException | None], None]


class SentryUnusableError(Exception):
    """Sentry cannot be told; the message says why."""


def open_sentry(
    dsn: str, version: str, secrets: Sequence[str] = (), clock: Callable[[], float] = time.monotonic, **options: Any
) -> tuple[Report, Callable[[], None]]:
    """Return what tells Sentry of an error, without ``secrets``, and what sends the last of them.

    Raises SentryUnusableError where the extra is not installed or ``dsn`` is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ModuleNotFoundError:
        raise SentryUnusableError("this needs a further package: .venv/bin/pip install -e '.[sentry]'") from None
    try:
        client = sentry_sdk.Client(
            dsn=dsn,
            release=f"presswatch@{version}",
            server_name="",
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            **options,
        )
    except BadDsn:
        raise SentryUnusableError("this is no DSN; Sentry shows one as https://KEY@HOST/NUMBER") from None

    told: dict[tuple[object, ...], float] = {}

    def report(line: Mapping[str, Any], error: BaseException | None) -> None:
        fault = (*(line.get(name) for name in _TAGS), type(error))
        if clock() - told.get(fault, -HOLD) >= HOLD:
            told[fault] = clock()
            client.capture_event(cast("Event", event_of(line, error, secrets)))

    return report, lambda: client.close(timeout=PATIENCE)


def event_of(line: Mapping[str, Any], error: BaseException | None, secrets: Sequence[str] = ()) -> dict[str, Any]:
    """Return what Sentry is told of a line of the log and of what was raised, without ``secrets``."""
    event: dict[str, Any] = {
        "level": "error",
        "message": str(line.get("action", "")),
        "tags": {name: str(line[name]) for name in _TAGS if name in line},
    }
    if error is not None:
        event["exception"] = {"values": [_value(each, secrets) for each in _chain(error)]}
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield what led to an exception, and then the exception."""
    if error is None:
        return
    if error.__cause__ is not None or not error.__suppress_context__:
        yield from _chain(error.__cause__ or error.__context__)
    yield error


def _value(error: BaseException, secrets: Sequence[str]) -> dict[str, Any]:
    # The whole path of a file may have the name of whoever owns the folder.
    frames = [
        {"filename": "/".join(Path(frame.filename).parts[-3:]), "function": frame.name, "lineno": frame.lineno}
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    kind = type(error)
    return {
        "type": kind.__qualname__,
        "module": kind.__module__,
        "value": without(secrets, said(error)),
        "stacktrace": {"frames": frames},
    }
