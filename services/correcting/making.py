"""Putting right what the machine read in an article.

Each correction is kept in one transaction with the job that has the article read again, where it applies, and with
the words to chats that were told something else. So it holds the same way now and after every later reading.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.anchors import anchor, around
from domain.articles import ArticleState
from domain.chats import NO_COLLECTION, CollectionId
from domain.correcting import Correctable, Correcting, Made, NotHere, NothingToChange, NotUnderstood, TiePlace, Unclear
from domain.corrections import Anchor, Correction, CorrectionKind, Editor, NewCorrection
from domain.extraction import Factuality, Span
from domain.jobs import JobKind, NewJob, Priority
from domain.ledger import RelationState
from services import Services
from services.access import Right, allowed
from services.cards import show_again
from services.correcting.dates import day_of
from services.relations import judge_relation, with_relations
from storage import articles, claims, corrections, persons, places, told
from storage.articles import StoredArticle
from storage.connection import Reader, Writer
from storage.places import PlacedClaim, PlacedPerson
from storage.told import ToldMessage
from storage.values import normalise

# Long enough to take a slip back before anybody else hears of it.
QUIET = timedelta(minutes=1)
LONGEST_NAME = 100
LONGEST_HEADLINE = 300
MOST_WORDS_OF_A_NAME = 8
# What an article says of itself.
OF_ITSELF = (CorrectionKind.HEADLINE, CorrectionKind.DATE, CorrectionKind.PUBLISHER)
# Typed for a value that is not there.
NOTHING = frozenset({"-", "–", "—", "none", "nothing"})
_LETTER = re.compile(r"[^\W\d_]")
_ABSENT = (NotHere, NothingToChange, NotUnderstood)


async def correctable(services: Services, chat: int, article: int) -> Correctable | None:
    """Return what can be put right in an article, or None where the chat's collection has no such article."""
    async with services.database.reading() as db:
        stored = await _article(db, chat, article)
        if stored is None:
            return None
        collection = await _collection(db, chat)
        found = await claims.of_article(db, collection, article)
        people = await places.people_of(db, collection, article)
        ties = await _ties(db, collection, article)
    return Correctable(
        stored.reference,
        {
            kind: _value(stored, kind)
            for kind in (CorrectionKind.HEADLINE, CorrectionKind.DATE, CorrectionKind.PUBLISHER)
        },
        tuple(found),
        tuple(person.place for person in people),
        tuple(ties),
    )


async def not_a_claim(services: Services, chat: int, article: int, claim: int, editor: Editor) -> Correcting:
    """Take a claim, and whoever is said to make it, out of an article."""
    async with services.database.transaction() as db:
        found = await _claim(db, chat, article, claim)
        if found is None:
            return NotHere()
        stored, placed = found
        new = _about_claim(CorrectionKind.NOT_A_CLAIM, stored, placed, {}, editor)
        return await _keep(services, db, stored, new, [claim])


async def factuality(
    services: Services, chat: int, article: int, claim: int, now: Factuality, editor: Editor
) -> Correcting:
    """Say how surely a claim is held by whoever makes it."""
    async with services.database.transaction() as db:
        found = await _claim(db, chat, article, claim)
        if found is None:
            return NotHere()
        stored, placed = found
        if placed.place.factuality is now:
            return NothingToChange(now.value)
        new = _about_claim(CorrectionKind.FACTUALITY, stored, placed, {"factuality": now.value}, editor)
        return await _keep(services, db, stored, new, [claim])


async def speaker(
    services: Services, chat: int, article: int, claim: int, by: int | str | None, editor: Editor
) -> Correcting:
    """Give a claim to somebody else.

    ``by`` is the number under which the article files somebody or that of any person of the collection, a name as it
    was typed, or None: it stays open who says it.
    """
    async with services.database.transaction() as db:
        found = await _claim(db, chat, article, claim)
        if found is None:
            return NotHere()
        stored, placed = found
        who = await _speaker(db, await _collection(db, chat), stored, by)
        if isinstance(who, _ABSENT):
            return who
        if _says_already(placed, who):
            return NothingToChange(placed.place.source or "nobody by name")
        new = _about_claim(CorrectionKind.SPEAKER, stored, placed, who, editor)
        return await _keep(services, db, stored, new, [claim])


