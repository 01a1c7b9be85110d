"""What a process of a pool finds, in a bot that has started no other processes before.

python -m tests.extraction.forked
"""

import asyncio

from domain.extraction import Metadata
from extraction.pipeline import load_pipelines
from extraction.pool import ExtractionPool
from tests.extraction.conftest import DEFAULT_MODEL


def loads() -> tuple[int, int]:
    """How often the model was loaded for a process, and how often it was there already when it was asked for."""
    found = load_pipelines.cache_info()
    return found.misses, found.hits


async def main() -> None:
    """Print how often the first process has loaded the model."""
    pool = ExtractionPool(DEFAULT_MODEL)
    await pool.extract("The harbour will close.", Metadata())
    print(*await asyncio.wrap_future(pool._processes.pool.schedule(loads)))
    pool.close()


if __name__ == "__main__":
    asyncio.run(main())
