"""What a process of the pool runs."""

import os
import resource
from collections.abc import Mapping
from pathlib import Path

from domain.extraction import Extraction, ExtractionFailure, Metadata
from extraction.forking import begin as begin  # what else the pool asks of this module is done in the processes
from extraction.languages import FurtherModels
from extraction.stages import Stage, timed

# What an article may take beyond the model, in bytes: that of another language is loaded into it, too.
MEMORY = 2 * 1024**3
# How far those who read articles stand back, of 19.
NICE = 10


def prepare(model: str, further: FurtherModels = ()) -> None:
    """Load the model, where the fork server has not; an article that wants the machine's memory gets none."""
    # spaCy takes seconds to import, and the bot's process, which imports this module, never needs it.
    from extraction.extractor import load_extractor

    load_extractor(model, further)
    confine()
    give_way()


def confine(memory: int = MEMORY) -> None:
    """Let this process take no more than ``memory`` bytes beyond what it has; what is set already is not loosened."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # another system than Linux tells it otherwise; there nothing is bounded
        return
    most = pages * resource.getpagesize() + memory
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = min(each for each in (most, soft, hard) if each != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


def give_way() -> None:
    """Let others have the processor first: somebody waits for an answer, and an article can wait a little longer."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(own, NICE))


def extract(
    model: str, further: FurtherModels, text: str, given: Metadata
) -> tuple[Extraction | ExtractionFailure, Mapping[Stage, float]]:
    """Return what ``text`` says, and how many seconds each stage took."""
    from extraction.extractor import load_extractor

    extractor = load_extractor(model, further)
    with timed() as spent:
        return extractor.extract(text, given), spent
