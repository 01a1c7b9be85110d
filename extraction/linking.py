"""Which names of one article are one person's.

Names link where one could be the other's short form (same surname and no given name against it) or its other
spelling. Jaro-Winkler similarity alone would join strangers, so a spelling variant needs evidence in the article; and
what stands around two names may tell that they are two people's. A short name that several bear is whose name stood
last. Only different forms are compared, and only with people that share a word with them, so time stays linear.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extraction.names import Name
from extraction.namesakes import Circumstances
from extraction.vocabulary import fold, spelled_alike, vocabulary

_ALIKE = 0.94
_NEAR = 0.8
_SURELY_NEAR = 0.9
# A name that more people bear names none of them; this also keeps time linear.
_MOST_BEARERS = 30
# So much more often than anybody else's stands the full name of whom an article is about.
_MAIN = 3
# Suffixes that tell generations apart.
_COUNTED = frozenset({"jr", "sr", "ii", "iii", "iv", "junior", "senior"})
_GENERATIONS = {"junior": "jr", "senior": "sr"}
# Letters that transliterations of one given name write in several ways, and one of them.
_HEARD = (
    ("sch", "sh"),
    ("kh", "h"),
    ("ks", "x"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("ph", "f"),
    ("th", "t"),
    ("e", "i"),
)
# Capitalised, these are given names as often as particles.
_NAMES_WHEN_CAPITAL = frozenset({"ben", "al", "do", "lo", "e", "y", "i", "don", "san", "ter", "ten", "st", "mac"})

Related = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """One way of naming somebody: the words that count, their halves, what a title tells of the gender, "jr" or "sr".

    ``bearer`` tells people of one form apart.
    """

    key: tuple[str, ...]
    halves: frozenset[str]
    title_gender: str | None
    generation: str | None = None
    bearer: int = 0

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
    forms: dict[Form, Circumstances] = field(default_factory=dict)
    names: list[int] = field(default_factory=list)
    introduced: int = 0  # how often the full name stands


def link(names: Sequence[Name], around: Sequence[Circumstances], related: Related) -> list[list[int]]:
    """Return the names of each person, as indexes, in the order of their first mention.

    ``around`` is what stands around each name; ``related`` says of two names, the first of unknown bearer, whether
    something in the article besides the spelling binds them.
    """
    by_form = _by_form(names, around)
    full = {form: _together(around[number] for number in found) for form, found in by_form.items() if form.full}
    people, vague = _introduced(full)
    for person in people:
        person.names = sorted(number for form in person.forms for number in by_form[form])
        person.introduced = len(person.names)
    index = _index(people)
    orphans = _place(index, by_form, vague, around)
    _place_orphans(people, orphans, related)
    return sorted((sorted(person.names) for person in people if person.names), key=lambda found: found[0])


def _by_form(names: Sequence[Name], around: Sequence[Circumstances]) -> dict[Form, list[int]]:
    """Return where each form stands; a full one of two bearers is two forms."""
    found: dict[Form, list[int]] = {}
    bearers: dict[Form, list[Circumstances]] = {}
    for number, name in enumerate(names):
        form = form_of(name)
        if form.full:
            form = replace(form, bearer=_bearer_of(bearers.setdefault(form, []), around[number]))
        found.setdefault(form, []).append(number)
    return found


def _bearer_of(bearers: list[Circumstances], here: Circumstances) -> int:
    """Return which bearer of one full name a mention means: the latest, unless it is told apart from all."""
    fitting = [number for number, known in enumerate(bearers) if here.role & known.role]
    apart = bearers and not fitting and (here.other or all(_told_apart(known, here) for known in bearers))
    if apart or not bearers:
        bearers.append(here)
        return len(bearers) - 1
    number = fitting[-1] if fitting else len(bearers) - 1
    bearers[number] = _together((bearers[number], here))
    return number


def _told_apart(known: Circumstances, here: Circumstances) -> bool:
    return (known.unrelated or here.unrelated) and known.contradicts(here)


def _together(around: Iterable[Circumstances]) -> Circumstances:
    """Return what stands around any of several names; whether it is somebody else's, the first tells."""
    each = list(around)
    return Circumstances(
        role=frozenset(word for one in each for word in one.role),
        other=each[0].other,
        kin=any(one.kin for one in each),
        unrelated=any(one.unrelated for one in each),
        acts=any(one.acts for one in each),
    )


def form_of(name: Name) -> Form:
    """Return a name without particles, suffixes and case."""
    vocab = vocabulary()
    kept = [word.text for word in name.words if not _is_small(word.text)] or [word.text for word in name.words]
    halves = frozenset(spelled_alike(half) for text in kept for half in re.split(r"[-‐‑]", text) if len(half) > 2)
    gender = "f" if name.honorific in vocab.female_titles else "m" if name.honorific in vocab.male_titles else None
    last = fold(name.words[-1].text)
    generation = _GENERATIONS.get(last, last) if last in vocab.suffixes and last in _COUNTED else None
    return Form(tuple(spelled_alike(text) for text in kept), halves, gender, generation if len(kept) > 1 else None)


