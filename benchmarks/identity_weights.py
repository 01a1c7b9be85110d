"""Fit the weights by which persons are compared (services/identity/data/weights.toml) to articles of our own.

    python -m benchmarks.identity_weights [--write] [SET…]

Each article's people are compared with everybody whom the archive knows by then, while the archive is filed as the gold
says, so that an early error teaches nothing. On these comparisons a logistic regression is fitted, which is what the
sum of Fellegi and Sunter's weights comes to where fields depend on each other. Its weights are held near those that
stand (a normal prior around them, set by hand at first), since few comparisons tell of each; what speaks against may
come to weigh more, never less. A wrong link costs as much as several that are missed, and each set counts alike.

Without ``--write`` the weights are printed. Sets held out are never read.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks.identity import sets
from domain.extraction import Metadata
from domain.identity import Comparison
from services.identity import comparing
from services.identity.filing import compare_people, file_people
from services.identity.profiles import Archive
from services.intake import take_in_imported
from storage import chats
from tests.eval.archive import InProcess, temporary
from tests.eval.identity import measure
from tests.eval.identity.articles import Article

FILE = Path(comparing.__file__).parent / "data" / "weights.toml"
# How wide the prior is, in logits, and how much more a wrong link costs.
SPREAD, WRONG = 0.5, 4.0
STEPS, RATE = 2000, 0.02
# A set counts as so many comparisons; who is one has to be above the threshold, less what may be doubted.
EACH_SET, MARGIN = 100, 1.2
# A whole name is just enough where articles tell nothing else of either, and not where they do and nothing agrees.
WHOLE, FLOOR = ("name_full", "name_extended"), comparing.SURE + 0.05
LESS = {"generated": 0.25}


@dataclass(frozen=True, slots=True)
class Example:
    """A comparison, and whether the two are one person."""

    one: bool
    compared: Comparison


async def examples(articles: Sequence[Article]) -> list[Example]:
    """Compare everybody with whom the archive knows by then, and file them as the gold says."""
    found: list[Example] = []
    rows: dict[str, int] = {}
    clock = measure._Clock()
    async with temporary(InProcess(measure.Gold(articles)), clock) as services:
        for article in articles:
            clock.now = article.date
            given = Metadata(publisher=article.publisher, date_published=article.date.date().isoformat())
            number = await take_in_imported(services, measure.CHAT, article.text, given, article.date)
            people, golds = article.people(), list(article.mentions)
            async with services.database.transaction() as db:
                chat = await chats.find(db, measure.CHAT.id)
                assert chat is not None and number is not None
                everybody = range(len(people))
                compared = (
                    await compare_people(Archive(db), chat.collection, number, people, everybody, {}, {})
                ).compared
                for index, gold in enumerate(golds):
                    if "?" not in gold:
                        found += _telling(compared[index], rows.get(gold))
                pinned = {index: rows.get(gold) for index, gold in enumerate(golds)}
                filed = await file_people(db, chat.collection, number, people, article.date, pinned, {}, article.date)
            rows |= dict(zip(golds, filed, strict=True))
    return found


def _telling(compared: Sequence[Comparison], row: int | None) -> list[Example]:
    """Return the likeliest and the right one; those who are less likely than another are never linked."""
    best = max(compared, key=lambda each: each.weight, default=None)
    return [Example(each.candidate == row, each) for each in compared if each is best or each.candidate == row]


def fit(by_set: Mapping[str, Sequence[Example]], prior: Mapping[str, float]) -> dict[str, float]:
    """Return the weights that the comparisons make likeliest, near those that stand."""
    kinds = sorted(prior)
    column = {kind: index for index, kind in enumerate(kinds)}
    chosen = [(each, LESS.get(name, 1.0) / len(of_set)) for name, of_set in by_set.items() for each in of_set]
    times = np.zeros((len(chosen), len(kinds)))
    for row, (each, _) in enumerate(chosen):
        for found in each.compared.evidence:
            times[row, column[found.kind]] += found.times
    one = np.array([each.one for each, _ in chosen], dtype=float)
    share = np.array([part for _, part in chosen]) * np.where(one > 0, 1.0, WRONG) * EACH_SET
    start = np.array([prior[kind] for kind in kinds])
    names = np.array([kind.startswith("name_") for kind in kinds])
    whole = np.array([kind in WHOLE for kind in kinds])
    least = np.where(whole, FLOOR, np.where(names | (start < 0), -np.inf, 0.0))
    near = np.array([kind == "name_near" for kind in kinds])
    whole |= near
    most = np.where((names & ~whole) | (~names & (start > 0)), np.inf, start)
    weights = start.copy()
    mean, spread = np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        likely = 1 / (1 + np.exp(-np.clip(times @ weights - MARGIN, -30, 30)))
        slope = times.T @ (share * (likely - one)) + (weights - start) / SPREAD**2
        mean, spread = 0.9 * mean + 0.1 * slope, 0.999 * spread + 0.001 * slope**2
        pace = RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
        weights = np.clip(weights - pace, least, most)
    return {kind: round(float(weight), 2) for kind, weight in zip(kinds, weights, strict=True)}


def main() -> None:
    """Print the weights, or write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    own = {name: found for name, found in sets().items() if "held_out" not in name}
    chosen = {name: asyncio.run(examples(own[name])) for name in asked.sets or own}
    prior = comparing.weights()
    fitted = fit(chosen, prior)
    evidence = [found for each in chain(*chosen.values()) for found in each.compared.evidence]
    counted = Counter(found.kind for found in evidence)
    for kind, weight in fitted.items():
        print(f"{kind:<22}{prior[kind]:>7.2f}{weight:>7.2f}{counted[kind]:>7}")
    if asked.write:
        lines = FILE.read_text(encoding="utf-8").splitlines()
        FILE.write_text("".join(f"{_line(line, fitted)}\n" for line in lines), encoding="utf-8")


def _line(line: str, fitted: Mapping[str, float]) -> str:
    kind = line.partition(" = ")[0]
    return f"{kind} = {fitted[kind]}" if kind in fitted else line


if __name__ == "__main__":
    main()
