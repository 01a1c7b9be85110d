"""A pipeline is loaded without the words of its vectors, and says the same."""

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example

from extraction.pipeline import load_pipelines

# The default model has some 770,000 words.
_FEW = 100_000


def test_the_words_of_the_vectors_are_left_out(model: Language) -> None:
    assert len(model.vocab.strings) < _FEW
    assert model.vocab["harbour"].has_vector


def test_a_label_that_a_component_gives_can_be_written(tmp_path: Path) -> None:
    made = spacy.blank("en")
    tagger = made.add_pipe("tagger")
    tagger.add_label("SHIPWORD")
    example = Example.from_dict(made.make_doc("Ferries"), {"tags": ["SHIPWORD"]})
    made.initialize(lambda: [example])
    made.to_disk(tmp_path)
    assert [token.tag_ for token in load_pipelines(str(tmp_path)).paragraphs("Ferries")] == ["SHIPWORD"]


def test_strings_are_read_for_a_component_that_needs_more_than_its_own(tmp_path: Path) -> None:
    """A trainable lemmatizer keeps endings by their numbers only: who reads them needs the strings."""
    made = spacy.blank("de")
    made.add_pipe("trainable_lemmatizer")
    made.vocab.strings.add("zuständen")
    made.to_disk(tmp_path)
    assert "zuständen" in load_pipelines(str(tmp_path)).paragraphs.vocab.strings
