"""What a claim says as far as two claims can be compared: their statements, without the wording.

Words are lemmas in lower case; ``^`` stands before a word of a name, and a person is one word, ``@`` with the person's
name or, once filed, number. So a gist is independent of language models and small enough to be kept with each claim.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from domain.extraction import Factuality

# The cue of a claim by which an outlet corrects what it told before.
CORRECTING = "correct"


class Mode(StrEnum):
    """How a statement's deed is told: as done or holding, as to come, as meant, or as owed."""

    DEED = "deed"
    FUTURE = "future"
    INTENTION = "intention"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of ``unit``, from ``low`` to ``high``; None is no bound, an empty unit one that was not said."""

    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A predicate with what it is said of; the word that a phrase hangs on stands first in ``subject`` and ``others``.

    ``value`` is how surely the claimant holds it, or, where there is a ``holder``, that one: whose words the claim
    reports in turn. In the mode of an intention it tells whether the intention is there. ``days`` are ISO 8601 as
    precise as they were told: a day, a month or a year.
    """

    subject: tuple[str, ...]
    predicate: str
    others: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    days: tuple[str, ...]
    value: Factuality
    mode: Mode
    holder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gist:
    """``claimant`` has the words for who says it, none for the article itself; ``cue`` is the verb that ties them.

    ``denies`` says that the cue is one of denying; ``points_back`` that the content only points to what stands
    before it ("denied this"). ``words`` are all that the content has.
    """

    statements: tuple[Statement, ...] = ()
    claimant: tuple[str, ...] = ()
    cue: str = ""
    denies: bool = False
    points_back: bool = False
    words: tuple[str, ...] = ()


def with_persons(gist: Gist, numbers: Mapping[str, int | str]) -> Gist:
    """Return the gist with the numbers of persons, by name, in place of their names; an unknown one stays a name."""

    known = {f"@{name}": f"@{number}" for name, number in numbers.items()}

    def named(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([known.get(word, word) for word in words])

    statements = tuple(
        replace(each, subject=named(each.subject), others=named(each.others), holder=named(each.holder))
        for each in gist.statements
    )
    return replace(gist, statements=statements, claimant=named(gist.claimant), words=named(gist.words))


def persons_in(gist: Gist) -> set[int]:
    """Return the numbers of the persons in a gist."""
    every = [gist.claimant, gist.words]
    every += [words for each in gist.statements for words in (each.subject, each.others, each.holder)]
    return {int(word[1:]) for words in every for word in words if word.startswith("@") and word[1:].isdecimal()}


def packed(gist: Gist) -> str:
    """Return the gist as short JSON."""
    statements = [
        [
            *(_joined(each.subject), each.predicate, _joined(each.others)),
            [[one.low, one.high, one.unit] for one in each.quantities],
            *(_joined(each.days), each.value.value, each.mode.value, _joined(each.holder)),
        ]
        for each in gist.statements
    ]
    whole = [statements, _joined(gist.claimant), gist.cue, int(gist.denies), int(gist.points_back), _joined(gist.words)]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Gist:
    """Return the gist that ``packed`` wrote."""
    statements, claimant, cue, denies, points_back, words = json.loads(text)
    return Gist(
        tuple(_statement(*each) for each in statements),
        _split(claimant),
        cue,
        bool(denies),
        bool(points_back),
        _split(words),
    )


def _statement(
    subject: str,
    predicate: str,
    others: str,
    quantities: list[list[Any]],
    days: str,
    value: str,
    mode: str,
    holder: str,
) -> Statement:
    return Statement(
        _split(subject),
        predicate,
        _split(others),
        tuple(Quantity(*each) for each in quantities),
        _split(days),
        Factuality(value),
        Mode(mode),
        _split(holder),
    )


def _joined(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()
