"""A collection's articles with all that belongs to them, as records, one by one: its size does not matter."""

import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.chats import CollectionId
from domain.exports import NobodyCalled, Selection
from domain.gists import packed, persons_in, unpacked, with_persons
from domain.jobs import JobKind, NewJob, Priority
from services import Services
from services.access import Right, allowed
from services.exporting import records
from services.exporting.naming import article_id, claim_id, own_id, relation_id, renamed
from services.exporting.records import Record
from storage import exporting, persons
from storage.connection import Database, Reader, Row
from storage.exporting import Limits
from storage.values import normalise, to_text

# A name of more persons than this limits nothing.
MOST_PERSONS = 200


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported; ``uid`` is what the collection is known by."""

    database: Database
    limits: Limits
    uid: str
    selection: Selection
    at: datetime


async def select(services: Services, chat: int, selection: Selection) -> Export | NobodyCalled | None:
    """Return what of the chat's collection is selected; None where the chat is not known."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
    return await select_of(services, known.collection, selection) if known else None


async def select_of(services: Services, collection: CollectionId, selection: Selection) -> Export | NobodyCalled | None:
    """Return what of a collection is selected; None where there is no such collection. No chat may choose it."""
    async with services.database.reading() as db:
        if not await exporting.is_shared(db, collection):
            return None
        limits = await _limits(db, collection, selection)
    if limits is None:
        return NobodyCalled(selection.person or "")
    async with services.database.transaction() as db:
        uid = await exporting.uid(db, collection)
    return Export(services.database, limits, uid, selection, services.clock())


async def queue(services: Services, payload: Mapping[str, Any]) -> None:
    """Have what a ``message`` of a ``chat`` asked for written and sent, one file of a chat after the other."""
    lane = f"export:{payload['chat']}"
    job = NewJob(JobKind.SEND, f"{lane}:{payload['message']}", dict(payload), lane, priority=Priority.DIGEST)
    async with services.database.transaction() as db:
        await services.queue.put(db, [job])


async def characters(export: Export) -> int:
    """Return how long the texts of the exported articles are together."""
    return await exporting.characters(export.database, export.limits)


async def of_export(export: Export) -> AsyncIterator[Record]:
    """Yield all records in the order in which they are restored."""
    counts: Counter[str] = Counter()
    filters = {key: str(value) for key, value in _filters(export.selection) if value is not None}
    yield records.Header(exported_at=to_text(export.at), filters=filters)
    for part in (people, articles, corrections, judgements, relations, doubts):
        async for record in part(export):
            counts[record.type] += 1
            yield record
    yield records.End(records=dict(counts))


async def people(export: Export) -> AsyncIterator[records.Person]:
    """Yield the persons' rows."""
    async for page in exporting.persons(export.database, export.limits):
        names = await _Names.of(export, {number for row in page for number in (row["id"], row["canonical_id"])})
        for row in page:
            others = tuple(each["name"] for each in row["person_names"] if each["name"] != row["name"])
            shown_as = names(row["canonical_id"]) if row["canonical_id"] != row["id"] else None
            titles = tuple(dict.fromkeys(each["job_title"] for each in row["roles"]))
            yield records.Person(
                id=names(row["id"]),
                name=row["name"],
                alternate_name=others,
                job_title=titles,
                shown_as=shown_as,
                named=bool(row["person_names"]),
            )


async def articles(export: Export) -> AsyncIterator[records.Article | records.Claim]:
    """Yield the articles, each with its claims behind it."""
    async for page in exporting.articles(export.database, export.limits):
        names = await _Names.of(export, {number for row in page for number in _persons_of(row)})
        for row in page:
            yield _article(row, names)
            for claim in row["claims"]:
                yield _claim(row, claim, names)


async def corrections(export: Export) -> AsyncIterator[records.Correction]:
    """Yield what was put right; what is about somebody or something that is not exported is left out."""
    async for page in exporting.corrections(export.database, export.limits):
        found = [_mentioned(row) for row in page]
        names = await _Names.of(export, {number for each in found for number in each["person"]})
        there = await exporting.exported(export.database, export.limits, names.numbers)
        told = {number for each in found for number in each["article"]}
        hashes = await exporting.hashes(export.database, export.limits, told)
        places = await exporting.places(export.database, {number for each in found for number in each["claim"]})
        known = {
            "person": {number: names(number) for number in there},
            "article": {number: article_id(each) for number, each in hashes.items()},
            "claim": {number: claim_id(each) for number, each in places.items()},
        }
        for row, each in zip(page, found, strict=True):
            if row["article_id"] is not None:
                # Nobody in somebody's place would be somebody new.
                named = json.loads(row["corrected"]).get("person")
                whole = named is None or named in there
            else:
                whole = each["person"] <= there and each["article"] <= hashes.keys()
            if whole:
                yield _correction(export, row, known)


