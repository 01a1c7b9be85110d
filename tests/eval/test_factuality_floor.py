"""Factuality on sentences of our own: the share that is right may not fall below its floor."""

import json
from pathlib import Path

from spacy.language import Language

from extraction.attributions import find_attributions, to_domain
from extraction.quotations import find_quotations
from tests.extraction.docs import article

SENTENCES = Path(__file__).with_name("factuality.jsonl")
FLOOR = 0.95


def is_right(model: Language, sentence: dict[str, str]) -> bool:
    doc = find_attributions(find_quotations(article(model, sentence["text"])))
    with_cue = (a for a in to_domain(doc) if a.cue is not None and sentence["cue"] in a.cue.text.split())
    found = next(with_cue, None)
    return found is not None and found.factuality.value == sentence["value"]


def test_the_share_of_right_values_holds_its_floor(model: Language) -> None:
    """Each line names the cue whose attribution is looked at; one that is not found counts as wrong."""
    sentences = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    assert len(sentences) > 200
    assert sum(is_right(model, sentence) for sentence in sentences) / len(sentences) >= FLOOR
