"""Answering a question: whom it is about, and the claims that say what is asked."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from domain.chats import CollectionId
from domain.extraction import Factuality
from domain.ledger import Finds, LedgerClaim, NobodyFound, PersonReference, RelationKind, SeveralPersons
from domain.questions import Answer, Asked, ClaimsFound, Fellows, Holders, NothingFound, Period, Question
from services import Services
from services.access import Right, allowed
from services.asking import people, times
from services.asking.dossiers import dossier_of
from services.asking.finding import finds
from services.asking.offices import holders
from services.asking.topics import beginnings, forms, meaning, with_all, with_any
from services.relations import with_relations
from storage import asked, outlets, persons
from storage.asked import Wanted
from storage.claims import Part, of_article
from storage.connection import Reader
from storage.values import normalise

CLAIMS_A_PAGE = 6
FELLOWS = 12
# Denials are told by what they are tied to, which costs more: so many claims are looked at.
LOOKED_AT = 60
# Of an outlet, the newest so many articles.
OF_AN_OUTLET = 40
# Cues that turn their content round; after any other, a content that is negative denies nothing.
_DENIES = re.compile(
    r"\b(?:den(?:y|ie[sd]|ying)|disput(?:es?|ed|ing)|rul(?:es?|ed|ing) out"
    r"|(?:rebut|refut|reject|dismiss|contest|contradict|disavow|repudiat)\w*)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(r"\b(?:doubt|question|suspect|sceptic|skeptic|wonder|hesitat)\w*", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|nothing|false)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on its way, and where it is asked."""

    db: Reader
    collection: CollectionId
    question: Question
    period: Period
    page: int

    def wanted(self, **more: object) -> Wanted:
        """Return what is wanted of claims besides their words."""
        return replace(Wanted(since=self.period.since, until=self.period.until), **more)  # type: ignore[arg-type]  # Wanted's own fields

    @property
    def most(self) -> int:
        """How many claims show that a page has an older one."""
        return (self.page + 1) * CLAIMS_A_PAGE + 1

    def found(
        self, claims: Sequence[LedgerClaim], person: PersonReference | None = None, *, near: bool = False
    ) -> ClaimsFound:
        """Return the page of the claims that were found."""
        start = self.page * CLAIMS_A_PAGE
        shown = tuple(claims[start : start + CLAIMS_A_PAGE])
        older = len(claims) > start + CLAIMS_A_PAGE
        return ClaimsFound(self.question, person, shown, self.period, self.page, older, near)

    def nothing(self, person: PersonReference | None = None) -> NothingFound:
        """Return that no claim answers."""
        return NothingFound(self.question, person, self.period)


async def answer(services: Services, chat: int, question: Question, page: int = 0) -> Answer | None:
    """Return what the chat's collection answers; None where a question that may be talk has no answer there.

    ``page`` counts from 0; each page is older than the one before.
    """
    period = await _period(services, chat, question)
    given = await services.database.look(partial(_looked_up, chat, question, period, page))
    empty = isinstance(given, NobodyFound | NothingFound)
    return None if empty and not question.sure else given


async def _looked_up(chat: int, question: Question, period: Period, page: int, db: Reader) -> Answer:
    known = await allowed(db, chat, Right.READ)
    if known is None and question.asked is Asked.FIND:
        return Finds(question.topic or "", (), ())
    if known is None:
        return NobodyFound(question.person or question.subject or question.topic or "", ())
    given = await _answer(_Asking(db, known.collection, question, period, page))
    return await _with_ties(db, known.collection, given)


async def _with_ties(db: Reader, collection: CollectionId, given: Answer) -> Answer:
    if not isinstance(given, ClaimsFound):
        return given
    return replace(given, claims=tuple(await with_relations(db, collection, given.claims)))


async def _period(services: Services, chat: int, question: Question) -> Period:
    if question.when is None:
        return Period()
    known = await services.database.look(lambda db: allowed(db, chat, Right.READ))
    if known is None:
        return Period()
    # Reading a date loads a library that takes its time.
    found = await asyncio.to_thread(times.period, question.when, services.clock(), known.timezone)
    return found or Period()