async def judgements(export: Export) -> AsyncIterator[records.Judgement]:
    """Yield judgements on exported persons."""
    async for page in exporting.judgements(export.database, export.limits):
        names = await _Names.of(export, {row[side] for row in page for side in ("left_id", "right_id")})
        there = await exporting.exported(export.database, export.limits, names.numbers)
        for row in page:
            if {row["left_id"], row["right_id"]} <= there:
                yield records.Judgement(
                    left=names(row["left_id"]),
                    right=names(row["right_id"]),
                    verdict=row["verdict"],
                    correction=_called("correction", export, row["correction_id"], row["uid"]),
                )


async def relations(export: Export) -> AsyncIterator[records.Relation]:
    """Yield what exported claims are to each other."""
    async for page in exporting.relations(export.database, export.limits):
        places = await exporting.places(export.database, {row[end] for row in page for end in ("claim_id", "other_id")})
        for row in page:
            if not {row["claim_id"], row["other_id"]} <= places.keys():
                # Its article is being read again.
                continue
            claim, other = (claim_id(places[row[end]]) for end in ("claim_id", "other_id"))
            by = row["correction_id"]
            yield records.Relation(
                id=relation_id(claim, other),
                claim=claim,
                other=other,
                kind=row["kind"],
                state=row["state"],
                score=row["score"],
                evidence=json.loads(row["evidence"]),
                correction=_called("correction", export, by, row["correction_uid"]) if by is not None else None,
            )


async def doubts(export: Export) -> AsyncIterator[records.Doubt]:
    """Yield the machine's doubts on exported persons."""
    async for page in exporting.doubts(export.database, export.limits):
        names = await _Names.of(export, {row[side] for row in page for side in ("person_id", "candidate_id")})
        there = await exporting.exported(export.database, export.limits, names.numbers)
        for row in page:
            if {row["person_id"], row["candidate_id"]} <= there:
                yield records.Doubt(
                    person=names(row["person_id"]),
                    candidate=names(row["candidate_id"]),
                    article=article_id(row["content_hash"]),
                    score=row["score"],
                    evidence=json.loads(row["evidence"]),
                    raised_at=row["raised_at"],
                    asked_at=row["asked_at"],
                )


@dataclass(frozen=True, slots=True)
class _Names:
    """What persons are called in an export."""

    export: Export
    numbers: frozenset[int]
    uids: Mapping[int, str]

    @classmethod
    async def of(cls, export: Export, numbers: set[int]) -> "_Names":
        """Look up those who were restored, and keep the name that they came with."""
        return cls(export, frozenset(numbers), await exporting.uids(export.database, numbers))

    def __call__(self, number: int) -> str:
        return _called("person", self.export, number, self.uids.get(number))


def _called(kind: str, export: Export, number: int, uid: str | None) -> str:
    return uid or own_id(kind, export.uid, number)


