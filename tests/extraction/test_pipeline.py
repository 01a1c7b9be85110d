"""A pipeline is loaded without the words of its vectors, and says the same."""

from pathlib import Path

import spacy
from spacy.language import Language

from extraction.pipeline import load_pipelines

# The default model has some 770,000 words.
_FEW = 100_000


def test_the_words_of_the_vectors_are_left_out(model: Language) -> None:
    assert len(model.vocab.strings) < _FEW
    assert model.vocab["harbour"].has_vector


def test_every_label_that_a_component_gives_can_be_written(model: Language) -> None:
    labels = {label for name in model.pipe_names for label in getattr(model.get_pipe(name), "labels", ())}
    assert {"NNP", "nsubj", "PERSON"} <= labels
    assert all(model.vocab.strings[model.vocab.strings[label]] == label for label in labels)


def test_strings_are_read_for_a_component_that_needs_more_than_its_own(tmp_path: Path) -> None:
    """A trainable lemmatizer keeps endings by their numbers only: who reads them needs the strings."""
    made = spacy.blank("de")
    made.add_pipe("trainable_lemmatizer")
    made.vocab.strings.add("zuständen")
    made.to_disk(tmp_path)
    assert "zuständen" in load_pipelines(str(tmp_path)).paragraphs.vocab.strings
