"""Judgements on who is who, and the groups that they make of persons' rows.

Positive judgements join rows, and those joined are one person (the transitive closure); a negative one keeps the
groups of its two rows apart, as in nomenklatura's resolver. Each row tells by whom its group is shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.corrections import Verdict
from storage.connection import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody has said of two persons' rows, and by which correction."""

    left: int
    right: int
    verdict: Verdict
    correction: int


async def judged(db: Reader, one: int, other: int) -> Judged | None:
    """Return what has been said of these very rows."""
    row = await db.one(
        "SELECT * FROM judgements WHERE left_id = :left AND right_id = :right",
        left=min(one, other),
        right=max(one, other),
    )
    return _judged(row) if row else None


async def judge(db: Writer, one: int, other: int, verdict: Verdict, correction: int) -> None:
    """Keep what somebody says of two rows in place of what was said of them before."""
    await db.run(
        """INSERT INTO judgements (left_id, right_id, verdict, correction_id)
        VALUES (:left, :right, :verdict, :correction)
        ON CONFLICT (left_id, right_id) DO UPDATE
            SET verdict = excluded.verdict, correction_id = excluded.correction_id""",
        left=min(one, other),
        right=max(one, other),
        verdict=verdict.value,
        correction=correction,
    )


async def withdraw(db: Writer, correction: int) -> Sequence[int]:
    """Forget what was said by a correction, and return the rows that it was said of."""
    rows = await db.all("SELECT * FROM judgements WHERE correction_id = :correction", correction=correction)
    await db.run("DELETE FROM judgements WHERE correction_id = :correction", correction=correction)
    return [row[side] for row in rows for side in ("left_id", "right_id")]


async def group_of(db: Reader, person: int) -> dict[int, Judged | None]:
    """Return the rows that are one person, each with the judgement that led to it from the first, which is ``person``.

    What was said first leads first.
    """
    reached: dict[int, Judged | None] = {person: None}
    edge = [person]
    while edge:
        found = await _touching(db, edge, Verdict.SAME)
        edge = []
        for one in found:
            for here, there in ((one.left, one.right), (one.right, one.left)):
                if here in reached and there not in reached:
                    reached[there] = one
                    edge.append(there)
    return reached


async def kept_apart(db: Reader, group: Collection[int], other: Collection[int]) -> Judged | None:
    """Return the first judgement that says that somebody of a group is nobody of the other, if there is one."""
    for one in await _touching(db, group, Verdict.DIFFERENT):
        if (one.left in group and one.right in other) or (one.right in group and one.left in other):
            return one
    return None


async def show_by(db: Writer, group: Collection[int], canonical: int) -> None:
    """Keep by which of its rows a group is shown."""
    await db.run_many(
        "UPDATE persons SET canonical_id = :canonical WHERE id = :person",
        [{"canonical": canonical, "person": person} for person in sorted(group)],
    )


async def _touching(db: Reader, persons: Collection[int], verdict: Verdict) -> Sequence[Judged]:
    """Return the judgements on any of the rows, in the order in which they were made."""
    sought = {f"person{index}": person for index, person in enumerate(sorted(persons))}
    places = ", ".join(f":{name}" for name in sought)
    rows = await db.all(
        f"""SELECT * FROM judgements WHERE left_id IN ({places}) AND verdict = :verdict
        UNION SELECT * FROM judgements WHERE right_id IN ({places}) AND verdict = :verdict
        ORDER BY correction_id""",
        verdict=verdict.value,
        **sought,
    )
    return [_judged(row) for row in rows]


def _judged(row: Row) -> Judged:
    return Judged(row["left_id"], row["right_id"], Verdict(row["verdict"]), row["correction_id"])
