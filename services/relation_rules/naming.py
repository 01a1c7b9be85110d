"""One name for what two claims name in two ways: a person here and only a name there, or two of one single name."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from domain.gists import Gist
from services.relation_rules.deciding import Side

Doubted = AbstractSet[frozenset[str]]


def of_one_naming(one: Side, other: Side, names: Mapping[int, str], doubted: Doubted) -> tuple[Side, Side, bool]:
    """Return two sides of which each names what the other does in the same way, and whether they surely do.

    "Kredo" is taken for a person in one article and for a firm in the next; and of whom one single name is told in
    both, though it is not known to be one person, the rest of what is said decides. Namesakes with a full name are two,
    unless that is ``doubted``. ``names`` are those of persons by number.
    """
    mine, theirs = (_people(side.gist, names) for side in (one, other))
    if not mine and not theirs:
        return one, other, True
    same = {
        number: known
        for number, name in theirs.items()
        for known, told in mine.items()
        if name == told and (number == known or len(name) == 1 or frozenset((number, known)) in doubted)
    }
    left, right = _renamed(one, theirs), _swapped(_renamed(other, mine), same)
    return left, right, all(number == known for number, known in same.items())


def _people(gist: Gist, names: Mapping[int, str]) -> dict[str, frozenset[str]]:
    every = [gist.claimant, gist.words, *(words for each in gist.statements for words in (each.subject, each.others))]
    found = {word: _name(word, names) for words in every for word in words if word.startswith("@")}
    return {word: frozenset(name.casefold().split()) for word, name in found.items() if name}


def _name(word: str, names: Mapping[int, str]) -> str:
    return names.get(int(word[1:]), "") if word[1:].isdecimal() else word[1:]


def _renamed(side: Side, people: Mapping[str, frozenset[str]]) -> Side:
    """Put a person in place of the words of a name that are the person's: all of them, or the family name alone."""
    gist = side.gist
    there = {word[1:] for word in (*gist.words, *gist.claimant) if word.startswith("^")}
    meant = {f"^{part}": word for word, name in people.items() if name <= there for part in name}
    families = [(f"^{part}", word) for word, name in people.items() for part in name & there if len(name) > 1]
    alone = {part for part, _ in families if sum(part == other for other, _ in families) == 1}
    meant = {part: word for part, word in families if part in alone} | meant
    return replace(side, gist=_mapped(gist, lambda word: meant.get(word, word), owners=False)) if meant else side


def _swapped(side: Side, same: Mapping[str, str]) -> Side:
    changed = {old: new for old, new in same.items() if old != new}
    return replace(side, gist=_mapped(side.gist, lambda word: changed.get(word, word))) if changed else side


def _mapped(gist: Gist, new: Callable[[str], str], *, owners: bool = True) -> Gist:
    """Put other words in a gist; without ``owners``, not beside the name of whom it is told: "Lee's aide, Ann Roe"."""

    def words(old: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new(word) for word in old))

    def told_of(old: tuple[str, ...]) -> tuple[str, ...]:
        return words(old) if owners or not any(word.startswith("@") for word in old) else old

    statements = tuple(
        replace(each, subject=told_of(each.subject), others=words(each.others), holder=words(each.holder))
        for each in gist.statements
    )
    return replace(gist, statements=statements, claimant=told_of(gist.claimant), words=words(gist.words))
