"""Which person a source is: by name, by role, or, for a pronoun, by who was spoken of last."""

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile

from spacy.tokens import Doc, Token

from extraction.findings import findings
from extraction.grammar import grammar
from extraction.languages import language_read, read_data
from extraction.quotations import QuotationIndex
from extraction.trees import PASSIVE_SUBJECTS, SUBJECTS, children, has_child, heads, sentence_of
from extraction.vocabulary import fold, is_person_noun, vocabulary

_EITHER_SUBJECTS = SUBJECTS | PASSIVE_SUBJECTS
FARTHEST = 3  # paragraphs back to the person that a pronoun or a role stands for


@dataclass(frozen=True, slots=True)
class _Words:
    gender: dict[str, str]
    pronouns: dict[str, str]


def _words() -> _Words:
    return _words_of(language_read())


@cache
def _words_of(language: str) -> _Words:
    data = read_data("speakers.toml", language)
    genders = ("female", "male")
    titles = {
        **dict.fromkeys(vocabulary().female_titles, "female"),
        **dict.fromkeys(vocabulary().male_titles, "male"),
    }
    nouns = {word: gender for gender in genders for word in data[gender]["words"].split()}
    return _Words(
        titles | nouns,
        {word: gender for gender in genders for word in data["pronouns"][gender]},
    )


class Speakers:
    """Links sources to ``findings(doc).people``; ask in the order of the text, for each answer helps the next."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        people = findings(doc).people
        self._person_at = bearers(doc)
        self._roles = [{w.casefold() for role in person.job_titles for w in role.split()} for person in people]
        self._gender = genders(doc)
        quotations = QuotationIndex(findings(doc).quotations)
        # Of whom a quotation speaks is not who is heard next.
        outside = (i for i in self._person_at if quotations.at(i) is None)
        subjects = sorted(i for i in outside if _is_subject(doc[i]))
        self._spoken_of = [(i, self._person_at[i]) for i in subjects]
        nouns = [token for token in doc if _is_subject(token) and _is_somebody(token)]
        nouns = [noun for noun in nouns if noun.i not in self._person_at and quotations.at(noun.i) is None]
        for noun in nouns:
            if (person := person_behind(noun, self._person_at)) is not None:
                insort(self._spoken_of, (noun.i, person))
        self._nameless = [noun.i for noun in nouns if self._is_nameless(noun)]

    def person_of(self, source: frozenset[int]) -> int | None:
        """Return the index of the person that a source's tokens stand for, if the article decides it."""
        above = heads(self._doc)
        highest = [self._doc[i] for i in sorted(source) if above[i] not in source]
        if not highest:
            return None
        head = highest[0]
        named = (self._named(one, source) for one in highest if one.i == head.i or one.dep_ in SUBJECTS)
        person = next((one for one in named if one is not None), None)
        if person is None:
            person = self._latest(head)
        if person is not None:
            insort(self._spoken_of, (head.i, person))
        return person

    def _named(self, head: Token, source: frozenset[int]) -> int | None:
        if self._person_at.keys().isdisjoint(source) or has_child(head, "conj"):
            return None
        close = list(children(head, "appos", "compound", "flat", "nmod"))
        # "Its head, the diplomat Ana Sol": the name is the apposition's own.
        further = (name for one in close if one.dep_ == "appos" for name in children(one, "appos", "compound"))
        names = chain([head], close, further)
        found = (self._person_at.get(name.i) for name in names if name.i in source)
        return next((person for person in found if person is not None), None)

    def _is_nameless(self, noun: Token) -> bool:
        """Say whether a person's noun is somebody whom the article does not tell by name or role."""
        held = any(noun.lower_ in roles for roles in self._roles)
        return noun.tag_ == "NN" and not held and person_behind(noun, self._person_at) is None

    def _latest(self, head: Token) -> int | None:
        """Return the latest person spoken of whom a pronoun or a definite role fits."""
        gender = _words().pronouns.get(head.lower_)
        if gender is not None:
            found = self._last(head.i, lambda person: self._gender.get(person, gender) == gender)
            return None if self._may_be_nameless(head, gender, found) else found
        definite = head.pos_ == "NOUN" and any(det.lower_ in grammar().definite for det in children(head, "det"))
        return self._last(head.i, lambda person: head.lower_ in self._roles[person]) if definite else None

    def _may_be_nameless(self, pronoun: Token, gender: str, person: int | None) -> bool:
        """Say whether somebody without a name acts between the latest mention of a person and a pronoun."""
        behind = self._nameless[: bisect_left(self._nameless, pronoun.i)][-1:]
        if person is None or not behind or sentence_of(self._doc[behind[0]]) == sentence_of(pronoun):
            return False
        known = _words().gender.get(self._doc[behind[0]].lower_, gender)
        latest = max((place for place, one in self._spoken_of if one == person and place < pronoun.i), default=-1)
        return known == gender and behind[0] > latest

    def _last(self, before: int, fits: Callable[[int], bool]) -> int | None:
        paragraph_of = findings(self._doc).paragraph_of
        for i in range(bisect_left(self._spoken_of, (before, -1)) - 1, -1, -1):
            place, person = self._spoken_of[i]
            if paragraph_of[before] - paragraph_of[place] > FARTHEST:
                return None
            if fits(person):
                acting = self._acting(place, before, fits, person)
                return None if self._could_be_other(place, before, fits, acting) else acting
        return None

    def _could_be_other(self, place: int, before: int, fits: Callable[[int], bool], person: int) -> bool:
        """Say whether an earlier sentence has another subject that fits, where no gender is told."""
        sentence = sentence_of(self._doc[place])
        if person in self._gender or before < sentence.end:
            return False
        first = bisect_left(self._spoken_of, (sentence.start, -1))
        inside = takewhile(lambda one: one[0] < sentence.end, self._spoken_of[first:])
        return any(other != person and fits(other) for _, other in inside)

    def _acting(self, place: int, before: int, fits: Callable[[int], bool], person: int) -> int:
        """Return who acts in the earlier sentence in which ``person`` is only spoken of."""
        sentence = sentence_of(self._doc[place])
        if before < sentence.end:
            return person
        first = bisect_left(self._spoken_of, (sentence.start, -1))
        inside = takewhile(lambda one: one[0] < sentence.end, self._spoken_of[first:])
        acting = (one for i, one in inside if self._doc[i].head.i == sentence.root.i and fits(one))
        return next(acting, person)