async def _answer(asking: _Asking) -> Answer:
    question = asking.question
    if question.asked is Asked.FIND:
        return await finds(asking.db, asking.collection, question.topic or "", asking.page)
    if question.topic is not None and not beginnings(question.topic) and (question.person or question.chosen):
        question = replace(question, topic=None)
        asking = replace(asking, question=question)
    if question.subject is not None:
        asking = await _settled(asking, question.subject)
        question = asking.question
    if question.chosen is None and question.person is None:
        return await _on_topic(asking)
    found = await _whom(asking)
    if found is None:
        told = await _by_what_they_are(asking)
        if told is not None:
            return told
        found = await people.find(asking.db, asking.collection, people.without_title(question.person or ""))
    if isinstance(found, PersonReference):
        return await _of_person(asking, found) or await _by_namesake(asking) or asking.nothing(found)
    if isinstance(found, SeveralPersons):
        return await _of_several(asking, found)
    return await _by_outlet(asking) or await _instead(asking, found)


async def _settled(asking: _Asking, subject: str) -> _Asking:
    """Take the subject for a person where somebody bears that name, else for a topic."""
    question = replace(asking.question, subject=None)
    name = people.without_title(subject)
    named = await people.bearers(asking.db, asking.collection, name)
    if not named and question.asked is Asked.NEWS and question.topic is None:
        meant = await people.find(asking.db, asking.collection, name)
        on_topic = await _levels(
            asking, beginnings(subject), lambda words, least: _by_words(asking, words, least, limit=1)
        )
        named = [meant] if isinstance(meant, PersonReference) and not on_topic[0] else []
    if named:
        question = replace(question, person=name, chosen=None)
    elif question.asked in (Asked.WHO, Asked.NAMED_WITH):
        kind = Asked.SAID if question.person or question.chosen else Asked.NEWS
        question = replace(question, asked=kind, topic=subject)
    else:
        question = replace(question, topic=subject)
    return replace(asking, question=question)


async def _whom(asking: _Asking) -> PersonReference | SeveralPersons | NobodyFound | None:
    """Return whom the question means: by number, by name, or by a name whose title is taken off; None for nobody."""
    db, collection, question = asking.db, asking.collection, asking.question
    name = question.person or ""
    if question.chosen is not None:
        chosen = await persons.find(db, collection, question.chosen)
        return chosen or NobodyFound(name, ())
    for spelt in dict.fromkeys((name, people.without_title(name))):
        named = await people.bearers(db, collection, spelt)
        if named:
            return named[0] if len(named) == 1 else SeveralPersons(await people.told_apart(db, named))
    return None


async def _by_what_they_are(asking: _Asking) -> Answer | None:
    """Return what answers a question about whoever is called by what they are: "the mayor of Halvenstad"."""
    if asking.question.asked is Asked.WHO:
        return await _of_holders(asking) or await _of_those_called(asking)
    return await _of_those_called(asking) or await _by_role(asking) or await _of_holders(asking)


async def _of_holders(asking: _Asking) -> Answer | None:
    """Return the answer about who holds an office; of several, or of former ones, who they are."""
    found = await holders(asking.db, asking.collection, asking.question.person or "")
    today = [each.person for each in found if not each.former]
    if asking.question.asked is Asked.WHO and found and (len(found) > 1 or not today):
        return Holders(asking.question, found)
    return await _of_any(asking, today)


async def _of_those_called(asking: _Asking) -> Answer | None:
    """Return the answer about those whose claims call them so."""
    db, collection, name = asking.db, asking.collection, asking.question.person or ""
    called = people.those_called(await people.called(db, collection, name)) if _may_be_a_role(name) else []
    return await _of_any(asking, [found for number in called if (found := await persons.find(db, collection, number))])


async def _of_any(asking: _Asking, meant: Sequence[PersonReference]) -> Answer | None:
    if len(meant) == 1:
        return await _of_person(asking, meant[0]) or asking.nothing(meant[0])
    return await _of_several(asking, SeveralPersons(await people.told_apart(asking.db, meant))) if meant else None


def _may_be_a_role(name: str) -> bool:
    """Return whether words may say what somebody is rather than how they are called."""
    return name.casefold().startswith(("the ", "a ", "an ")) or name == name.casefold()


