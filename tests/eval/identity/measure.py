"""How surely persons are brought together, and told apart, across articles.

Articles go through the services into an archive of their own, in the order of their dates. Then every person of an
article (an appearance) is looked up: under whom did the archive file them? Pairs of appearances that are filed under
one person are held against those that are one person's (pairwise precision, recall and F1, as in Menestrina et al.
2010, "Evaluating entity resolution results"). Whom extraction missed, or took for somebody else of the same article, is
counted as lost and left out: that is no matter of identity. Where it took two for one, the archive learns the names of
both for one person; what is joined wrongly there is counted, and counted apart as well, as spoilt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Extraction, Metadata, Span
from services import Services
from services.intake import take_in_imported
from services.reading import read
from storage.connection import Reader
from tests.eval.archive import InProcess, Reads, temporary
from tests.eval.identity.articles import Article

CHAT = ChatIdentity(1, ChatKind.PRIVATE, "The archive")


class Gold:
    """An extractor without faults, for these articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._people = {article.text: article.people() for article in articles}

    def extract(self, text: str, given: Metadata | None = None) -> Extraction:
        """Return the people who are marked in an article."""
        return Extraction(metadata=given or Metadata(), people=self._people[text])


@dataclass
class _Clock:
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person of an article, and the number of the one under whom the archive filed them.

    ``sure`` is False where nobody could tell who it is; then ``gold`` is who it may be.
    """

    article: str
    name: str
    gold: str
    sure: bool
    filed: int


Pair = tuple[Appearance, Appearance]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the archive made of a set.

    ``doubts`` are the pairs of persons about whom it asks, ``spoilt`` the persons under whom it filed somebody whom
    extraction had made of two.
    """

    articles: int
    gold: int
    appearances: Sequence[Appearance]
    doubts: frozenset[frozenset[int]]
    spoilt: frozenset[int] = frozenset()

    @property
    def lost(self) -> float:
        """The share of appearances that extraction lost."""
        return 1 - len(self.appearances) / self.gold

    def pairs(self) -> Iterator[Pair]:
        """Yield the pairs of which the gold knows whether they are one person."""
        yield from combinations([one for one in self.appearances if one.sure], 2)


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of pairs, and of questions.

    ``spoilt`` counts wrong pairs that go back to extraction. ``asked`` pairs are one person's, kept apart, and asked
    about; ``idle`` doubts are about two people, ``open`` ones about somebody of whom nobody can tell; ``unsure`` is how
    many of these there are, ``groundless`` those among them who were joined with somebody.
    """

    right: int
    wrong: Sequence[Pair]
    spoilt: int
    missed: Sequence[Pair]
    asked: int
    mixed: int
    doubts: int
    idle: int
    open: int
    groundless: Sequence[Pair]
    unsure: int

    @property
    def precision(self) -> float:
        """The share of joined pairs that are one person's."""
        return _share(self.right, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of one person's pairs that are joined."""
        return _share(self.right, self.right + len(self.missed))

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _share(2 * self.right, 2 * self.right + len(self.wrong) + len(self.missed))

    @property
    def answered(self) -> float:
        """The recall that is reached once the doubts are answered."""
        return _share(self.right + self.asked, self.right + len(self.missed))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


async def run(articles: Sequence[Article], reads: Reads) -> Outcome:
    """Take the articles in, read each, and look up who is who."""
    clock, here = _Clock(), InProcess(reads)
    async with temporary(here, clock) as services:
        numbers = [await _take_in(services, clock, article) for article in articles]
        async with services.database.reading() as db:
            found = [await _article(db, *each, here) for each in zip(articles, numbers, strict=True)]
            doubts = await _doubts(db)
    appearances = [one for each, _ in found for one in each]
    spoilt = frozenset(number for _, each in found for number in each)
    return Outcome(len(articles), sum(len(article.mentions) for article in articles), appearances, doubts, spoilt)


async def _take_in(services: Services, clock: _Clock, article: Article) -> int:
    clock.now = article.date
    given = Metadata(publisher=article.publisher, date_published=article.date.date().isoformat())
    number = await take_in_imported(services, CHAT, article.text, given, article.date)
    assert number is not None, f"{article.id} is there already"
    await read(services, number, None)
    return number


async def _article(db: Reader, article: Article, number: int, here: InProcess) -> tuple[list[Appearance], set[int]]:
    """Return the article's people who were found, and under whom those are filed whom extraction made of two.

    One who was found as several is the one with the most names.
    """
    filed = await _filed(db, number)
    found = here.found[article.text]
    known = found.people if isinstance(found, Extraction) else ()
    # Names that the archive itself found, in a language without a recogniser, are persons of the article as well.
    person_at = {span: f"row {row}" for span, row in filed.items()} | {
        mention.span: f"person {index}" for index, person in enumerate(known) for mention in person.mentions
    }
    shared: dict[tuple[str, str], list[Span]] = {}
    for span in filed.keys() & person_at.keys():
        for gold in _marked(article, span):
            shared.setdefault((gold, person_at[span]), []).append(span)
    appearances, taken, spoilt = [], set(), set()
    for (gold, person), spans in sorted(shared.items(), key=lambda item: (-len(item[1]), item)):
        if person in taken:
            spoilt.add(filed[spans[0]])
        elif gold not in taken:
            taken |= {gold, person}
            name = max((mention.text for mention in article.mentions[gold]), key=len)
            appearances.append(Appearance(article.id, name, gold.rstrip("?"), "?" not in gold, filed[spans[0]]))
    return appearances, spoilt


def _marked(article: Article, span: Span) -> Iterator[str]:
    """Yield whose name is marked where a name was found."""
    for gold, mentions in article.mentions.items():
        if any(span.start < mention.span.end and mention.span.start < span.end for mention in mentions):
            yield gold


async def _filed(db: Reader, article: int) -> dict[Span, int]:
    rows = await db.all(
        """SELECT m.start, m."end", p.canonical_id FROM mentions m JOIN persons p ON p.id = m.person_id
        WHERE m.article_id = :article""",
        article=article,
    )
    return {Span(row["start"], row["end"]): row["canonical_id"] for row in rows}


async def _doubts(db: Reader) -> frozenset[frozenset[int]]:
    rows = await db.all(
        """SELECT one.canonical_id AS one, other.canonical_id AS other FROM doubts d
        JOIN persons one ON one.id = d.person_id JOIN persons other ON other.id = d.candidate_id"""
    )
    return frozenset(frozenset({row["one"], row["other"]}) for row in rows)


def score(outcome: Outcome) -> Scores:
    """Hold what the archive made of a set against the gold."""
    right, wrong, missed = 0, [], []
    for one, other in outcome.pairs():
        same = one.gold == other.gold
        if one.filed == other.filed:
            right += same
            wrong += [] if same else [(one, other)]
        elif same:
            missed.append((one, other))
    asked = sum(frozenset({one.filed, other.filed}) in outcome.doubts for one, other in missed)
    unsure = [one for one in outcome.appearances if not one.sure]
    groundless = [(one, other) for one in unsure if (other := _beside(one, outcome.appearances)) is not None]
    people = _people(outcome.appearances)
    verdicts = [_verdict(*(people.get(row, {}) for row in doubt)) for doubt in outcome.doubts if len(doubt) > 1]
    return Scores(
        right,
        wrong,
        spoilt=sum(one.filed in outcome.spoilt for one, _ in wrong),
        missed=missed,
        asked=asked,
        mixed=sum(sum(sure.values()) > 1 for sure in people.values()),
        doubts=len(verdicts),
        idle=verdicts.count("idle"),
        open=verdicts.count("open"),
        groundless=groundless,
        unsure=len(unsure),
    )


def _beside(one: Appearance, appearances: Sequence[Appearance]) -> Appearance | None:
    return next((other for other in appearances if other.filed == one.filed and other is not one), None)


def _people(appearances: Sequence[Appearance]) -> dict[int, dict[str, bool]]:
    """Return, by number, whom the archive filed under it, and whether it is sure that they are there."""
    people: dict[int, dict[str, bool]] = {}
    for one in appearances:
        held = people.setdefault(one.filed, {})
        held[one.gold] = held.get(one.gold, False) or one.sure
    return people


def _verdict(one: Mapping[str, bool], other: Mapping[str, bool]) -> str:
    if any(one[person] and other[person] for person in one.keys() & other.keys()):
        return "right"
    return "idle" if any(one.values()) and any(other.values()) else "open"


HEAD = (
    f"{'set':<22}{'articles':>9}{'persons':>9}{'lost':>7}{'pairs':>8}{'P':>8}{'R':>8}{'F1':>8}{'wrong':>7}{'spoilt':>8}{'mixed':>7}"
    f"{'missed':>8}{'asked':>7}{'R+asked':>9}{'doubts':>8}{'idle':>6}{'open':>6}{'groundless':>12}"
)


def row(name: str, outcome: Outcome) -> str:
    """Return a set's line under ``HEAD``."""
    found = score(outcome)
    return (
        f"{name:<22}{outcome.articles:>9}{outcome.gold:>9}{outcome.lost:>7.1%}{found.right + len(found.missed):>8}"
        f"{found.precision:>8.3f}{found.recall:>8.3f}{found.f1:>8.3f}{len(found.wrong):>7}{found.spoilt:>8}{found.mixed:>7}"
        f"{len(found.missed):>8}{found.asked:>7}{found.answered:>9.3f}{found.doubts:>8}{found.idle:>6}{found.open:>6}"
        f"{f'{len(found.groundless)} of {found.unsure}':>12}"
    )


def examples(pairs: Sequence[Pair], limit: int) -> list[str]:
    """Return a line for each two people, or each two spellings of one, the most frequent first."""
    kinds: dict[tuple[str, str], list[Pair]] = {}
    for one, other in pairs:
        kinds.setdefault(tuple(sorted((f"{one.name} ({one.gold})", f"{other.name} ({other.gold})"))), []).append(
            (one, other)
        )
    most = sorted(kinds.items(), key=lambda item: -len(item[1]))
    return [
        f"{left} / {right}: {len(found)}, as in {found[0][0].article} and {found[0][1].article}"
        for (left, right), found in most[:limit]
    ]
