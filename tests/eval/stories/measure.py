"""How well articles are grouped by story, with the real extractor and the real services over a file.

``# name`` begins a story, ``@ publisher | day | headline`` one of its articles, whose text follows; articles of "loose"
stand alone. Measured by B-cubed (Bagga and Baldwin 1998): of an article's story as found, the share that is of its true
story, and of its true story, the share that was found; averages over articles.
"""

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.extraction import Metadata
from extraction.extractor import Extractor
from services import Services, reading, relating
from storage import articles, stories
from tests.eval.archive import InProcess, temporary

FOLDER = Path(__file__).parent
SEEDS = FOLDER.parents[2] / "seeds"
# Articles to set thresholds with, first and later ones (alike but other events), and some that none was set with.
SEEN, MORE, HELD_OUT = FOLDER / "articles.txt", FOLDER / "articles_more.txt", FOLDER / "held_out_do_not_tune.txt"
# The sample articles that are about the same events; each other one stands alone.
SEED_STORIES = {"meters": "01 02 03 04 05 06 07 08 18", "cracks in the dam": "09 10", "evacuation": "11 21"}
# When those came that tell no date with its year.
RECEIVED = {"04": "2026-03-06", "11": "2026-03-14"}
NOW = datetime(2026, 3, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Article:
    """An article and the name of its story."""

    story: str
    text: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Scores:
    """B-cubed precision and recall, and what went wrong."""

    precision: float
    recall: float
    wrong: tuple[str, ...]

    @property
    def f1(self) -> float:
        """Return their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def read_articles(file: Path) -> list[Article]:
    """Return the articles of a file, each loose one as a story of its own."""
    found: list[Article] = []
    for story in file.read_text(encoding="utf-8").split("\n# ")[0:]:
        name, *parts = ("\n" + story.removeprefix("# ")).split("\n@ ")
        for part in parts:
            head, _, body = part.partition("\n")
            publisher, day, headline = [each.strip() for each in head.split("|")]
            metadata = Metadata(headline=headline, publisher=publisher, date_published=day)
            loose = f"{name} {len(found)}" if name.strip().startswith("loose") else name
            found.append(Article(loose.strip(), f"{headline}\n\n{body.strip()}", metadata))
    return found


def seeds() -> list[Article]:
    """Return the sample articles."""
    story_of = {number: story for story, numbers in SEED_STORIES.items() for number in numbers.split()}
    return [
        Article(
            story_of.get(file.name[:2], file.name),
            file.read_text(encoding="utf-8"),
            Metadata(date_published=RECEIVED.get(file.name[:2])),
        )
        for file in sorted(SEEDS.glob("*.txt"))
    ]


async def grouped(extractor: Extractor, given: Sequence[Article]) -> list[Hashable]:
    """Take all articles in, one after the other, and return the story of each."""
    async with temporary(InProcess(extractor), lambda: NOW) as services:
        return await _take_in(services, given)


async def _take_in(services: Services, given: Sequence[Article]) -> list[Hashable]:
    async with services.database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (1, '')")
    numbers = []
    for article in given:
        async with services.database.transaction() as db:
            number = await articles.add(db, 1, article.text, article.metadata, NOW)
            assert number is not None
        assert await reading.read(services, number, None) is None
        await relating.relate(services, number, "read")
        numbers.append(number)
    async with services.database.reading() as db:
        found = await stories.stories_of(db, numbers)
    return [found[number] for number in numbers]


def b_cubed(given: Sequence[Article], found: Sequence[Hashable]) -> Scores:
    """Hold stories as found against the true ones."""
    true = [article.story for article in given]
    by_true, by_found = _groups(true), _groups(found)
    shares = []
    for index in range(len(given)):
        both = len(by_true[true[index]] & by_found[found[index]])
        shares.append((both / len(by_found[found[index]]), both / len(by_true[true[index]])))
    precision, recall = (sum(each) / len(shares) for each in zip(*shares, strict=True))
    return Scores(precision, recall, tuple(_wrong(given, by_true, by_found)))


def _groups(labels: Sequence[Hashable]) -> dict[Hashable, set[int]]:
    groups: dict[Hashable, set[int]] = {}
    for index, label in enumerate(labels):
        groups.setdefault(label, set()).add(index)
    return groups


def _wrong(
    given: Sequence[Article], true: Mapping[Hashable, set[int]], found: Mapping[Hashable, set[int]]
) -> Iterator[str]:
    for members in found.values():
        told = {given[index].story for index in members}
        if len(told) > 1:
            yield "told together: " + " / ".join(sorted(f"{given[i].story}: {_called(given[i])}" for i in members))
    for story, members in true.items():
        parts = [part & members for part in found.values() if part & members]
        if len(parts) > 1:
            yield f"torn apart: {story}: " + " // ".join("; ".join(_called(given[i]) for i in part) for part in parts)


def _called(article: Article) -> str:
    return article.metadata.headline or article.text[:60].replace("\n", " ")


def measure(extractor: Extractor, given: Sequence[Article]) -> Scores:
    """Measure outside an event loop."""
    return b_cubed(given, asyncio.run(grouped(extractor, given)))
