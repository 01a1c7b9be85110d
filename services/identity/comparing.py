"""Whether a newcomer is somebody whom the archive knows: what speaks for it and against it, weighed.

This is record linkage after Fellegi and Sunter ("A Theory for Record Linkage", 1969): each field that agrees, or does
not, adds its weight, the logarithm of how much more often that happens among pairs that are one person than among
others; above one threshold a pair is linked, below another it is not, and what lies between goes to a clerk, which here
is the chat. A rare name weighs more than a common one (Winkler 2006, "Overview of Record Linkage"). The weights are
ours, set by hand on articles of our own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from math import log2

from domain.identity import Comparison, Decision, Evidence, New, Profile, Sure, Unsure
from services.identity.fields import (
    are_near,
    brings_somebody_new,
    fields_of,
    is_general,
    role_places,
    role_words,
    speaks_of_kin,
)
from services.identity.names import Agreement, Name, agreement, name_of
from storage.values import normalise

# Logits: nine to one, and even.
SURE = 2.3
UNSURE = 0.0
# By how much the likeliest of several has to be ahead of the next one.
AHEAD = 1.0
# Of how many candidates the chat may be asked about one person.
ASKED = 2

_NAMES = {
    Agreement.FULL: (3.2, "the same full name"),
    Agreement.EXTENDED: (2.9, "the same name, more of it written out"),
    Agreement.NEAR: (1.6, "nearly the same name"),
    Agreement.MARRIED: (0.6, "half of a double surname"),
    Agreement.INITIALS: (0.0, "the same surname and initial"),
    Agreement.SINGLE: (0.0, "the same single name"),
    Agreement.SURNAME: (-0.8, "the same surname, and no given name"),
    Agreement.GIVEN: (-2.0, "the same given name, and no surname"),
    Agreement.NONE: (-9.0, "other names"),
    Agreement.CONFLICT: (-9.0, "other names"),
}
# Names in part say more where nobody else bears the surname.
_PARTIAL = (Agreement.INITIALS, Agreement.SURNAME, Agreement.SINGLE)
_ONLY_BEARER = 0.8
_EACH_DOUBLING = -0.4
_NAMESAKE = -1.6
# How much a field of work counts that is told by a role, by the words beside the name, by the article's topic.
_BY_ROLE, _BY_WORDS, _BY_TOPIC = 1.0, 0.6, 0.5
_ENOUGH_TOPIC = 4
_NAMED_IN_MANY = 25
# Fellows count for less where the roles differ: namesakes in one town meet the same people.
_MOST_FOR_FELLOWS, _FEWER_FOR_FELLOWS = 3.0, 1.0
_ROLE_ELSEWHERE, _ROLE_NEAR, _ROLE_OTHER = -2.2, -1.2, -1.8
_UNHEARD_BEFORE = -1.0
_FIELDS_NEAR, _FIELDS_FAR = -1.0, -3.2
_FEW_PLACES = 4
# What speaks against it so much calls for more that speaks for it.
_CONFLICT, _CAUTION = -0.9, -0.8
_RAREST_PLACE, _ELSEWHERE = 1.0, -1.0
LITTLE, _LITTLE_ELSE = 0.9, -1.5


def agreement_of(newcomer: Sequence[str], known: Sequence[str]) -> Agreement:
    """Return how well the names of two persons agree; the newcomer's first name is the fullest."""
    return _agreement_of(tuple(newcomer), tuple(known))


@lru_cache(maxsize=20_000)
def _agreement_of(newcomer: Sequence[str], known: Sequence[str]) -> Agreement:
    mine, others = _parsed(newcomer), _parsed(known)
    if not mine or not others:
        return Agreement.NONE
    fullest = [agreement(mine[0], other) for other in others]
    if Agreement.FULL in fullest:
        return Agreement.FULL
    if Agreement.CONFLICT in fullest:
        return Agreement.CONFLICT
    # Where there is a full name, half of it tells nothing more.
    telling = [name for name in mine if name.given] if mine[0].written_out else mine
    return max(agreement(one, other) for one in telling for other in others)


