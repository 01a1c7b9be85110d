"""What faults do to a bot: after each, what there was, whether anything was lost or done twice, and what the log says.

    python -m benchmarks.faults one|cluster [SECONDS [KILLS]] [--only NAME] [--times TIMES] [--keep FOLDER]
                                             [--unhurried]

One process on SQLite, or two receivers and two workers on PostgreSQL. A fault that lasts does so for SECONDS (1.5).
With a NAME, or a part of one, only the faults of that name; each TIMES in a row. What the bot logged, and what was left
to do where it did not end well, stays in FOLDER. Otherwise than in the tests, the bot can wait as long as it does for
others, unhurried.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from traceback import extract_tb

from tests.engines import postgresql_server
from tests.faults.faults import BRIEFLY, FAULTS, Fault, after_kills, killed
from tests.faults.line import Connect, Stream
from tests.faults.scene import CLUSTER, ONE, Mode, Scene, nursery, scene


def faults_of(mode: Mode, kills: int, only: str) -> Sequence[Fault]:
    """Return the faults of a mode whose names have something in them."""

    async def many(stage: Scene, _: float) -> None:
        await killed(stage, kills)

    every = (*FAULTS, Fault(f"kill -9 at {kills} random moments", many, after_kills(kills, mode)))
    return [each for each in every if mode in each.modes and only in each.name]


async def run(
    mode: Mode,
    folder: Path,
    url: str,
    connect: Connect | None,
    seconds: float,
    faults: Sequence[Fault],
    *,
    hurry: bool,
) -> str | None:
    """Print a line for each fault, up to one that does not end well; return what was left to do then."""
    async with nursery() as young, scene(mode, folder, young, url, connect, hurry=hurry) as stage:
        for fault in faults:
            before, began = len(stage.forwards), time.monotonic()
            try:
                await fault.happens(stage, seconds)
                ending = await stage.is_well(fault.may)
            except (AssertionError, TimeoutError) as error:
                (*_, place) = extract_tb(error.__traceback__)
                print(f"{fault.name}: NOT WELL: {type(error).__name__} {error} ({place.line})", flush=True)
                return await stage.left()
            cards = sum(bool(stage.answers_to(each)) for each in stage.forwards[before:])
            told = ", ".join(f"{action} {times}" for action, times in sorted(ending.log.items()))
            print(
                f"{fault.name}: {ending.forwards - before} articles, all there once, {cards} answered, in"
                f" {time.monotonic() - began:.0f} seconds; of all so far, cards twice {ending.cards_twice}, digests"
                f" {dict(ending.deliveries)}; in the log: {told or 'nothing'}",
                flush=True,
            )
        try:
            await stage.stop()
        except TimeoutError:
            print("NOT STOPPED in time", flush=True)
            return await stage.left()
    return None


def main() -> None:
    """Run all faults in one mode."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("one", "cluster"))
    parser.add_argument("seconds", nargs="?", type=float, default=BRIEFLY)
    parser.add_argument("kills", nargs="?", type=int, default=50)
    parser.add_argument("--only", default="")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--unhurried", action="store_true")
    given = parser.parse_args()
    mode = ONE if given.mode == "one" else CLUSTER
    faults = [each for each in faults_of(mode, given.kills, given.only) for _ in range(given.times)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url, connect = f"sqlite:///{folder}/faults.db", None
        if mode is CLUSTER:
            server = stack.enter_context(postgresql_server())
            server.keep_what_is_committed()
            url = stack.enter_context(server.lent())
            path = f"{url.partition('host=')[2]}/.s.PGSQL.5432"

            async def connect() -> Stream:
                return await asyncio.open_unix_connection(path)

        left: str | None = None
        try:
            left = asyncio.run(run(mode, folder, url, connect, given.seconds, faults, hurry=not given.unhurried))
        finally:
            if given.keep is not None:
                given.keep.mkdir(parents=True, exist_ok=True)
                for each in [folder / "log", *folder.glob("tasks *")]:
                    copy(each, given.keep)
                (given.keep / "left").write_text(left or "", encoding="utf-8")
        if left is not None:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
