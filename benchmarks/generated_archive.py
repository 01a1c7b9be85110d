"""A generated archive, of any size and always the same: for benchmarks/archive.py.

People are named, words used and publishers met as often as Zipf's law has it, so the person named most has tens of
thousands of claims in the largest archive. Names and words are made of syllables. Eight articles in a hundred are
reprints, five in a hundred came long after they were published, two persons in a hundred have been judged to be
another one.
"""

import json
import random
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np

from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    KeyClaim,
    Mention,
    Metadata,
    NamedPerson,
    Passage,
    Source,
    Span,
)
from domain.fingerprints import Fingerprint
from domain.gists import Gist, Mode, Statement, packed
from services.relation_rules.keys import keys_of
from storage.relations import key_of
from storage.spellings import kept_keys
from storage.values import content_hash, normalise, to_text, trigrams

FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1_095
VOCABULARY = 40_000
PUBLISHERS = 200
GIVEN_NAMES, SURNAMES = 900, 30_000
CLAIM_WORDS = 12
PEOPLE_AN_ARTICLE = 5
REPRINTS, LATE, MERGED = 0.08, 0.05, 0.02
# Articles at a time.
BATCH = 2_000
CUES = ("said that", "denied that", "told reporters that", "hopes that", "may have said that")
FACTUALITY = ("CT+", "CT-", "CT+", "PS+", "PR+")
KINDS = ("speech", "speech", "speech", "intention", "speech")
BOT, EDITOR = 7, 11
_ONSETS = "b br d dr f g gr h j k kl l m n p pl r s sk st t tr v w z"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How large an archive is."""

    articles: int = 100_000
    claims_an_article: int = 10
    persons: int = 50_000


def syllables(chance: random.Random, most: int) -> str:
    """Return a made-up word."""
    onsets = _ONSETS.split()
    return "".join(
        chance.choice(onsets) + chance.choice("aeiou") + chance.choice(("", "", "n", "r", "l", "s", "m"))
        for _ in range(chance.randint(1 if most > 3 else 2, most))
    )


def distinct(chance: random.Random, count: int, most: int) -> list[str]:
    """Return so many words, no two alike."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[syllables(chance, most)] = None
    return list(found)


class Zipf:
    """Draws numbers from 0 up, each the more often the smaller it is."""

    def __init__(self, seed: int, count: int, exponent: float) -> None:
        weights = np.arange(1, count + 1, dtype=float) ** -exponent
        self._sums = np.cumsum(weights / weights.sum())
        self._chance = np.random.default_rng(seed)

    def draw(self, count: int) -> list[int]:
        """Return so many numbers."""
        found: list[int] = np.searchsorted(self._sums, self._chance.random(count)).tolist()
        return [min(number, len(self._sums) - 1) for number in found]


@dataclass(frozen=True, slots=True)
class Archive:
    """One collection of a generated file: its persons' names, those named most first, its words likewise."""

    collection: int
    chat: int
    names: Sequence[str]
    words: Sequence[str]
    first_person: int

    def person(self, index: int) -> int:
        """Return a person's number."""
        return self.first_person + index


