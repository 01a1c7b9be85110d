"""Which relation two claims have, how surely, and what speaks for it.

A relation is kept from ``KEEP`` on, and counts as sure from ``SURE`` on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.extraction import Factuality
from domain.gists import Gist, Mode, Quantity, Statement
from domain.ledger import RelationKind
from services.relation_rules.comparing import Agreement, Alignment, align
from services.relation_rules.words import is_name, lexicon, root, shared

KEEP, SURE = 0.6, 0.85
# To say the same, two statements must be more alike than to speak of one matter.
ALIKE, REPEATED = 0.8, 0.7
# So much where neither tells what the other may not mean; and so much to be against where both do.
CLOSE, APART = 0.7, 0.65
# Whoever says it again within so long says the same thing; after that, things may have changed.
LATER = timedelta(hours=4)
# What no name ties is of one matter where it shares so many words, within so long.
UNNAMED, NEAR = 3, timedelta(days=3)
_AGAINST = frozenset({RelationKind.DENIES, RelationKind.CONTRADICTS})
_STRONG = frozenset({Factuality.CERTAIN, Factuality.DENIED})


@dataclass(frozen=True, slots=True)
class Side:
    """A claim as it is compared: who tells it, where and when; persons in the gist have their canonical numbers.

    ``people`` are the persons of its article.
    """

    gist: Gist
    article: int
    publisher: str
    seen_at: datetime
    people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Tie:
    """What the first of two claims is to the second, or, ``reversed``, the second to the first."""

    kind: RelationKind
    score: float
    evidence: tuple[str, ...]
    reversed: bool = False


def tie(one: Side, other: Side) -> Tie | None:
    """Return what ``one`` is to ``other``, None where it is nothing that could be told."""
    if not _on_one_matter(one, other):
        return None
    ties = [found for found in _ties(one, other) if found.score >= KEEP]
    return max(
        ties,
        key=lambda found: (found.kind in (RelationKind.DENIES, RelationKind.CONTRADICTS), found.score),
        default=None,
    )


def _ties(one: Side, other: Side) -> Iterator[Tie]:
    lefts, rights = ([each for each in side.gist.statements if not _is_silent(each)] for side in (one, other))
    known_as = _known_as(one) | _known_as(other) if lefts and rights else frozenset()
    for left in lefts:
        for right in rights:
            found = align(left, right, known_as)
            decided = _decide(_Pair(one, other, left, right, found)) if found else None
            if decided is not None:
                yield decided


@dataclass(frozen=True, slots=True)
class _Pair:
    one: Side
    other: Side
    left: Statement
    right: Statement
    found: Alignment

    @property
    def newer_first(self) -> bool:
        return self.one.seen_at >= self.other.seen_at

    @property
    def later(self) -> bool:
        """Whether the two articles are so far apart that things may have changed."""
        return abs(self.one.seen_at - self.other.seen_at) >= LATER and self.one.article != self.other.article

    @property
    def signs(self) -> tuple[int, int]:
        """+1 for what is held, -1 for what is denied, 0 for what is left open."""
        return _sign(self.left.value), _sign(self.right.value)

    @property
    def same_claimant(self) -> bool | None:
        return _same_claimant(self.one, self.left, self.other, self.right)

    def evidence(self, *more: str) -> tuple[str, ...]:
        words = ", ".join(word.lstrip("^~") for word in self.found.words)
        return (*more, f"Both tell of: {words}") if words else more


def _decide(pair: _Pair) -> Tie | None:
    left, right = pair.signs
    if not left or not right or _of_other_times(pair):
        return None
    if pair.left.mode is not pair.right.mode and not _is_called_off(pair):
        return _not_to_come(pair) or _come_true(pair)
    against = (left != right) != pair.found.opposite
    if against:
        return _against(pair)
    if left != right and pair.found.opposite and pair.found.score < ALIKE:
        return None
    return _alike(pair)


def _of_other_times(pair: _Pair) -> bool:
    """Tell whether two statements are of different months or years, so that both may hold."""
    days = (*pair.left.days, *pair.right.days)
    coarse = any(len(day) < len("2026-03-01") for day in days) and pair.left.mode is Mode.DEED
    return pair.found.days is Agreement.DIFFERENT and coarse


def _is_called_off(pair: _Pair) -> bool:
    """Tell a deed that is about what is to come: "has been called off" and "will go ahead"."""
    deeds = {root(each.predicate) for each in (pair.left, pair.right)}
    return pair.found.opposite and bool(deeds & lexicon().calling_off)


def _not_to_come(pair: _Pair) -> Tie | None:
    """What one says is meant, or to come, and another that it is not."""
    ahead = {Mode.FUTURE, Mode.INTENTION}
    if {pair.left.mode, pair.right.mode} != ahead or pair.found.opposite or pair.signs[0] == pair.signs[1]:
        return None
    return _against(pair)


def _of_another_year(pair: _Pair) -> bool:
    """Tell whether only one statement tells its year, and that is not the other's: "four years ago"."""
    for told, silent, side in ((pair.left, pair.right, pair.other), (pair.right, pair.left, pair.one)):
        if (
            told.days
            and not silent.days
            and all(len(day) == 4 and day != f"{side.seen_at.year:04}" for day in told.days)
        ):
            return True
    return False


