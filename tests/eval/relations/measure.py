"""Which relations between claims are found, with the real extractor and the real services over a file.

A file of pairs is plain text, so that it can be read through. ``# name`` begins an affair; ``@ name | publisher | day |
headline`` one of its articles, whose text follows, where ``~ channel message`` and ``^ user`` may tell by which post it
came; ``= relation | article: words | article: words | reason`` a pair: what the claim with the first words is to the
one with the second, ``none`` where they have nothing to do with each other. All affairs of a file share a collection.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.articles import Forward, Origin
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Metadata
from domain.ledger import LedgerClaim, RelationKind
from extraction.extractor import Extractor
from services import Services, reading, relating
from services.relations import with_relations
from storage import articles, chats, claims
from storage.values import normalise
from tests.eval.archive import InProcess, temporary

FOLDER = Path(__file__).parent
# Pairs to write rules with, first and later ones, and pairs that no rule was written with a look at.
SEEN, MORE, THIRD, FOURTH = (FOLDER / f"seen{name}.txt" for name in ("", "_more", "_third", "_fourth"))
HELD_OUT = FOLDER / "held_out_do_not_tune.txt"
NONE = "none"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {
    "denies or contradicts": frozenset({RelationKind.DENIES, RelationKind.CONTRADICTS}),
    "corroborates": frozenset({RelationKind.CORROBORATES}),
    "repeats": frozenset({RelationKind.REPEATS}),
    "updates": frozenset({RelationKind.UPDATES}),
}


@dataclass(frozen=True, slots=True)
class Article:
    """An article of an affair; ``text`` has its headline on top."""

    name: str
    metadata: Metadata
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What the claim with ``words`` is to the one with ``other_words``; ``relation`` is a RelationKind or none."""

    relation: str
    article: str
    words: str
    other_article: str
    other_words: str
    reason: str


@dataclass(slots=True)
class Affair:
    """Articles on one matter, and the pairs among their claims."""

    name: str
    articles: list[Article] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The relations found for a pair: those with ``True`` are what the first claim does to the second.

    ``lost`` are the words that are in no claim of their article.
    """

    affair: str
    pair: Pair
    found: frozenset[tuple[RelationKind, bool]]
    evidence: tuple[str, ...]
    lost: tuple[str, ...]

    def is_hit(self, kinds: frozenset[RelationKind]) -> bool:
        """Return whether one of the kinds is right and was found; a denial only where the first claim denies."""
        turned = self.pair.relation == RelationKind.DENIES
        found = {kind for kind, outgoing in self.found if outgoing or not turned or kind is not RelationKind.DENIES}
        return self.pair.relation in kinds and bool(found & kinds)

    def is_found(self, kinds: frozenset[RelationKind]) -> bool:
        """Return whether one of the kinds was found, rightly or not."""
        return any(kind in kinds for kind, _ in self.found)

    @property
    def is_right(self) -> bool:
        """Return whether all that was found is right, and what is right was found."""
        return all(
            self.is_hit(kinds) == self.is_found(kinds) == (self.pair.relation in kinds) for kinds in KINDS.values()
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How many were found rightly, found, and there to be found."""

    hits: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what was there that was found."""
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Return their harmonic mean."""
        return 2 * self.hits / (self.found + self.gold) if self.found + self.gold else 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcomes of a file's pairs; ``across`` are ties between claims of different affairs, which are none."""

    outcomes: tuple[Outcome, ...]
    across: tuple[str, ...]

    def score(self, kinds: frozenset[RelationKind]) -> Score:
        """Return how well relations of the kinds were found; ties across affairs count as wrong ones."""
        outcomes = self.outcomes
        wrong = sum(line.split(" ", 1)[0] in kinds for line in self.across)
        return Score(
            sum(one.is_hit(kinds) for one in outcomes),
            sum(one.is_found(kinds) for one in outcomes) + wrong,
            sum(one.pair.relation in kinds for one in outcomes),
        )


def read_affairs(text: str) -> list[Affair]:
    """Return the affairs of a file."""
    affairs: list[Affair] = []
    head: list[str] = []
    body: list[str] = []

    def end_article() -> None:
        if head:
            affairs[-1].articles.append(_article(head, body))
        head.clear()
        body.clear()

    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark in ("#", "@", "="):
            end_article()
        if mark == "#":
            affairs.append(Affair(rest.strip()))
        elif mark == "@":
            head.extend(part.strip() for part in rest.split("|"))
        elif mark == "=":
            affairs[-1].pairs.append(_pair(rest))
        elif line.strip():
            body.append(line.strip())
    end_article()
    return affairs


def _article(head: Sequence[str], body: Sequence[str]) -> Article:
    name, publisher, day, headline = [*head, "", "", ""][:4]
    metadata = Metadata(headline=headline or None, publisher=publisher or None, date_published=day or None)
    return Article(name, metadata, "\n\n".join([headline, *body] if headline else body))


def _pair(line: str) -> Pair:
    relation, first, second, reason = [part.strip() for part in line.split("|")]
    article, words = first.split(": ", 1)
    other_article, other_words = second.split(": ", 1)
    return Pair(relation, article, words, other_article, other_words, reason)


