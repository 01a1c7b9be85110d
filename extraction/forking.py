"""The fork server: the process from which all others are forked, with the model already in it.

What it has loaded, the processes that it forks have at once and share until they write to it (copy on write). So one
that replaces a dead one is there in milliseconds, and the model is in memory once, however many read articles.
"""

import os
from multiprocessing import forkserver

# The one thing that a fork server can be told is which modules to import; all else it inherits.
_ASKED = "PRESSWATCH_FORK_SERVER"
_PRELOADED = "extraction.preloaded"


def begin(model: str) -> None:
    """Start the fork server, which loads the installed spaCy pipeline ``model``, unless one is running already.

    Returns at once; who asks for a process before the model is there waits for both.
    """
    forkserver.set_forkserver_preload([_PRELOADED])
    os.environ[_ASKED] = f"{os.getpid()} {model}"
    try:
        forkserver.ensure_running()
    finally:
        # Another thread may have come here at the same time.
        os.environ.pop(_ASKED, None)


def asked() -> tuple[int, str] | None:
    """Return which process has asked this one, a fork server, to load which model; None where it is to load none."""
    process, _, model = os.environ.pop(_ASKED, "").partition(" ")
    return (int(process), model) if model else None
