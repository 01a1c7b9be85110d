"""The fork server: the process from which all others are forked, with the model already in it.

What it has loaded, the processes that it forks have at once and share until they write to it (copy on write). So one
that replaces a dead one is there in milliseconds, and the model is in memory once, however many read articles.
"""

import os
from multiprocessing import forkserver

# The one thing that a fork server can be told is which modules to import; all else it inherits.
_MODEL = "PRESSWATCH_FORK_SERVER_MODEL"
_PRELOADED = "extraction.preloaded"


def begin(model: str) -> None:
    """Start the fork server, which loads the installed spaCy pipeline ``model``, unless one is running already.

    Returns at once; who asks for a process before the model is there waits for both.
    """
    forkserver.set_forkserver_preload([_PRELOADED])
    os.environ[_MODEL] = model
    try:
        forkserver.ensure_running()
    finally:
        # Another thread may have come here at the same time.
        os.environ.pop(_MODEL, None)


def wanted() -> str | None:
    """Return the model that this process, a fork server, is to load; None where it was started for something else."""
    return os.environ.pop(_MODEL, None)