def are_two(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether any name of one person rules out that it is the other."""
    return _are_two(tuple(one), tuple(other))


@lru_cache(maxsize=20_000)
def _are_two(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(agreement(mine, their) is Agreement.CONFLICT for mine in _parsed(one) for their in _parsed(other))


def _parsed(names: Sequence[str]) -> list[Name]:
    return [name for text in names if (name := name_of(text)) is not None]


def compare(
    newcomer: Profile, known: Profile, candidate: int, *, bearers: int, namesakes: int, widely: Mapping[int, int]
) -> Comparison:
    """Return what speaks for and against a newcomer being somebody known.

    ``bearers`` counts others of the surname, ``namesakes`` those among them whose name agrees as well; ``widely`` tells
    in how many articles a fellow is named.
    """
    names = agreement_of(newcomer.names, known.names)
    roles = _by_roles(newcomer, known)
    unlike = any(each.weight < 0 for each in roles)
    places = _by_places(newcomer, known)
    rest = [
        *roles,
        *_by_field(newcomer, known, 0.5 if unlike else 1.0, alike=any(each.weight > 1 for each in roles)),
        *_by_fellows(newcomer, known, widely, _MOST_FOR_FELLOWS if not unlike else _FEWER_FOR_FELLOWS),
        *places,
        *_by_time(newcomer, known),
    ]
    against = [*_by_age(newcomer, known), *_by_gender(newcomer, known), *_by_kin(newcomer, known, names)]
    found = [*_by_name(names, bearers, namesakes), *rest, *against]
    doubtful = (_tell(newcomer) and _tell(known)) or any(each.weight < 0 for each in rest)
    if doubtful and sum(each.weight for each in rest if each.weight > 0) < LITTLE:
        found.append(Evidence("little but the name in common", _LITTLE_ELSE))
    if any(each.weight <= _CONFLICT for each in (*roles, *places, *against)):
        found.append(Evidence("and that does not go together", _CAUTION))
    row = max(known.own, key=lambda row: (agreement_of(newcomer.names, known.own[row]), row == candidate, -row))
    weight = sum(each.weight for each in found)
    if names >= Agreement.EXTENDED and not namesakes and not any(each.weight < 0 for each in against):
        # Two of one full name are asked about, whatever else is said of them.
        weight = max(weight, UNSURE)
    return Comparison(candidate, row, weight, tuple(found))


def decide(comparisons: Sequence[Comparison]) -> Decision:
    """Return who of the compared a newcomer is."""
    ordered = sorted(comparisons, key=lambda each: -each.weight)
    if ordered and ordered[0].weight >= SURE and is_ahead(ordered[0], ordered[1:]):
        return Sure(ordered[0])
    return unsure(ordered)


def is_ahead(best: Comparison, others: Iterable[Comparison]) -> bool:
    """Say whether nobody else, but for those who may well be the same person, is nearly as likely."""
    return all(best.weight - each.weight >= AHEAD or each.candidate in best.alike for each in others)


def unsure(comparisons: Sequence[Comparison]) -> Unsure | New:
    """Return whom of the compared a newcomer may be, as far as somebody is to be asked."""
    likely = sorted((each for each in comparisons if each.weight >= UNSURE), key=lambda each: -each.weight)
    return Unsure(tuple(likely[:ASKED])) if likely else New()


def _by_name(names: Agreement, bearers: int, namesakes: int) -> list[Evidence]:
    weight, text = _NAMES[names]
    found = [Evidence(text, weight)]
    if not bearers and names in _PARTIAL:
        found.append(Evidence("nobody else bears the surname", _ONLY_BEARER))
    if bearers and names <= Agreement.INITIALS:
        others = "one other person bears" if bearers == 1 else f"{bearers} other persons bear"
        found.append(Evidence(f"{others} the surname", _EACH_DOUBLING * log2(bearers + 1)))
    if namesakes:
        others = "another person" if namesakes == 1 else f"{namesakes} other persons"
        found.append(Evidence(f"{others} may be meant as well", _NAMESAKE))
    return found


def _tell(person: Profile) -> bool:
    """Say whether articles tell anything of a person beside the name."""
    return bool(person.roles or person.fellows or len(person.places) > _FEW_PLACES)


def _by_roles(newcomer: Profile, known: Profile) -> list[Evidence]:
    mine = {word: role for role in newcomer.roles for word in role_words(role)}
    others = {word for role in known.roles for word in role_words(role)}
    shared = sorted(mine.keys() & others)
    telling = [word for word in shared if not is_general(word)]
    if telling:
        weight = (1.5 if len(telling) == 1 else 2.2) + (0.7 if _role_places(newcomer) & _role_places(known) else 0.0)
        return [Evidence(f"in both “{mine[telling[0]]}” or much like it", weight)]
    if shared:
        return [Evidence(f"in both much like “{mine[shared[0]]}”", 0.3)]
    if not mine or not others:
        return []
    where, there = _role_places(newcomer), _role_places(known)
    if where & there:
        return [Evidence("roles in the same place", 0.8)]
    same = _fields(newcomer)[0] & _fields(known)[0]
    weight = _ROLE_ELSEWHERE if where and there else _ROLE_NEAR if same else _ROLE_OTHER
    found = [Evidence(f"here “{newcomer.roles[0]}”, there “{known.roles[0]}”", weight)]
    if all(map(brings_somebody_new, newcomer.roles)):
        found.append(Evidence("told as of somebody unheard of", -1.0))
    elif all(map(brings_somebody_new, known.roles)):
        found.append(Evidence("told as of somebody unheard of before", _UNHEARD_BEFORE))
    return found


def _role_places(person: Profile) -> set[str]:
    return {word for role in person.roles for word in role_places(role)}


def _role_fields(person: Profile) -> Counter[str]:
    return fields_of(word for role in person.roles for word in normalise(role).split())


def _by_field(newcomer: Profile, known: Profile, same: float, *, alike: bool) -> list[Evidence]:
    mine, my_strength = _fields(newcomer)
    others, strength = _fields(known)
    strength = min(my_strength, strength)
    if not mine or not others:
        return []
    if shared := sorted(mine & others):
        return [Evidence(f"both of one field: {shared[0]}", same * strength)]
    if alike:
        return []
    pairs = [(left, right) for left in sorted(mine) for right in sorted(others)]
    against = sum(_FIELDS_NEAR if are_near(*pair) else _FIELDS_FAR for pair in pairs) / len(pairs)
    return [Evidence(f"here {pairs[0][0]}, there {pairs[0][1]}", against * strength)]


def _fields(person: Profile) -> tuple[set[str], float]:
    """Return a person's fields of work, and how surely that is told."""
    by_role = _role_fields(person)
    if by_role:
        return set(by_role), _BY_ROLE
    beside = _foremost(fields_of(person.around), fewest=1)
    if beside:
        return beside, _BY_WORDS
    return _foremost(fields_of(person.topic), fewest=_ENOUGH_TOPIC), _BY_TOPIC


def _foremost(counted: Counter[str], fewest: int) -> set[str]:
    """Return the fields with at least half as many words as the first."""
    most = max(counted.values(), default=0)
    return {field for field, count in counted.items() if count >= fewest and 2 * count >= most}


def _by_fellows(newcomer: Profile, known: Profile, widely: Mapping[int, int], most: float) -> list[Evidence]:
    shared = sorted(newcomer.fellows.keys() & known.fellows.keys())
    if not shared:
        return []
    weight = sum(0.5 if widely.get(each, 0) >= _NAMED_IN_MANY else 1.4 for each in shared)
    named = ", ".join(known.fellows[each] for each in shared[:3])
    return [Evidence(f"named together with {named} in both", min(weight, most))]


def _by_places(newcomer: Profile, known: Profile) -> list[Evidence]:
    shared = newcomer.places & known.places
    elsewhere = newcomer.home is not None and bool(known.places) and newcomer.home not in known.places
    found = []
    if shared and newcomer.rarity:
        weight = min(_RAREST_PLACE * sum(newcomer.rarity.get(each, 0.0) for each in shared), 0.4 if elsewhere else 1.2)
        found.append(Evidence(f"{len(shared)} places or names of things in both", weight))
    if elsewhere:
        found.append(Evidence("the article is about another place", _ELSEWHERE))
    return found


def _by_age(newcomer: Profile, known: Profile) -> list[Evidence]:
    if not newcomer.births or not known.births:
        return []
    apart = min(abs(one - other) for one in newcomer.births for other in known.births)
    if apart <= 1:
        return [Evidence("of the same age", 1.0)]
    return [Evidence(f"{apart} years between their ages", -4.0)] if apart > 2 else []


def _by_gender(newcomer: Profile, known: Profile) -> list[Evidence]:
    if newcomer.genders and known.genders and not newcomer.genders & known.genders:
        return [Evidence("a woman here, a man there", -4.0)]
    return []


def _by_kin(newcomer: Profile, known: Profile, names: Agreement) -> list[Evidence]:
    """A name in part that is told as somebody's relative may well be another's of the same family."""
    if names <= Agreement.INITIALS and speaks_of_kin(newcomer.around) and not speaks_of_kin(known.around):
        return [Evidence("told as somebody's relative", -2.2)]
    return []


def _by_time(newcomer: Profile, known: Profile) -> list[Evidence]:
    apart = min((abs(one - other) for one in newcomer.seen for other in known.seen), default=timedelta())
    years = apart.days // 365
    return [Evidence(f"{years} years between the articles", -0.3 if years < 5 else -0.8)] if years >= 2 else []
