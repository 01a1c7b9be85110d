"""What faults do to a bot: after each, what there was, whether anything was lost or done twice, and what the log says.

    python -m benchmarks.faults one|cluster [SECONDS [KILLS]]

One process on SQLite, or two receivers and two workers on PostgreSQL. A fault that lasts does so for SECONDS (1.5).
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engines import postgresql_server
from tests.faults.faults import BRIEFLY, FAULTS, FURTHER, Fault, after_kills, killed
from tests.faults.line import Connect, Stream
from tests.faults.scene import CLUSTER, ONE, Mode, Scene, nursery, scene


async def run(mode: Mode, folder: Path, url: str, connect: Connect | None, seconds: float, kills: int) -> None:
    """Print a line for each fault, up to one that does not end well."""
    faults = [each for each in (*FAULTS, *FURTHER) if mode in each.modes]

    async def many(stage: Scene, _: float) -> None:
        await killed(stage, kills)

    faults.append(Fault(f"kill -9 at {kills} random moments", many, after_kills(kills)))
    async with _stage(mode, folder, url, connect) as stage:
        for fault in faults:
            before = len(stage.forwards)
            await fault.happens(stage, seconds)
            try:
                ending = await stage.is_well(fault.may)
            except (AssertionError, TimeoutError) as error:
                print(f"{fault.name}: NOT WELL: {type(error).__name__}", flush=True)
                return
            told = ", ".join(f"{action} {times}" for action, times in sorted(ending.log.items()))
            number = ending.forwards - before
            print(f"{fault.name}: {number} articles, all there once; digests {ending.deliveries}; {told}", flush=True)
        await stage.stop()


@asynccontextmanager
async def _stage(mode: Mode, folder: Path, url: str, connect: Connect | None) -> AsyncIterator[Scene]:
    async with nursery() as young, scene(mode, folder, young, url, connect) as made:
        yield made


def main() -> None:
    """Run all faults in one mode."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("one", "cluster"))
    parser.add_argument("seconds", nargs="?", type=float, default=BRIEFLY)
    parser.add_argument("kills", nargs="?", type=int, default=50)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        if given.mode == "one":
            asyncio.run(run(ONE, folder, f"sqlite:///{folder}/faults.db", None, given.seconds, given.kills))
            return
        url = stack.enter_context(stack.enter_context(postgresql_server()).lent())
        path = f"{url.partition('host=')[2]}/.s.PGSQL.5432"

        async def connect() -> Stream:
            return await asyncio.open_unix_connection(path)

        asyncio.run(run(CLUSTER, folder, url, connect, given.seconds, given.kills))


if __name__ == "__main__":
    main()
