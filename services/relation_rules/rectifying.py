"""Corrections: an outlet takes back what it told before."""

from domain.extraction import Factuality
from domain.gists import CORRECTING, Statement
from domain.ledger import RelationKind
from services.relation_rules.comparing import align
from services.relation_rules.deciding import Side, Tie
from services.relation_rules.words import are_same, is_name, root, shared

_SURE, _LIKELY = 0.95, 0.7


def rectified(correction: Side, earlier: Side) -> Tie | None:
    """Return how a correction is tied to what its outlet told wrongly before.

    The notice says itself that there is such a claim, so less has to speak for it than between any two: the deed and a
    name that it is done to, or two words beside it.
    """
    if (
        correction.gist.cue != CORRECTING
        or earlier.gist.cue == CORRECTING
        or not _is_of_its_outlet(correction, earlier)
    ):
        return None
    scores = [
        score
        for wrong in correction.gist.statements
        for told in earlier.gist.statements
        if wrong.value is Factuality.DENIED and told.value.endswith("+") and (score := _likeness(wrong, told))
    ]
    if not scores:
        return None
    return Tie(RelationKind.UPDATES, max(scores), ("The outlet corrects what it told before",))


def _is_of_its_outlet(correction: Side, earlier: Side) -> bool:
    before = earlier.seen_at <= correction.seen_at and earlier.article != correction.article
    return before and bool(correction.publisher) and correction.publisher == earlier.publisher


def _likeness(wrong: Statement, told: Statement) -> float:
    found = align(wrong, told, frozenset())
    if found is not None and not found.opposite and found.score >= _LIKELY:
        return _SURE
    if not are_same(root(wrong.predicate), root(told.predicate)):
        return 0.0
    common = shared(*(map(root, (*each.subject, *each.others)) for each in (wrong, told)))
    if any(is_name(word) for word in shared(map(root, wrong.others), map(root, told.others))):
        return _SURE if len(common) > 1 else _LIKELY
    return _LIKELY if len(common) > 1 else 0.0
