"""What each claim says as far as two can be compared: statements, read off the parse.

A claim's clauses become statements (who does what to whom, how much, when), each with how surely its claimant holds
it: from the cue inwards, as in ``extraction.factuality``. What is meant, owed or to come is told apart from what is
done, for a denied intent is no denied deed (the factive and modal contradictions of de Marneffe, Rafferty and Manning
2008, "Finding contradictions in text").
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from domain.extraction import Attribution, AttributionKind, Factuality, KeyClaim
from domain.gists import Gist, Mode, Quantity, Statement
from extraction.attributions import AttributionInDoc
from extraction.factuality import is_negated, operator_of, own_value, value_of_cue
from extraction.findings import findings
from extraction.languages import language_read, read_data
from extraction.lexicon import Construction, cue_lexicon, lemma_of
from extraction.operators import TRANSPARENT, applied, compose
from extraction.quantities import Measures
from extraction.quotations import QuotationIndex
from extraction.speakers import Speakers, bearers
from extraction.trees import (
    VERBAL,
    agent,
    children,
    controller,
    dependents,
    has_child,
    has_to,
    is_passive,
    noun_phrase,
    own_subject,
    sentence_of,
    tops,
)
from extraction.vocabulary import vocabulary

# More statements than a sentence has; a longer run is a parser's error.
MOST = 12
_DENIED = frozenset({Factuality.DENIED, Factuality.IMPROBABLE})
_OBJECTS = frozenset(
    {"dobj", "attr", "acomp", "oprd", "dative", "pobj", "npadvmod", "advmod", "prt", "nsubjpass", "agent"}
)
_CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "pcomp", "csubj", "csubjpass", "parataxis"})
_WORDS = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV"})
_FIRST = frozenset({"i", "me", "my", "myself"})
_FIRST_OF_MANY = frozenset({"we", "us", "our", "ourselves"})
_THIRD = frozenset({"he", "she", "his", "her", "him", "himself", "herself"})
_PRONOUNS = _FIRST | _FIRST_OF_MANY | _THIRD
# Between what is said and "said" stands the source, in so many parts set off by commas and so many words.
_PARTS, _SOURCE_WORDS, _BARE_ROLE = 2, 10, 4
# Prepositions before a clause that tell what a verb is about; others only tell when or how.
_OF = frozenset({"of", "from", "about", "to", "on", "against", "for", "with", "in", "into"})


@dataclass(frozen=True, slots=True)
class _Lists:
    intentions: frozenset[str]
    duties: frozenset[str]
    future: frozenset[str]
    due: frozenset[str]
    owed: frozenset[str]
    charging: frozenset[str]
    carrying: frozenset[str]
    pointing: frozenset[str]
    refusing: frozenset[str]
    everything: frozenset[str]
    told: frozenset[str]
    deeds: frozenset[str]
    calling: frozenset[str]
    false: frozenset[str]
    happening: frozenset[str]
    happens: frozenset[str]
    announcing: frozenset[str]
    asking: frozenset[str]
    supporting: frozenset[str]
    phrases: frozenset[str]
    retracting: frozenset[str]
    ahead: frozenset[str]


def _lists() -> _Lists:
    return _lists_of(language_read())


@cache
def _lists_of(language: str) -> _Lists:
    data = read_data("gists.toml", language)
    return _Lists(**{name: frozenset(data[name]["words"].split()) for name in _Lists.__slots__})


@dataclass(frozen=True, slots=True)
class _Scope:
    """What stands around a clause: how surely its own scope is held, in which mode, by whom but the claimant.

    ``subject`` is who does what the clause says where the parse has it elsewhere.
    """

    value: Factuality
    mode: Mode = Mode.DEED
    holder: tuple[str, ...] = ()
    subject: tuple[str, ...] | None = None


def with_gists(
    doc: Doc, attributions: Sequence[Attribution], claims: Sequence[KeyClaim]
) -> tuple[tuple[Attribution, ...], tuple[KeyClaim, ...]]:
    """Return the attributions and key claims of a Doc, in its order of them, with their gists."""
    reader, known = _Reader(doc), findings(doc).attributions
    told = tuple(
        replace(each, gist=reader.gist(known[index].content, index)) for index, each in enumerate(attributions)
    )
    within = zip(claims, findings(doc).claims, strict=True)
    return told, tuple(replace(each, gist=reader.gist(one.pieces, one.attribution)) for each, one in within)


def gists_of(doc: Doc, contents: Iterable[Sequence[DocSpan]]) -> list[Gist]:
    """Return what runs of tokens say in the article's own voice, in the order of the text."""
    reader = _Reader(doc)
    return [reader.gist(content, None) for content in contents]


