"""What an operator is told of: once for many, not again and again, and not before it is so."""

import asyncio
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import alerts as alerts_module
from bot.alerts import AWAY_AFTER, IDLE_AFTER, LIVELY_AFTER, Alerts, Lookout
from domain.jobs import JobKind
from domain.operating import Alert, Backlog, Condition, Crew, Notice
from services.operating import HOLD
from storage.connection import DatabaseAwayError
from tests.samples import NOON

Usage = namedtuple("Usage", "free")
LATE_AFTER, LEAST_FREE = 600.0, 10**9


class Operator:
    """Somebody who is told, at a time that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[tuple[Alert, str, int]] = []
        self.is_reached = True
        self.alerts = Alerts(lambda: self.now)

    async def tell(self, notice: Notice) -> bool:
        if self.is_reached:
            self.told.append((notice.alert, notice.detail, notice.more))
        return self.is_reached

    async def flush(self) -> list[tuple[Alert, str, int]]:
        """What the operator is told now."""
        self.told.clear()
        await self.alerts.flush(self.tell)
        return list(self.told)


async def test_many_of_a_kind_are_told_as_one_and_others_of_it_wait():
    operator = Operator()
    for kind in ("send", "extract", "send"):
        operator.alerts.logged({"action": "job.failed", "kind": kind})
    assert await operator.flush() == [(Alert.PUT_ASIDE, "send", 2)]
    operator.alerts.logged({"action": "job.failed", "kind": "fetch"})
    operator.alerts.notice(Alert.DISK_FULL, 12)
    assert await operator.flush() == [(Alert.DISK_FULL, "12", 0)], "another kind does not wait"
    operator.now += HOLD.total_seconds()
    assert await operator.flush() == [(Alert.PUT_ASIDE, "fetch", 0)]
    assert await operator.flush() == []


async def test_what_does_not_get_through_waits_and_is_counted_on():
    operator = Operator()
    operator.is_reached = False
    operator.alerts.notice(Alert.UNAUTHORIZED)
    assert await operator.flush() == []
    operator.alerts.notice(Alert.UNAUTHORIZED)
    operator.is_reached = True
    assert await operator.flush() == [(Alert.UNAUTHORIZED, "", 1)]


@pytest.mark.parametrize("line", [{}, {"action": "job.error"}, {"action": "handler.error", "kind": "send"}])
async def test_other_lines_of_the_log_are_no_alerts(line: dict[str, str]):
    operator = Operator()
    operator.alerts.logged(line)
    assert await operator.flush() == []


@given(st.lists(st.tuples(st.sampled_from(Alert), st.integers(0, 900), st.booleans()), max_size=40))
async def test_whatever_happens_each_is_counted_once_and_no_kind_is_told_twice_within_the_time(
    events: list[tuple[Alert, int, bool]],
):
    operator = Operator()
    last: dict[Alert, float] = {}
    counted = 0
    for alert, later, reached in events:
        operator.now += later
        operator.alerts.notice(alert)
        operator.is_reached = reached
        for told, _, more in await operator.flush():
            assert operator.now - last.get(told, -1e9) >= HOLD.total_seconds()
            last[told] = operator.now
            counted += 1 + more
    operator.now += HOLD.total_seconds()
    operator.is_reached = True
    counted += sum(1 + more for _, _, more in await operator.flush())
    assert counted == len(events)


class World:
    """What a lookout sees, as a test sets it."""

    def __init__(self, folder: Path) -> None:
        self.operator = Operator()
        self.condition: Condition | None = Condition({}, None, {})
        self.seconds = 0.0
        self.lookout = Lookout(
            self.operator.alerts,
            self.look,
            lambda: NOON.timestamp(),
            folder,
            LATE_AFTER,
            LEAST_FREE,
            clock=lambda: self.seconds,
        )

    async def look(self) -> Condition:
        if self.condition is None:
            raise DatabaseAwayError("gone")
        return self.condition

    async def seen(self) -> list[tuple[Alert, str]]:
        """What one more look leads to, were nothing held back."""
        await self.lookout.once()
        self.operator.now += HOLD.total_seconds()
        return [told[:2] for told in await self.operator.flush()]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(alerts_module.shutil, "disk_usage", lambda _: Usage(LEAST_FREE))
    return World(tmp_path)


def waiting(minutes: float) -> Condition:
    return Condition({JobKind.SEND: Backlog(1, due_since=NOON - timedelta(minutes=minutes))}, None, {})


async def test_a_queue_that_is_late_is_told_when_it_becomes_so(world: World):
    world.condition = waiting(9)
    assert await world.seen() == []
    world.condition = waiting(11)
    assert await world.seen() == [(Alert.LATE, "11")]
    assert await world.seen() == [], "as long as it is so, it is told once"
    world.condition = waiting(0)
    assert await world.seen() == []
    world.condition = waiting(12)
    assert await world.seen() == [(Alert.LATE, "12")]


async def test_a_database_that_goes_and_comes_is_told_both_times_and_a_short_break_is_not(world: World):
    world.condition = None
    assert await world.seen() == []
    world.condition = waiting(0)
    assert await world.seen() == []
    world.condition = None
    assert await world.seen() == []
    world.seconds += AWAY_AFTER
    assert await world.seen() == [(Alert.DATABASE_AWAY, "10")]
    world.seconds += 50
    assert await world.seen() == []
    world.condition = waiting(0)
    assert await world.seen() == [(Alert.DATABASE_BACK, "60")]
    assert await world.seen() == []


async def test_workers_that_die_are_told_and_those_that_were_dead_before_are_not(world: World):
    world.condition = Condition({}, None, {}, Crew(2, 3))
    assert await world.seen() == []
    world.condition = Condition({}, None, {}, Crew(1, 5))
    assert await world.seen() == [(Alert.WORKERS_GONE, "2")]
    world.condition = Condition({}, None, {}, Crew(1, 1))
    assert await world.seen() == [], "some have been forgotten"


async def test_workers_that_could_not_say_that_they_live_are_not_called_dead(world: World):
    world.condition = Condition({}, None, {}, Crew(2))
    assert await world.seen() == []
    world.condition = None
    await world.seen()
    world.seconds += AWAY_AFTER + 10
    assert await world.seen() == [(Alert.DATABASE_AWAY, "20")]
    world.condition = Condition({}, None, {}, Crew(0, 2))
    assert await world.seen() == [(Alert.DATABASE_BACK, "20")]
    world.seconds += LIVELY_AFTER
    world.condition = Condition({}, None, {}, Crew(2))
    assert await world.seen() == []
    world.condition = Condition({}, None, {}, Crew(1, 1))
    assert await world.seen() == [(Alert.WORKERS_GONE, "1")]


async def test_that_nobody_works_is_told_after_a_minute(world: World):
    world.condition = Condition({}, None, {}, Crew(0))
    assert await world.seen() == []
    world.seconds += IDLE_AFTER
    assert await world.seen() == [(Alert.NOBODY_WORKS, "")]
    world.condition = Condition({}, None, {}, Crew(1))
    assert await world.seen() == []


async def test_a_disk_that_is_nearly_full_is_told(world: World, monkeypatch: pytest.MonkeyPatch):
    assert await world.seen() == []
    monkeypatch.setattr(alerts_module.shutil, "disk_usage", lambda _: Usage(999_000_000))
    assert await world.seen() == [(Alert.DISK_FULL, "999")]


async def test_a_lookout_that_fails_looks_again(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alerts_module, "EVERY", 0.01)
    looks = iter([OSError(5, "Input/output error"), None])
    again = asyncio.Event()

    def broken_once(_: Path) -> Usage:
        error = next(looks, None)
        if error is not None:
            raise error
        return Usage(0)

    async def tell(notice: Notice) -> bool:
        again.set()
        return notice.alert is Alert.DISK_FULL

    monkeypatch.setattr(alerts_module.shutil, "disk_usage", broken_once)
    task = asyncio.create_task(world.lookout.run(tell))
    await asyncio.wait_for(again.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
