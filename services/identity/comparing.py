"""Whether a newcomer is somebody whom the archive knows: what speaks for it and against it, weighed.

This is record linkage after Fellegi and Sunter ("A Theory for Record Linkage", 1969): each field that agrees, or does
not, adds its weight, the logarithm of how much more often that happens among pairs that are one person than among
others; above one threshold a pair is linked, below another it is not, and what lies between goes to a clerk, which here
is the chat. The weights are in data/weights.toml, fitted to articles of our own (benchmarks/identity_weights.py).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache, lru_cache
from importlib.resources import files

from domain.corrections import Clue
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

# Names in part say more where nobody else bears the surname.
_PARTIAL = (Agreement.INITIALS, Agreement.SURNAME, Agreement.SINGLE)
_ENOUGH_TOPIC = 4
_NAMED_IN_MANY, _SO_MUCH = 25, 0.35
# Fellows count for less where the roles differ: namesakes in one town meet the same people.
_MOST_FELLOWS, _FEWER_FELLOWS = 2.0, 0.7
_FEW_PLACES = 4
# What speaks against it so much calls for more that speaks for it.
_CONFLICT = -1.5
_MOST_PLACES, _PLACES_ELSEWHERE = 1.2, 0.4
# Two of one name may well be of one field, and in the news at one time.
_TELLING = ("role_word", "role_words", "role_and_place", "role_place", "fellows", "places", "publisher")
_ROLES_ALIKE = ("role_word", "role_words")
_SOON = timedelta(days=45)
# What tells less than this is little.
LITTLE = 0.8


@cache
def weights() -> Mapping[str, float]:
    """Return what a field weighs, by its name."""
    data: dict[str, float] = tomllib.loads((files(__package__) / "data" / "weights.toml").read_text(encoding="utf-8"))
    return data


def _evidence(kind: str, times: float = 1.0, **values: object) -> Evidence:
    return Evidence(Clue(kind, values), weights()[kind] * times, times)


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
    unlike = _are_unlike(roles)
    places = _by_places(newcomer, known)
    rest = [
        *roles,
        *_by_field(newcomer, known, 0.5 if unlike else 1.0, alike=any(each.kind in _ROLES_ALIKE for each in roles)),
        *_by_fellows(newcomer, known, widely, _FEWER_FELLOWS if unlike else _MOST_FELLOWS),
        *places,
        *_by_publisher(newcomer, known),
        *_by_time(newcomer, known),
    ]
    against = [*_by_age(newcomer, known), *_by_gender(newcomer, known), *_by_kin(newcomer, known, names, namesakes)]
    found = [*_by_name(newcomer, known, names, bearers, namesakes), *rest, *against]
    if telling(rest) < LITTLE:
        found += _little(names, _tell(newcomer) + _tell(known), against=any(each.weight < 0 for each in rest))
    if any(each.weight <= _CONFLICT for each in (*roles, *places, *against)):
        found.append(_evidence("caution"))
    row = max(known.own, key=lambda row: (agreement_of(newcomer.names, known.own[row]), row == candidate, -row))
    weight = sum(each.weight for each in found)
    if names >= Agreement.EXTENDED and not namesakes and not any(each.weight < 0 for each in against):
        # Two of one full name are asked about, whatever else is said of them.
        weight = max(weight, UNSURE)
    return Comparison(candidate, row, weight, tuple(found))


def told_alike(one: Profile, other: Profile) -> float:
    """Return what ``telling`` does of two known people, without all that is weighed beside it."""
    roles = _by_roles(one, other)
    most = _FEWER_FELLOWS if _are_unlike(roles) else _MOST_FELLOWS
    return telling([*roles, *_by_fellows(one, other, {}, most), *_by_places(one, other), *_by_publisher(one, other)])


def _are_unlike(roles: Iterable[Evidence]) -> bool:
    return any(each.weight <= _CONFLICT for each in roles)


def telling(found: Iterable[Evidence]) -> float:
    """Return the weight of what speaks for two persons being one and is seldom so of two of one name."""
    return sum(each.weight for each in found if each.weight > 0 and each.kind in _TELLING)


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


def _by_name(newcomer: Profile, known: Profile, names: Agreement, bearers: int, namesakes: int) -> list[Evidence]:
    found = [_evidence(f"name_{names.name.lower()}")]
    if names is Agreement.EXTENDED and not any(name.patronymic for name in _parsed((*newcomer.names, *known.names))):
        found.append(_evidence("middle_name"))
    if names is Agreement.INITIALS and any(
        len(name.given) > 1 and all(word.initial for word in name.given) for name in _parsed(newcomer.names)
    ):
        found.append(_evidence("initials"))
    if not bearers and names in _PARTIAL:
        found.append(_evidence("only_bearer"))
    if namesakes:
        found.append(_evidence("namesakes", count=namesakes))
    return found


def _little(names: Agreement, told: int, *, against: bool) -> list[Evidence]:
    """Half a name always calls for more; a full one where articles tell of both, or of one, and nothing agrees."""
    if names <= Agreement.MARRIED:
        return [_evidence("half")]
    if told == 2 or against:
        return [_evidence("little")]
    return [_evidence("untold")] if told else []


def _tell(person: Profile) -> bool:
    """Say whether articles tell anything of a person beside the name."""
    return bool(person.roles or person.fellows or len(person.places) > _FEW_PLACES)


def _by_roles(newcomer: Profile, known: Profile) -> list[Evidence]:
    mine = {word: role for role in newcomer.roles if not _of_kin(role) for word in role_words(role)}
    others = {word for role in known.roles if not _of_kin(role) for word in role_words(role)}
    shared = sorted(mine.keys() & others)
    telling = [word for word in shared if not is_general(word)]
    if telling:
        kind = "role_word" if len(telling) == 1 else "role_words"
        found = [_evidence(kind, role=mine[telling[0]])]
        if _role_places(newcomer) & _role_places(known):
            found.append(_evidence("role_and_place"))
        return found
    if shared:
        return [_evidence("role_general", role=mine[shared[0]])]
    if not mine or not others:
        return []
    where, there = _role_places(newcomer), _role_places(known)
    if where & there:
        return [_evidence("role_place")]
    same = _fields(newcomer)[0] & _fields(known)[0]
    kind = "role_elsewhere" if where and there else "role_near" if same else "role_other"
    found = [_evidence(kind, here=newcomer.roles[0], there=known.roles[0])]
    if all(map(brings_somebody_new, newcomer.roles)):
        found.append(_evidence("unheard_of"))
    elif all(map(brings_somebody_new, known.roles)):
        found.append(_evidence("unheard_of", before=1))
    return found


def _role_places(person: Profile) -> set[str]:
    return {word for role in person.roles for word in role_places(role)}


@lru_cache(maxsize=5_000)
def _role_fields(roles: tuple[str, ...]) -> Mapping[str, int]:
    return fields_of(word for role in roles for word in normalise(role).split())


def _by_field(newcomer: Profile, known: Profile, same: float, *, alike: bool) -> list[Evidence]:
    mine, told = _fields(newcomer)
    others, told_before = _fields(known)
    if not mine or not others:
        return []
    # What the words beside a name, or the article's topic, tell is less sure than what a role does.
    how = max(told, told_before, key=("role", "words", "topic").index)
    if shared := sorted(mine & others):
        return [_evidence(f"field_by_{how}", same, field=shared[0])]
    if alike:
        return []
    pairs = [(left, right) for left in sorted(mine) for right in sorted(others)]
    near = sum(are_near(*pair) for pair in pairs) / len(pairs)
    here, there = pairs[0]
    found = [("near", near), ("far", 1 - near)]
    return [_evidence(f"field_{kind}_by_{how}", share, here=here, there=there) for kind, share in found if share]


def _fields(person: Profile) -> tuple[set[str], str]:
    """Return a person's fields of work, and what tells them."""
    by_role = _role_fields(person.roles)
    if by_role:
        return set(by_role), "role"
    beside = _foremost(_beside(person.around), fewest=1)
    if beside:
        return beside, "words"
    return _foremost(_together(person.topic), fewest=_ENOUGH_TOPIC), "topic"


