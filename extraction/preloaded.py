"""What the fork server does before its first fork: it makes an extractor ready, down to the words that it looks up.

It is done by importing this module, since that is all that a fork server can be asked for.
"""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import ModuleType

from extraction.forking import asked

# Patterns and words are read when they are first needed, so it has something of all.
_SAMPLE = """Harbour will close for a week, minister says | Kelder Post
By Ina Marsk, 6 March 2026

LUNDVIK, March 6 (Kystwire) — The harbour will close for five days, transport minister Oda Fenn said on Monday.
"We have no choice," said Fenn, 52. "The quay is not safe, and 40 percent of the cranes have failed."
According to the union, Fenn had been told of it in January. Its chair, Per Askel, denied that he had agreed to the
plan, and warned that 1,200 people might lose their jobs.

Read more: Who pays for the quay?
"""

# How often it is asked whether the bot is still there, in seconds.
_LOOK = 0.1

# Ctrl-C in a terminal reaches every process in it. This one ends with the bot's own.
signal.signal(signal.SIGINT, signal.SIG_IGN)


def _load(model: str) -> None:
    from extraction import scripts

    # It is unpacked by C code, which lets the model be loaded meanwhile. No thread may be left when the first fork
    # comes.
    languages = Thread(target=scripts.load)
    languages.start()
    try:
        _import_spacy()
        _index_entry_points()
        # What a process of a pool begins with.
        import pebble.pool  # noqa: F401

        import extraction.worker  # noqa: F401
        from extraction.extractor import load_extractor

        extractor = load_extractor(model)
    finally:
        languages.join()
    extractor.extract(_SAMPLE)


def _import_spacy() -> None:
    """Import spaCy without its own command line, which is a quarter of the time and nothing to us."""
    info = ModuleType("spacy.cli.info")
    info.info = None  # type: ignore[attr-defined]
    stand_ins = {"spacy.cli": ModuleType("spacy.cli"), "spacy.cli.info": info}
    sys.modules.update(stand_ins)
    try:
        import spacy  # noqa: F401
    finally:
        # Whoever wants it finds it after all.
        for name in stand_ins:
            del sys.modules[name]


def _index_entry_points() -> None:
    """Sort the entry points of all packages by group: spaCy looks through them 250 times as it loads a model."""
    import catalogue  # type: ignore[import-untyped]  # it ships no types

    found = catalogue.AVAILABLE_ENTRY_POINTS
    catalogue.AVAILABLE_ENTRY_POINTS = {group: found.select(group=group) for group in found.groups}


@contextmanager
def _as_long_as_wanted(bot: int) -> Iterator[None]:
    """End this process where the bot ends meanwhile: the next one to start needs the processor."""
    is_done = Event()

    def watch() -> None:
        while not is_done.wait(_LOOK):
            if os.getppid() != bot:
                os._exit(0)

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        is_done.set()
        watching.join()


if (by := asked()) is not None:
    # What is loaded stays, so there is nothing to collect meanwhile.
    gc.disable()
    # The worker that tries it again has somebody who hears of it.
    with _as_long_as_wanted(by[0]), suppress(Exception):
        _load(by[1])
    # A collection in a forked process would write to every object, and so copy them all.
    gc.freeze()
    gc.enable()
