"""From an article's text to what it says: the one way in."""

from functools import cache

from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from extraction import attributions, claims, people
from extraction.fingerprint import fingerprint
from extraction.layout import Paragraph, ParagraphKind, paragraphs
from extraction.metadata import prefer, read_metadata
from extraction.pipeline import Pipelines, load_pipelines, read
from extraction.scripts import readable_script

_READ = frozenset({ParagraphKind.HEADLINE, ParagraphKind.BODY, ParagraphKind.CAPTION})


class Extractor:
    """Reads articles with one loaded model; keep one a process, loading takes seconds."""

    def __init__(self, pipelines: Pipelines) -> None:
        self._pipelines = pipelines

    def extract(self, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
        """Return what ``text`` says; metadata that is already known (``given``) wins over what the page says."""
        page = paragraphs(text)
        if not readable_script(text):
            return ExtractionFailure(FailureReason.UNREADABLE_SCRIPT, fingerprint(page))
        metadata = prefer(given, read_metadata(page))
        doc = read(self._pipelines, [line for line in page if _is_read(line)], metadata)
        return Extraction(
            metadata=metadata,
            people=people.to_domain(doc),
            attributions=attributions.to_domain(doc),
            claims=claims.to_domain(doc),
            fingerprint=fingerprint(page),
        )


def _is_read(line: Paragraph) -> bool:
    return line.kind in _READ and readable_script(line.text)


@cache
def load_extractor(model: str) -> Extractor:
    """Return this process's extractor for the installed spaCy pipeline ``model``."""
    return Extractor(load_pipelines(model))
