"""What a process of the pool runs."""

from domain.extraction import Extraction, ExtractionFailure, Metadata


def prepare(model: str) -> None:
    """Load the model; it stays in this process."""
    # spaCy takes seconds to import, and the bot's process, which imports this module, never needs it.
    from extraction.extractor import load_extractor

    load_extractor(model)


def extract(model: str, text: str, given: Metadata) -> Extraction | ExtractionFailure:
    """Return what ``text`` says."""
    from extraction.extractor import load_extractor

    return load_extractor(model).extract(text, given)
