"""Putting an exported archive back: everything as it was, without reading its articles again.

Only what was here already and has been corrected there is read once more, so that the corrections show.
Each record is kept once, however often the file is restored, and what is there already stays as it is. An article goes
with its claims in one transaction, so it can be stopped at any moment and run again.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from domain.articles import ArticleState
from domain.chats import ChatIdentity, CollectionId
from domain.corrections import CorrectionState, Verdict
from domain.fingerprints import Fingerprint
from domain.gists import packed, unpacked, with_persons
from services import Services
from services.chats import know
from services.correcting.making import reread_job
from services.exporting import records
from services.exporting.naming import claim_id, number_of, renamed
from services.identity.judging import settle
from services.relation_rules.keys import keys_of
from storage import articles, exporting, persons, relations, reprints, restoring, stories
from storage.connection import Writer
from storage.values import content_hash, normalise, to_text

_TIES = re.compile(rb'"type":\s*"(?:relation|correction)"')
# Small records, so many in one transaction.
AT_A_TIME = 200

Lines = Callable[[], Iterator[bytes]]


@dataclass(slots=True)
class Restored:
    """What became of an export's records.

    ``new`` and ``known`` count them by type. ``unread`` are the numbers of articles that were exported before they
    had been read, and still have not been; ``corrected`` those of articles that were here already and are to be read
    again, since corrections of them came. ``unreadable`` are the numbers of lines that are no records. ``whole`` tells
    that the file has its end.
    """

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    unread: list[int] = field(default_factory=list)
    corrected: set[int] = field(default_factory=set)
    unreadable: list[int] = field(default_factory=list)
    whole: bool = False


def header(line: bytes) -> records.Header | None:
    """Return the header that a file's first line is; None where it is no export."""
    try:
        return records.Header.model_validate_json(line, strict=False) if b'"archive"' in line else None
    except ValidationError:
        return None


async def restore(services: Services, to: ChatIdentity, lines: Lines, report: Restored) -> None:
    """Put an export's records into the chat's collection; ``lines`` gives the file's lines, as often as it is asked."""
    chat = await know(services, to)
    async with services.database.transaction() as db:
        uid = await exporting.uid(db, chat.collection)
    run = _Run(services, chat.collection, uid, report, wanted=_claims_tied(lines()))
    small: list[records.Record] = []
    article: tuple[records.Article, list[records.Claim]] | None = None
    for record in _records(lines(), report):
        if isinstance(record, records.Claim):
            if article is not None:
                article[1].append(record)
            continue
        if article is not None:
            await run.keep_article(*article)
            article = None
        if isinstance(record, records.Article):
            await run.keep_small(small)
            small, article = [], (record, [])
        else:
            small.append(record)
            if len(small) == AT_A_TIME:
                await run.keep_small(small)
                small = []
    if article is not None:
        await run.keep_article(*article)
    await run.keep_small(small)


def _records(lines: Iterator[bytes], report: Restored) -> Iterator[records.Record]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield records.ANY.validate_json(line)
        except ValidationError:
            report.unreadable.append(number)


def _claims_tied(lines: Iterator[bytes]) -> frozenset[str]:
    """Return the claims that relations and corrections are about: only their numbers need be remembered."""
    found: set[str] = set()

    def note(kind: str, called: Any) -> None:
        if kind == "claim":
            found.add(str(called))

    for record in _records((line for line in lines if _TIES.search(line)), Restored()):
        if isinstance(record, records.Relation):
            found |= {record.claim, record.other}
        elif isinstance(record, records.Correction):
            renamed(record.said, note)
            renamed(record.corrected, note)
    return frozenset(found)


