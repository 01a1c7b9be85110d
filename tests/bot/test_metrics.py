"""What Prometheus is told: what docs/metrics.md says, and nothing of anybody."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from bot import metrics as metrics_module
from bot.calls import WatchedCalls, method_of
from bot.metrics import Metrics, kind_of
from domain.extraction import Metadata
from domain.jobs import JobKind
from domain.operating import Backlog, Condition
from domain.subscriptions import DeliveryState
from extraction.pool import ExtractionPool
from extraction.stages import Stage
from tests.samples import NOON

DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"
CONDITION = Condition(
    {kind: Backlog() for kind in JobKind} | {JobKind.SEND: Backlog(3, 1, 2, NOON - timedelta(seconds=90))},
    NOON - timedelta(seconds=5),
    {DeliveryState.SENT: 4},
)
Sample = tuple[str, Mapping[str, str]]


async def present() -> Condition:
    return CONDITION


async def scraped(measures: Metrics, look: Any = present) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = (await measures.exposed(look, lambda: NOON)).decode()
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def used() -> Metrics:
    """Measures with something of each."""
    made = Metrics("1.2")
    made.kept([{"update_id": 1, "message": {}}, {"update_id": 2, "telepathy": {}}])
    made.called("sendMessage", "200", 0.2)
    made.failed("job.failed")
    for stage in Stage:
        made.took(stage, 0.5)
    return made


async def test_what_is_exposed_is_what_the_document_lists_with_its_labels():
    text = (await used().exposed(present, lambda: NOON)).decode()
    exposed = {
        (_named(family), frozenset(name for sample in family.samples for name in sample.labels) - {"le"})
        for family in text_string_to_metric_families(text)
        if not family.name.startswith("process_")
    }
    rows = re.findall(r"^\| `(presswatch_\w+)` \| (\w+)[^|]*\| ([^|]*)\|", DOCUMENT.read_text(), re.MULTILINE)
    listed = {(name, frozenset(re.findall(r"`(\w+)`", labels))) for name, _, labels in rows}
    assert exposed == listed


def _named(family: Any) -> str:
    return family.name + ("_total" if family.type == "counter" else "")


async def test_each_measure_counts_what_it_says():
    found = await scraped(used())
    assert found["presswatch_build_info", (("version", "1.2"),)] == 1
    assert found["presswatch_updates_total", (("kind", "message"),)] == 1
    assert found["presswatch_updates_total", (("kind", "other"),)] == 1
    assert found["presswatch_telegram_call_seconds_count", (("method", "sendMessage"), ("status", "200"))] == 1
    assert found["presswatch_errors_total", (("action", "job.failed"),)] == 1
    assert found["presswatch_extraction_seconds_sum", (("stage", "model"),)] == 0.5
    assert [found["presswatch_jobs", (("kind", "send"), ("state", state))] for state in ("ready", "failed")] == [3, 2]
    assert found["presswatch_job_due_seconds", (("kind", "send"),)] == 90
    assert found["presswatch_job_due_seconds", (("kind", "extract"),)] == 0
    assert found["presswatch_deliveries", (("state", "sent"),)] == 4
    assert found["presswatch_last_update_timestamp_seconds", ()] == NOON.timestamp() - 5
    assert found["presswatch_database_up", ()] == 1
    assert found["process_resident_memory_bytes", ()] > 0


async def test_without_the_database_all_else_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(metrics_module, "PATIENCE", 0.01)
    measures = used()
    assert (await scraped(measures))["presswatch_database_up", ()] == 1
    for look in (broken, slow):
        found = await scraped(measures, look)
        assert found["presswatch_database_up", ()] == 0
        assert not [name for name, _ in found if name in ("presswatch_jobs", "presswatch_deliveries")]
        assert found["presswatch_errors_total", (("action", "job.failed"),)] == 1


async def broken() -> Condition:
    raise OSError("the disk is gone")


async def slow() -> Condition:
    await asyncio.Event().wait()
    return CONDITION


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"update_id": 1, "message": {}}, "message"),
        ({"edited_channel_post": {}, "update_id": 1}, "edited_channel_post"),
        ({"update_id": 1}, "other"),
        ({"update_id": 1, "x" * 1000: {}}, "other"),
    ],
)
def test_an_update_is_counted_by_its_kind(update: dict[str, Any], kind: str):
    assert kind_of(update) == kind


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("https://api.telegram.org/bot1:token/sendMessage", "sendMessage"),
        ("http://127.0.0.1:1/bot1:token/getUpdates?timeout=25", "getUpdates"),
        ("https://api.telegram.org/file/bot1:token/documents/of_ann.pdf", "file"),
        ("https://proxy.example/telegram/file/bot1:token/documents/of_ann.pdf", "file"),
        ("https://proxy.example/telegram/bot1:token/sendMessage", "sendMessage"),
    ],
)
def test_a_call_is_counted_by_its_method_without_token_or_file(url: str, method: str):
    assert method_of(url) == method


async def test_the_pool_tells_what_each_stage_took_and_the_wait_for_a_process(
    pool: ExtractionPool, monkeypatch: pytest.MonkeyPatch
):
    measures = Metrics("1.2")
    monkeypatch.setattr(pool, "_took", measures.took)
    await pool.extract("The harbour will close on Monday, said Odo Marsh, the port's director.", Metadata())
    found = await scraped(measures)
    assert [found["presswatch_extraction_seconds_count", (("stage", stage.value),)] for stage in Stage] == [1] * 4


class Line(BaseRequest):
    """A transport to which happens what a test says."""

    happens: BaseException | int = 200
    read_timeout = 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        if isinstance(self.happens, BaseException):
            raise self.happens
        return self.happens, b"{}"


@pytest.mark.parametrize(
    ("happens", "status"),
    [(200, "200"), (429, "429"), (TimedOut(), "timed_out"), (NetworkError("no way"), "unreached")],
)
async def test_a_call_is_told_with_its_status_or_what_became_of_it(happens: Any, status: str):
    line, told = Line(), []
    line.happens = happens
    watched = WatchedCalls(line, lambda *call: told.append(call[:2]))
    await asyncio.gather(watched.do_request("https://x/bot1:t/getMe", "POST"), return_exceptions=True)
    assert told == [("getMe", status)]
    assert watched.read_timeout == 5.0
