"""Denials that do not say again what they deny: "she denied this", "he denies any wrongdoing"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.gists import Gist, Statement
from domain.ledger import RelationKind
from services.relation_rules.deciding import Side, Tie
from services.relation_rules.words import lexicon, root, shared

# So far before "denied this" the claim that it points to stands, in characters.
REACH = 500
_POINTED, _ACCUSED = 0.8, 0.7


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim with where its content stands in the article."""

    number: int
    side: Side
    start: int
    end: int


def pointed_at(denial: Placed, article: Sequence[Placed]) -> tuple[int, Tie] | None:
    """Return the claim that "denied this" denies, the nearest before it of another claimant, by its number."""
    if not (denial.side.gist.denies and denial.side.gist.points_back):
        return None
    before = [
        one
        for one in article
        if one.end <= denial.start <= one.end + REACH and not one.side.gist.denies and _is_other(one.side, denial.side)
    ]
    if not before:
        return None
    nearest = max(before, key=lambda one: (one.end, one.start))
    return nearest.number, Tie(RelationKind.DENIES, _POINTED, ("The denial stands right behind it",))


def accused(denial: Side, charge: Side) -> Tie | None:
    """Return how a denial of all that one is accused of is tied to an accusation of the denier."""
    if not denial.gist.denies or not any(_is_sweeping(each) for each in denial.gist.statements):
        return None
    denier = {word for word in denial.gist.claimant if word.startswith("@")}
    owners = {root(word) for each in denial.gist.statements for word in each.subject}
    for statement, accusers in _charges(charge.gist):
        blamed = {*statement.subject, *statement.others}
        ours = denier & blamed and not denier & set(accusers)
        if ours and (not owners or shared(owners, {root(word) for word in accusers})):
            return Tie(RelationKind.DENIES, _ACCUSED, ("The accused denies all that is said against them",))
    return None


def _charges(gist: Gist) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Yield what a claim accuses somebody of, with who does."""
    for statement in gist.statements:
        if root(statement.predicate) in _charging() and statement.value.endswith("+"):
            yield statement, statement.subject
        elif root(gist.cue) in _charging() and statement.subject and statement.value.endswith("+"):
            yield statement, gist.claimant


def _charging() -> frozenset[str]:
    return frozenset(root(word) for word in ("accuse", "charge", "suspect", "blame", "allege"))


def _is_sweeping(statement: Statement) -> bool:
    return root(statement.predicate.removeprefix("~")) in lexicon().generic and statement.predicate.startswith("~")


def _is_other(one: Side, other: Side) -> bool:
    persons = [{word for word in side.gist.claimant if word.startswith("@")} for side in (one, other)]
    return one.gist.claimant != other.gist.claimant and not persons[0] & persons[1]
