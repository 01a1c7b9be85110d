"""Which names of one article are one person's.

Names link where one could be the other's short form (same surname and no given name against it) or its other
spelling. Jaro-Winkler similarity alone would join strangers, so a spelling variant needs evidence in the article.
Only different forms are compared, and only with people that share a word with them, so time stays linear.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extraction.names import Name
from extraction.vocabulary import spelled_alike, vocabulary

_ALIKE = 0.94
_NEAR = 0.8
_SURELY_NEAR = 0.9
# Capitalised, these are given names as often as particles.
_NAMES_WHEN_CAPITAL = frozenset({"ben", "al", "do", "lo", "e", "y", "i", "don", "san", "ter", "ten", "st", "mac"})

Related = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """One way of naming somebody: the words that count, their halves, and what a title tells of the gender."""

    key: tuple[str, ...]
    halves: frozenset[str]
    title_gender: str | None

    @property
    def surname(self) -> str:
        """The surname, which stands first in Chinese, Korean and Vietnamese names."""
        return self.key[0] if _surname_first(self.key) else self.key[-1]

    @property
    def given(self) -> tuple[str, ...]:
        """All but the surname."""
        return self.key[1:] if _surname_first(self.key) else self.key[:-1]

    @property
    def full(self) -> bool:
        """Whether it holds more than one word."""
        return len(self.key) > 1


@dataclass(slots=True)
class _Person:
    forms: list[Form] = field(default_factory=list)
    names: list[int] = field(default_factory=list)


def link(names: Sequence[Name], related: Related) -> list[list[int]]:
    """Return the names of each person, as indexes, in the order of their first mention.

    ``related`` says of two names, the first of unknown bearer, whether something in the article besides the spelling
    binds them.
    """
    by_form: dict[Form, list[int]] = {}
    for number, name in enumerate(names):
        by_form.setdefault(form_of(name), []).append(number)
    people = _introduced({form: found for form, found in by_form.items() if form.full})
    index = _index(people)
    orphans = {}
    for form, found in by_form.items():
        if form.full:
            continue
        bearer = _bearer(people, index, form)
        if bearer is None:
            orphans[form] = found
        else:
            bearer.names.extend(found)
    _place_orphans(people, orphans, related)
    return sorted((sorted(person.names) for person in people), key=lambda found: found[0])


def form_of(name: Name) -> Form:
    """Return a name without particles, suffixes and case."""
    vocab = vocabulary()
    kept = [word.text for word in name.words if not _is_small(word.text)] or [word.text for word in name.words]
    halves = frozenset(spelled_alike(half) for text in kept for half in re.split(r"[-‐‑]", text) if len(half) > 2)
    gender = "f" if name.honorific in vocab.female_titles else "m" if name.honorific in vocab.male_titles else None
    return Form(tuple(spelled_alike(text) for text in kept), halves, gender)


def _is_small(text: str) -> bool:
    bare = text.lower().rstrip(".")
    particle = bare in vocabulary().particles and (text.islower() or bare not in _NAMES_WHEN_CAPITAL)
    return particle or bare in vocabulary().suffixes


def _surname_first(key: Sequence[str]) -> bool:
    vocab = vocabulary()
    return len(key) > 1 and key[0] in vocab.surname_first and key[0] not in vocab.genders


def _introduced(by_form: Mapping[Form, Sequence[int]]) -> list[_Person]:
    """Gather the people whom the article names in full."""
    people: list[_Person] = []
    by_word: dict[str, list[_Person]] = {}
    for form, names in by_form.items():
        near = {id(person): person for word in form.key for person in by_word.get(word, ())}
        person = next((one for one in near.values() if all(_same(form, other) for other in one.forms)), None)
        if person is None:
            person = _Person()
            people.append(person)
        person.forms.append(form)
        person.names.extend(names)
        for word in form.key:
            bearers = by_word.setdefault(word, [])
            if not any(person is bearer for bearer in bearers):
                bearers.append(person)
    return people


def _same(left: Form, right: Form) -> bool:
    """Two full names: the same, turned round, shortened, or with another form of the given name or the surname."""
    if left.key == right.key or sorted(left.key) == sorted(right.key) or _within(left.key, right.key):
        return True
    if left.surname == right.surname:
        return _given_agree(left.given, right.given)
    same_given = left.given[0] == right.given[0] and left.surname[:2] == right.surname[:2]
    return same_given and similarity(left.surname, right.surname) >= 0.88


def _within(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Say whether the words of the shorter name stand in the longer one in their order."""
    short, long = sorted((left, right), key=len)
    rest = iter(long)
    return all(word in rest for word in short)