def _is_small(text: str) -> bool:
    bare = text.lower().rstrip(".")
    particle = bare in vocabulary().particles and (text.islower() or bare not in _NAMES_WHEN_CAPITAL)
    return particle or bare in vocabulary().suffixes


def _surname_first(key: Sequence[str]) -> bool:
    vocab = vocabulary()
    return len(key) > 1 and key[0] in vocab.surname_first and key[0] not in vocab.genders


def _introduced(full: Mapping[Form, Circumstances]) -> tuple[list[_Person], frozenset[Form]]:
    """Gather the people whom the article names in full, and the full names that fit several of them."""
    people: list[_Person] = []
    vague: set[Form] = set()
    by_word: dict[str, list[_Person]] = {}
    for form in sorted(full, key=_vagueness):
        near = {id(person): person for word in form.key for person in by_word.get(word, ())}
        fitting = [one for one in near.values() if all(_are_one(form, other, full) for other in one.forms)]
        if len(fitting) > 1:
            vague.add(form)
            continue
        person = fitting[0] if fitting else _Person()
        if not fitting:
            people.append(person)
        person.forms[form] = full[form]
        for word in form.key:
            bearers = by_word.setdefault(word, [])
            if not any(person is bearer for bearer in bearers):
                bearers.append(person)
    return people, frozenset(vague)


def _vagueness(form: Form) -> tuple[bool, bool, int]:
    """Names that tell more come first, so that one that fits two of them is known to."""
    return len(form.given[0]) == 1, form.generation is None, -len(form.key)


def _are_one(left: Form, right: Form, full: Mapping[Form, Circumstances]) -> bool:
    """Say whether two full names are one person's, for all that stands around them."""
    one, other = full[left], full[right]
    if left.key == right.key and left.generation == right.generation and left.bearer != right.bearer:
        return False
    if one.other or other.other or (left.generation and right.generation and left.generation != right.generation):
        return False
    if not _same(left, right):
        return False
    # An initial, a further surname or another spelling is too little where kin is about, or where two are introduced.
    family = one.kin or other.kin or one.unrelated or other.unrelated
    return not (
        ((family or one.contradicts(other)) and _differ(left, right))
        or (one.contradicts(other) and left.surname != right.surname)
    )


def _differ(left: Form, right: Form) -> bool:
    """Say whether one of two full names that may be one's has a given name, a surname or "jr" that the other lacks."""
    one, other = left.given[0], right.given[0]
    return (
        (left.surname != right.surname and len(left.key) != len(right.key))
        or left.generation != right.generation
        or (not _within(left.key, right.key) and one != other and other not in vocabulary().forms.get(one, ()))
    )


def _same(left: Form, right: Form) -> bool:
    """Two full names: the same, turned round, shortened, or with another form of the given name or the surname."""
    if left.key == right.key or sorted(left.key) == sorted(right.key) or _within(left.key, right.key):
        return True
    if left.surname == right.surname:
        return _given_agree(left.given, right.given)
    if left.key[-1] == right.key[-1]:
        return _given_agree(left.key[:-1], right.key[:-1])
    same_given = left.given[0] == right.given[0] and left.surname[:2] == right.surname[:2]
    return same_given and similarity(left.surname, right.surname) >= 0.88


