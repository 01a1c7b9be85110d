"""Where the time goes while an article is read."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Stage(StrEnum):
    """A part of the reading of an article."""

    WAITING = "waiting"
    """For a process that is free; a new one loads the model first."""
    PAGE = "page"
    """Which lines are the article, in which language."""
    MODEL = "model"
    """What spaCy's pipeline, or another finder of names, takes."""
    ARTICLE = "article"
    """People, attributions and claims over all paragraphs, and what is made of them."""


_SPENT: ContextVar[dict[Stage, float] | None] = ContextVar("spent", default=None)


@contextmanager
def timed() -> Iterator[Mapping[Stage, float]]:
    """Collect the seconds of each stage that passes inside."""
    spent: dict[Stage, float] = {}
    before = _SPENT.set(spent)
    try:
        yield spent
    finally:
        _SPENT.reset(before)


@contextmanager
def stage(which: Stage) -> Iterator[None]:
    """Count what happens inside as a stage, where somebody collects them."""
    began = time.monotonic()
    try:
        yield
    finally:
        spent = _SPENT.get()
        if spent is not None:
            spent[which] = spent.get(which, 0.0) + time.monotonic() - began