async def measure(extractor: Extractor, affairs: Sequence[Affair]) -> Measured:
    """Take all articles in, one by one in the order of their days, and look which ties there are."""
    async with temporary(InProcess(extractor), lambda: NOW) as services:
        numbers = await _take_in(services, affairs)
        told = await _told(services, numbers)
    affair_of = {number: affair for (affair, _), number in numbers.items()}
    outcomes = tuple(_outcome(affair.name, pair, told) for affair in affairs for pair in affair.pairs)
    return Measured(outcomes, tuple(_across(told, affair_of)))


async def _take_in(services: Services, affairs: Sequence[Affair]) -> dict[tuple[str, str], int]:
    numbers = {}
    chat = ChatIdentity(1, ChatKind.PRIVATE, "Ann")
    async with services.database.transaction() as db:
        collection = (await chats.add(db, 0, chat, "UTC", services.clock())).collection
    assert collection == 1
    waiting = [
        (article.metadata.date_published or "", affair, article) for affair in affairs for article in affair.articles
    ]
    for position, (_, affair, article) in enumerate(sorted(waiting, key=lambda one: one[0])):
        sent_at = services.clock() + timedelta(minutes=position)
        async with services.database.transaction() as db:
            number = await articles.add(db, collection, article.text, article.metadata, sent_at)
            assert number is not None, (affair.name, article.name)
            await articles.add_forward(db, number, Forward(chat, position + 1, None, "Ann", Origin(), sent_at))
        assert await reading.read(services, number, None) is None
        await relating.relate(services, number, "read")
        numbers[affair.name, article.name] = number
    return numbers


async def _told(services: Services, numbers: dict[tuple[str, str], int]) -> dict[tuple[str, str], list[LedgerClaim]]:
    async with services.database.reading() as db:
        return {
            key: await with_relations(db, 1, await claims.of_article(db, 1, number)) for key, number in numbers.items()
        }


def _outcome(affair: str, pair: Pair, told: dict[tuple[str, str], list[LedgerClaim]]) -> Outcome:
    first = _with_words(told[affair, pair.article], pair.words)
    second = {claim.id for claim in _with_words(told[affair, pair.other_article], pair.other_words)}
    ties = [tie for claim in first for tie in claim.related if tie.claim.id in second]
    lost = [words for words, there in ((pair.words, first), (pair.other_words, second)) if not there]
    evidence = tuple(f"{tie.kind} {tie.score:.2f}: {'; '.join(tie.evidence)}" for tie in ties)
    return Outcome(affair, pair, frozenset((tie.kind, tie.outgoing) for tie in ties), evidence, tuple(lost))


def _with_words(found: Iterable[LedgerClaim], words: str) -> list[LedgerClaim]:
    return [claim for claim in found if normalise(words) in normalise(claim.text)]


def _across(told: dict[tuple[str, str], list[LedgerClaim]], affair_of: dict[int, str]) -> Iterator[str]:
    for (affair, _), found in told.items():
        for claim in found:
            for tie in claim.related:
                other = affair_of[tie.claim.article.id]
                if tie.outgoing and other != affair:
                    yield f"{tie.kind.value} {affair}: {claim.text!r} / {other}: {tie.claim.text!r}"


def table(measured: Measured) -> str:
    """Return a line a kind."""
    lines = [f"{'':24}precision  recall      F1   gold  found"]
    for name, kinds in KINDS.items():
        one = measured.score(kinds)
        lines.append(f"{name:24}{one.precision:9.3f}{one.recall:8.3f}{one.f1:8.3f}{one.gold:7}{one.found:7}")
    right = sum(one.is_right for one in measured.outcomes)
    nothing = [one for one in measured.outcomes if one.pair.relation == NONE]
    tied = sum(bool(one.found) for one in nothing)
    lines.append(f"{len(measured.outcomes)} pairs, {right} right; of {len(nothing)} that are none, {tied} were tied")
    lines.append(f"{len(measured.across)} ties across affairs")
    return "\n".join(lines)


def errors(measured: Measured) -> str:
    """Return what went wrong, a paragraph each."""
    lines = []
    for one in measured.outcomes:
        if not one.is_right:
            pair, found = (
                one.pair,
                ", ".join(sorted(kind + ("" if out else " (from the other)") for kind, out in one.found)),
            )
            lines.append(f"\n{one.affair}: {pair.relation}, found {found or NONE} — {pair.reason}")
            lines.append(f"  {pair.article}: {pair.words!r} / {pair.other_article}: {pair.other_words!r}")
            lines.extend(f"  in no claim: {words!r}" for words in one.lost)
            lines.extend(f"  {line}" for line in one.evidence)
    return "\n".join([*lines, *(f"\nacross: {line}" for line in measured.across)])


def run(extractor: Extractor, file: Path) -> Measured:
    """Measure a file of pairs, outside an event loop."""
    return asyncio.run(measure(extractor, read_affairs(file.read_text(encoding="utf-8"))))