def _within(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Say whether the words of the shorter name stand in the longer one in their order."""
    short, long = sorted((left, right), key=len)
    rest = iter(long)
    return all(word in rest for word in short)


def _given_agree(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Given names agree where each of the fewer has its like among the others, in their order."""
    short, long = sorted((left, right), key=len)
    rest = iter(long)
    return all(any(_same_given(one, other) for other in rest) for one in short)


def _same_given(left: str, right: str) -> bool:
    """Say whether two given names are equal, an initial, forms of one name, or nearly the same spelling."""
    vocab = vocabulary()
    if left == right or right in vocab.forms.get(left, ()):
        return True
    short, long = sorted((left, right), key=len)
    if len(short) == 1 or (len(short) == 2 and short not in vocab.genders):
        return long.startswith(short[:1])
    if short in vocab.genders and long in vocab.genders:
        return _sounds(short) == _sounds(long)
    return len(short) > 4 and short[0] == long[0] and similarity(left, right) >= _ALIKE


def _sounds(name: str) -> str:
    """Return a given name in letters that transliterations agree on."""
    for written, heard in _HEARD:
        name = name.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", name)


def _index(people: Iterable[_Person]) -> dict[str, list[_Person]]:
    """Return, by each word that could stand for them, the people whom the article names in full."""
    found: dict[str, dict[int, _Person]] = {}
    for person in people:
        for form in person.forms:
            shorts = (short for given in form.given for short in vocabulary().forms.get(given, ()))
            for word in {*form.key, *form.halves, *shorts}:
                found.setdefault(word, {})[id(person)] = person
    return {word: list(bearers.values()) for word, bearers in found.items()}


def _place(
    index: Mapping[str, Sequence[_Person]],
    by_form: Mapping[Form, Sequence[int]],
    vague: frozenset[Form],
    around: Sequence[Circumstances],
) -> dict[Form, list[int]]:
    """Give each short name to one whose name it is, in the order of the text; return those that nobody bears."""
    orphans: dict[Form, list[int]] = {}
    short = [form for form in by_form if not form.full or form in vague]
    bearers = {form: _bearers(index, form) for form in short}
    for number, at in sorted((number, at) for at, form in enumerate(short) for number in by_form[form]):
        bearer = _meant(bearers[short[at]], number, around)
        if bearer is None:
            orphans.setdefault(short[at], []).append(number)
        else:
            insort(bearer.names, number)
    return orphans


def _bearers(index: Mapping[str, Sequence[_Person]], form: Form) -> list[_Person]:
    """Return whose surname, given name or nickname a name of one word is, and whom a vague name fits.

    An initial that fits several is nobody's.
    """
    if form.full:
        near = {id(person): person for word in form.key for person in index.get(word, ())}
        return [] if len(form.given[0]) == 1 else [one for one in near.values() if _fits_all(form, one)]
    word = form.key[0]
    near_word = [person for person in index.get(word, ()) if _gender_fits(person, form)]
    for fits in (_bears_surname, _bears_given, _bears_part):
        bearers = [person for person in near_word if any(fits(word, known) for known in person.forms)]
        if bearers:
            return bearers
    return []


def _fits_all(form: Form, person: _Person) -> bool:
    return all(_same(form, known) for known in person.forms)


def _meant(bearers: Sequence[_Person], number: int, around: Sequence[Circumstances]) -> _Person | None:
    """Return whom a name that several bear means: the one of that role, or who was named last as a subject."""
    here = around[number]
    if not bearers or here.other or len(bearers) > _MOST_BEARERS:
        return None
    if len(bearers) == 1:
        apart = here.kin and all(known.contradicts(here) for known in bearers[0].forms.values())
        return None if apart else bearers[0]
    fitting = [one for one in bearers if any(known.role & here.role for known in one.forms.values())]
    if here.role and not fitting and _main(bearers) is None:
        fitting = [one for one in bearers if one.names[0] > number and not _contradicts(one, here)]
        return _last_named(fitting, number, around)
    return _last_named(fitting or bearers, number, around)


def _main(bearers: Sequence[_Person]) -> _Person | None:
    """Return whose full name stands so much oftener than the others' that the article is about them."""
    first, second = sorted(bearers, key=lambda one: -one.introduced)[:2]
    return first if first.introduced >= _MAIN * max(second.introduced, 1) else None


def _contradicts(person: _Person, here: Circumstances) -> bool:
    return any(known.contradicts(here) for known in person.forms.values())


def _last_named(bearers: Sequence[_Person], number: int, around: Sequence[Circumstances]) -> _Person | None:
    """Return who was named last before a name, best as a subject; else who is named next.

    Behind the paragraph of a full name, the short one is the person's whom the article is about.
    """
    before = [(one.names[at - 1], one) for one in bearers if (at := bisect_left(one.names, number))]
    if not before:
        return min(bearers, key=lambda one: one.names[0], default=None)
    last, person = max(before, key=lambda found: (around[found[0]].acts, found[0]))
    main = _main(bearers) if len(bearers) > 1 else None
    return main if main is not None and around[last].paragraph != around[number].paragraph else person


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
    own: dict[tuple[str, ...], _Person] = {}
    for form, names in orphans.items():
        bearer = own.get(form.key) or (None if form.full else _misspelt(introduced, form.key[0], names, related))
        if bearer is None:
            bearer = own[form.key] = _Person()
            people.append(bearer)
        bearer.names.extend(names)


def _misspelt(people: Sequence[_Person], word: str, names: Sequence[int], related: Related) -> _Person | None:
    """Return the one person whose surname a never introduced name misspells, or None.

    News introduces people by their full names, so a bare surname that nobody bears is likely somebody's misspelt. One
    that somebody bears, and that is not theirs, is somebody else's.
    """
    near = [(person, max(_nearness(word, form.surname) for form in person.forms)) for person in people]
    near = [(person, value) for person, value in near if value >= _NEAR]
    if len(near) != 1 or near[0][1] == 1.0:
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
