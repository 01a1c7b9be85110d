"""The few words of a claim by which others on its matter are found."""

import itertools

from domain.gists import Gist, Statement
from services.relation_rules.words import is_name, lexicon, root

# So many keys of each kind a claim has at most, so that the index stays small.
PERSONS, NAMES, PAIRS, NUMBERS = 3, 3, 4, 2
# What names nobody is found by its pairs alone.
PAIRS_ALONE = 7


def keys_of(gist: Gist) -> frozenset[str]:
    """Return persons, other names, pairs of a deed and what it is done to, and numbers with what they count."""
    words = dict.fromkeys([*(word for each in gist.statements for word in _named(each)), *gist.words, *gist.claimant])
    persons = [word for word in words if word.startswith("@")][:PERSONS]
    names = sorted((word for word in words if word.startswith("^")), key=len, reverse=True)[:NAMES]
    most = PAIRS if persons or names else PAIRS_ALONE
    pairs = list(dict.fromkeys(pair for each in gist.statements for pair in _pairs(each)))[:most]
    numbers = [
        f"{one.low}{root(one.unit)}" for each in gist.statements for one in each.quantities if one.low and one.low >= 13
    ]
    return frozenset((*persons, *names, *pairs, *numbers[:NUMBERS]))


def _named(statement: Statement) -> tuple[str, ...]:
    return (*statement.subject, *statement.others)


def _pairs(statement: Statement) -> list[str]:
    lex = lexicon()
    deed = root(statement.predicate.removeprefix("~"))
    things = sorted(
        {group_of(root(word)) for word in _named(statement) if not is_name(word)} - lex.vague, key=len, reverse=True
    )
    if deed in lex.light:
        return ["+".join(sorted(pair)) for pair in itertools.combinations(things[:3], 2)]
    # Whoever says the opposite has the same things under another deed.
    both = ["+".join(sorted(pair)) for pair in itertools.combinations(things[:3], 2)]
    return [*(f"{group_of(deed)}+{thing}" for thing in things[:2]), *both]


def group_of(word: str) -> str:
    """Return what stands for a root and its near synonyms."""
    groups = lexicon().same.get(word)
    return f"={min(groups)}" if groups else word
