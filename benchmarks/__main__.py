"""How fast the bot is, each row against a yardstick that is measured beside it.

    python -m benchmarks [--only ROW] [--full]

Prints a row for each measure: ours, the yardstick, their ratio, what it must be, and whether it is. Rows: updates,
webhook, articles, card, questions, claiming, save, dossier, growth, memory, start. Quick by default; ``--full`` takes
ten times as much. With TESTED_ENGINE=postgresql our bot has a PostgreSQL server in updates, webhook, articles, card,
questions and memory; the yardsticks are the same.
"""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable

from benchmarks import keeping, rows

MEASURES: dict[str, Callable[[int], Awaitable[list[rows.Row]]]] = {
    "updates": rows.updates,
    "webhook": rows.webhook,
    "articles": rows.articles,
    "card": rows.card,
    "questions": rows.questions,
    "claiming": rows.claiming,
    "save": keeping.save,
    "dossier": keeping.dossier,
    "growth": keeping.growth,
    "memory": rows.memory,
    "start": rows.start,
}


async def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=MEASURES, action="append")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    for name in given.only or MEASURES:
        for row in await MEASURES[name](10 if given.full else 1):
            print(f"{row.line()}  (load {os.getloadavg()[0]:.1f})", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
