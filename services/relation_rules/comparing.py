"""How two statements stand to each other: whether they tell of one matter, and where they agree or differ.

Statements are aligned by predicate, subject and the other words, as in natural logic (MacCartney and Manning 2007);
where they are of one matter, negation, opposites, numbers and days decide, the typology of de Marneffe, Rafferty and
Manning (2008, "Finding contradictions in text").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.gists import Quantity, Statement
from services.relation_rules.words import are_listed_opposites, are_opposite, are_same, is_name, lexicon, root, shared

# Names weigh more than other words, and words that say little weigh less.
_NAME, _VAGUE = 2.0, 0.3
# One deed of one subject, but done to different things.
_APART = 0.3
# Each tells of something that the other does not; less so where one named subject's deed is counted differently.
_ADDING, _ADDING_BESIDE_A_NUMBER = 0.7, 0.8


class Agreement(StrEnum):
    """How what two statements tell beside their words compares."""

    SAME = "same"
    OPEN = "open"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two statements of one matter, ``score`` from 0 to 1 surely so.

    ``words`` are those that they share; ``opposite`` says that their predicates exclude each other, ``loose`` that one
    only names what the other tells, ``adding`` that each has words that the other lacks.
    ``numbers`` are the two that differ, where any do.
    """

    score: float
    opposite: bool
    quantities: Agreement
    days: Agreement
    words: tuple[str, ...]
    numbers: tuple[Quantity, Quantity] | None = None
    loose: bool = False
    adding: bool = False


def align(one: Statement, other: Statement, known_as: frozenset[str]) -> Alignment | None:
    """Return how two statements compare, or None where they tell of different matters.

    ``known_as`` are words that stand for a person of either statement: their roles.
    """
    predicates = _predicates(one, other)
    if predicates is None:
        return None
    likeness, opposite, loose = predicates
    left, right = _words(one), _words(other)
    subjects = _subjects(one, other, known_as)
    if subjects is None and opposite and (subjects := _themes(one, other)) is not None:
        left, right = _content(one), _content(other)
    if subjects is None or _names_exclude(left, right) or not _names_meet(one, other) or _other_side(one, other):
        return None
    if opposite and not _are_opposed(one, other):
        return None
    quantities, numbers = _quantities(one, other)
    days = _days(one, other)
    core = _core(_content(one), _content(other)) * (_APART if _is_apart(one, other) else 1.0)
    adding = _both_add(one, other)
    if adding:
        counted = quantities is Agreement.DIFFERENT and any(is_name(word) for word in _subject(one) & _subject(other))
        core *= _ADDING_BESIDE_A_NUMBER if counted else _ADDING
    if _other_thing(one, other):
        core *= _APART
    support = 1.0 if Agreement.SAME in (quantities, days) else 0.5
    score = likeness * (0.5 * core + 0.35 * subjects + 0.15 * support)
    return Alignment(score, opposite, quantities, days, _common(one, other), numbers, loose, adding)


def _common(one: Statement, other: Statement) -> tuple[str, ...]:
    """Return the words of the first statement that the other has, too, or says in another word."""
    said = (*one.subject, one.predicate.removeprefix("~"), *one.others)
    common = shared(map(root, said), _content(other) | {_predicate(other)})
    return tuple(dict.fromkeys(word for word in said if root(word) in common))


def _predicates(one: Statement, other: Statement) -> tuple[float, bool, bool] | None:
    """Return how alike two predicates are, whether they are opposites, and whether one only names the matter."""
    left, right = _predicate(one), _predicate(other)
    if not are_opposite(left, right):
        left, right = (root(_told(each).removesuffix("_against")) for each in (one, other))
    nominal = one.predicate.startswith("~") or other.predicate.startswith("~")
    lex = lexicon()
    if left == right and left in lex.light and one.others and other.others:
        things = root(one.others[0]), root(other.others[0])
        if are_opposite(*things):
            return 0.95, True, nominal
        if _other_thing(one, other):
            return None
    if left == right:
        core = _core(_content(one), _content(other))
        return (0.7 + 0.3 * core if left in lex.light else 1.0), False, nominal
    if are_opposite(left, right):
        return 1.0, True, nominal
    if are_same(left, right):
        return 0.95, False, nominal
    for thing, deed in ((one, other), (other, one)):
        if _is_thing(thing) and _predicate(thing) not in lex.vague and _names_thing(_predicate(thing), deed):
            return 0.85, False, True
    return None