def _come_true(pair: _Pair) -> Tie | None:
    """What was to come, or was meant, and then is done, or is not."""
    newer, older = (pair.left, pair.right) if pair.newer_first else (pair.right, pair.left)
    ahead = (Mode.FUTURE, Mode.INTENTION)
    if not pair.later or newer.mode is not Mode.DEED or older.mode not in ahead or pair.found.loose:
        return None
    if (
        newer.value is not Factuality.CERTAIN
        or _is_of_before(pair, newer)
        or pair.found.score < ALIKE
        or pair.found.days is Agreement.DIFFERENT
    ):
        return None
    told = "What was to come is told as done" if _sign(older.value) > 0 else "What was not to come is told as done"
    return Tie(RelationKind.UPDATES, pair.found.score * 0.9, pair.evidence(told), not pair.newer_first)


def _is_of_before(pair: _Pair, newer: Statement) -> bool:
    """Tell whether what is told as done was done before it was told as to come."""
    older = min(pair.one.seen_at, pair.other.seen_at).date().isoformat()
    return bool(newer.days) and all(day < older[: len(day)] for day in newer.days)


def _against(pair: _Pair) -> Tie | None:
    """One holds what the other denies, in so many words or by an opposite."""
    if not _excludes(pair) or (pair.found.adding and pair.found.score < APART):
        return None
    if pair.found.quantities is Agreement.DIFFERENT and not pair.found.opposite:
        return None  # "not 140": another number is denied
    if pair.same_claimant and not pair.one.gist.denies and not pair.other.gist.denies:
        if not pair.later:
            return None
        told = "The same claimant says otherwise later"
        return Tie(RelationKind.UPDATES, pair.found.score, pair.evidence(told), not pair.newer_first)
    if pair.found.days is Agreement.DIFFERENT:
        return None
    return _denial(pair) or _contradiction(pair)


def _excludes(pair: _Pair) -> bool:
    """Tell whether both are sure enough to exclude each other: what may be and what is not do not."""
    values = {pair.left.value, pair.right.value}
    return Factuality.POSSIBLE not in values or pair.one.gist.denies or pair.other.gist.denies


def _denial(pair: _Pair) -> Tie | None:
    if pair.found.opposite:
        return None
    first = pair.signs[0] < 0
    denier = pair.one if first else pair.other
    own = _is_own(denier, pair.left if first else pair.right)
    if not denier.gist.denies and not own:
        return None
    told = "One denies what the other says"
    return Tie(RelationKind.DENIES, min(1.0, pair.found.score + 0.1), pair.evidence(told), not first)


def _contradiction(pair: _Pair) -> Tie | None:
    told = "The one excludes the other" if pair.found.opposite else "One says what the other says is not so"
    return Tie(RelationKind.CONTRADICTS, pair.found.score, pair.evidence(told), not pair.newer_first)


def _alike(pair: _Pair) -> Tie | None:
    """Both hold, or both deny, the same."""
    if pair.found.quantities is Agreement.DIFFERENT:
        return _other_number(pair)
    if pair.found.days is Agreement.DIFFERENT:
        return _other_day(pair)
    if pair.found.loose or pair.found.score < REPEATED or pair.one.article == pair.other.article:
        return None
    if pair.same_claimant:
        return Tie(
            RelationKind.REPEATS, pair.found.score, pair.evidence("The same claimant says it"), not pair.newer_first
        )
    needed = ALIKE if pair.found.adding else CLOSE
    if pair.same_claimant is None or pair.found.score < needed or not {pair.left.value, pair.right.value} <= _STRONG:
        return None
    told = "Another claimant says the same"
    return Tie(RelationKind.CORROBORATES, pair.found.score, pair.evidence(told), not pair.newer_first)


