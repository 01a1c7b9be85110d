"""What words do to the sureness of what stands in their scope: operators over FactBank's values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from domain.extraction import Factuality
from extraction.languages import language_read, read_data

SURENESS = {"CT": 3, "PR": 2, "PS": 1}


@dataclass(frozen=True, slots=True)
class Operator:
    """What a word does to its scope, in the affirmative and under a negation."""

    value: Factuality
    negated: Factuality


SAYING = Operator(Factuality.CERTAIN, Factuality.UNKNOWN)
WISH = Operator(Factuality.UNKNOWN, Factuality.UNKNOWN)
TRANSPARENT = Operator(Factuality.CERTAIN, Factuality.DENIED)


@dataclass(frozen=True, slots=True)
class Operators:
    """The words of ``data/factuality.toml``, by lemma."""

    words: dict[str, Operator]
    adverbs: dict[str, Operator]
    modals: dict[str, Operator]
    negative: frozenset[str]
    conditional: frozenset[str]
    bare: frozenset[str]
    raising: frozenset[str]


def operators() -> Operators:
    """Return the operators by lemma, in the language that is being read."""
    return _operators(language_read())


@cache
def _operators(language: str) -> Operators:
    data = read_data("factuality.toml", language)
    words, adverbs, modals = (_by_word(data[part]) for part in ("operators", "adverbs", "modals"))
    negative, conditional, bare, raising = (
        frozenset(data[part]["words"].split()) for part in ("negative", "conditional", "bare", "raising")
    )
    return Operators(words, adverbs, modals, negative, conditional, bare, raising)


def _by_word(groups: Iterable[Mapping[str, str]]) -> dict[str, Operator]:
    return {
        word: Operator(Factuality(group["value"]), Factuality(group["negated"]))
        for group in groups
        for word in group["words"].split()
    }


@cache
def compose(outer: Factuality, inner: Factuality) -> Factuality:
    """Return what is left of ``inner`` in the scope of ``outer``."""
    if Factuality.UNKNOWN in (outer, inner):
        return Factuality.UNKNOWN
    sureness = min(outer[:2], inner[:2], key=lambda value: SURENESS[value])
    return Factuality(sureness + ("+" if outer[2] == inner[2] else "-"))


def applied(operator: Operator, held: Factuality) -> Factuality:
    """Return what an operator does to its scope when it holds itself as surely as ``held``."""
    if held is Factuality.UNKNOWN:
        return held
    return compose(Factuality(held[:2] + "+"), operator.value if held.endswith("+") else operator.negated)
