"""When the machine's clock jumps, what repeats is due at once, and the log tells."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from structlog.testing import capture_logs
from telegram.ext import ApplicationBuilder

from bot import clock
from tests.samples import HOUR

DAY = timedelta(days=1)


class Shown(datetime):
    """A clock that may be put forward and back."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.ahead


@pytest.mark.parametrize("jump", [-HOUR, HOUR, 31 * DAY, timedelta()], ids=str)
async def test_what_repeats_is_due_when_the_clock_jumps(jump: timedelta, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "EVERY", 0.05)
    monkeypatch.setattr(clock, "datetime", Shown)
    monkeypatch.setattr(Shown, "ahead", timedelta())
    repeated = ApplicationBuilder().token("1:abc").build().job_queue
    assert repeated is not None
    job = repeated.run_repeating(lambda _: None, HOUR, first=HOUR)  # type: ignore[arg-type,return-value]
    due = datetime.now(UTC) + HOUR
    job.job.modify(next_run_time=due)
    with capture_logs() as logs:
        async with clock.minding_clock(repeated):
            await asyncio.sleep(0.1)
            Shown.ahead = jump
            await asyncio.sleep(0.2)
    jumped = [line["seconds"] for line in logs if line["action"] == "clock.jumped"]
    assert jumped == ([round(jump.total_seconds())] if jump else [])
    assert (job.job.next_run_time == due) is not bool(jump)
