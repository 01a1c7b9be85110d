"""What quickened components find is what spaCy's own find."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.pipeline import AttributeRuler, EntityRecognizer
from spacy.tokens import Doc

SEEDS = Path(__file__).parents[2] / "seeds"
TEXTS = [
    "I'm not gonna say they ain't done nothin', y'all, but it's Mayor Oda Fenn of Lundvik who doesn't.",
    "  Two   blanks, \t and $4.5 million on March 6, 2026, for the Trust of North Kelder and the European Union.",
    "There's nobody that he'd had to tell, because she did it.",
    "",
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [*TEXTS, *(line for seed in SEEDS.glob("*.txt") for line in seed.read_text(encoding="utf-8").splitlines())]


def before(model: Language, component: str, texts: Iterable[str]) -> list[Doc]:
    """Docs as they come to a component."""
    names = model.pipe_names
    with model.select_pipes(disable=names[names.index(component) :]):
        return list(model.pipe(texts))


def test_rules_for_attributes_hold_where_they_held(model: Language, texts: list[str]) -> None:
    rules: Any = model.get_pipe("attribute_ruler")
    assert type(rules) is not AttributeRuler
    for _ in range(2):  # the second time from memory
        for doc in before(model, "attribute_ruler", texts):
            assert rules.match(doc) == sorted(set(AttributeRuler.match(rules, doc)))


def test_names_are_found_where_they_were(model: Language, texts: list[str]) -> None:
    recogniser: Any = model.get_pipe("ner")
    assert type(recogniser) is not EntityRecognizer

    def entities(parse: Any) -> list[list[tuple[int, int, str]]]:
        docs = [doc for doc in before(model, "ner", texts) if len(doc)]
        recogniser.set_annotations(docs, parse(docs))
        return [[(one.start, one.end, one.label_) for one in doc.ents] for doc in docs]

    quick, own = (
        entities(recogniser.greedy_parse),
        entities(lambda docs: EntityRecognizer.greedy_parse(recogniser, docs)),
    )
    assert quick == own
    assert sum(map(len, quick)) > 100


def test_lemmas_are_those_of_the_rules(model: Language, texts: list[str]) -> None:
    lemmatizer: Any = model.get_pipe("lemmatizer")
    for _ in range(2):  # the second time from memory
        for doc in before(model, "lemmatizer", texts):
            for token in doc:
                assert lemmatizer.lemmatize(token) == lemmatizer.rule_lemmatize(token)