def _other_thing(one: Statement, other: Statement) -> bool:
    """Tell whether two deeds are done to things of which neither is spoken of beside the other deed: dam, bridge."""
    if not one.others or not other.others:
        return False
    left, right = one.others[0], other.others[0]
    if is_name(left) or is_name(right) or root(left) in lexicon().vague or root(right) in lexicon().vague:
        return False
    return not shared({root(left)}, _content(other)) and not shared({root(right)}, _content(one))


def _other_side(one: Statement, other: Statement) -> bool:
    """Tell whether two statements are of two of one kind: the eastern wall, the western wall."""
    sides = lexicon().sides
    left, right = ({sides[word]: word for word in _content(each) if word in sides} for each in (one, other))
    return any(left[kind] != right[kind] for kind in left.keys() & right.keys())


def _is_thing(statement: Statement) -> bool:
    """Tell a statement that something is, or is not: "there was no fire", "an evacuation"."""
    return not statement.subject and (statement.predicate.startswith("~") or not statement.others or True)


def _names_thing(thing: str, statement: Statement) -> bool:
    return thing in {root(word) for word in statement.others} and not is_name(thing)


def _predicate(statement: Statement) -> str:
    return root(_told(statement))


def _told(statement: Statement) -> str:
    return statement.predicate.removeprefix("~")


def _subject(statement: Statement) -> set[str]:
    return {root(word) for word in statement.subject}


def _words(statement: Statement) -> set[str]:
    return {root(word) for word in statement.others}


def _content(statement: Statement) -> set[str]:
    return _words(statement) | _subject(statement)


def _subjects(one: Statement, other: Statement, known_as: frozenset[str]) -> float | None:
    """Return how surely two statements have one subject, or None where they have not."""
    left, right = _subject(one), _subject(other)
    if not left or not right:
        # A passive has who suffers it among its other words.
        suffers = shared(left, _words(other)) or shared(right, _words(one))
        return 0.95 if suffers else 0.65
    persons = [{word for word in words if word.startswith("@")} for words in (left, right)]
    if all(persons):
        return 1.0 if persons[0] & persons[1] else None
    if _is_part(one, other) or _is_part(other, one):
        return None
    if shared(_plain(one), _plain(other)):
        # "The sugar tax" is not the salt tax; somebody's roles may be told in other words.
        apart = _adds(_plain(one), other) and _adds(_plain(other), one)
        return 0.3 if apart and not any(persons) else 1.0
    if any(persons):
        rest = right if persons[0] else left
        return 0.9 if shared(rest, {root(word) for word in known_as}) else None
    return None


def _is_part(one: Statement, other: Statement) -> bool:
    """Tell whether a subject is something of the other's, of which the other does not speak: the stadium's roof."""
    part, whole = one.subject[0], other.subject[0]
    if is_name(part) or is_name(whole) or root(part) in lexicon().members:
        return False
    return root(whole) in _subject(one) and _adds({root(part)}, other)


def _are_opposed(one: Statement, other: Statement) -> bool:
    """Tell whether opposites are of one thing: "I leave" and "he came back" are not by who does them alone."""
    if are_listed_opposites(_predicate(one), _predicate(other)):
        return True
    return bool(shared(_words(one), _content(other)) or shared(_words(other), _content(one)))


def _themes(one: Statement, other: Statement) -> float | None:
    """Return how surely what the one does to something is told of it by the other: "lifted a ban", "a ban remains"."""
    for state, deed in ((one, other), (other, one)):
        told = _subject(state) - lexicon().vague
        if told and (told <= shared(told, _words(deed)) or root(state.subject[0]) in shared(told, _words(deed))):
            return 0.9
    return None


def _names_exclude(left: set[str], right: set[str]) -> bool:
    """Tell whether each of two statements bears a name that the other does not."""
    names = [{word for word in words if is_name(word)} for words in (left, right)]
    only = [names[0] - names[1], names[1] - names[0]]
    return all(only) and not any(_variants(one, other) for one in only[0] for other in only[1])