async def _of_person(asking: _Asking, person: PersonReference) -> Answer | None:
    """Return what answers the question about one person, or None where nothing does."""
    db, collection, question = asking.db, asking.collection, asking.question
    match question.asked:
        case Asked.WHO:
            return await dossier_of(db, collection, person, asking.page)
        case Asked.NAMED_WITH:
            return Fellows(person, tuple(await persons.named_with(db, person.id, FELLOWS)))
        case Asked.DENIED | Asked.DENIERS:
            return await _denials_of(asking, person)
        case Asked.NEWS:
            parts: tuple[Part, ...] = (Part.SOURCE, Part.ABOUT)
        case Asked.SAYERS | Asked.TRUE:
            parts = (Part.ABOUT,)
        case _:
            parts = (Part.SOURCE,)
    if question.topic is None:
        found = await asked.by_person(db, collection, person.id, parts, asking.wanted(), asking.most)
        return asking.found(found, person) if found else None
    words = beginnings(question.topic)
    about = await _person_in(asking, question.topic, person)

    async def look(some: Sequence[str], least: int) -> Sequence[LedgerClaim]:
        wanted = asking.wanted(beginnings=tuple(some), least=least, about=about)
        return await asked.by_person(db, collection, person.id, parts, wanted, asking.most)

    found, near = await _levels(asking, words, look)
    return asking.found(found, person, near=near) if found else None


async def _person_in(asking: _Asking, topic: str, but: PersonReference) -> int | None:
    """Return whom a topic names, where it is nothing but somebody's name."""
    named = await people.bearers(asking.db, asking.collection, people.without_title(topic))
    return named[0].id if len(named) == 1 and named[0].id != but.id else None


async def _of_several(asking: _Asking, several: SeveralPersons) -> Answer:
    """Return the answer about the only one of them for whom there is one; else whom to choose from."""
    if asking.question.asked in (Asked.WHO, Asked.NAMED_WITH) or asking.question.topic is None:
        return several
    answers = [(person, await _of_person(asking, person)) for person in several.candidates]
    fitting = [(person, given) for person, given in answers if isinstance(given, ClaimsFound) and not given.near]
    near = [(person, given) for person, given in answers if isinstance(given, ClaimsFound)]
    left = fitting or near
    if len(left) == 1:
        return left[0][1]
    return SeveralPersons(tuple(person for person, _ in left)) if left else several


async def _by_role(asking: _Asking) -> Answer | None:
    """Return what is said by those whom articles only call by what they are: "the auditors"."""
    name, question = asking.question.person or "", asking.question
    if question.asked not in (Asked.SAID, Asked.DENIED, Asked.NEWS) or question.chosen is not None:
        return None
    told = [claim for claim in await people.called(asking.db, asking.collection, name) if _within(claim, asking.period)]
    if question.asked is Asked.DENIED:
        told = [claim for claim in await with_relations(asking.db, asking.collection, told) if denies(claim)]
    return _on_its_topic(asking, told) if told else None


async def _by_namesake(asking: _Asking) -> Answer | None:
    """Return what is said by those who are no person in an article, a firm say, but bear the name asked for."""
    found = await _by_role(asking)
    return found if isinstance(found, ClaimsFound) and not found.near else None


async def _by_outlet(asking: _Asking) -> Answer | None:
    """Return what the articles of an outlet say, whoever says it there: "what did Radio Sennet report …"."""
    db, collection, question = asking.db, asking.collection, asking.question
    if question.asked is not Asked.SAID or question.chosen is not None:
        return None
    numbers = await outlets.articles_of(db, collection, question.person or "", OF_AN_OUTLET)
    told = [claim for each in numbers for claim in await of_article(db, collection, each)]
    told = [claim for claim in told if _within(claim, asking.period)]
    return _on_its_topic(asking, told) if told else None


def _on_its_topic(asking: _Asking, told: Sequence[LedgerClaim]) -> Answer:
    """Return those of a source's claims that are on the topic, if there is one."""
    if asking.question.topic is None:
        return asking.found(told)
    words = beginnings(asking.question.topic)
    for least in _steps(words):
        fitting = [claim for claim in told if _had(words, claim) >= least]
        if fitting:
            return asking.found(fitting, near=least < ceil(2 * len(words) / 3))
    return asking.nothing()