@dataclass(slots=True)
class _Batch:
    """Rows by table, until they are kept."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def keep(self, file: sqlite3.Connection) -> None:
        for table, rows in self.rows.items():
            insert(file, table, rows)
        self.rows.clear()


def insert(file: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Keep rows that all have the same columns."""
    columns = list(rows[0])
    marks = ", ".join(f":{column}" for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    file.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  # our own names


def generate(file: sqlite3.Connection, sizes: Sequence[Size], seed: int = 20260312) -> list[Archive]:
    """Fill a file that has the schema and nothing else: one collection of each size, with a chat of its own."""
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF"):
        file.execute(f"PRAGMA {pragma}")
    archives = []
    for number, size in enumerate(sizes, start=1):
        archive = _open(file, number, size, seed)
        _fill(file, archive, size, seed + number)
        archives.append(archive)
    file.execute("PRAGMA journal_mode=DELETE")
    return archives


def described(sizes: Sequence[Size], seed: int = 20260312) -> list[Archive]:
    """Return what ``generate`` has put into a file."""
    first, archives = 1, []
    for number, size in enumerate(sizes, start=1):
        archives.append(Archive(number, 100 * number, _names(seed, number, size.persons), _vocabulary(seed), first))
        first += size.persons
    return archives


@cache
def _vocabulary(seed: int) -> tuple[str, ...]:
    return tuple(distinct(random.Random(seed), VOCABULARY, 4))  # noqa: S311  # no secret


@cache
def _parts_of_names(seed: int, number: int) -> tuple[Sequence[str], Sequence[str]]:
    chance = random.Random(seed * 31 + number)  # noqa: S311  # no secret
    return distinct(chance, GIVEN_NAMES, 2), distinct(chance, SURNAMES, 3)


def _names(seed: int, number: int, count: int) -> list[str]:
    given, surnames = _parts_of_names(seed, number)
    firsts, lasts = Zipf(seed + 1, GIVEN_NAMES, 0.7).draw(count), Zipf(seed + 2, SURNAMES, 0.3).draw(count)
    return [f"{given[one].title()} {surnames[two].title()}" for one, two in zip(firsts, lasts, strict=True)]


def _open(file: sqlite3.Connection, number: int, size: Size, seed: int) -> Archive:
    (first,) = file.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM persons").fetchone()
    archive = Archive(number, 100 * number, _names(seed, number, size.persons), _vocabulary(seed), first)
    now = to_text(FIRST_DAY)
    insert(file, "collections", [{"id": number, "created_at": now}])
    chat = {"id": archive.chat, "bot": BOT, "collection_id": number, "kind": "private", "title": "Ann"}
    insert(file, "chats", [{**chat, "timezone": "UTC", "created_at": now}])
    return archive


def _fill(file: sqlite3.Connection, archive: Archive, size: Size, seed: int) -> None:
    _add_persons(file, archive)
    batch, bands = _Batch(), []
    for number, told in enumerate(_articles(archive, size, seed)):
        row = told.keep(batch)
        bands += [(band, row) for band in memoryview(told.minima).cast("q")]
        if number % BATCH == BATCH - 1:
            batch.keep(file)
    batch.keep(file)
    # In the order of the table: at random places this takes minutes.
    bands.sort()
    file.executemany(
        f"INSERT OR IGNORE INTO fingerprint_bands VALUES ({archive.collection}, ?, ?)",  # noqa: S608  # a number
        bands,
    )
    _merge(file, archive, seed)
    file.commit()


def _add_persons(file: sqlite3.Connection, archive: Archive) -> None:
    batch, collection, words = _Batch(), archive.collection, set()
    for index, name in enumerate(archive.names):
        person, surname = archive.person(index), name.split()[-1]
        batch.add("persons", id=person, collection_id=collection, name=name, canonical_id=person)
        for form in (name, surname):
            batch.add("person_names", person_id=person, collection_id=collection, normalised=normalise(form), name=form)
        for word in normalise(name).split():
            words.add(word)
            batch.add("name_words", collection_id=collection, word=word, person_id=person)
        for key in kept_keys(name):
            batch.add("name_keys", collection_id=collection, key=key, person_id=person)
    for word in sorted(words):
        for piece in trigrams(word):
            batch.add("word_trigrams", collection_id=collection, trigram=piece, word=word)
    batch.keep(file)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an article tells; a reprint tells it over again."""

    archive: Archive
    number: int
    headline: str
    publisher: int
    seen_at: datetime
    received_at: datetime
    minima: bytes
    reprint_of: int | None
    claims: Sequence["_Claim"]

    def keep(self, batch: _Batch) -> int:
        """Add the article's rows, and return its number."""
        body, places = self.body()
        article, collection, seen_at = self.number, self.archive.collection, to_text(self.seen_at)
        batch.add(
            "articles",
            id=article,
            collection_id=collection,
            content_hash=content_hash(body),
            body=body,
            search_text=body.casefold().replace(".", "").replace("\n", " "),
            state="read",
            headline=self.headline,
            publisher=f"Publisher {self.publisher}",
            date_published=self.seen_at.date().isoformat(),
            language="en",
            received_at=to_text(self.received_at),
            settled_at=to_text(self.received_at),
            seen_at=seen_at,
        )
        batch.add(
            "forwards",
            article_id=article,
            chat_id=self.archive.chat,
            message_id=article,
            sender="Ann",
            origin_kind="channel",
            origin_name=f"Channel {self.publisher % 90}",
            origin_username=f"channel{self.publisher % 90}",
            origin_message_id=article,
            sent_at=to_text(self.received_at),
            sender_id=EDITOR,
        )
        batch.add("fingerprints", article_id=article, minima=self.minima)
        batch.add("origins", article_id=article, origin=f"name:publisher{self.publisher}")
        self._keep_story(batch)
        if self.reprint_of is not None:
            batch.add("reprints", article_id=article, reprint_of=self.reprint_of)
        for position, (claim, start) in enumerate(zip(self.claims, places, strict=True)):
            self._keep_claim(batch, position, claim, start)
        return article

    def _keep_story(self, batch: _Batch) -> None:
        """Give the article a story of its own, or that of the article that it is over again."""
        collection, day = self.archive.collection, self.seen_at.toordinal()
        story = self.reprint_of or self.number
        batch.add("stories", id=story, collection_id=collection)
        batch.add("story_articles", article_id=self.number, story_id=story, collection_id=collection, day=day)
        people = {who for claim in self.claims for who in (claim.source, claim.about) if who is not None}
        names = {word for who in people for word in self.archive.names[who].casefold().split()}
        words = {word for claim in self.claims for word in claim.content.split()[-3:]}
        keys = {
            **{2 * _crc(word): 1.0 for word in sorted(words)},
            **{2 * _crc(name) + 1: 1.3 for name in sorted(names)},
        }
        for key, weight in keys.items():
            batch.add("story_keys", collection_id=collection, key=key, day=day, article_id=self.number, weight=weight)

    def body(self) -> tuple[str, list[int]]:
        """Return the text, and where in it each claim's sentence begins."""
        text, places = f"{self.headline}\n\nBy publisher {self.publisher} {self.number}.", []
        for claim in self.claims:
            places.append(len(text) + 1)
            text += f" {claim.sentence}"
        return text, places

    def _keep_claim(self, batch: _Batch, position: int, claim: "_Claim", start: int) -> None:
        article, collection, names = self.number, self.archive.collection, self.archive.names
        seen_at, number = to_text(self.seen_at), article * 100 + position
        content = start + len(claim.sentence) - len(claim.content) - 1
        source = names[claim.source] if claim.source is not None else None
        gist = _gist(claim, lambda index: f"@{self.archive.person(index)}")
        batch.add(
            "claims",
            id=number,
            collection_id=collection,
            article_id=article,
            position=position,
            rank=position + 1 if position < 4 else None,
            text=claim.content,
            spans=json.dumps([[content, content + len(claim.content)]]),
            search_text=normalise(f"{source or ''} {claim.content}"),
            factuality=FACTUALITY[claim.cue] if source else "CT+",
            kind=KINDS[claim.cue] if source else None,
            source_text=source,
            source_spans=json.dumps([[start, start + len(source)]]) if source else None,
            source_person_id=self.archive.person(claim.source) if claim.source is not None else None,
            source_job_title=claim.job_title,
            cue_text=CUES[claim.cue].split()[0] if source else None,
            lead_in=CUES[claim.cue] if source else None,
            gist=packed(gist),
        )
        day = self.seen_at.toordinal()
        for key in keys_of(gist):
            batch.add("claim_keys", collection_id=collection, key=key_of(key), day=day, claim_id=number)
        for person, part, place in ((claim.source, "source", start), (claim.about, "about", content)):
            if person is None:
                continue
            who, name = self.archive.person(person), names[person]
            batch.add("claim_persons", person_id=who, part=part, seen_at=seen_at, claim_id=number)
            batch.add("mentions", article_id=article, start=place, end=place + len(name), person_id=who, text=name)
            if claim.job_title and part == "source":
                batch.add("roles", person_id=who, article_id=article, job_title=claim.job_title, seen_at=seen_at)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence about people, known by their places in the list of names."""

    source: int | None
    cue: int
    about: int | None
    content: str
    sentence: str
    job_title: str | None


def _gist(claim: _Claim, person: Callable[[int], str]) -> Gist:
    """Return what a claim says: its first word is what is done, the next ones what it is done to."""
    words = tuple(claim.content.split()[-CLAIM_WORDS:])
    about = (person(claim.about),) if claim.about is not None else ()
    claimant = (person(claim.source),) if claim.source is not None else ()
    factuality = Factuality(FACTUALITY[claim.cue]) if claim.source is not None else Factuality.CERTAIN
    statement = Statement(about, words[0], words[1:4], (), (), factuality, Mode.DEED)
    cue = CUES[claim.cue].split()[0] if claim.source is not None else ""
    return Gist((statement,), claimant, cue, denies=cue == "denied", words=(*about, *words))


@cache
def _crc(word: str) -> int:
    return crc32(word[:6].encode())


def _articles(archive: Archive, size: Size, seed: int) -> Iterator[_Told]:
    chance = random.Random(seed)  # noqa: S311  # no secret
    people, words = Zipf(seed, size.persons, 0.9), Zipf(seed + 1, VOCABULARY, 1.0)
    publishers = Zipf(seed + 2, PUBLISHERS, 0.8).draw(size.articles)
    latest: deque[_Told] = deque(maxlen=200)
    for index in range(size.articles):
        number = archive.collection * 1_000_000 + index
        received_at = FIRST_DAY + timedelta(days=DAYS) * index / size.articles
        late = timedelta(days=chance.uniform(30, 900)) if chance.random() < LATE else timedelta(0)
        copied = chance.choice(latest) if latest and chance.random() < REPRINTS else None
        named = [*people.draw(PEOPLE_AN_ARTICLE - 1), index * size.persons // size.articles]
        drawn = iter(words.draw(size.claims_an_article * CLAIM_WORDS + 6))
        spoken = [next(drawn) for _ in range(6)]
        told = _Told(
            archive,
            number,
            copied.headline if copied else " ".join(archive.words[word] for word in spoken).capitalize(),
            publishers[index],
            received_at - late,
            received_at,
            copied.minima if copied else chance.randbytes(512),
            (copied.reprint_of or copied.number) if copied else None,
            copied.claims if copied else [_claim(archive, chance, named, drawn) for _ in range(size.claims_an_article)],
        )
        latest.append(told)
        yield told


def _claim(archive: Archive, chance: random.Random, named: Sequence[int], drawn: Iterable[int]) -> _Claim:
    draw = iter(drawn)
    source = chance.choice(named) if chance.random() < 0.7 else None
    about = chance.choice(named) if chance.random() < 0.6 else None
    cue = chance.choices(range(len(CUES)), (12, 2, 4, 1, 1))[0]
    words = [archive.words[next(draw)] for _ in range(CLAIM_WORDS)]
    # Somebody is called the same all the time, or nearly so.
    office = archive.words[(source or 0) * 7 % 500 + chance.choices(range(5), (60, 20, 10, 5, 5))[0]]
    job_title = f"{office} minister" if source is not None and chance.random() < 0.3 else None
    content = f"{archive.names[about]} {' '.join(words)}" if about is not None else " ".join(words)
    sentence = f"{archive.names[source]} {CUES[cue]} {content}." if source is not None else f"{content}."
    return _Claim(source, cue, about, content, sentence, job_title)


def _merge(file: sqlite3.Connection, archive: Archive, seed: int) -> None:
    """Have people judge that some persons, one of the most named among them, are others."""
    chance, batch = random.Random(seed + 5), _Batch()  # noqa: S311  # no secret
    count = len(archive.names)
    others = [3, *sorted(chance.sample(range(count // 10, count), int(count * MERGED)))]
    (first,) = file.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM corrections").fetchone()
    for correction, index in enumerate(others, start=first):
        other, same = archive.person(index), archive.person(chance.randrange(3) if index == 3 else index % 1_000 + 10)
        batch.add(
            "corrections",
            id=correction,
            collection_id=archive.collection,
            kind="same_person",
            said="{}",
            corrected=json.dumps({"persons": [same, other]}),
            chat_id=archive.chat,
            user_id=EDITOR,
            user_name="Ann",
            made_at=to_text(FIRST_DAY),
            state="standing",
        )
        batch.add("judgements", left_id=same, right_id=other, verdict="same", correction_id=correction)
        file.execute("UPDATE persons SET canonical_id = ? WHERE id = ?", (same, other))
    batch.keep(file)


def extractions(archive: Archive, count: int, since: datetime) -> Iterator[tuple[str, Extraction]]:
    """Yield further articles of an archive, each with what comes out of it."""
    size = Size(count, persons=len(archive.names))
    for told in _articles(replace(archive, collection=9), size, seed=archive.collection + 77):
        body, places = told.body()
        yield body, _extraction(archive, told, body, places, since)


def _extraction(archive: Archive, told: _Told, body: str, places: Sequence[int], since: datetime) -> Extraction:
    people = sorted({who for claim in told.claims for who in (claim.source, claim.about) if who is not None})
    names = [archive.names[who] for who in people]
    roles = {claim.source: claim.job_title for claim in told.claims if claim.job_title}
    attributions, claims = [], []
    for position, (claim, start) in enumerate(zip(told.claims, places, strict=True)):
        content = start + len(claim.sentence) - len(claim.content) - 1
        passage = Passage(claim.content, (Span(content, content + len(claim.content)),))
        if claim.source is not None:
            name = archive.names[claim.source]
            source = Source(name, (Span(start, start + len(name)),), people.index(claim.source))
            cue = CUES[claim.cue].split()[0]
            at = start + len(name) + 1
            factuality, kind = Factuality(FACTUALITY[claim.cue]), AttributionKind(KINDS[claim.cue])
            gist = _gist(claim, lambda index: f"@{archive.names[index]}")
            attributions.append(
                Attribution(source, Passage(cue, (Span(at, at + len(cue)),)), passage, factuality, kind, gist)
            )
        if position < 4:
            about = (people.index(claim.about),) if claim.about is not None else ()
            attribution = len(attributions) - 1 if claim.source is not None else None
            found = Factuality(FACTUALITY[claim.cue]) if claim.source is not None else Factuality.CERTAIN
            claims.append(KeyClaim(passage.text, passage.spans, attribution, about, found, position + 1))
    named = [
        NamedPerson(
            name,
            (name.split()[-1],),
            (roles[who],) if who in roles else (),
            tuple(Mention(name, Span(*match.span())) for match in re.finditer(rf"\b{name}\b", body)),
        )
        for who, name in zip(people, names, strict=True)
    ]
    metadata = Metadata(told.headline, f"Publisher {told.publisher}", (), since.date().isoformat(), "en")
    return Extraction(metadata, tuple(named), tuple(attributions), tuple(claims), Fingerprint(told.minima))