class _Reader:
    """Reads the gists of one Doc; ask in the order of the text."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._speakers = Speakers(doc)
        self._measures = Measures(doc)
        self._names = {i: findings(doc).people[person].name for i, person in bearers(doc).items()}
        self._quotations = QuotationIndex(findings(doc).quotations)
        self._known: dict[int, tuple[str, ...]] = {}
        self._gists: dict[tuple[int | None, frozenset[int]], Gist] = {}

    def gist(self, content: Sequence[DocSpan], number: int | None) -> Gist:
        """Return what a content says; ``number`` is that of the attribution which ties it to its claimant, if any."""
        inside = frozenset(i for piece in content for i in range(piece.start, piece.end))
        if (number, inside) not in self._gists:
            attribution = None if number is None else findings(self._doc).attributions[number]
            self._gists[number, inside] = self._gist(inside, attribution)
        return self._gists[number, inside]

    def _gist(self, inside: frozenset[int], attribution: AttributionInDoc | None) -> Gist:
        claimant = self._claimant(attribution) if attribution else ()
        cue = attribution.cue[0].root if attribution and attribution.cue else None
        scope = _of_cue(cue, attribution, claimant)
        if attribution is None and (behind := said_behind(self._doc, inside)) is not None:
            source, cue = behind
            inside = frozenset(i for i in inside if i < source.start)
            claimant = self._source_words(range(source.start, source.end))
        if cue is not None and attribution is not None:
            inside -= _judging(cue, inside)
        clauses = _Clauses(self, inside, claimant)
        charged = self._charged(cue, inside)
        for top in _tops(self._doc, inside):
            clauses.read(top, replace(scope, subject=charged) if charged is not None else scope)
        return Gist(
            statements=tuple(dict.fromkeys(clauses.found))[:MOST],
            claimant=claimant,
            cue=lemma_of(cue) if cue is not None else "",
            denies=cue is not None and scope.value in _DENIED,
            points_back=_points_back(self._doc, inside),
            words=self.words(sorted(inside), claimant),
        )

    def _told_before(self, token: Token, claimant: tuple[str, ...]) -> tuple[str, ...]:
        """Return whom a pronoun outside of quotations stands for where nobody else is spoken of: its claimant."""
        persons = tuple(word for word in claimant if word.startswith("@"))
        alone = token.lower_ in _THIRD and len(persons) == 1 and self._quotations.at(token.i) is None
        return persons if alone else ()

    def is_somebody(self, token: Token) -> bool:
        """Tell whether a token belongs to a person's name."""
        return token.i in self._names

    def words(self, tokens: Iterable[int], claimant: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the words of a gist for tokens, each once."""
        return tuple(dict.fromkeys(word for i in tokens for word in self._word(i, claimant)))

    def quantities(self, tokens: Iterable[int]) -> tuple[Quantity, ...]:
        """Return the numbers among tokens with what they count."""
        return self._measures.quantities(tokens)

    def days(self, tokens: Iterable[int], *, past: bool) -> tuple[str, ...]:
        """Return the days that tokens name; a weekday alone is the last one where the deed is ``past``."""
        return self._measures.days(tokens, past=past)

    def to_come(self, days: Sequence[str]) -> bool:
        """Tell whether any of the days is after the article's."""
        return self._measures.to_come(days)

    def _word(self, i: int, claimant: tuple[str, ...]) -> tuple[str, ...]:
        if i not in self._known:
            token = self._doc[i]
            if token.pos_ == "PRON" or token.lower_ in _PRONOUNS:
                return self._pronoun(token, claimant)
            self._known[i] = self._read_word(token)
        return self._known[i]

    def _pronoun(self, token: Token, claimant: tuple[str, ...]) -> tuple[str, ...]:
        if token.lower_ in _FIRST:
            return tuple(word for word in claimant if word.startswith("@"))
        if token.lower_ in _FIRST_OF_MANY:
            return ()
        found = self._read_word(token)
        if found and found[0] in claimant and self._quotations.at(token.i) is not None:
            return ()  # nobody says "he" of himself
        return found or self._told_before(token, claimant)

    def _read_word(self, token: Token) -> tuple[str, ...]:
        if token.i in self._names:
            return (f"@{self._names[token.i]}",)
        if self._measures.is_measure(token):
            return ()
        if token.pos_ == "PRON":
            return self._person(token)
        if token.pos_ not in _WORDS or not any(letter.isalpha() for letter in token.text):
            return ()
        if token.pos_ == "PROPN":
            return (f"^{token.lemma_.lower()}",)
        if (token.is_stop and token.pos_ != "NOUN") or token.head.pos_ == "NUM":
            return ()
        return (*self._person(token), lemma_of(token)) if token.pos_ == "NOUN" else (lemma_of(token),)

    def _person(self, token: Token) -> tuple[str, ...]:
        """Return whom a pronoun or a definite role stands for."""
        if token.pos_ == "NOUN" and token.lower_ not in vocabulary().person_nouns:
            return ()
        person = self._speakers.person_of(frozenset({token.i}))
        return () if person is None else (f"@{findings(self._doc).people[person].name}",)

    def _claimant(self, attribution: AttributionInDoc) -> tuple[str, ...]:
        tokens = [i for piece in attribution.source for i in range(piece.start, piece.end)]
        words = self._source_words(tokens, named=attribution.person is not None)
        if attribution.person is not None:
            person = findings(self._doc).people[attribution.person]
            titles = (
                word.lower().strip(",.").partition("’")[0] for title in person.job_titles for word in title.split()
            )
            titles = (word.partition("'")[0] for word in titles)
            vocab = self._doc.vocab
            named = (f"@{person.name}", *words, *(word for word in titles if word and not vocab[word].is_stop))
            return tuple(dict.fromkeys(named))
        return words or tuple(self._doc[i].lower_ for i in tokens[:3])

    def _source_words(self, tokens: Sequence[int], *, named: bool = False) -> tuple[str, ...]:
        """Return the words for a source; whose lawyer somebody is does not speak, whose office does."""
        owners = {
            i for at in tokens for child in children(self._doc[at], "poss") for i in (child.i, *noun_phrase(child))
        }
        # "Two people close to him" are not he.
        tokens = [i for i in tokens if self._doc[i].dep_ != "pobj" or self._doc[i].pos_ != "PRON" or len(tokens) == 1]
        words = self.words(i for i in tokens if i not in owners)
        persons = named or any(word.startswith("@") for word in words)
        owned = self.words(i for i in tokens if i in owners)
        return (*words, *(word for word in owned if not (persons and word.startswith("@")) and word not in words))

    def _charged(self, cue: Token | None, inside: AbstractSet[int]) -> tuple[str, ...] | None:
        """Return who is blamed, nobody where that is not known: the object of "accused him of paying"."""
        if cue is None or lemma_of(cue) not in _lists().charging:
            return None
        blamed = [child for child in children(cue, "dobj", "nsubjpass") if child.i in inside or is_passive(cue)]
        return self.words(sorted(noun_phrase(blamed[0]))) if blamed else None


def _of_cue(cue: Token | None, attribution: AttributionInDoc | None, claimant: tuple[str, ...]) -> _Scope:
    """Return how a claimant holds what the cue ties to them."""
    if cue is None or attribution is None:
        return _Scope(Factuality.CERTAIN)
    if _undecided(cue):
        return _Scope(Factuality.UNKNOWN)
    lists, lemma = _lists(), lemma_of(cue)
    held = Factuality.DENIED if is_negated(cue) else Factuality.CERTAIN
    if _calls_false(cue) or (cue.dep_ == "dobj" and lemma_of(cue.head) in lists.retracting):
        return _Scope(compose(Factuality.DENIED, held))
    if lemma in lists.duties:
        return _Scope(held, Mode.DUTY)
    if lemma in lists.refusing:
        return _Scope(compose(Factuality.DENIED, held), Mode.INTENTION, (), claimant)
    if lemma in lists.intentions:
        own = attribution.construction != Construction.OBJECT_INFINITIVE
        return _Scope(held, Mode.INTENTION, (), claimant if own else None)
    mode = Mode.FUTURE if attribution.kind is AttributionKind.INTENTION else Mode.DEED
    return _Scope(value_of_cue(cue, Construction(attribution.construction)), mode)


def _judging(cue: Token, inside: AbstractSet[int]) -> set[int]:
    """Return the tokens of a content that only call it false."""
    if not _calls_false(cue):
        return set()
    words = (cue.doc[i] for i in inside if i > cue.i and lemma_of(cue.doc[i]) in _lists().false)
    judging = [{token.i for token in word.subtree} for word in words if word.pos_ not in VERBAL]
    return {i for part in judging if not any(cue.doc[i].pos_ in VERBAL for i in part) for i in part}


def _calls_false(cue: Token) -> bool:
    """ "Called the report that … baseless", "described as absurd the claim that …"."""
    lists = _lists()
    if lemma_of(cue) not in lists.calling or not any(
        lemma_of(noun) in lists.told or noun.lower_ == "it" for noun in children(cue, "dobj", "nsubj", "nsubjpass")
    ):
        return False
    return any(lemma_of(word) in lists.false for word in cue.doc[cue.i + 1 : sentence_of(cue).end])


def _undecided(cue: Token) -> bool:
    """ "Would neither confirm nor deny"."""
    return any(
        child.lower_ in ("neither", "nor")
        for word in (cue, cue.head)
        for child in children(word, "preconj", "cc", "advmod")
    )


def _tops(doc: Doc, inside: AbstractSet[int]) -> list[Token]:
    """Return the words of a content that the others hang on."""
    return [
        top
        for top in tops(doc, inside)
        if not top.is_punct and not top.is_space and top.dep_ not in ("mark", "cc", "case")
    ]


def said_behind(doc: Doc, inside: AbstractSet[int]) -> tuple[DocSpan, Token] | None:
    """Return the source and the verb of ", the minister, Ann Lee, said" at the end of a sentence.

    For the parser often takes the source for a part of what is said.
    """
    if not inside:
        return None
    sentence = sentence_of(doc[min(inside)])
    backwards = (doc[i] for i in range(sentence.end - 1, sentence.start - 1, -1))
    verb = next((token for token in backwards if token.pos_ == "VERB"), None)
    if verb is None or Construction.CLAUSE not in _takes(verb) or verb.tag_ not in ("VBD", "VBZ"):
        return None
    starts = [i + 1 for i in range(sentence.start, verb.i) if doc[i].text == ","]
    ends = [*(start - 1 for start in starts[1:]), verb.i]
    parts = [doc[start:end] for start, end in zip(starts, ends, strict=False)]
    parts = [part for part in parts if len(part) and part[0].lower_ not in ("who", "which", "whose")]
    source = _source(doc, [part for part in parts if len(part)], verb)
    before = doc[sentence.start : source.start] if source is not None else ()
    return (source, verb) if source is not None and any(token.pos_ in VERBAL for token in before) else None


def _source(doc: Doc, parts: Sequence[DocSpan], verb: Token) -> DocSpan | None:
    """Return the last parts before a verb of saying that can be its source: somebody's name, and what they are."""
    chosen: list[DocSpan] = []
    for part in reversed(parts[-_PARTS:]):
        nominal = not any(token.pos_ in VERBAL for token in part) and len(part) <= _SOURCE_WORDS
        if not nominal or (chosen and not _goes_with(part, chosen[-1])):
            break
        chosen.append(part)
    if not chosen or not any(token.pos_ in ("NOUN", "PROPN") for token in chosen[-1]):
        return None
    return doc[chosen[-1].start : verb.i]


def _goes_with(role: DocSpan, name: DocSpan) -> bool:
    """Tell whether two parts are a name and a role: "the finance minister", "Arvid Stromness"."""
    named = [any(token.pos_ == "PROPN" for token in part[-1:]) for part in (role, name)]
    described = [part[0].pos_ in ("DET", "PRON") or part[0].dep_ == "poss" for part in (role, name)]
    return (
        (described[0] and named[1])
        or (named[0] and described[1])
        or (named[1] and role[-1].pos_ == "NOUN" and len(role) <= 4)
    )


def _takes(verb: Token) -> AbstractSet[Construction]:
    word = cue_lexicon().verbs.get(lemma_of(verb))
    return word.kinds.keys() if word is not None else frozenset()


def _points_back(doc: Doc, inside: AbstractSet[int]) -> bool:
    tokens = (doc[i] for i in inside)
    words = list(islice((one for one in tokens if one.is_alpha and one.dep_ not in ("prep", "mark")), 3))
    return 0 < len(words) <= 2 and all(word.lower_ in _lists().pointing for word in words)


class _Clauses:
    """The statements of one content, in ``found``."""

    def __init__(self, reader: _Reader, inside: AbstractSet[int], claimant: tuple[str, ...]) -> None:
        self.found: list[Statement] = []
        self._reader = reader
        self._inside = inside
        self._claimant = claimant

    def read(self, token: Token, scope: _Scope) -> None:
        """Add what a word and all below it state."""
        if len(self.found) >= MOST:
            return
        if token.pos_ in VERBAL and token.dep_ not in ("aux", "auxpass", "amod"):
            self._verb(token, scope)
        elif token.dep_ in ("prep", "agent") or token.pos_ in ("ADP", "SCONJ"):
            for child in self._below(token, "pobj", "pcomp"):
                self.read(child, scope)
        elif token.pos_ in ("NOUN", "PROPN", "ADJ", "NUM") or token.lower_ in _lists().everything:
            self._noun(token, scope)

    def _below(self, token: Token, *labels: str) -> Iterator[Token]:
        return (child for child in children(token, *labels) if child.i in self._inside)

    # --------------------------------------------------------------------------------------------- verbs

    def _verb(self, verb: Token, scope: _Scope) -> None:
        held = _held(verb, scope)
        complement = self._complement(verb)
        embedded = list(self._embedded(verb, complement))
        beside = [child for prep in self._below(verb, "prep") for child in self._below(prep, "pcomp")]
        beside = [child for child in beside if (child, verb) not in embedded]
        subject = self._subject(verb, scope)
        denied = list(self._denied_objects(verb))
        for noun, within in self._deeds(verb, held):
            self._noun(noun, within)
        if not denied and not (embedded and self._only_carries(verb, complement)):
            self._state(verb, complement, subject, held)
        for inner, word in embedded:
            self.read(inner, self._inner_scope(verb, word, inner, subject, held))
        for noun in denied:
            self._noun(noun, replace(scope, value=applied(operator_of(verb) or TRANSPARENT, held.value)))
        self._beside(verb, subject, held, scope)
        for inner in beside if held.value.endswith("+") else ():
            self.read(inner, replace(scope, subject=subject))

    def _complement(self, verb: Token) -> Token | None:
        """Return the word that a copula says of its subject."""
        if verb.lemma_ not in ("be", "remain", "become", "stay", "seem", "appear"):
            return None
        return next(self._below(verb, "attr", "acomp", "oprd"), None)

    def _embedded(self, verb: Token, complement: Token | None) -> Iterator[tuple[Token, Token]]:
        """Yield the clauses in a verb's scope, each with the word that they hang on."""
        for child in self._below(verb, "ccomp", "xcomp", "csubj", "csubjpass"):
            yield child, complement or verb
        for prep in self._below(verb, "prep"):
            if prep.lower_ in _OF:
                yield from ((child, verb) for child in self._below(prep, "pcomp"))
        for noun, word in self._judged(verb, complement):
            yield from ((child, word) for child in self._told_by(noun))
        for word in self._holders(verb, complement):
            labels = ("acl", "relcl", "ccomp") if word.dep_ == "oprd" else ("acl", "ccomp", "xcomp")
            yield from ((child, word) for child in self._below(word, *labels) if child.pos_ in VERBAL)

    def _judged(self, verb: Token, complement: Token | None) -> Iterator[tuple[Token, Token]]:
        """Yield what is told, with the word for how true it is: "the report … is false", "no truth in reports"."""
        if complement is None or operator_of(complement) is None:
            return
        told = _lists().told
        yield from ((noun, complement) for noun in self._below(verb, "nsubj") if lemma_of(noun) in told)
        for prep in self._below(complement, "prep"):
            yield from ((noun, complement) for noun in self._below(prep, "pobj") if lemma_of(noun) in told)

    def _told_by(self, noun: Token) -> list[Token]:
        """Return what a noun like "report" or "rumours" tells: its clause, or the noun behind "of"."""
        clauses = [child for child in self._below(noun, "acl", "relcl", "ccomp") if child.pos_ in VERBAL]
        of = [prep for prep in self._below(noun, "prep") if prep.lower_ in ("of", "about")]
        return clauses or [thing for prep in of for thing in self._below(prep, "pobj", "pcomp")]

    def _holders(self, verb: Token, complement: Token | None) -> Iterator[Token]:
        """Yield the words beside a verb in whose scope a clause may stand: "is ready to", "made a claim that"."""
        intentions = _lists().intentions
        if complement is not None and (
            complement.pos_ == "ADJ" or operator_of(complement) or lemma_of(complement) in intentions
        ):
            yield complement
        for noun in self._below(verb, "dobj"):
            if operator_of(noun) is not None or lemma_of(noun) in intentions | cue_lexicon().nouns.keys():
                yield noun
        yield from (word for word in self._below(verb, "oprd") if word != complement and operator_of(word) is not None)

    def _only_carries(self, verb: Token, complement: Token | None) -> bool:
        """Tell whether a verb says nothing but how surely, or by whom, its clause is held."""
        lemma = lemma_of(verb)
        if complement is not None:
            return complement.pos_ == "ADJ" or operator_of(complement) is not None
        return (
            lemma in _lists().carrying
            or operator_of(verb) is not None
            or (lemma in cue_lexicon().verbs and (lemma not in _lists().charging))
        )

    def _inner_scope(self, verb: Token, word: Token, inner: Token, subject: tuple[str, ...], scope: _Scope) -> _Scope:
        lists = _lists()
        lemma = lemma_of(word)
        asked = next(iter(inner.subtree)).lower_ in lists.asking
        if asked or any(mark.lower_ in ("whether", "if") for mark in children(inner, "mark")):
            return replace(scope, value=Factuality.UNKNOWN, subject=None)
        if lemma in lists.charging:
            blamed = next(self._below(verb, "dobj", "nsubjpass"), None)
            blamed_words = (
                self._reader.words(sorted(noun_phrase(blamed)), self._claimant) if blamed is not None else None
            )
            holder = scope.holder or self._holder(verb, subject)
            return _Scope(scope.value, scope.mode, holder, blamed_words)
        if _due(verb, word):
            return replace(scope, mode=Mode.FUTURE, subject=subject or None)
        if lemma in lists.intentions or lemma in lists.duties:
            mode = Mode.INTENTION if lemma in lists.intentions else Mode.DUTY
            mine = inner.dep_ != "ccomp" and next(self._below(verb, "dobj"), None) is None
            return replace(scope, mode=mode, subject=subject if mine or word is not verb else None)
        operator = operator_of(word)
        taken_back = word is not verb and lemma_of(verb) in lists.retracting
        value = compose(Factuality.DENIED, scope.value) if taken_back else applied(operator or TRANSPARENT, scope.value)
        holder = scope.holder or (self._holder(verb, subject) if word is verb else ())
        shared = subject if inner.dep_ in ("xcomp", "acl") and not _object_controls(verb) else None
        return _Scope(value, scope.mode, holder, shared)

    def _holder(self, verb: Token, subject: tuple[str, ...]) -> tuple[str, ...]:
        """Return whose words a verb of saying inside the content reports."""
        speaks = lemma_of(verb) in cue_lexicon().verbs and lemma_of(verb) not in _lists().carrying
        own = set(subject) & {word for word in self._claimant if word.startswith("@")}
        return subject if speaks and subject and not own else ()

    def _denied_objects(self, verb: Token) -> Iterator[Token]:
        """Yield what a verb denies without a clause: "ruled out an evacuation"."""
        operator = operator_of(verb)
        if operator is not None and operator.value is Factuality.DENIED:
            for noun in self._below(verb, "dobj", "nsubjpass"):
                if _is_thing(noun) and not any(self._below(noun, "acl", "ccomp")):
                    yield noun

    def _deeds(self, verb: Token, scope: _Scope) -> Iterator[tuple[Token, _Scope]]:
        """Yield the nouns that tell a deed of which a verb only says whether it takes place or is meant."""
        lists, lemma = _lists(), lemma_of(verb)
        if lemma in lists.announcing:
            preps = [prep for prep in self._below(verb, "prep") if prep.lower_ in ("on", "for", "to", "upon")]
            nouns = [child for word in (verb, *preps) for child in self._below(word, "dobj", "pobj", "nsubjpass")]
            yield from ((noun, replace(scope, mode=Mode.INTENTION, subject=None)) for noun in nouns if _is_deed(noun))
        place = lemma == "take" and any(noun.lower_ == "place" for noun in children(verb, "dobj"))
        labels = ("nsubj",) if place or lemma in lists.happens else ("nsubjpass",) if lemma in lists.happening else ()
        for noun in self._below(verb, *labels) if labels else ():
            if _is_deed(noun):
                # "No meeting took place": the noun and its verb are denied by one word.
                value = compose(scope.value, Factuality.DENIED) if _is_none(noun) else scope.value
                yield noun, replace(scope, value=value, subject=None)

    def _beside(self, verb: Token, subject: tuple[str, ...], scope: _Scope, outer: _Scope) -> None:
        """Read the clauses that stand beside a verb: what is joined to it, what explains its nouns."""
        for child in self._below(verb, "conj", "parataxis"):
            shared = None if own_subject(child) or own_subject(child, passive=True) else subject or self._passive(verb)
            same = any(mark.dep_ in ("aux", "auxpass") for mark in child.children) or child.tag_ in (
                "VBD",
                "VBZ",
                "VBP",
            )
            self.read(child, replace(outer, subject=shared, mode=outer.mode if same else scope.mode))
        if not scope.value.endswith("+"):
            return
        for child in self._below(verb, "advcl"):
            if child.pos_ in VERBAL and not any(mark.lower_ in ("if", "unless") for mark in children(child, "mark")):
                self.read(child, replace(outer, subject=None if own_subject(child) else subject))

    def _subject(self, verb: Token, scope: _Scope) -> tuple[str, ...]:
        """Return who does what a verb says."""
        if has_child(verb, "expl"):
            return ()
        passive = is_passive(verb) and not _is_misread(verb) and own_subject(verb) is None
        doer = agent(verb) if passive else own_subject(verb)
        if doer is not None:
            if doer.dep_ in ("csubj",) or (doer.lower_ in ("there", "it") and doer.dep_ == "expl"):
                return ()
            if doer.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
                doer = verb.head
            return self._itself(doer) or self._phrase(doer)
        if passive:
            return ()
        if scope.subject is not None:
            return scope.subject
        by = controller(verb)
        return self._phrase(by) if by is not None else ()

    def _itself(self, doer: Token) -> tuple[str, ...]:
        """Return the claimant where it is an office or a firm that tells what "it" did."""
        is_person = any(word.startswith("@") and " " in word for word in self._claimant)
        return () if is_person or doer.lower_ != "it" or doer.head.lemma_ == "be" else self._claimant

    def _passive(self, verb: Token) -> tuple[str, ...]:
        suffers = own_subject(verb, passive=True)
        return () if suffers is None else self._phrase(suffers)

    def _phrase(self, noun: Token) -> tuple[str, ...]:
        """Return the words of a noun's phrase, without those of whom it belongs to: her husband is not she."""
        owners = self._owners(noun)
        named = [i for child in children(noun, "appos") if child.i == noun.i + 1 for i in noun_phrase(child)]
        own = self._reader.words((noun.i, *sorted({*noun_phrase(noun), *named}.difference(owners))), self._claimant)
        things = (word for word in self._reader.words(owners, self._claimant) if not word.startswith("@"))
        return tuple(dict.fromkeys((*own, *things)))

    def _owners(self, noun: Token) -> list[int]:
        """Return the tokens for whom a noun belongs to: "Lee's dog", "the dog of Ann Lee"."""
        owners = [
            child for child in noun.children if child.dep_ == "poss" or (child.lower_ == "of" and _is_thing(noun))
        ]
        whose = [
            one
            for child in owners
            for one in ((child,) if child.dep_ == "poss" else children(child, "pobj"))
            if child.dep_ == "poss" or self._reader.is_somebody(one)
        ]
        return [i for one in whose for i in sorted(noun_phrase(one))]

    def _state(self, verb: Token, complement: Token | None, subject: tuple[str, ...], scope: _Scope) -> None:
        arguments = self._arguments(verb, complement)
        predicate, within = _predicate(verb, complement)
        if complement is not None and complement.pos_ == "PROPN" and _common_subject(verb):
            # "The owner is Ann Lee": Ann Lee is what the sentence tells of the owner.
            subject, predicate = self._phrase(complement), lemma_of(own_subject(verb) or verb)
        doer = own_subject(verb)
        owners = [i for i in (self._owners(doer) if doer is not None else []) if verb.doc[i].pos_ != "PRON"]
        told = {predicate, within, *predicate.split("_")}
        others = [word for word in self._reader.words((*arguments, *owners), self._claimant) if word not in told]
        if own_subject(verb, passive=True) is None and has_child(verb, "auxpass"):
            others += scope.subject or ()  # "resigned and was not dismissed"
        lacked = self._lacked(verb)
        if lacked is not None:
            # "They were without water": what they had is denied.
            predicate, scope = lemma_of(lacked), replace(scope, value=compose(scope.value, Factuality.DENIED))
            others = [word for word in others if word != predicate]
        counted = (*arguments, *self._own_counts(verb))
        present = verb.tag_ in ("VBZ", "VBP") or any(aux.tag_ in ("VBZ", "VBP") for aux in children(verb, "aux"))
        past = scope.mode is Mode.DEED and not (present and verb.tag_ != "VBN")
        days = self._reader.days(self._when(verb), past=past)
        self.found.append(
            Statement(
                subject,
                predicate,
                tuple(word for word in others if word not in subject),
                self._reader.quantities(counted),
                days,
                scope.value,
                Mode.FUTURE if scope.mode is Mode.DEED and present and self._reader.to_come(days) else scope.mode,
                scope.holder,
            )
        )

    def _own_counts(self, verb: Token) -> list[int]:
        doer = own_subject(verb)
        return sorted(noun_phrase(doer)) if doer is not None else []

    def _when(self, verb: Token) -> list[int]:
        """Return the tokens that may tell when: all of the clause but other clauses."""
        return sorted(_without_asides(verb) & self._inside)

    def _lacked(self, verb: Token) -> Token | None:
        if verb.lemma_ != "be":
            return None
        without = (prep for prep in self._below(verb, "prep") if prep.lower_ == "without")
        return next((noun for prep in without for noun in self._below(prep, "pobj") if noun.pos_ == "NOUN"), None)

    def _where(self, verb: Token) -> list[int]:
        return sorted(i for prep in self._below(verb, "prep") for i in _clause(prep))

    def _arguments(self, verb: Token, complement: Token | None) -> list[int]:
        found: set[int] = set()
        for child in verb.children:
            if (child.dep_ == "prep" and not has_child(child, "pcomp")) or (
                child.dep_ in _OBJECTS and child.dep_ != "agent"
            ):
                found |= _clause(child)
        if complement is not None:
            found |= _clause(complement)
        heads = [child.i for child in children(verb, "dobj", "nsubjpass", "attr", "acomp", "oprd")]
        if complement is not None:
            heads = [i for i in heads if i != complement.i]
        found &= self._inside
        return [*(i for i in heads if i in found), *sorted(found.difference(heads))]

    # --------------------------------------------------------------------------------------------- nouns

    def _noun(self, noun: Token, scope: _Scope) -> None:
        """Add what a noun that is all of a content says: "any wrongdoing", "the claim that …", "an intent to …"."""
        lists = _lists()
        clauses = [child for child in self._below(noun, "acl", "ccomp") if _is_clause(child)]
        tells = lemma_of(noun) in lists.told
        if operator_of(noun) is not None or tells:
            clauses += [child for child in self._below(noun, "relcl") if next(iter(child.subtree)).lower_ == "that"]
        told = [child for child in self._below(noun, "acl") if child not in clauses and _is_misread(child)]
        for clause in told:
            # "The tax brought in ten million", read as a tax that was brought in.
            self.read(clause, replace(scope, subject=self._phrase(noun)))
        if told:
            return
        clauses += [child for prep in self._below(noun, "prep") for child in self._below(prep, "pcomp")]
        owner = self._reader.words(
            sorted(i for child in self._below(noun, "poss") for i in noun_phrase(child)), self._claimant
        )
        negated = is_negated(noun) or _is_none(noun)
        value = compose(scope.value, Factuality.DENIED) if negated else scope.value
        for clause in clauses:
            mode = Mode.INTENTION if lemma_of(noun) in lists.intentions else scope.mode
            operator = None if tells else operator_of(noun)
            held = applied(operator, value) if operator and mode is scope.mode else value
            self.read(clause, _Scope(held, mode, scope.holder, owner or scope.subject or self._claimant_person()))
        for joined in self._below(noun, "conj"):
            self.read(joined, scope)
        of = [] if clauses or not tells else self._told_by(noun)
        for thing in of:
            self.read(thing, replace(scope, value=value))
        if clauses or of:
            return
        beside = self._where(noun.head) if noun.dep_ in ("nsubj", "nsubjpass") else []
        phrase = [i for i in (*sorted(_clause(noun)), *beside) if i in self._inside and i != noun.i]
        subject = owner or (scope.subject if scope.subject and scope.mode is not Mode.DEED else ())
        others = tuple(word for word in self._reader.words(phrase, self._claimant) if word not in subject)
        head = self._reader.words([noun.i], self._claimant)
        predicate = lemma_of(noun) if noun.pos_ not in ("PROPN", "NUM") else ""
        if not predicate:
            return
        extra = tuple(word for word in head if word.startswith(("@", "^")))
        self.found.append(
            Statement(
                subject,
                f"~{predicate}",
                (*extra, *others),
                self._reader.quantities([noun.i, *phrase]),
                self._reader.days([noun.i, *phrase], past=True),
                value,
                scope.mode,
                scope.holder,
            )
        )

    def _claimant_person(self) -> tuple[str, ...]:
        return tuple(word for word in self._claimant if word.startswith("@"))


def _held(verb: Token, scope: _Scope) -> _Scope:
    """Return the scope of a verb's deed: how surely it is held and in which mode it is told."""
    lists = _lists()
    words = {child.lower_ for child in children(verb, "aux")}
    if words & lists.owed:
        value = Factuality.DENIED if is_negated(verb) else Factuality.CERTAIN
        owed = Mode.DUTY if scope.mode is Mode.DEED else scope.mode
        return replace(scope, value=compose(scope.value, value), mode=owed)
    mode = Mode.FUTURE if words & lists.future and scope.mode is Mode.DEED else scope.mode
    if verb.lemma_ == "be" and scope.mode is Mode.DEED and any(has_to(child) for child in children(verb, "xcomp")):
        mode = Mode.FUTURE
    return replace(scope, value=compose(scope.value, own_value(verb)), mode=mode)


def _due(verb: Token, word: Token) -> bool:
    """ "Was going to", "is due to", "is expected to"."""
    if lemma_of(word) not in _lists().due:
        return False
    if word is verb and lemma_of(verb) == "go":
        return verb.tag_ == "VBG"
    return word is not verb or is_passive(verb)


def _object_controls(verb: Token) -> bool:
    return has_child(verb, "dobj")


def _common_subject(verb: Token) -> bool:
    subject = own_subject(verb)
    return subject is not None and subject.pos_ == "NOUN"


def _predicate(verb: Token, complement: Token | None) -> tuple[str, str]:
    """Return what a verb says, and the noun that it says it with: "opened fire"."""
    noun = next(children(verb, "dobj"), None)
    thing = lemma_of(noun) if complement is None and noun is not None and noun.pos_ == "NOUN" else ""
    phrase = _phrases(_lists().phrases).get(f"{lemma_of(verb)}_{thing}", "")
    return (phrase or _own_predicate(verb, complement, thing)), thing if phrase else ""


@cache
def _phrases(pairs: frozenset[str]) -> dict[str, str]:
    return dict(pair.split("=") for pair in pairs)


def _own_predicate(verb: Token, complement: Token | None, thing: str) -> str:
    if complement is not None and verb.lemma_ in ("remain", "stay") and complement.pos_ == "NOUN":
        return "remain"
    if complement is not None and complement.pos_ in ("ADJ", "NOUN", "VERB"):
        return lemma_of(complement)
    particle = next(children(verb, "prt"), None)
    particle = particle or next((word for word in children(verb, "advmod") if word.lower_ in _lists().ahead), None)
    lemma = lemma_of(verb)
    if complement is None and particle is None and any(prep.lower_ == "against" for prep in children(verb, "prep")):
        return f"{lemma}_against"
    if thing and lemma in _lists().supporting:
        return thing
    return f"{lemma}_{particle.lower_}" if particle is not None else lemma


def _is_clause(verb: Token) -> bool:
    """Tell a clause from a participle that describes its noun."""
    return verb.pos_ in VERBAL and (verb.tag_ not in ("VBN", "VBG") or has_child(verb, "aux", "auxpass", "mark"))


def _is_misread(verb: Token) -> bool:
    """Tell a past tense that was taken for a participle: it has an object."""
    return verb.tag_ in ("VBD", "VBN") and has_child(verb, "dobj", "prt") and not has_child(verb, "auxpass")


def _clause(token: Token) -> set[int]:
    """Return a word and what hangs on it, without other clauses."""
    below, found = dependents(token.doc), [token.i]
    for i in found:
        found += [
            child.i
            for label, child in below[i]
            if label not in _CLAUSES and not (label == "conj" and child.pos_ in VERBAL)
        ]
    return set(found)


def _without_asides(token: Token) -> set[int]:
    """Return a clause's tokens without what explains its names: "director since 2019"."""
    asides = {i for i in _clause(token) if token.doc[i].dep_ == "appos"}
    return _clause(token) - {i for aside in asides for i in _clause(token.doc[aside])}


def _is_thing(noun: Token) -> bool:
    return noun.pos_ == "NOUN" and noun.lower_ not in vocabulary().person_nouns


def _is_none(noun: Token) -> bool:
    return any(child.lower_ == "no" for child in children(noun, "det"))


def _is_deed(noun: Token) -> bool:
    """Tell a noun that is made from a verb: "closure", "meeting", "removal"."""
    return noun.pos_ == "NOUN" and lemma_of(noun).endswith(tuple(_lists().deeds))