async def _instead(asking: _Asking, nobody: SeveralPersons | NobodyFound) -> Answer:
    """Return claims on what was asked for as a person and is none: "tell me about the dam"."""
    question = asking.question
    if question.asked is Asked.WHO and question.sure and _may_be_a_role(question.person or ""):
        found = await _on_topic(
            replace(asking, question=replace(question, asked=Asked.NEWS, person=None, topic=question.person))
        )
        if isinstance(found, ClaimsFound) and not found.near:
            return found
    return nobody


async def _on_topic(asking: _Asking) -> Answer:
    question = asking.question
    words = beginnings(question.topic or "")
    if not words:
        return asking.nothing()
    if question.asked in (Asked.DENIERS, Asked.DENIED):
        return await _deniers(asking, words)
    sourced = question.asked in (Asked.SAYERS, Asked.SAID)

    async def look(some: Sequence[str], least: int) -> Sequence[LedgerClaim]:
        most = max(asking.most, LOOKED_AT) if question.asked is Asked.SAYERS else asking.most
        found = await _by_words(asking, some, least, limit=most, sourced=sourced)
        named = await people.bearers(asking.db, asking.collection, people.without_title(question.topic or ""))
        if len(named) != 1:
            return found
        wanted = asking.wanted(sourced=sourced)
        about = await asked.by_person(asking.db, asking.collection, named[0].id, (Part.ABOUT,), wanted, asking.most)
        return _newest([*found, *about])

    found, near = await _levels(asking, words, look)
    if question.asked is Asked.SAYERS and not _NEGATIVE.search(question.topic or ""):
        return await _sayers(asking, found, near=near)
    return asking.found(found, near=near) if found else asking.nothing()


async def _sayers(asking: _Asking, found: Sequence[LedgerClaim], *, near: bool) -> Answer:
    """Return who says it, and behind them who denies it."""
    tied = await with_relations(asking.db, asking.collection, found)
    against = [claim for claim in tied if denies(claim) or doubts(claim) or claim.factuality.value.endswith("-")]
    if not tied:
        return asking.nothing()
    page = asking.found([*(claim for claim in tied if claim not in against), *against], near=near)
    return replace(page, denials=frozenset(claim.id for claim in against))


async def _denials_of(asking: _Asking, person: PersonReference) -> Answer | None:
    """Return what a person denies; or, where nobody's denial in particular is asked for, who denies what they say."""
    db, collection, question = asking.db, asking.collection, asking.question
    if question.asked is Asked.DENIERS:
        found = await asked.by_person(db, collection, person.id, (Part.SOURCE,), asking.wanted(), LOOKED_AT)
        return _told(asking, _denying(await with_relations(db, collection, found)), person)
    found = await asked.by_person(db, collection, person.id, (Part.SOURCE,), asking.wanted(), LOOKED_AT)
    negative = asking.wanted(negative=True)
    found = _newest([*found, *await asked.by_person(db, collection, person.id, (Part.SOURCE,), negative, LOOKED_AT)])
    tied = await with_relations(db, collection, found)
    denials = [claim for claim in tied if denies(claim)]
    if question.topic is None:
        return _told(asking, denials, person) or _doubted(asking, tied, person)
    words = beginnings(question.topic)
    doubting = [claim for claim in tied if doubts(claim)]
    # What is negative in its own words denies what has the same words without that.
    also = [claim for claim in tied if claim not in [*denials, *doubting] and claim.factuality.value.endswith("-")]
    for least in _steps(words):
        near = least < ceil(2 * len(words) / 3)
        for claims in (denials, also, doubting):
            fitting = [claim for claim in claims if _had(words, claim) >= least]
            if fitting:
                return replace(asking.found(fitting, person, near=near), doubted=claims is doubting)
    # No denial of it, but perhaps a word on it.
    said = await _of_person(replace(asking, question=replace(question, asked=Asked.SAID)), person)
    if isinstance(said, ClaimsFound) and not said.near:
        return said
    return asking.found(denials, person, near=True) if denials else None


async def _deniers(asking: _Asking, words: Sequence[str]) -> Answer:
    async def look(some: Sequence[str], least: int) -> Sequence[LedgerClaim]:
        db, collection = asking.db, asking.collection
        negative = await _by_words(asking, some, least, limit=LOOKED_AT, sourced=True, negative=True)
        any_ = await _by_words(asking, some, least, limit=LOOKED_AT)
        tied = await with_relations(db, collection, _newest([*negative, *any_]))
        told = _newest([*(claim for claim in tied if denies(claim)), *_denying(tied)])
        # What is negative in its own words denies what has the same words without that.
        return told or [claim for claim in tied if claim.kind and claim.factuality.value.endswith("-")]

    found, near = await _levels(asking, words, look)
    return asking.found(found, near=near) if found else asking.nothing()


