"""Who is named in an article, and which names are one person's."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from domain.extraction import Mention, NamedPerson
from extraction.findings import findings
from extraction.grammar import grammar
from extraction.linking import link
from extraction.names import ENOUGH, Name, find_names, speaks
from extraction.namesakes import circumstances
from extraction.pipeline import as_received, span_of
from extraction.roles import fullest, roles_at
from extraction.trees import children
from extraction.vocabulary import fold, vocabulary
from extraction.words import Word, words

# A name known from elsewhere in the article is taken in spite of a wrong label, but not against what forbids it.
_FORBIDDEN = -4.0
_DOUBTFUL = -2.5


@dataclass(frozen=True, slots=True)
class PersonInDoc:
    """A person as runs of tokens; ``name`` is the fullest form, ``job_titles`` roles in the article's words."""

    name: str
    alternate_names: tuple[str, ...]
    job_titles: tuple[str, ...]
    mentions: tuple[DocSpan, ...]


@Language.component("presswatch_people")
def find_people(doc: Doc) -> Doc:
    """Leave the article's people in ``findings(doc).people``, in the order of their first mention."""
    names = _without_epithets(people_names(doc))
    roles = [roles_at(doc, name) for name in names]
    around = circumstances(doc, names, roles)
    groups = link(names, around, lambda one, other: _related(doc, names[one], names[other]))
    findings(doc).people = tuple(_person(doc, [(names[index], roles[index]) for index in group]) for group in groups)
    return doc


def people_names(doc: Doc) -> list[Name]:
    """Return the names of people in order: the sure ones, and what they make of the doubtful ones."""
    row = list(words(doc))
    found = find_names(doc, row)
    sure = _sure(found) - _places(doc, found) - _clubs(found) - _bodies(doc, row, found)
    parts = _parts_of(sure)
    kept = [name for name in found if _kept(name, sure, parts)]
    forbidden = [name for name in found if name.weight <= _FORBIDDEN]
    kept = [name for name in kept if not _is_family(doc, name, parts)]
    return sorted([*kept, *_overlooked(doc, row, kept, forbidden, sure, parts)], key=lambda name: name.start)


def _without_epithets(names: Sequence[Name]) -> list[Name]:
    """ "Gloomy Ana Sol", where "Ana Sol" stands too: what is no given name before one that is, is no part of a name."""
    known = {name.key for name in names if len(name.key) > 1 and _is_given(name.key[0])}
    firsts = {key[0] for key in known}
    epithets = {name.key[:1] for name in names if _has_epithet(name, known, firsts)}
    return [_without_epithet(name, epithets) for name in names if name.key not in epithets]


def _without_epithet(name: Name, epithets: AbstractSet[tuple[str, ...]]) -> Name:
    return replace(name, words=name.words[1:]) if name.key[:1] in epithets else name


def _has_epithet(name: Name, known: AbstractSet[tuple[str, ...]], firsts: AbstractSet[str]) -> bool:
    first, rest = name.words[0], name.key[1:]
    if not rest or first.initial or not first.capital or name.key[0] in vocabulary().genders:
        return False
    return rest in known or (len(rest) == 1 and rest[0] in firsts)


def _is_given(word: str) -> bool:
    return vocabulary().genders.get(word) in {"f", "m"}


def _sure(found: Sequence[Name]) -> set[tuple[str, ...]]:
    """Return the names that are people's: where one word stands alone, most of its places must say so."""
    weights: dict[tuple[str, ...], list[float]] = {}
    for name in found:
        weights.setdefault(name.key, []).append(name.weight)
    surnames = {key[-1] for key in weights if len(key) > 1 and key[0] in vocabulary().genders}
    return {
        key
        for key, values in weights.items()
        if not _adjectival(key, surnames)
        and max(values) >= ENOUGH
        and (len(key) > 1 or 2 * sum(value >= ENOUGH for value in values) >= len(values))
    }


def _places(doc: Doc, found: Sequence[Name]) -> set[tuple[str, ...]]:
    """Return the names of places: again and again something is in them, or half of the time they can be nobody's."""
    before = vocabulary().place_prepositions
    places: dict[tuple[str, ...], list[tuple[bool, bool]]] = {}
    for name in found:
        inside = name.start > 0 and doc[name.start - 1].lower_ in before and not name.honorific
        places.setdefault(name.key, []).append((inside, name.weight <= _FORBIDDEN))
    return {
        key
        for key, seen in places.items()
        if (len(seen) > 1 and all(inside for inside, _ in seen))
        or (any(forbidden for _, forbidden in seen) and 2 * sum(forbidden for _, forbidden in seen) >= len(seen))
    }


def _clubs(found: Sequence[Name]) -> set[tuple[str, ...]]:
    """ "HC Sol", "MV Sol": "Sol" alone is that club or ship as well."""
    before = vocabulary().before_other_names
    return {
        name.key[1:]
        for name in found
        if len(name.key) == 2 and name.words[0].text.isupper() and name.key[0] in before and name.weight < 0
    }


def _bodies(doc: Doc, row: Sequence[Word], found: Sequence[Name]) -> set[tuple[str, ...]]:
    """ "The firm Sol", "Sol, a firm that", "Sol Ltd": what the article itself tells to be a firm, a body or a place."""
    known = vocabulary()
    surnames = {name.key[-1] for name in found if len(name.key) > 1 and name.key[0] in known.genders}
    endings = {word.start for word in row if word.text.lower().rstrip(".") in known.firm_endings and word.capital}
    told = {name.key for name in found if _is_body(doc, name)}
    for name in found:
        if name.end in endings:
            told.add(name.key)
        elif fold(name.words[-1].text) in known.firm_endings:
            told.add(name.key[:-1])
    return {key for key in told if key and key[-1] not in surnames}