async def not_a_person(services: Services, chat: int, article: int, person: int, editor: Editor) -> Correcting:
    """Take whom the article files under this number out of its people; what they say keeps the words of its source."""
    async with services.database.transaction() as db:
        found = await _person(db, chat, article, person)
        if found is None:
            return NotHere()
        stored, placed = found
        new = _about_person(CorrectionKind.NOT_A_PERSON, stored, placed, {}, editor)
        return await _keep(services, db, stored, new, await places.claims_with(db, article, person))


async def another_person(
    services: Services, chat: int, article: int, person: int, other: int | str | None, editor: Editor
) -> Correcting:
    """Say that whom the article files under this number is somebody else.

    ``other`` is a person of the collection, a name, or None for somebody new of the same name.
    """
    async with services.database.transaction() as db:
        found = await _person(db, chat, article, person)
        if found is None:
            return NotHere()
        stored, placed = found
        collection = await _collection(db, chat)
        who = await _other_person(db, collection, placed, other)
        if isinstance(who, _ABSENT):
            return who
        if who["person"] == placed.place.shown_as.id:
            return NothingToChange(placed.place.shown_as.name)
        new = _about_person(CorrectionKind.ANOTHER_PERSON, stored, placed, who, editor)
        for earlier in await corrections.standing(db, article):
            if earlier.new.kind is new.kind and earlier.new.corrected["person"] == person:
                # The machine filed them elsewhere, which is where they go once all this has been taken back.
                new = replace(new, said={**new.said, "row": earlier.new.said["row"]})
        return await _keep(services, db, stored, new, await places.claims_with(db, article, person))


async def metadata(
    services: Services, chat: int, article: int, kind: CorrectionKind, typed: str, editor: Editor
) -> Correcting:
    """Give an article another headline, date or publisher, as it was typed; a dash is none."""
    now = _typed_value(kind, typed, services.clock())
    if isinstance(now, NotUnderstood):
        return now
    async with services.database.transaction() as db:
        stored = await _article(db, chat, article)
        if stored is None:
            return NotHere()
        was = _value(stored, kind)
        if was == now:
            return NothingToChange(now or "none")
        earlier = [each for each in await corrections.standing(db, article) if each.new.kind is kind]
        machine = earlier[0].new.said["machine"] if earlier else was
        place = _words_at(stored.body, machine)
        said = {"value": was, "machine": machine, "headline": stored.reference.headline}
        new = NewCorrection(kind, article, place, said, {"value": now}, editor)
        placed = await places.claims_of(db, await _collection(db, chat), article)
        return await _keep(services, db, stored, new, [each.place.id for each in placed])


async def tie(services: Services, chat: int, article: int, relation: int, editor: Editor, *, holds: bool) -> Correcting:
    """Say that a claim of an article is, or is not, to another one what the machine takes it for."""
    state = RelationState.CONFIRMED if holds else RelationState.REJECTED
    async with services.database.transaction() as db:
        stored = await _article(db, chat, article)
        collection = await _collection(db, chat)
        found = {each.relation: each for each in await _ties(db, collection, article)} if stored else {}
        if relation not in found:
            return NotHere()
        if found[relation].state is state:
            return NothingToChange("it is so" if holds else "it is not so")
        judged = await judge_relation(db, collection, relation, state, editor, services.clock())
        if judged is None:
            return NotHere()
        number, concerned = judged
        for each in sorted(concerned):
            await show_again(services, db, each, f"correction {number}")
        made = await corrections.find(db, collection, number)
        assert made is not None  # noqa: S101  # it was kept just now
        return Made(made)


async def _ties(db: Reader, collection: CollectionId, article: int) -> list[TiePlace]:
    """Return what the claims of an article are to others, each tie once."""
    found = await with_relations(db, collection, await claims.of_article(db, collection, article))
    ties = {
        each.relation: TiePlace(each.relation, each.kind, each.state, each.outgoing, claim, each.claim)
        for claim in found
        for each in claim.related
    }
    return list(ties.values())


def reread_job(article: int, occasion: str) -> NewJob:
    """Return the job that has an article read again; when it was first read stays as it was."""
    payload = {"article": article, "chat": None, "occasion": occasion}
    return NewJob(JobKind.EXTRACT, f"extract:{article}:{occasion}", payload)


