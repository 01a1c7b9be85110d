"""A week across a clock change, with restarts, faults and a migration: each due digest is in the ledger once."""

from collections import Counter
from datetime import timedelta

import pytest

from benchmarks.week import BEGINNINGS, faults, live, prepared, table


@pytest.mark.parametrize("month", BEGINNINGS)
async def test_each_due_digest_of_a_week_is_in_the_ledger_once(tmp_path, month: str):
    async with prepared(month, tmp_path, timedelta(hours=1)) as week:
        await live(week)
        entries = await week.ledger()
        print(table(entries, week))
        assert faults(week, entries) == []
        states = Counter(each.state for each in entries)
        assert set(states) == {"sent", "uncertain", "missed"}
        assert states["uncertain"] == 2, "the answer that was lost, and the call that was cut off"
        assert states["sent"] > 130