def _together(topics: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for each in topics:
        for field, count in each.items():
            found[field] = found.get(field, 0) + count
    return found


@lru_cache(maxsize=500)
def _beside(around: tuple[str, ...]) -> Mapping[str, int]:
    return fields_of(around)


def _foremost(counted: Mapping[str, int], fewest: int) -> set[str]:
    """Return the fields with at least half as many words as the first."""
    most = max(counted.values(), default=0)
    return {field for field, count in counted.items() if count >= fewest and 2 * count >= most}


def _by_fellows(newcomer: Profile, known: Profile, widely: Mapping[int, int], most: float) -> list[Evidence]:
    shared = sorted(newcomer.fellows.keys() & known.fellows.keys())
    if not shared:
        return []
    times = sum(_SO_MUCH if widely.get(each, 0) >= _NAMED_IN_MANY else 1.0 for each in shared)
    return [_evidence("fellows", min(times, most), names=[known.fellows[each] for each in shared[:3]])]


def _by_places(newcomer: Profile, known: Profile) -> list[Evidence]:
    shared = newcomer.places & known.places
    elsewhere = newcomer.home is not None and bool(known.places) and newcomer.home not in known.places
    found = []
    if shared and newcomer.rarity:
        rare = sum(newcomer.rarity.get(each, 0.0) for each in shared)
        times = min(rare, _PLACES_ELSEWHERE if elsewhere else _MOST_PLACES)
        found.append(_evidence("places", times, count=len(shared)))
    if elsewhere:
        found.append(_evidence("elsewhere"))
    return found


def _by_age(newcomer: Profile, known: Profile) -> list[Evidence]:
    if not newcomer.births or not known.births:
        return []
    apart = min(abs(one - other) for one in newcomer.births for other in known.births)
    if apart <= 1:
        return [_evidence("same_age")]
    return [_evidence("other_age", count=apart)] if apart > 2 else []


def _by_gender(newcomer: Profile, known: Profile) -> list[Evidence]:
    if newcomer.genders and known.genders and not newcomer.genders & known.genders:
        return [_evidence("other_gender")]
    return []


def _by_kin(newcomer: Profile, known: Profile, names: Agreement, namesakes: int) -> list[Evidence]:
    """A name in part, or of several people, that is told as somebody's relative may be another's of the family.

    So may a whole name whose bearer has no other role: fathers and sons share names, and places.
    """
    mine, others = ({_of_kin(role) for role in person.roles} for person in (newcomer, known))
    if {*mine, *others} == {True, False} and len(mine) == len(others) == 1:
        return [_evidence("kin")]
    partial = names <= Agreement.INITIALS or namesakes > 0
    if partial and speaks_of_kin(newcomer.around) and not speaks_of_kin(known.around):
        return [_evidence("kin")]
    return []


@lru_cache(maxsize=20_000)
def _of_kin(role: str) -> bool:
    """Say whether a role is that of somebody's relative, whose words tell of somebody else."""
    return speaks_of_kin(normalise(role).split())


def _by_publisher(newcomer: Profile, known: Profile) -> list[Evidence]:
    return [_evidence("publisher")] if newcomer.publishers & known.publishers else []


def _by_time(newcomer: Profile, known: Profile) -> list[Evidence]:
    apart = min((abs(one - other) for one in newcomer.seen for other in known.seen), default=timedelta.max)
    years = apart.days // 365
    return [_evidence("years", min(years, 5) / 5, count=years)] if 2 <= years < 100 else []