@dataclass
class _Run:
    """One restoring: the numbers that what is exported has here."""

    services: Services
    collection: CollectionId
    uid: str
    report: Restored
    wanted: frozenset[str]
    persons: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    corrections: dict[str, tuple[int, bool]] = field(default_factory=dict)
    stories: dict[str, int] = field(default_factory=dict)
    chats: dict[int, int] = field(default_factory=dict)
    brought: set[int] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)

    @cached_property
    def _now(self) -> str:
        return to_text(self.services.clock())

    async def keep_small(self, found: Sequence[records.Record]) -> None:
        """Keep records that hang on others."""
        if not found:
            return
        async with self.services.database.transaction() as db:
            for record in found:
                match record:
                    case records.Person():
                        self._count(record, new=await self._person(db, record))
                    case records.Correction():
                        if self._says_the_same(record):
                            self._count(record, new=await self._correction(db, record))
                    case records.Judgement():
                        await self._judgement(db, record)
                    case records.Relation():
                        await self._relation(db, record)
                    case records.Doubt():
                        await self._doubt(db, record)
                    case records.End():
                        self.report.whole = True
            await self._read_again(db, found)

    async def _read_again(self, db: Writer, found: Sequence[records.Record]) -> None:
        """Have articles read again that were here before corrections of them came, which apply at reading."""
        newest = {
            self.articles[record.article]: record.id
            for record in found
            if isinstance(record, records.Correction) and record.article in self.articles and record.id in self.made
        }
        known = {article: correction for article, correction in newest.items() if article not in self.brought}
        jobs = [reread_job(article, f"restored {correction}") for article, correction in known.items()]
        await self.services.queue.put(db, jobs)
        self.report.corrected |= known.keys()

    def _count(self, record: Any, *, new: bool) -> None:
        (self.report.new if new else self.report.known)[record.type] += 1

    async def _person(self, db: Writer, record: records.Person) -> bool:
        own = number_of("person", self.uid, record.id)
        known = await restoring.person(db, self.collection, record.id, own, record.name)
        if known is None:
            number = await persons.add(db, self.collection, record.name)
            await restoring.call_person(db, number, record.id)
            names = (record.name, *record.alternate_name) if record.named else ()
            await persons.add_names(db, self.collection, number, names)
        self.persons[record.id] = number if known is None else known
        return known is None

    async def keep_article(self, record: records.Article, claims: Sequence[records.Claim]) -> None:
        """Keep an article with its claims, unless its text is there."""
        async with self.services.database.transaction() as db:
            number = await articles.find_same(db, self.collection, record.article_body)
            new = number is None
            if number is None:
                number = await self._article(db, record)
                await self._claims(db, number, record, claims)
                self.brought.add(number)
            self.articles[record.id] = number
            stored = await articles.find(db, self.collection, number)
            state = stored.state if stored else None
            if record.story is not None and (story := await restoring.story_of(db, number)) is not None:
                self.stories.setdefault(record.story, story)
            for place in await restoring.places(db, number):
                if (called := claim_id(place)) in self.wanted:
                    self.claims[called] = place["id"]
        self._count(record, new=new)
        (self.report.new if new else self.report.known)["claim"] += len(claims)
        if record.state == ArticleState.RECEIVED.value and state is ArticleState.RECEIVED:
            self.report.unread.append(number)

    async def _article(self, db: Writer, record: records.Article) -> int:
        same = ("headline", "publisher", "date_published", "url", "state", "failure", "reading")
        moments = ("received_at", "settled_at", "seen_at")
        row = {
            "collection_id": self.collection,
            "content_hash": content_hash(record.article_body),
            "body": record.article_body,
            "search_text": normalise(record.article_body),
            "author": restoring.listed(record.author),
            "language": record.in_language,
            **{name: getattr(record, name) for name in (*same, *moments)},
        }
        number = await restoring.add(db, "articles", row)
        await self._forwards(db, number, record)
        await restoring.add_all(
            db,
            "article_versions",
            [
                {
                    "article_id": number,
                    "replaced_at": each.replaced_at,
                    "body": each.article_body,
                    "headline": each.headline,
                }
                for each in record.versions
            ],
        )
        await self._people(db, number, record)
        if record.origin is not None:
            await restoring.add_all(db, "origins", [{"article_id": number, "origin": record.origin}])
        if record.fingerprint is not None:
            minima = Fingerprint(base64.b64decode(record.fingerprint))
            await reprints.settle(db, self.collection, number, minima)
        await self._story(db, number, record)
        return number

    async def _forwards(self, db: Writer, number: int, record: records.Article) -> None:
        for each in record.forwards:
            if each.chat.id not in self.chats:
                self.chats[each.chat.id] = await restoring.chat(db, self.collection, each.chat.model_dump(), self._now)
            row = {
                "article_id": number,
                "chat_id": self.chats[each.chat.id],
                **each.model_dump(exclude={"chat", "origin"}),
                **{f"origin_{name}": value for name, value in each.origin.model_dump().items()},
            }
            await restoring.add_all(db, "forwards", [row])

    async def _people(self, db: Writer, number: int, record: records.Article) -> None:
        mentions, roles = [], []
        for each in record.people:
            person = self.persons.get(each.person)
            if person is None:
                continue
            who = {"article_id": number, "person_id": person}
            mentions += [{**who, **mention.model_dump()} for mention in each.mentions]
            roles += [{**who, "job_title": title, "seen_at": record.seen_at} for title in each.job_title]
        await restoring.add_all(db, "mentions", mentions)
        await restoring.add_all(db, "roles", roles)
        pins = [
            {
                "article_id": number,
                "normalised": pin.name,
                "person_id": self.persons[pin.person],
                "machine_id": self.persons.get(pin.machine or ""),
            }
            for pin in record.pinned
            if pin.person in self.persons
        ]
        await restoring.add_all(db, "pinned_persons", pins)

    async def _story(self, db: Writer, number: int, record: records.Article) -> None:
        day = datetime.fromisoformat(record.seen_at).toordinal()
        if record.story_keys:
            await stories.keep_keys(db, self.collection, number, day, dict(record.story_keys))
        if record.story is None:
            return
        if record.story not in self.stories:
            self.stories[record.story] = await restoring.add(db, "stories", {"collection_id": self.collection})
        row = {
            "article_id": number,
            "story_id": self.stories[record.story],
            "collection_id": self.collection,
            "day": day,
        }
        await restoring.add_all(db, "story_articles", [row])

    async def _claims(self, db: Writer, article: int, record: records.Article, claims: Sequence[records.Claim]) -> None:
        keys = {}
        for claim in claims:
            number = await restoring.add(db, "claims", self._claim(article, claim))
            parts = [(each, "about") for each in claim.people]
            if claim.source is not None and claim.source.person is not None:
                parts.append((claim.source.person, "source"))
            rows = [
                {"person_id": self.persons[each], "part": part, "seen_at": record.seen_at, "claim_id": number}
                for each, part in parts
                if each in self.persons
            ]
            await restoring.add_all(db, "claim_persons", rows)
            if claim.gist is not None:
                keys[number] = keys_of(unpacked(self._gist(claim.gist)))
        await relations.set_keys(db, self.collection, article, keys)

    def _claim(self, article: int, claim: records.Claim) -> dict[str, Any]:
        source, cue = claim.source, claim.cue
        return {
            "collection_id": self.collection,
            "article_id": article,
            "spans": restoring.spans(claim.spans),
            "search_text": normalise(f"{source.text if source else ''} {claim.text}"),
            "source_text": source.text if source else None,
            "source_spans": restoring.spans(source.spans) if source else None,
            "source_person_id": self.persons.get(source.person or "") if source else None,
            "source_job_title": source.job_title if source else None,
            "cue_text": cue.text if cue else None,
            "cue_spans": restoring.spans(cue.spans) if cue else None,
            "gist": self._gist(claim.gist) if claim.gist is not None else None,
            **{name: getattr(claim, name) for name in ("position", "rank", "text", "factuality", "kind", "lead_in")},
        }

    def _gist(self, gist: str) -> str:
        return packed(with_persons(unpacked(gist), self.persons))

    def _says_the_same(self, record: records.Correction) -> bool:
        """Return whether everybody is here whom a correction puts in another's place: nobody would be somebody new."""
        named = record.corrected.get("person")
        return named is None or named in self.persons

    async def _correction(self, db: Writer, record: records.Correction) -> bool:
        if record.state == CorrectionState.UNDONE.value:
            self.undone.add(record.id)
        own = number_of("correction", self.uid, record.id)
        known = await restoring.correction(db, self.collection, record.id, own, record.made_at)
        if known is not None:
            self.corrections[record.id] = known["id"], known["state"] == CorrectionState.STANDING.value
            return False
        row = {
            "collection_id": self.collection,
            "article_id": self.articles.get(record.article or ""),
            "anchor": restoring.listed(record.anchor) if record.anchor else None,
            "said": restoring.listed(renamed(record.said, self._number)),
            "corrected": restoring.listed(renamed(record.corrected, self._number)),
            "chat_id": record.chat,
            "user_id": record.user,
            "uid": record.id,
            **{
                name: getattr(record, name)
                for name in ("kind", "user_name", "made_at", "state", "ended_at", "ended_by")
            },
        }
        number = await restoring.add(db, "corrections", row)
        stands = record.state == CorrectionState.STANDING.value
        self.corrections[record.id] = number, stands
        if stands:
            self.made.add(record.id)
        return True

    def _number(self, kind: str, called: Any) -> int | None:
        numbers: Mapping[str, Mapping[str, int]] = {
            "person": self.persons,
            "article": self.articles,
            "claim": self.claims,
        }
        return numbers[kind].get(called)

    async def _judgement(self, db: Writer, record: records.Judgement) -> None:
        left, right = self.persons.get(record.left), self.persons.get(record.right)
        correction, stands = self.corrections.get(record.correction, (0, False))
        # Where somebody has taken back what the machine joined, nobody knows, and it does not join them again.
        left_open = record.verdict == Verdict.UNSURE.value and record.correction in self.undone
        if left is None or right is None or not (stands or left_open):
            return
        row = {"left_id": min(left, right), "right_id": max(left, right), "verdict": record.verdict}
        await restoring.add_all(db, "judgements", [{**row, "correction_id": correction}])
        for person in (left, right):
            await settle(db, person)
        self._count(record, new=True)

    async def _relation(self, db: Writer, record: records.Relation) -> None:
        claim, other = self.claims.get(record.claim), self.claims.get(record.other)
        if claim is None or other is None:
            return
        correction, _ = self.corrections.get(record.correction or "", (None, False))
        row = {
            "collection_id": self.collection,
            "claim_id": claim,
            "other_id": other,
            "evidence": restoring.listed(record.evidence),
            "correction_id": correction,
            **{name: getattr(record, name) for name in ("kind", "state", "score")},
        }
        await restoring.add_all(db, "claim_relations", [row])
        self._count(record, new=True)

    async def _doubt(self, db: Writer, record: records.Doubt) -> None:
        person, candidate = self.persons.get(record.person), self.persons.get(record.candidate)
        article = self.articles.get(record.article)
        if person is None or candidate is None or article is None:
            return
        row = {
            "collection_id": self.collection,
            "person_id": person,
            "candidate_id": candidate,
            "article_id": article,
            "evidence": restoring.listed([each for each in record.evidence if isinstance(each, dict)]),
            **{name: getattr(record, name) for name in ("score", "raised_at", "asked_at")},
        }
        await restoring.add_all(db, "doubts", [row])
        self._count(record, new=True)