def person_behind(subject: Token, person_at: Mapping[int, int]) -> int | None:
    """Return who a subject is, by a name's token: "Ana Sol", "the director of the port, Ana Sol"; None for nobody."""
    if subject.i in person_at or not _is_somebody(subject):
        return person_at.get(subject.i)
    explained = (one for one in subject.subtree if one.dep_ == "appos" and one.i in person_at)
    own = (one for one in explained if one.head.i == subject.i or not _is_somebody(one.head))
    return next((person_at[one.i] for one in own), None)


def _is_somebody(noun: Token) -> bool:
    return noun.pos_ == "NOUN" and is_person_noun(noun.lower_)


def _is_subject(token: Token) -> bool:
    return token.dep_ in _EITHER_SUBJECTS


def bearers(doc: Doc) -> dict[int, int]:
    """Return the person that each token of a name names, as an index into ``findings(doc).people``."""
    return {
        i: index
        for index, person in enumerate(findings(doc).people)
        for mention in person.mentions
        for i in range(mention.start, mention.end)
    }


def gender_of_pronoun(word: str) -> str | None:
    """Return the gender that a pronoun in lower case stands for."""
    return _words().pronouns.get(word)


def genders(doc: Doc) -> dict[int, str]:
    """Return, by index into ``findings(doc).people``, the gender that a given name, title or description tells."""
    by_name = {"f": "female", "m": "male"}
    given = vocabulary().genders
    told = {
        number: by_name[given[first]]
        for number, person in enumerate(findings(doc).people)
        if len(words := person.name.split()) > 1 and given.get(first := fold(words[0])) in by_name
    }
    for i, person in bearers(doc).items():
        around = chain([doc[i].nbor(-1)] if i else [], children(doc[i], "appos", "compound"))
        known = (_words().gender.get(word.lower_.rstrip(".")) for word in around)
        gender = next((gender for gender in known if gender is not None), None)
        if gender is not None:
            told[person] = gender
    return told