def notice_job(made: Correction, where: ToldMessage, run_at: datetime | None, *, undone: bool = False) -> NewJob:
    """Return the job that tells a chat what was wrong in a message, or that it was right after all."""
    # What comes later of one message waits until it is certain whether what came before has been sent.
    lane = f"correction:{where.chat}:{where.message}"
    payload = {
        "what": "correction",
        "correction": made.id,
        "chat": where.chat,
        "message": where.message,
        "thread": where.thread_id,
        "undone": undone,
    }
    # Its number may be given again when its article is erased.
    key = f"{lane}:{made.id} {made.made_at.isoformat()}"
    return NewJob(JobKind.SEND, f"{key}:undone" if undone else key, payload, lane, run_at, Priority.DIGEST)


async def _keep(
    services: Services, db: Writer, stored: StoredArticle, new: NewCorrection, telling: Sequence[int]
) -> Made:
    """Keep a correction, and have the article read and the chats told that were told the claims ``telling``."""
    article = stored.reference.id
    collection = await _collection(db, new.editor.chat)
    # Whoever puts something right in a chat with nobody else knows.
    tellers = [each for each in await _tellers(db, collection, telling) if each.chat != new.editor.user]
    said = {**new.said, "told": [[each.chat, each.message, each.thread_id] for each in tellers]}
    number = await corrections.add(db, collection, replace(new, said=said), services.clock())
    made = await corrections.find(db, collection, number)
    assert made is not None  # noqa: S101  # it was kept just now
    # What has not been read yet will be, with this correction.
    again = [reread_job(article, f"correction {number}")] if stored.state is not ArticleState.RECEIVED else []
    notices = [notice_job(made, each, services.clock() + QUIET) for each in tellers]
    await services.queue.put(db, [*again, *notices])
    return Made(made)


async def _tellers(db: Reader, collection: CollectionId, telling: Sequence[int]) -> list[ToldMessage]:
    """Return of each chat that was told one of the claims the latest message that did so."""
    latest: dict[int, ToldMessage] = {}
    for claim in telling:
        for each in await told.tellers(db, collection, claim):
            if each.chat not in latest or latest[each.chat].message < each.message:
                latest[each.chat] = each
    return [latest[chat] for chat in sorted(latest)]


async def _collection(db: Reader, chat: int) -> CollectionId:
    known = await allowed(db, chat, Right.CORRECT)
    return known.collection if known else NO_COLLECTION


async def _article(db: Reader, chat: int, article: int) -> StoredArticle | None:
    return await articles.find(db, await _collection(db, chat), article)


async def _claim(db: Reader, chat: int, article: int, claim: int) -> tuple[StoredArticle, PlacedClaim] | None:
    stored = await _article(db, chat, article)
    placed = await places.claims_of(db, await _collection(db, chat), article) if stored else []
    return next(((stored, each) for each in placed if stored and each.place.id == claim and each.spans), None)


async def _person(db: Reader, chat: int, article: int, person: int) -> tuple[StoredArticle, PlacedPerson] | None:
    stored = await _article(db, chat, article)
    placed = await places.people_of(db, await _collection(db, chat), article) if stored else []
    return next(((stored, each) for each in placed if stored and each.place.id == person), None)


def _about_claim(
    kind: CorrectionKind, stored: StoredArticle, placed: PlacedClaim, now: dict[str, Any], editor: Editor
) -> NewCorrection:
    claim = placed.place
    said = {
        "claim": claim.id,
        "text": claim.text,
        "source": claim.source,
        "person": claim.person,
        "attributed": claim.attributed,
        "factuality": claim.factuality.value,
        "headline": stored.reference.headline,
    }
    place = anchor(stored.body, around(placed.spans))
    return NewCorrection(kind, stored.reference.id, place, said, now, editor)


def _about_person(
    kind: CorrectionKind, stored: StoredArticle, placed: PlacedPerson, now: dict[str, Any], editor: Editor
) -> NewCorrection:
    person = placed.place
    said = {
        "row": person.id,
        "mentions": [[each.span.start, each.span.end, each.text] for each in placed.mentions],
        "name": person.name,
        "names": sorted({mention.text for mention in placed.mentions}),
        "person": person.shown_as.id,
        "shown_as": person.shown_as.name,
        "headline": stored.reference.headline,
    }
    return NewCorrection(kind, stored.reference.id, _first_mention(stored.body, placed), said, now, editor)