def _is_body(doc: Doc, name: Name) -> bool:
    known = vocabulary()
    before, further = (doc[i] if i >= 0 else None for i in (name.start - 1, name.start - 2))
    if before is not None and before.is_lower and before.lower_ in known.naming_nouns:
        return True
    if before is not None and before.lower_ in grammar().of and further is not None and not name.honorific:
        given = name.key[0] in known.genders
        return not given and further.lower_ in known.offices | known.naming_nouns
    explaining = children(doc[name.start : name.end].root, "appos")
    return any(one.lower_ in known.naming_nouns for one in explaining)


def _adjectival(key: tuple[str, ...], surnames: set[str]) -> bool:
    """ "Sol sketches" behind "Ana Sol": a surname before a thing, if it is not one that may begin a name."""
    vocab = vocabulary()
    return len(key) == 2 and key[0] in surnames and key[0] not in vocab.genders and key[0] not in vocab.surname_first


def _parts_of(sure: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
    """Return the short forms of full names with the weight below which a candidate is not one of them."""
    parts: dict[tuple[str, ...], float] = {}
    for key in sure:
        for start in range(1, len(key)):
            parts[key[start:]] = _FORBIDDEN
        if len(key) > 1 and len(key[0]) > 2:
            first = (key[0],)
            surname = key[0] in vocabulary().surname_first
            parts[first] = min(parts.get(first, 0.0), _FORBIDDEN if surname else _DOUBTFUL)
            for middle in key[1:-1]:
                parts.setdefault((middle,), _DOUBTFUL)
    return {part: weight for part, weight in parts.items() if len("".join(part)) > 1}


def _kept(name: Name, sure: set[tuple[str, ...]], parts: dict[tuple[str, ...], float]) -> bool:
    if name.key in sure:
        return name.weight > _FORBIDDEN
    return name.weight > parts.get(name.key, math.inf)


def _is_family(doc: Doc, name: Name, parts: dict[tuple[str, ...], float]) -> bool:
    """ "The Sols": the plural of a surname is a family."""
    last = name.key[-1]
    plural = len(name.words) == 1 and last.endswith("s") and ((last[:-1],) in parts or (last[:-2],) in parts)
    return plural and name.start > 0 and doc[name.start - 1].lower_ == "the" and (last,) not in parts


def _overlooked(
    doc: Doc,
    row: Sequence[Word],
    kept: Sequence[Name],
    forbidden: Sequence[Name],
    sure: set[tuple[str, ...]],
    parts: dict[tuple[str, ...], float],
) -> Iterator[Name]:
    """Yield known names where no candidate stood, as in headlines whose every word has a capital."""
    known = sure | {part for part in parts if len(part[-1]) > 3}
    longest = max((len(key) for key in known), default=0)
    taken = {index for name in (*kept, *forbidden) for index in range(name.start, name.end)}
    row = [word for word in row if word.capital or word.text.lower() in vocabulary().particles]
    at = 0
    while at < len(row):
        run = _known_run(row[at : at + longest], known)
        if run and not any(index in taken for word in run for index in range(word.start, word.end)) and _free(doc, run):
            yield Name(tuple(run), ENOUGH)
        at += max(len(run), 1)


def _known_run(row: Sequence[Word], known: set[tuple[str, ...]]) -> Sequence[Word]:
    for count in range(len(row), 0, -1):
        together = all(a.end == b.start for a, b in pairwise(row[:count]))
        if together and row[0].capital and tuple(fold(word.text) for word in row[:count]) in known:
            return row[:count]
    return []


def _free(doc: Doc, run: Sequence[Word]) -> bool:
    """A known name inside an organisation's, a place's or a work's longer name is not the person."""
    start, end = run[0].start, run[-1].end
    label = doc[start].ent_type_
    if (
        label in {"", "PERSON"}
        or findings(doc).paragraph_of[start] in findings(doc).loud
        or (doc[start].ent_iob_ == "B" and (end == len(doc) or doc[end].ent_iob_ != "I"))
    ):
        after = doc[end] if end < len(doc) else None
        return after is None or after.lower_ not in vocabulary().organisation_words or not after.text[0].isupper()
    return False


def _related(doc: Doc, orphan: Name, other: Name) -> bool:
    """Say whether two spellings share a turn of speech: one speaks within two paragraphs of the other."""
    near = abs(findings(doc).paragraph_of[orphan.start] - findings(doc).paragraph_of[other.start]) <= 2
    return near and speaks(doc[orphan.start : orphan.end].root)


def _person(doc: Doc, found: Sequence[tuple[Name, Sequence[DocSpan]]]) -> PersonInDoc:
    forms = Counter(_form(doc, name) for name, _ in found)
    best = max(forms, key=lambda form: (len(form.split()), forms[form], len(form)))
    others = [form for form in forms if form != best and form.casefold() != best.casefold()]
    mentions = tuple(doc[name.start : name.end] for name, _ in found)
    roles = fullest(role for _, spans in found for role in spans)
    return PersonInDoc(best, tuple(dict.fromkeys(others)), roles, mentions)


def _form(doc: Doc, name: Name) -> str:
    """Return a name as it stands, one all in capitals in usual letters."""
    text = " ".join(doc[name.start : name.end].text.split())
    return text.title() if text.isupper() and len(text) > 4 else text


def to_domain(doc: Doc) -> tuple[NamedPerson, ...]:
    """Return ``findings(doc).people`` with offsets into the text as received, in the order of their first mention."""
    return tuple(
        NamedPerson(
            person.name,
            person.alternate_names,
            person.job_titles,
            tuple(Mention(as_received(mention), span_of(mention)) for mention in person.mentions),
        )
        for person in findings(doc).people
    )
