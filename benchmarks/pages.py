"""Measure how much of an article's text comes out of its page, and whether any page is wrongly taken for a wall.

    python benchmarks/pages.py FOLDER

FOLDER is a copy of scrapinghub/article-extraction-benchmark, of which ``html/*.html.gz`` and ``ground-truth.json`` are
read. The measure is its own: four-word shingles as multisets, weighed alike for each page; precision is the mean over
the pages with any predicted text, recall over those with any true text. Pages are read by us and by trafilatura
alone, as the benchmark runs it.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

import trafilatura

from domain.intake import FoundArticle
from readers.web.pages import read_page

SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a page's shingles, true and predicted together: in both, predicted only, true only."""

    both: float
    wrong: float
    missed: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(
        found for at in range(max(1, len(words) - SHINGLE + 1)) if (found := tuple(words[at : at + SHINGLE]))
    )


def compare(true: str, predicted: str) -> Shares:
    expected, found = shingles(true), shingles(predicted)
    whole = (expected | found).total() or 1
    return Shares(
        (expected & found).total() / whole, (found - expected).total() / whole, (expected - found).total() / whole
    )


def ratio(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else 1.0


def scores(pages: Iterable[Shares]) -> tuple[float, float, float]:
    """Return F1, precision and recall, as the benchmark takes their means."""
    pages = list(pages)
    precision = fmean(ratio(page.both, page.wrong) for page in pages if page.both + page.wrong)
    recall = fmean(ratio(page.both, page.missed) for page in pages if page.both + page.missed)
    return 2 * precision * recall / (precision + recall), precision, recall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    ours, bare, refused, seconds = [], [], [], 0.0
    for name, page in sorted(truth.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        start = perf_counter()
        content = read_page(data, page["url"], "text/html")
        seconds += perf_counter() - start
        if not isinstance(content, FoundArticle):
            refused.append(f"{content.value}: {page['url']}")
        ours.append(compare(page["articleBody"], content.text if isinstance(content, FoundArticle) else ""))
        bare.append(compare(page["articleBody"], trafilatura.extract(data.decode(), include_comments=False) or ""))
    results = {"ours": scores(ours), "trafilatura": scores(bare)}
    print(f"{'':12}{'F1':>8}{'precision':>11}{'recall':>8}")
    for who, (f1, precision, recall) in results.items():
        print(f"{who:12}{f1:8.4f}{precision:11.4f}{recall:8.4f}")
    print(f"{'difference':12}{results['ours'][0] - results['trafilatura'][0]:+8.4f}")
    print(
        f"{len(truth)} pages, {1000 * seconds / len(truth):.0f} ms each; no article on {len(refused)}",
        *refused,
        sep="\n  ",
    )


if __name__ == "__main__":
    main()