def _other_number(pair: _Pair) -> Tie | None:
    assert pair.found.numbers is not None  # noqa: S101  # numbers differ
    told = f"{_number(pair.found.numbers[0])} against {_number(pair.found.numbers[1])}"
    if pair.found.loose or _of_another_year(pair):
        return None
    if pair.later and (pair.same_claimant or _rises(pair)):
        return Tie(RelationKind.UPDATES, pair.found.score, pair.evidence(told), not pair.newer_first)
    if pair.same_claimant:
        return None
    return Tie(RelationKind.CONTRADICTS, pair.found.score, pair.evidence(told), not pair.newer_first)


def _other_day(pair: _Pair) -> Tie | None:
    if pair.found.loose or pair.found.score < ALIKE:
        return None
    told = f"{', '.join(pair.left.days)} against {', '.join(pair.right.days)}"
    if pair.same_claimant:
        if not pair.later or pair.left.mode is Mode.DEED:
            return None
        return Tie(RelationKind.UPDATES, pair.found.score * 0.95, pair.evidence(told), not pair.newer_first)
    return Tie(RelationKind.CONTRADICTS, pair.found.score * 0.95, pair.evidence(told), not pair.newer_first)


def _rises(pair: _Pair) -> bool:
    """Tell a toll that rises: what is counted is counted again, later, and is more."""
    assert pair.found.numbers is not None  # noqa: S101  # numbers differ
    newer, older = pair.found.numbers if pair.newer_first else pair.found.numbers[::-1]
    counted = {root(pair.left.predicate), root(pair.right.predicate), root(newer.unit)} & lexicon().tolls
    return bool(counted) and (newer.low or newer.high or 0) > (older.high or older.low or 0)


def _number(quantity: Quantity) -> str:
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        number = f"at most {_in_words(high or 0)}" if low is None else f"at least {_in_words(low)}"
    else:
        number = _in_words(low) if low == high else f"about {_in_words((low + high) / 2)}"
    plural = quantity.unit and not quantity.unit.endswith("s") and quantity.unit not in ("percent", "people")
    return f"{number} {quantity.unit}{'s' if plural else ''}".strip()


def _in_words(number: float) -> str:
    for scale, word in ((1e9, "billion"), (1e6, "million")):
        if number >= scale:
            return f"{round(number / scale, 3):g} {word}"
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def _sign(value: Factuality) -> int:
    return 0 if value is Factuality.UNKNOWN else 1 if value.endswith("+") else -1


def _is_silent(statement: Statement) -> bool:
    return root(statement.predicate.removeprefix("~")) in lexicon().silent


def _is_own(side: Side, statement: Statement) -> bool:
    """Tell whether a claimant speaks of what they did themselves."""
    persons = {word for word in side.gist.claimant if word.startswith("@")}
    return bool(persons & set(statement.subject))


def _known_as(side: Side) -> frozenset[str]:
    """Return the words for a claimant who speaks of what they did themselves."""
    own = any(_is_own(side, statement) for statement in side.gist.statements)
    return frozenset(word for word in side.gist.claimant if not is_name(word)) if own else frozenset()


def _on_one_matter(one: Side, other: Side) -> bool:
    """Tell whether two claims share a name, or their articles a person."""
    names = [{word for word in (*side.gist.words, *side.gist.claimant) if is_name(word)} for side in (one, other)]
    if names[0] & names[1] or one.people & other.people or one.article == other.article:
        return True
    naming = sum(any(is_name(word) for word in side.gist.words) for side in (one, other))
    common = shared(*({root(word) for word in side.gist.words} - lexicon().vague for side in (one, other)))
    return naming < 2 and len(common) >= UNNAMED + naming and abs(one.seen_at - other.seen_at) <= NEAR


def _same_claimant(one: Side, left: Statement, other: Side, right: Statement) -> bool | None:
    """Return whether one claimant stands behind both statements, None where it cannot be told."""
    sides = [left.holder or one.gist.claimant, right.holder or other.gist.claimant]
    if not sides[0] and not sides[1]:
        return one.publisher == other.publisher if one.publisher and other.publisher else None
    if not sides[0] or not sides[1]:
        return None
    persons = [{word for word in words if word.startswith("@")} for words in sides]
    if persons[0] & persons[1]:
        return True
    if all(persons):
        return False
    telling = [{root(word) for word in words} - lexicon().unspecific for words in sides]
    if not all(telling):
        return None
    return bool(shared(*telling))


def names_of(evidence: tuple[str, ...], names: Mapping[int, str]) -> tuple[str, ...]:
    """Return evidence with the names of persons in place of their numbers."""
    return tuple(" ".join(_named(word, names) for word in line.split(" ")) for line in evidence)


def _named(word: str, names: Mapping[int, str]) -> str:
    number = word.strip("@,;")
    if word.startswith("@") and number.isdecimal() and int(number) in names:
        return word.replace(f"@{number}", names[int(number)])
    return word
