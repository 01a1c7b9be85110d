"""What a process of the pool runs."""

from domain.extraction import Extraction, ExtractionFailure, Metadata
from extraction.languages import FurtherModels


def prepare(model: str, further: FurtherModels = ()) -> None:
    """Load the model; it stays in this process."""
    # spaCy takes seconds to import, and the bot's process, which imports this module, never needs it.
    from extraction.extractor import load_extractor

    load_extractor(model, further)


def extract(model: str, further: FurtherModels, text: str, given: Metadata) -> Extraction | ExtractionFailure:
    """Return what ``text`` says."""
    from extraction.extractor import load_extractor

    return load_extractor(model, further).extract(text, given)
