"""People from names that a recogniser found, where the rules know no words of the language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.extraction import Mention, NamedPerson, Span
from extraction.vocabulary import fold


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A name where it stands, and its dictionary form: "Анну Ковальчук", "Анна Ковальчук"."""

    text: str
    span: Span
    normal: str


@dataclass(slots=True)
class _Bearer:
    words: tuple[str, ...]
    names: list[NamedSpan] = field(default_factory=list)


def people_of(names: Sequence[NamedSpan]) -> tuple[NamedPerson, ...]:
    """Return whose names they are, in the order of first mention; a surname is its latest bearer's."""
    bearers: list[_Bearer] = []
    fullest_first = sorted(names, key=lambda name: -len(name.normal.split()))
    for name in fullest_first:
        words = tuple(fold(word) for word in name.normal.split())
        bearer = next((known for known in bearers if _within(words, known.words)), None)
        if bearer is None:
            bearer = _Bearer(words)
            bearers.append(bearer)
        bearer.names.append(name)
    people = [_person(sorted(bearer.names, key=lambda name: name.span)) for bearer in bearers]
    return tuple(sorted(people, key=lambda person: person.mentions[0].span))


def _within(words: Sequence[str], known: Sequence[str]) -> bool:
    """Say whether the words of a name stand in a known one in their order; a lone word must be its last or first."""
    if len(words) == 1:
        return words[0] in (known[-1], known[0])
    rest = iter(known)
    return all(word in rest for word in words)


def _person(names: Sequence[NamedSpan]) -> NamedPerson:
    forms = list(dict.fromkeys(name.normal for name in names))
    best = max(forms, key=lambda form: (len(form.split()), len(form)))
    mentions = tuple(Mention(name.text, name.span) for name in names)
    return NamedPerson(best, tuple(form for form in forms if form != best), (), mentions)
