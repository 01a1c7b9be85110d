"""What quickened components find is what spaCy's own find."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import AttributeRuler, EntityRecognizer
from spacy.tokens import Doc
from thinc.api import use_ops

from extraction import quickened
from extraction.pipeline import load_pipelines
from tests.extraction.conftest import DEFAULT_MODEL

SEEDS = Path(__file__).parents[2] / "seeds"
TEXTS = [
    "I'm not gonna say they ain't done nothin', y'all, but it's Mayor Oda Fenn of Lundvik who doesn't.",
    "  Two   blanks, \t and $4.5 million on March 6, 2026, for the Trust of North Kelder and the European Union.",
    "There's nobody that he'd had to tell, because she did it.",
    "Le quai de Lundvik n’est pas sûr, a déclaré lundi la ministre Oda Fenn à l’agence Kystwire.",
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


@pytest.mark.filterwarnings("ignore:.W095")
@pytest.mark.parametrize("name", [DEFAULT_MODEL, "fr_core_news_md"])
def test_texts_are_parsed_as_by_spacy(name: str, texts: list[str]) -> None:
    with use_ops("numpy", use_blis=False):
        own = spacy.load(name)
    quick = load_pipelines(name).paragraphs
    asked = ["TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START", "ENT_IOB", "ENT_TYPE"]
    with quick.select_pipes(enable=own.pipe_names):
        for doc, like in zip(quick.pipe(texts[:100]), own.pipe(texts[:100]), strict=True):
            assert doc.to_array(asked).tolist() == like.to_array(asked).tolist()


def embeddings(model: Language) -> list[Any]:
    """The embeddings of a pipeline that are quick."""
    parts: list[Any] = [model.get_pipe(name) for name in ("tok2vec", "ner")]
    layers = [layer.maybe_get_ref("embed") for part in parts for layer in part.model.walk()]
    return [layer for layer in layers if layer is not None and layer.name == "presswatch_rows"]


def test_a_token_has_the_same_row_whatever_was_read_before(model: Language, texts: list[str]) -> None:
    docs = [model.make_doc(text) for text in texts]
    assert len(embeddings(model)) == 2
    for embedding in embeddings(model):
        together = embedding.predict(docs)
        for doc, known in zip(docs, together, strict=True):
            fresh = quickened._Rows(embedding.layers[0], model.vocab)
            ((row, *_), _) = fresh.forward(embedding, [doc], False)
            assert np.array_equal(row, known)


def test_rows_are_forgotten_when_they_are_many(
    model: Language, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quickened, "_MOST_ROWS", 100)
    doc, longest = model.make_doc(texts[0]), max(len(text) for text in texts)
    for embedding in embeddings(model):
        rows = quickened._Rows(embedding.layers[0], model.vocab)
        for text in texts:
            rows.forward(embedding, [model.make_doc(text)], False)
            assert len(rows._known) <= 100 + longest
        assert np.array_equal(rows.forward(embedding, [doc], False)[0][0], embedding.predict([doc])[0])


@pytest.mark.parametrize(
    ("embedding", "settings", "is_quick"),
    [
        ("MultiHashEmbed", {"attrs": ["NORM"], "rows": [50], "include_static_vectors": False}, True),
        ("CharacterEmbed", {"rows": 50, "nM": 8, "nC": 4, "include_static_vectors": False}, False),
    ],
)
def test_only_an_embedding_of_attributes_is_remembered(
    embedding: str, settings: dict[str, Any], is_quick: bool
) -> None:
    model = spacy.blank("en")
    encoder = {"width": 8, "window_size": 1, "maxout_pieces": 2, "depth": 1}
    layers = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {"@architectures": f"spacy.{embedding}.v2", "width": 8, **settings},
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", **encoder},
    }
    part: Any = model.add_pipe("tok2vec", config={"model": layers})
    model.initialize()
    own = part.predict([model.make_doc(TEXTS[0])])
    quickened.quicken(model)
    assert (part.model.get_ref("embed").name == "presswatch_rows") == is_quick
    assert np.allclose(part.predict([model.make_doc(TEXTS[0])])[0], own[0], atol=1e-5)