def _both_add(one: Statement, other: Statement) -> bool:
    little = lexicon().vague | (lexicon().places if _share_name(one, other) else frozenset())
    return _adds(_words(one) - little, other) and _adds(_words(other) - little, one)


def _share_name(one: Statement, other: Statement) -> bool:
    return any(is_name(word) for word in _content(one) & _content(other))


def _adds(words: set[str], other: Statement) -> bool:
    """Tell whether any of the words is not in another statement, be it as what is counted or in other words."""
    there = _content(other) | _plain(other) | {root(each.unit) for each in other.quantities}
    return bool(words - shared(words, there))


def _plain(statement: Statement) -> set[str]:
    """Return the words of a subject, those of names as others: "the Water Authority" is the authority."""
    return {root(word.removeprefix("^")) for word in statement.subject}


def _is_apart(one: Statement, other: Statement) -> bool:
    """Tell whether two statements tell, beside their subjects, of different things: on a panel, in a kitchen."""
    left, right = (_words(each) - lexicon().vague for each in (one, other))
    return bool(left and right) and not shared(left, _content(other)) and not shared(right, _content(one))


def _names_meet(one: Statement, other: Statement) -> bool:
    """Tell whether the names in two statements may be of one matter: "the Water Authority", "the Hale Authority"."""
    if not _subject(one) or not _subject(other):
        return not _names_exclude(_content(one), _content(other))
    names = [{word for word in _subject(each) if is_name(word)} for each in (one, other)]
    if all(names) and _themes(one, other) and not are_same(_predicate(one), _predicate(other)):
        return True
    return not all(names) or bool(names[0] & names[1]) or not _names_exclude(*names)


def _variants(one: str, other: str) -> bool:
    """Tell whether two words of names may be spellings of one."""
    return not one.startswith("@") and one[:5] == other[:5]


def _core(left: set[str], right: set[str]) -> float:
    """Return from 0 to 1 how much of what the shorter, and of what either says, the two share."""
    if not left or not right:
        return 0.7 if left == right else 0.4
    common = shared(left, right)
    back = shared(right, left)
    both = (_weight(common) + _weight(back)) / 2
    least = min(_weight(left), _weight(right))
    either = _weight(left) + _weight(right) - both
    return 0.6 * min(1.0, both / least) + 0.4 * min(1.0, both / either)


def _weight(words: Iterable[str]) -> float:
    vague = lexicon().vague
    return sum(_NAME if is_name(word) else _VAGUE if word in vague else 1.0 for word in words) or 0.01


def _quantities(one: Statement, other: Statement) -> tuple[Agreement, tuple[Quantity, Quantity] | None]:
    """Compare the numbers of the same things; one thing that differs outweighs others that do not."""
    differing = None
    agreeing = False
    for left in one.quantities:
        same_unit = [right for right in other.quantities if root(left.unit) == root(right.unit)]
        same_unit = same_unit or [right for right in other.quantities if _one_unit(left, right)]
        if not same_unit:
            continue
        if any(_meet(left, right) for right in same_unit):
            agreeing = True
        elif differing is None:
            differing = (left, same_unit[0])
    if differing is not None:
        return Agreement.DIFFERENT, differing
    return (Agreement.SAME if agreeing else Agreement.OPEN), None


def _one_unit(left: Quantity, right: Quantity) -> bool:
    units = root(left.unit), root(right.unit)
    return units[0] == units[1] or not all(units) or are_same(*units)


def _meet(left: Quantity, right: Quantity) -> bool:
    highest_low = max(-1e300 if one.low is None else one.low for one in (left, right))
    lowest_high = min(1e300 if one.high is None else one.high for one in (left, right))
    return highest_low <= lowest_high


def _days(one: Statement, other: Statement) -> Agreement:
    if not one.days or not other.days:
        return Agreement.OPEN
    if any(left.startswith(right) or right.startswith(left) for left in one.days for right in other.days):
        return Agreement.SAME
    return Agreement.DIFFERENT
