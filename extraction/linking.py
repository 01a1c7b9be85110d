"""Which names of one article are one person's.

Names link where one could be the other's short form (same surname and no given name against it) or its other spelling.
Jaro-Winkler similarity alone would join strangers, so a spelling variant needs evidence in the article itself.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from extraction.names import Name
from extraction.vocabulary import spelled_alike, vocabulary


def surname_first(key: Sequence[str]) -> bool:
    """Say whether the folded words begin with a surname, as Chinese, Korean and Vietnamese names do."""
    vocab = vocabulary()
    return len(key) > 1 and key[0] in vocab.surname_first and key[0] not in vocab.genders


def link(names: Sequence[Name], related: Callable[[int, int], bool]) -> list[list[int]]:
    """Return the names of each person, as indexes, in the order of their first mention.

    ``related`` says of two names, the first of unknown bearer, whether something in the article besides the spelling
    binds them.
    """
    people: list[list[int]] = []
    short: list[int] = []
    for index, name in enumerate(names):
        if len(content(name)) > 1:
            _add(people, _full_match(names, people, name), index)
        else:
            short.append(index)
    orphans: list[int] = []
    for index in short:
        bearer = _bearer(names, people, index)
        if bearer is None:
            orphans.append(index)
        else:
            people[bearer].append(index)
    for group in _by_key(names, orphans):
        people.append(group) if (bearer := _variant(names, people, group, related)) is None else people[bearer].extend(
            group
        )
    return sorted((sorted(person) for person in people), key=lambda person: person[0])


def content(name: Name) -> tuple[str, ...]:
    """Return the folded words of a name that are neither particles nor suffixes nor nicknames in marks."""
    vocab = vocabulary()
    kept = [
        spelled_alike(word.text)
        for word in name.words
        if not (word.text.lower() in vocab.particles or word.text.lower().rstrip(".") in vocab.suffixes)
    ]
    return tuple(kept) or tuple(spelled_alike(word.text) for word in name.words)


def _add(people: list[list[int]], person: int | None, index: int) -> None:
    if person is None:
        people.append([index])
    else:
        people[person].append(index)


def _full_match(names: Sequence[Name], people: Sequence[list[int]], name: Name) -> int | None:
    """Return the person whose every full name could be this one."""
    for number, person in enumerate(people):
        if all(_same_full(content(names[other]), content(name)) for other in person):
            return number
    return None


def _same_full(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Two names of two words and more: the same, reversed, shortened, or another form of the given name."""
    if left == right or sorted(left) == sorted(right):
        return True
    if _surname(left) != _surname(right) and not _within(left, right) and not _near_full(left, right):
        return False
    return _within(left, right) or _given_agree(_given(left), _given(right))


def _surname(key: tuple[str, ...]) -> str:
    return key[0] if surname_first(key) else key[-1]


def _given(key: tuple[str, ...]) -> tuple[str, ...]:
    return key[1:] if surname_first(key) else key[:-1]


def _within(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Say whether the words of the shorter name stand in the longer one in their order."""
    short, long = sorted((left, right), key=len)
    rest = iter(long)
    return all(word in rest for word in short)


def _given_agree(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Given names agree where the first ones do: equal, an initial, a form of one another, nearly the same spelling."""
    if not left or not right:
        return True
    return any(_same_given(one, other) for one in left for other in right[:1]) or any(
        _same_given(left[0], other) for other in right
    )


def _same_given(left: str, right: str) -> bool:
    if left == right or right in vocabulary().forms.get(left, ()):
        return True
    short, long = sorted((left, right), key=len)
    if len(short) <= 2:
        return long.startswith(short[:1])
    return len(short) > 3 and short[0] == long[0] and similarity(left, right) >= 0.92


def _near_full(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """The same given name and nearly the same surname: one person in two spellings."""
    same_given = bool(_given(left)) and _given(left)[0] == _given(right)[0] if _given(right) else False
    one, other = _surname(left), _surname(right)
    return same_given and one[:2] == other[:2] and similarity(one, other) >= 0.88


def _bearer(names: Sequence[Name], people: Sequence[list[int]], index: int) -> int | None:
    """Return whose surname, given name or nickname a name of one word is."""
    word = content(names[index])[0]
    for fits in (_is_surname_of, _is_given_of, _is_part_of):
        bearers = [n for n, person in enumerate(people) if any(fits(word, names[i]) for i in person)]
        bearers = [n for n in bearers if _gender_fits(names, people[n], names[index])]
        if bearers:
            return _likeliest(names, people, bearers, index)
    return None


def _is_surname_of(word: str, name: Name) -> bool:
    key = content(name)
    return len(key) > 1 and word == _surname(key)


def _is_given_of(word: str, name: Name) -> bool:
    key = content(name)
    return len(key) > 1 and word == (_given(key) or key)[0]


def _is_part_of(word: str, name: Name) -> bool:
    """One of several surnames, a nickname, a short form of the given name, half of a double name."""
    key = content(name)
    if len(key) < 2:
        return False
    halves = {spelled_alike(half) for part in name.words for half in re.split(r"[-‐‑]", part.text) if len(half) > 2}
    return word in {*key, *halves} or word in vocabulary().forms.get(_given(key)[0] if _given(key) else "", ())


def _gender_fits(names: Sequence[Name], person: Sequence[int], name: Name) -> bool:
    asked, known = _title_gender(name), gender([names[i] for i in person])
    return asked is None or known is None or asked == known


def _title_gender(name: Name) -> str | None:
    if name.honorific in vocabulary().female_titles:
        return "f"
    return "m" if name.honorific in vocabulary().male_titles else None


def gender(names: Iterable[Name]) -> str | None:
    """Return "f" or "m" where a title or the given name of one of a person's names tells it."""
    for name in names:
        known = _title_gender(name) or (vocabulary().genders.get(name.key[0]) if len(name.key) > 1 else None)
        if known in {"f", "m"}:
            return known
    return None


def _likeliest(names: Sequence[Name], people: Sequence[list[int]], bearers: Sequence[int], index: int) -> int:
    """Of several people of one surname: whom the article names most by full name, and first."""
    if len(bearers) == 1:
        return bearers[0]
    return max(bearers, key=lambda n: (sum(1 for i in people[n] if len(content(names[i])) > 1), -people[n][0]))


def _by_key(names: Sequence[Name], indexes: Iterable[int]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for index in indexes:
        groups.setdefault(content(names[index])[0], []).append(index)
    return list(groups.values())


def _variant(
    names: Sequence[Name], people: Sequence[list[int]], group: Sequence[int], related: Callable[[int, int], bool]
) -> int | None:
    """Return the one person whose surname a never introduced name misspells, or None.

    News introduces people by their full names, so a bare surname that nobody bears is likely somebody's misspelt.
    """
    word = content(names[group[0]])[0]
    near = [
        (n, max(_nearness(word, _surname(content(names[i]))) for i in person))
        for n, person in enumerate(people)
        if len(content(names[person[0]])) > 1
    ]
    near = [(n, value) for n, value in near if value >= 0.8]
    if len(near) != 1:
        return None
    bearer, value = near[0]
    sure = value >= 0.93 and len(word) > 5
    return bearer if sure or any(related(i, other) for i in group for other in people[bearer]) else None


def _nearness(left: str, right: str) -> float:
    return similarity(left, right) if left[:3] == right[:3] and min(len(left), len(right)) > 4 else 0.0


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