def _given_agree(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Given names agree where a first one does: equal, an initial, a form, nearly the same spelling."""
    return any(_same_given(left[0], other) for other in right) or any(_same_given(one, right[0]) for one in left)


def _same_given(left: str, right: str) -> bool:
    if left == right or right in vocabulary().forms.get(left, ()):
        return True
    short, long = sorted((left, right), key=len)
    if len(short) <= 2:
        return long.startswith(short[:1])
    return len(short) > 4 and short[0] == long[0] and similarity(left, right) >= _ALIKE


def _index(people: Iterable[_Person]) -> dict[str, list[_Person]]:
    """Return, by each word that could stand for them, the people whom the article names in full."""
    found: dict[str, dict[int, _Person]] = {}
    for person in people:
        for form in person.forms:
            shorts = (short for given in form.given for short in vocabulary().forms.get(given, ()))
            for word in {*form.key, *form.halves, *shorts}:
                found.setdefault(word, {})[id(person)] = person
    return {word: list(bearers.values()) for word, bearers in found.items()}


def _bearer(people: Sequence[_Person], index: Mapping[str, Sequence[_Person]], form: Form) -> _Person | None:
    """Return whose surname, given name or nickname a name of one word is."""
    word = form.key[0]
    near = [person for person in index.get(word, ()) if _gender_fits(person, form)]
    for fits in (_bears_surname, _bears_given, _bears_part):
        bearers = [person for person in near if any(fits(word, known) for known in person.forms)]
        if bearers:
            return max(bearers, key=lambda person: (len(person.names), -person.names[0]))
    return None


def _bears_surname(word: str, form: Form) -> bool:
    return word == form.surname


def _bears_given(word: str, form: Form) -> bool:
    return word == form.given[0]


def _bears_part(word: str, form: Form) -> bool:
    """One of several surnames, a nickname, a short form of the given name, half of a double name."""
    return True


def _gender_fits(person: _Person, form: Form) -> bool:
    known = _gender(person.forms)
    return form.title_gender is None or known is None or form.title_gender == known


def _gender(forms: Iterable[Form]) -> str | None:
    """Return "f" or "m" where a title or the given name of one of a person's names tells it."""
    for form in forms:
        known = form.title_gender or (vocabulary().genders.get(form.given[0]) if form.full else None)
        if known in {"f", "m"}:
            return known
    return None


def _place_orphans(people: list[_Person], orphans: Mapping[Form, list[int]], related: Related) -> None:
    """Give the names that nobody bears to the one whose name they misspell, or to people of their own."""
    introduced = list(people)
    own: dict[str, _Person] = {}
    for form, names in orphans.items():
        word = form.key[0]
        bearer = own.get(word) or _misspelt(introduced, word, names, related)
        if bearer is None:
            bearer = own[word] = _Person()
            people.append(bearer)
        bearer.names.extend(names)


def _misspelt(people: Sequence[_Person], word: str, names: Sequence[int], related: Related) -> _Person | None:
    """Return the one person whose surname a never introduced name misspells, or None.

    News introduces people by their full names, so a bare surname that nobody bears is likely somebody's misspelt.
    """
    near = [(person, max(_nearness(word, form.surname) for form in person.forms)) for person in people]
    near = [(person, value) for person, value in near if value >= _NEAR]
    if len(near) != 1:
        return None
    person, value = near[0]
    bound = value >= _SURELY_NEAR or any(related(one, other) for one in names for other in person.names)
    return person if bound else None


def _nearness(left: str, right: str) -> float:
    long_enough = min(len(left), len(right)) > 4 and left[:1] == right[:1]
    value = similarity(left, right) if long_enough else 0.0
    return value if left[:3] == right[:3] or value >= _SURELY_NEAR else 0.0


def similarity(left: str, right: str) -> float:
    """Return the Jaro-Winkler similarity of two words (Winkler 1990), from 0 to 1."""
    jaro = _jaro(left, right)
    prefix = 0
    for one, other in zip(left[:4], right[:4], strict=False):
        if one != other:
            break
        prefix += 1
    return jaro + 0.1 * prefix * (1 - jaro)


def _jaro(left: str, right: str) -> float:
    if not left or not right:
        return 0.0
    reach = max(max(len(left), len(right)) // 2 - 1, 0)
    taken = [False] * len(right)
    matched = []
    for i, letter in enumerate(left):
        for j in range(max(0, i - reach), min(len(right), i + reach + 1)):
            if not taken[j] and right[j] == letter:
                taken[j] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    facing = [letter for letter, hit in zip(right, taken, strict=True) if hit]
    swapped = sum(one != other for one, other in zip(matched, facing, strict=True)) / 2
    count = len(matched)
    return (count / len(left) + count / len(right) + (count - swapped) / count) / 3