def denies(claim: LedgerClaim) -> bool:
    """Return whether a claim is a denial: by its own verb, or because it is tied to what it denies."""
    if doubts(claim):
        return False
    negative = claim.factuality.value.endswith("-") or claim.factuality.value == "Uu"
    by_verb = negative and claim.cue is not None and _DENIES.search(claim.cue) is not None
    return by_verb or any(one.outgoing and one.kind is RelationKind.DENIES for one in claim.related)


def doubts(claim: LedgerClaim) -> bool:
    """Return whether a claim holds something for unlikely without denying it."""
    if claim.cue is not None and _DENIES.search(claim.cue) is not None:
        return False
    weak = claim.factuality in (Factuality.IMPROBABLE, Factuality.NOT_POSSIBLE)
    return weak or (claim.cue is not None and _DOUBTS.search(claim.cue) is not None)


def _denying(claims: Iterable[LedgerClaim]) -> list[LedgerClaim]:
    """Return the claims by which these are denied."""
    found = {
        one.claim.id: one.claim
        for claim in claims
        for one in claim.related
        if not one.outgoing and one.kind is RelationKind.DENIES
    }
    return _newest(found.values())


def _told(asking: _Asking, claims: Sequence[LedgerClaim], person: PersonReference) -> ClaimsFound | None:
    return asking.found(claims, person) if claims else None


def _doubted(asking: _Asking, claims: Iterable[LedgerClaim], person: PersonReference) -> ClaimsFound | None:
    found = [claim for claim in claims if doubts(claim)]
    return replace(asking.found(found, person), doubted=True) if found else None


async def _by_words(
    asking: _Asking, words: Sequence[str], least: int, *, limit: int, sourced: bool = False, negative: bool = False
) -> Sequence[LedgerClaim]:
    spelt = meaning(asking.question.topic or asking.question.subject or "")
    if least == len(words):
        match, wanted = with_all(words, spelt), asking.wanted(sourced=sourced, negative=negative)
    else:
        match = with_any(words, least, spelt)
        wanted = asking.wanted(sourced=sourced, negative=negative, beginnings=tuple(words), least=least)
    return await asked.by_words(asking.db, asking.collection, match, wanted, limit)


async def _levels(
    asking: _Asking, words: Sequence[str], look: Callable[[Sequence[str], int], object]
) -> tuple[Sequence[LedgerClaim], bool]:
    """Return the claims that have all the words; else those that have most of them; else, as near, some."""
    for least in _steps(words):
        found: Sequence[LedgerClaim] = await look(words, least)  # type: ignore[misc]  # it is a coroutine function
        if found:
            return found, least < ceil(2 * len(words) / 3)
    return (), False


def _steps(words: Sequence[str]) -> list[int]:
    count = len(words)
    return list(dict.fromkeys((count, ceil(2 * count / 3), ceil(count / 2)))) if count else []


def lacking(words: Sequence[str], claim: LedgerClaim) -> int:
    """Return how many of the words stand in no form in a claim, nor in what it denies."""
    sought = beginnings(" ".join(words))
    return len(sought) - _had(sought, claim)


def _had(words: Sequence[str], claim: LedgerClaim) -> int:
    """Return how many of the words stand in a claim or in what it denies."""
    texts = [claim.text, claim.claimant.text if claim.claimant else ""]
    texts += [one.claim.text for one in claim.related if one.kind is RelationKind.DENIES]
    text = f" {' '.join(normalise(each) for each in texts)} "
    return sum(f" {word}" in text or any(f" {form} " in text for form in forms(word)) for word in words)


def _within(claim: LedgerClaim, period: Period) -> bool:
    seen = claim.article.seen_at
    return (period.since is None or seen >= period.since) and (period.until is None or seen < period.until)


def _newest(claims: Iterable[LedgerClaim]) -> list[LedgerClaim]:
    once = {claim.id: claim for claim in claims}.values()
    return sorted(once, key=lambda claim: (claim.article.seen_at, claim.article.id, -claim.id), reverse=True)