async def _limits(db: Reader, collection: CollectionId, selection: Selection) -> Limits | None:
    """Return what lets a selection through; None where nobody bears its name."""
    publishers = rows = None
    if selection.publisher is not None:
        spelt = await exporting.publishers(db, collection)
        publishers = [each for each in spelt if normalise(each) == normalise(selection.publisher)]
    if selection.person is not None:
        words = normalise(selection.person).split()
        bearers = await persons.find_by_words(db, collection, words, MOST_PERSONS) if words else []
        if not bearers:
            return None
        rows = [member for bearer in bearers for member in await persons.members(db, bearer.id)]
    return exporting.limits(
        collection,
        await exporting.newest(db),
        since=_midnight(selection.since) if selection.since else None,
        until=_midnight(selection.until) + timedelta(days=1) if selection.until else None,
        language=selection.language.lower() if selection.language else None,
        publishers=publishers,
        persons=rows,
        hidden=await exporting.hidden(db, collection),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _filters(selection: Selection) -> list[tuple[str, object]]:
    return [(name, getattr(selection, name)) for name in ("since", "until", "person", "publisher", "language")]


def _persons_of(row: Row) -> Iterator[int]:
    for table in ("mentions", "roles", "claim_persons", "pinned_persons"):
        yield from (each["person_id"] for each in row[table])
    yield from (each["machine_id"] for each in row["pinned_persons"] if each["machine_id"] is not None)
    for claim in row["claims"]:
        if claim["source_person_id"] is not None:
            yield claim["source_person_id"]
        if claim["gist"] is not None:
            yield from persons_in(unpacked(claim["gist"]))


def _article(row: Row, names: _Names) -> records.Article:
    only = {table: next(iter(row[table]), None) for table in ("fingerprints", "origins", "reprints", "story_articles")}
    fingerprint, origin, reprint, story = only.values()
    return records.Article(
        id=article_id(row["content_hash"]),
        headline=row["headline"],
        publisher=row["publisher"],
        author=json.loads(row["author"]),
        date_published=row["date_published"],
        in_language=row["language"],
        url=row["url"],
        article_body=row["body"],
        **{name: row[name] for name in ("state", "failure", "reading", "received_at", "settled_at", "seen_at")},
        origin=origin["origin"] if origin else None,
        fingerprint=base64.b64encode(fingerprint["minima"]).decode() if fingerprint else None,
        reprint_of=article_id(reprint["content_hash"]) if reprint else None,
        story=article_id(story["content_hash"]) if story else None,
        story_keys=tuple((each["key"], each["weight"]) for each in row["story_keys"]),
        people=tuple(_people(row, names)),
        pinned=tuple(
            records.Pin(
                name=each["normalised"],
                person=names(each["person_id"]),
                machine=names(each["machine_id"]) if each["machine_id"] is not None else None,
            )
            for each in row["pinned_persons"]
        ),
        forwards=tuple(_forward(each) for each in row["forwards"]),
        versions=tuple(
            records.Version(replaced_at=each["replaced_at"], article_body=each["body"], headline=each["headline"])
            for each in row["article_versions"]
        ),
    )


def _people(row: Row, names: _Names) -> Iterator[records.Named]:
    mentions: dict[int, list[records.Mention]] = {each["person_id"]: [] for each in (*row["mentions"], *row["roles"])}
    for each in row["mentions"]:
        mentions[each["person_id"]].append(records.Mention(start=each["start"], end=each["end"], text=each["text"]))
    for person, found in mentions.items():
        titles = tuple(each["job_title"] for each in row["roles"] if each["person_id"] == person)
        yield records.Named(person=names(person), job_title=titles, mentions=tuple(found))


def _forward(row: Row) -> records.Forward:
    return records.Forward(
        chat=records.Chat(id=row["telegram_id"], kind=row["kind"], title=row["title"], username=row["username"]),
        **{name: row[name] for name in ("message_id", "thread_id", "sender", "sender_id", "sent_at", "note")},
        origin=records.Origin(
            **{
                name: row[f"origin_{name}"]
                for name in ("kind", "name", "username", "message_id", "sent_at", "signature")
            }
        ),
    )


def _claim(article: Row, row: Row, names: _Names) -> records.Claim:
    source = cue = None
    if row["source_text"] is not None:
        source = records.Source(
            text=row["source_text"],
            spans=json.loads(row["source_spans"] or "[]"),
            person=names(row["source_person_id"]) if row["source_person_id"] is not None else None,
            job_title=row["source_job_title"],
        )
    if row["cue_text"] is not None:
        cue = records.Passage(text=row["cue_text"], spans=json.loads(row["cue_spans"] or "[]"))
    return records.Claim(
        id=claim_id({**row, "content_hash": article["content_hash"]}),
        article=article_id(article["content_hash"]),
        spans=json.loads(row["spans"]),
        source=source,
        cue=cue,
        people=tuple(names(each["person_id"]) for each in article["claim_persons"] if each["claim_id"] == row["id"]),
        gist=_gist(row["gist"], names),
        **{name: row[name] for name in ("position", "rank", "text", "factuality", "kind", "lead_in")},
    )


def _gist(gist: str | None, names: _Names) -> str | None:
    if gist is None:
        return None
    told = unpacked(gist)
    return packed(with_persons(told, {str(number): names(number) for number in persons_in(told)}))


def _mentioned(row: Row) -> dict[str, set[int]]:
    """Return by kind the numbers of what a correction is about."""
    found: dict[str, set[int]] = {"person": set(), "article": set(), "claim": set()}

    def note(kind: str, number: Any) -> Any:
        found[kind].add(number)
        return number

    for name in ("said", "corrected"):
        renamed(json.loads(row[name]), note)
    return found


def _correction(export: Export, row: Row, known: Mapping[str, Mapping[int, str]]) -> records.Correction:
    said, corrected = (
        renamed(json.loads(row[name]), lambda kind, number: known[kind].get(number)) for name in ("said", "corrected")
    )
    return records.Correction(
        id=_called("correction", export, row["id"], row["uid"]),
        article=article_id(row["content_hash"]) if row["content_hash"] else None,
        anchor=json.loads(row["anchor"]) if row["anchor"] else None,
        said=said,
        corrected=corrected,
        chat=row["chat_id"],
        user=row["user_id"],
        **{name: row[name] for name in ("kind", "user_name", "made_at", "state", "ended_at", "ended_by")},
    )
