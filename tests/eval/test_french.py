"""People and attributions of French articles of our own may not fall below their floors.

The articles of ``french.jsonl`` are invented and were annotated from their text, before the extractor read them, as
those of ``attributions.jsonl`` are. They are few: the floors say that the language's data works, not how well.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.extraction import Extraction, Reading
from extraction.extractor import Extractor
from extraction.pipeline import Pipelines
from tests.eval.test_attributions import Scores, annotated, compare, found_in
from tests.eval.test_people_floor import f1
from tests.eval.test_people_floor import found_in as people_in

GOLD = Path(__file__).with_name("french.jsonl")


@cache
def articles() -> tuple[dict[str, Any], ...]:
    """Read the articles."""
    return tuple(json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def french(pipelines: Pipelines) -> Extractor:
    """The way in, with a pipeline for French."""
    return Extractor(pipelines, {"fr": "fr_core_news_md"})


def test_french_attributions_hold_their_floors(french: Extractor) -> None:
    scores = Scores()
    for article in articles():
        gold = [annotated(article["text"], one) for one in article["attributions"]]
        scores += compare(gold, found_in(french, article["text"]))
    print(f"content words {scores.content}, half of the content {scores.overlap}, source too {scores.source}")
    assert scores.content.f1 >= 0.78
    assert scores.overlap.f1 >= 0.72
    assert scores.source.f1 >= 0.72


def test_french_people_hold_their_floors(french: Extractor) -> None:
    hits = found = gold = same = 0
    for article in articles():
        wanted = {(m["start"], m["end"]): n for n, one in enumerate(article["people"]) for m in one["mentions"]}
        bearers = people_in(french, article["text"])
        both = wanted.keys() & bearers.keys()
        hits, found, gold = hits + len(both), found + len(bearers), gold + len(wanted)
        same += sum((bearers[a] == bearers[b]) == (wanted[a] == wanted[b]) for a in both for b in both)
        assert same
    print(f"names {f1(hits, found, gold):.1%}")
    assert f1(hits, found, gold) >= 0.9


def test_french_is_read_in_full_only_with_its_pipeline(extractor: Extractor, french: Extractor) -> None:
    text = articles()[0]["text"]
    with_pipeline, without = french.extract(text), extractor.extract(text)
    assert isinstance(with_pipeline, Extraction) and isinstance(without, Extraction)
    assert (with_pipeline.reading, without.reading) == (Reading.FULL, Reading.LEAD)
    assert with_pipeline.attributions and not without.attributions