def _first_mention(text: str, placed: PlacedPerson) -> Anchor:
    """Return the place where an article names somebody most fully."""
    fullest = max(placed.mentions, key=lambda mention: (len(mention.text), -mention.span.start))
    return anchor(text, fullest.span)


def _listed(place: Anchor) -> list[str]:
    return [place.exact, place.prefix, place.suffix]


async def _speaker(
    db: Reader, collection: CollectionId, stored: StoredArticle, by: int | str | None
) -> dict[str, Any] | NotHere | NotUnderstood:
    if by is None:
        return {"name": None, "person": None}
    people = await places.people_of(db, collection, stored.reference.id)
    if isinstance(by, int):
        named = next((each for each in people if each.place.id == by), None)
        if named is not None:
            return _of_article(stored, named)
        known = await persons.find(db, collection, by)
        return {"name": known.name, "person": known.id} if known else NotHere()
    name = name_of(by)
    if isinstance(name, NotUnderstood):
        return name
    named = _bearing(people, name)
    if named is not None:
        return _of_article(stored, named)
    bearers = await persons.bearers(db, collection, name)
    return {"name": name, "person": next(iter(bearers)) if len(bearers) == 1 else None}


def _of_article(stored: StoredArticle, named: PlacedPerson) -> dict[str, Any]:
    at = _listed(_first_mention(stored.body, named))
    return {"name": named.place.name, "person": named.place.id, "at": at}


def _bearing(people: Sequence[PlacedPerson], name: str) -> PlacedPerson | None:
    sought = normalise(name)
    bearing = [each for each in people if sought in {normalise(mention.text) for mention in each.mentions}]
    return bearing[0] if len(bearing) == 1 else None


def _says_already(placed: PlacedClaim, who: dict[str, Any]) -> bool:
    if who["name"] is None:
        return placed.place.attributed and placed.place.source is None
    same_row = who["person"] is not None and who["person"] == placed.place.person
    return placed.place.source is not None and (same_row or normalise(placed.place.source) == normalise(who["name"]))


async def _other_person(
    db: Writer, collection: CollectionId, placed: PlacedPerson, other: int | str | None
) -> dict[str, Any] | NotHere | NotUnderstood:
    if isinstance(other, int):
        known = await persons.find(db, collection, other)
        return {"person": known.id, "name": known.name} if known else NotHere()
    name = name_of(other) if other is not None else placed.place.name
    if isinstance(name, NotUnderstood):
        return name
    bearers = await persons.bearers(db, collection, name) if other is not None else {}
    if len(bearers) == 1:
        number, called = next(iter(bearers.items()))
        return {"person": number, "name": called}
    number = await persons.add(db, collection, name)
    await persons.add_names(db, collection, number, [name])
    return {"person": number, "name": name, "new": True}


def name_of(typed: str) -> str | NotUnderstood:
    """Return a name as it was typed, tidied."""
    name = " ".join(typed.split()).strip(' .,;:"“”«»')
    if not _LETTER.search(name) or len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS_OF_A_NAME:
        return NotUnderstood(Unclear.NO_NAME)
    return name


def _typed_value(kind: CorrectionKind, typed: str, now: datetime) -> str | NotUnderstood | None:
    text = " ".join(typed.split())
    if kind is CorrectionKind.DATE:
        return None if text.casefold() in NOTHING else day_of(text, now)
    longest = LONGEST_HEADLINE if kind is CorrectionKind.HEADLINE else LONGEST_NAME
    if text.casefold() in NOTHING:
        return None
    if not _LETTER.search(text):
        return NotUnderstood(Unclear.NO_WORDS, kind)
    if len(text) > longest:
        return NotUnderstood(Unclear.TOO_LONG, kind, length=len(text), longest=longest)
    return text


def _value(stored: StoredArticle, kind: CorrectionKind) -> str | None:
    found = stored.metadata
    match kind:
        case CorrectionKind.HEADLINE:
            return found.headline
        case CorrectionKind.DATE:
            return found.date_published
        case _:
            return found.publisher


def _words_at(text: str, words: str | None) -> Anchor | None:
    """Return where the article says something of itself; what it does not say cannot change there."""
    start = text.find(words) if words else -1
    return anchor(text, Span(start, start + len(words))) if words and start >= 0 else None
