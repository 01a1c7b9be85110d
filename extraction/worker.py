"""What a process of the pool runs."""

from collections.abc import Mapping

from domain.extraction import Extraction, ExtractionFailure, Metadata
from extraction.languages import FurtherModels
from extraction.stages import Stage, timed


def prepare(model: str, further: FurtherModels = ()) -> None:
    """Load the model; it stays in this process."""
    # spaCy takes seconds to import, and the bot's process, which imports this module, never needs it.
    from extraction.extractor import load_extractor

    load_extractor(model, further)


def extract(
    model: str, further: FurtherModels, text: str, given: Metadata
) -> tuple[Extraction | ExtractionFailure, Mapping[Stage, float]]:
    """Return what ``text`` says, and how many seconds each stage took."""
    from extraction.extractor import load_extractor

    extractor = load_extractor(model, further)
    with timed() as spent:
        return extractor.extract(text, given), spent
