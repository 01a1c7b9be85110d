"""What the constructions propose before the best are chosen."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.extraction import AttributionKind
from extraction.lexicon import Construction


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribution as sets of token indexes; an empty ``source`` is an unnamed one.

    ``head`` is the cue's main token. No token is in two of the three sets.
    """

    head: int
    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]
    kind: AttributionKind
    construction: Construction


def propose(
    head: int,
    *,
    cue: AbstractSet[int],
    source: AbstractSet[int],
    content: AbstractSet[int],
    kind: AttributionKind,
    construction: Construction,
) -> Candidate:
    """Return a candidate whose parts do not overlap: the cue wins, then the source."""
    said_by = frozenset(source - cue)
    return Candidate(head, frozenset(cue), said_by, frozenset(content - cue - said_by), kind, construction)
