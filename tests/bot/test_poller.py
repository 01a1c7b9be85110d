"""Who else fetches the bot's updates: a process that was just killed, or one that must stop."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import Conflict

from bot import poller as poller_module
from bot.poller import Poller


class Rival:
    """A connection on which Telegram says that somebody else fetches."""

    def __init__(self) -> None:
        self.called = asyncio.Event()

    async def post(self, *_: Any, **__: Any) -> Any:
        self.called.set()
        raise Conflict("terminated by other getUpdates request")


@pytest.mark.faults
@pytest.mark.parametrize(("settled", "level"), [(1000.0, "warning"), (0.0, "error")])
async def test_what_the_process_before_left_behind_is_no_error(
    monkeypatch: pytest.MonkeyPatch, settled: float, level: str
):
    monkeypatch.setattr(poller_module, "SETTLED", settled)
    rival: Any = Rival()
    with capture_logs() as lines:
        task = asyncio.create_task(Poller(rival, "http://x/bot1:x", rival, ["message"]).run())
        await rival.called.wait()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [(line["action"], line["log_level"]) for line in lines] == [("updates.conflict", level)]
