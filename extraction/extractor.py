"""From an article's text to what it says: the one way in."""

from functools import cache

from domain.extraction import Extraction, ExtractionFailure, Metadata
from extraction.pipeline import Pipelines, load_pipelines


class Extractor:
    """Reads articles with one loaded model; keep one a process, loading takes seconds."""

    def __init__(self, pipelines: Pipelines) -> None:
        self._pipelines = pipelines

    def extract(self, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
        """Return what ``text`` says; metadata that is already known (``given``) wins over what the page says."""
        raise NotImplementedError


@cache
def load_extractor(model: str) -> Extractor:
    """Return this process's extractor for the installed spaCy pipeline ``model``."""
    return Extractor(load_pipelines(model))
