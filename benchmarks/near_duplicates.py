"""Reprints found and missed, and how long a look-up takes, end to end through a database.

    python -m benchmarks.near_duplicates [FOLDER]

Builds 10,000 articles with a fixed seed. A thousand of them are edited copies: a fifth of the sentences dropped, the
rest reordered, another headline, another outlet's furniture. The other nine thousand are hard to tell apart: articles
of one topic share its people, words, quotations and agency paragraphs; one in six is a follow-up that takes 30 % of its
paragraphs from an earlier article; one in thirty is a bulletin that differs from the last in its numbers alone; one
page in two ends in lines that nothing marks as furniture. They arrive in any order, so a copy may come first.

Recall is the share of an article's later copies that are marked as reprints of the first; precision the share of those
marked that are copies of what they are marked as. FOLDER may hold *.jsonl files of {"id", "text"}, whose texts are
copied in the same manner, and measured apart. Look-ups are timed at 1,000, 10,000 and 100,000 articles in a collection;
what fills the last are fingerprints of the others of which 70 to 95 % is changed.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Metadata
from domain.fingerprints import MINIMA, Fingerprint
from extraction.fingerprint import fingerprint
from extraction.layout import ParagraphKind, paragraphs
from storage import articles, chats, reprints
from storage.sqlite.database import SqliteDatabase

DISTINCT, COPIES, TOPICS = 9_000, 1_000, 120
FOLLOW_UPS, BULLETINS, REAL_COPIES = 1 / 6, 1 / 30, 5
SIZES = (1_000, 10_000, 100_000)
LOOK_UPS = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEEDS = Path(__file__).parents[1] / "seeds"


def words(line: str) -> tuple[str, ...]:
    """Return the words of a line."""
    return tuple(line.split())


# Words that are strung together at every place of a sentence, so that few runs of three are alike by the grammar.
NOUNS = words(
    "audit bank bench board boat bridge budget bus camp canal case charge clinic coast committee company contract "
    "council court crane crew crop dam deal debt deputy district dock donor drain driver election engine estate farm "
    "fee ferry field fine fire fleet flood forest fund gas grain grant group guard harbour heating hospital hotel "
    "house inquiry inspector island judge land lawyer lease levy library lighthouse loan market mayor meter mill mine "
    "ministry museum notice office orchard owner panel park parish pension permit petition pier pilot pipe plan plant "
    "plot police port prison profit pump quarry rail refund reform report reserve river road roof sale school sewer "
    "shelter ship shop site station storm strike subsidy supplier survey tariff tax teacher tender theatre ticket "
    "tower town train tram trial tunnel union valley vote wage warehouse water well wind worker yard"
)
ADJECTIVES = words(
    "annual bitter broken cheap closed common costly damaged disputed early empty extra final flooded foreign former "
    "frozen hidden idle illegal joint late local lost main missing modern narrow national new northern old open "
    "overdue partial planned poor private promised public quiet rare rising rural safe secret senior sharp slow small "
    "southern sudden technical temporary unpaid unsafe urban vacant western wooden"
)
VERBS = words(
    "approve block build buy cancel check clear close count cut defend delay deny drop end examine extend fence fill "
    "finish fix halt hire hold inspect join keep lease lift lose measure move name offer open order paint pay plan "
    "postpone publish raise rebuild refuse remove rename rent repair replace report rescue restore review save sell "
    "settle share shut sign split stop study survey suspend test trace transfer visit widen withdraw"
)
FIRST_NAMES = words("Ada Alva Bernt Dorte Egil Frida Gorm Halla Ilka Jorun Kasimir Liv Mirko Nadia Oskar Petra Runa")
SURNAMES = words("Brandal Czernin Dahlke Erdem Fossum Grabar Hovland Ivarsen Jelinek Kvist Lomen Myrdal Norheim")
PLACES = words("Arnby Brekke Corvo Dunmere Eskvik Farsund Glenmoor Harlow Istad Jolster Kilbride Lunde Morvik Nesna")
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
SAYS = words("said told reporters added insisted argued explained warned repeated noted admitted")
SENTENCES = (
    "The {adj} {noun} in {place} will {verb} the {noun} before {day}.",
    "{person} {said} that the {noun} had to {verb} its {adj} {noun}.",
    "Nobody at the {noun} could {verb} why the {adj} {noun} cost {number} crowns.",
    "About {number} people asked the {noun} to {verb} the {noun} and {verb} every {adj} {noun}.",
    "According to the {adj} {noun}, {person} wanted to {verb} the {noun} of {place}.",
    "Since {day}, {number} of the {noun}'s {adj} {noun} stands have had no {noun}.",
    "{person} denied on {day} that any {noun} would {verb} a {adj} {noun}.",
    "In {place} a {noun} may now {verb} each {noun} for {number} days, {person} {said}.",
    "If the {noun} does not {verb} the {adj} {noun}, the {noun} of {place} must {verb} it.",
    "It was the {number}th {adj} {noun} that {place} tried to {verb} this year.",
    "A {noun} near {place} lost {number} crowns when the {adj} {noun} began to {verb} its {noun}.",
    "“We will {verb} the {noun} and {verb} the {adj} {noun},” {person} {said} on {day}.",
)
BULLETIN = (
    "The {market} market opened on {day} with {n} sellers and {n} buyers. "
    "Potatoes cost {n} crowns a sack and carrots {n}. A crate of apples fetched {n} crowns, pears {n} and plums {n}. "
    "Herring was sold at {n} crowns a kilo, cod at {n} and eel at {n}. Of the {n} cattle here, {n} found a buyer. "
    "Hay stood at {n} crowns, straw at {n} and oats at {n}. "
    "The water in the canal measured {n} centimetres and the air {n} degrees at noon."
)
# The furniture of outlets; the lines of the second half look like any other paragraph.
FURNITURE = (
    "Subscribe to our newsletter to get the news in your inbox.",
    "© {year} {outlet}. All rights reserved.",
    "Read also: {title}\nShare this article on Facebook",
    "Follow us on Telegram for the latest news.",
    "{outlet} is owned by its readers and has been printed on the old quay since {year}.",
    "The editors of {outlet} thank the {number} friends whose gifts keep the paper free for everybody in town.",
    "This text first stood in the {day} edition of {outlet}, which is sold in all kiosks along the coast.",
    "{outlet} takes letters of up to {number} words; they may be shortened before they are printed.",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What articles of one affair have in common."""

    words: dict[str, Sequence[str]]
    people: list[str]
    shared: list[list[str]]


@dataclass(frozen=True, slots=True)
class Story:
    """An article's body as paragraphs of sentences; ``origin`` is the same for a text and its copies."""

    origin: int
    body: list[list[str]]


def sentence(chance: random.Random, topic: Topic) -> str:
    """Return a sentence of the topic's words."""
    fill = {
        "noun": lambda: chance.choice(topic.words["noun"] if chance.random() < 0.6 else NOUNS),
        "adj": lambda: chance.choice(topic.words["adj"] if chance.random() < 0.6 else ADJECTIVES),
        "verb": lambda: chance.choice(topic.words["verb"] if chance.random() < 0.6 else VERBS),
        "person": lambda: chance.choice(topic.people),
        "place": lambda: chance.choice(topic.words["place"]),
        "day": lambda: chance.choice(DAYS),
        "said": lambda: chance.choice(SAYS),
        "number": lambda: str(chance.randint(2, 900)),
    }
    return re.sub(r"\{(\w+)\}", lambda slot: fill[slot[1]](), chance.choice(SENTENCES))


def new_topic(chance: random.Random, prose: list[list[str]]) -> Topic:
    """Return a topic with its quotations and agency paragraphs, two of them of our sample articles."""
    own: dict[str, Sequence[str]] = {
        "noun": chance.sample(NOUNS, 30),
        "adj": chance.sample(ADJECTIVES, 15),
        "verb": chance.sample(VERBS, 20),
        "place": chance.sample(PLACES, 3),
    }
    people = [f"{chance.choice(FIRST_NAMES)} {chance.choice(SURNAMES)}" for _ in range(5)]
    topic = Topic(own, people, chance.sample(prose, 2))
    topic.shared.extend([sentence(chance, topic) for _ in range(chance.randint(2, 4))] for _ in range(12))
    return topic


def new_story(chance: random.Random, origin: int, topic: Topic, earlier: Sequence[Story]) -> Story:
    """Return an article of 80 to 1,500 words, a follow-up to an earlier one perhaps."""
    if chance.random() < BULLETINS:
        text = BULLETIN.replace("{market}", topic.words["place"][0]).replace("{day}", chance.choice(DAYS))
        return Story(origin, [sentences_of(re.sub(r"\{n\}", lambda _: str(chance.randint(2, 400)), text))])
    length = 80 * (1500 / 80) ** chance.random()
    body: list[list[str]] = []
    while sum(len(line.split()) for lines in body for line in lines) < length:
        own = [sentence(chance, topic) for _ in range(chance.randint(1, 4))]
        body.append(chance.choice(topic.shared) if chance.random() < 0.2 else own)
    if earlier and chance.random() < FOLLOW_UPS:
        before = chance.choice(earlier).body
        taken = min(len(before), max(1, round(0.3 * len(body))))
        body[-taken:] = chance.sample(before, taken)
    return Story(origin, body)


def edited(chance: random.Random, story: Story) -> Story:
    """Return a copy with a fifth of the sentences dropped and the others in another order."""
    lines = [line for lines in story.body for line in lines]
    kept = chance.sample(lines, len(lines) - max(1, round(0.2 * len(lines))))
    return Story(story.origin, [kept[start : start + 3] for start in range(0, len(kept), 3)])


def page(chance: random.Random, story: Story) -> str:
    """Return a story as an outlet prints it: headline, byline, body and what stands below."""
    outlet = f"The {chance.choice(PLACES)} {chance.choice(['Courier', 'Gazette', 'Herald', 'Post'])}"
    title = " ".join(chance.sample(NOUNS, 6)).capitalize()
    lines = chance.sample(FURNITURE[:4], 2) + (chance.sample(FURNITURE[4:], 1) if chance.random() < 0.5 else [])
    below = [
        line.format(
            outlet=outlet,
            title=" ".join(chance.sample(NOUNS, 5)),
            day=chance.choice(DAYS),
            number=chance.randint(2, 900),
            year=chance.randint(1870, 2026),
        )
        for line in lines
    ]
    byline = f"By {chance.choice(FIRST_NAMES)} {chance.choice(SURNAMES)}"
    return "\n\n".join([title, byline, *(" ".join(lines) for lines in story.body), *below])


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a paragraph."""
    return re.split(r"(?<=[.!?”])\s+(?=[A-Z“\"])", text)


def body_of(text: str) -> list[list[str]]:
    """Return the sentences of a real article's body, by paragraph."""
    return [sentences_of(line.text) for line in paragraphs(text) if line.kind is ParagraphKind.BODY]


def built(chance: random.Random) -> list[Story]:
    """Return the invented articles, copies among them, in the order in which they arrive."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("[0-9]*.txt"))]
    prose = [lines for text in texts for lines in body_of(text) if len(" ".join(lines).split()) >= 25]
    topics = [new_topic(chance, prose) for _ in range(TOPICS)]
    by_topic: list[list[Story]] = [[] for _ in topics]
    for origin in range(DISTINCT):
        number = chance.randrange(TOPICS)
        by_topic[number].append(new_story(chance, origin, topics[number], by_topic[number]))
    stories = [story for told in by_topic for story in told]
    stories += [edited(chance, story) for story in chance.sample(stories, COPIES)]
    chance.shuffle(stories)
    return stories


def real(chance: random.Random, folder: Path) -> list[Story]:
    """Return a folder's articles and some edited copies of each, in the order in which they arrive."""
    records = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    stories = [Story(number, body_of(record["text"])) for number, record in enumerate(records)]
    stories += [edited(chance, story) for story in stories for _ in range(REAL_COPIES)]
    chance.shuffle(stories)
    return stories


async def take_in(database: SqliteDatabase, collection: int, pages: Sequence[str]) -> tuple[dict[int, int], float]:
    """Keep pages as articles that were read; return which page each article is, and the seconds of all."""
    numbers, started = {}, time.perf_counter()
    for index, text in enumerate(pages):
        async with database.transaction() as db:
            article = await articles.add(db, collection, text, Metadata(), NOW)
            assert article is not None, text
            await articles.mark_read(db, article, Metadata(), NOW)
            await reprints.settle(db, collection, article, fingerprint(paragraphs(text)))
        numbers[article] = index
    return numbers, time.perf_counter() - started


async def score(database: SqliteDatabase, stories: Sequence[Story], numbers: dict[int, int]) -> str:
    """Return recall and precision of the marks in the database."""
    async with database.reading() as db:
        rows = await db.all("SELECT article_id, reprint_of FROM reprints")
    marked = {row["article_id"]: row["reprint_of"] for row in rows if row["article_id"] in numbers}
    origin = {article: stories[index].origin for article, index in numbers.items()}
    first = {}
    for article in sorted(origin):
        first.setdefault(origin[article], article)
    later = [article for article in origin if first[origin[article]] != article]
    found = sum(marked.get(article) == first[origin[article]] for article in later)
    right = sum(origin[article] == origin[head] for article, head in marked.items())
    return (
        f"{len(later)} copies among {len(origin)}: recall {found / len(later):.1%}, "
        f"precision {right / max(1, len(marked)):.2%} of {len(marked)} marked"
    )


def changed(chance: random.Random, known: Fingerprint) -> Fingerprint:
    """Return a fingerprint of which 70 to 95 % is another's."""
    new, share = bytearray(known.minima), chance.uniform(0.7, 0.95)
    for index in range(MINIMA):
        if chance.random() < share:
            new[2 * index : 2 * index + 2] = chance.randbytes(2)
    return Fingerprint(bytes(new))


async def fill(database: SqliteDatabase, collection: int, fingerprints: Sequence[Fingerprint]) -> None:
    """Keep fingerprints of articles that hold nothing else, without looking for reprints."""
    for start, end in pairwise([*range(0, len(fingerprints), 500), len(fingerprints)]):
        async with database.transaction() as db:
            for index in range(start, end):
                article = await articles.add(db, collection, f"{collection} {index}", Metadata(), NOW)
                assert article is not None
                await reprints.keep(db, collection, article, fingerprints[index])


async def timed(look: Callable[[Fingerprint], Awaitable[object]], asked: Sequence[Fingerprint]) -> tuple[float, float]:
    """Return the median and the 95th percentile of look-ups, in milliseconds."""
    taken = []
    for one in asked:
        started = time.perf_counter()
        await look(one)
        taken.append(1000 * (time.perf_counter() - started))
    return median(taken), quantiles(taken, n=20)[-1]


async def measure_look_ups(database: SqliteDatabase, chance: random.Random, known: Sequence[Fingerprint]) -> None:
    """Print how long a look-up takes in collections of each size."""
    medians = []
    for collection, size in enumerate(SIZES, start=10):
        fresh = [changed(chance, chance.choice(known)) for _ in range(max(0, size - len(known)))]
        async with database.transaction() as db:
            await db.run("INSERT INTO collections (id, created_at) VALUES (:collection, '')", collection=collection)
        await fill(database, collection, [*known[:size], *fresh])
        async with database.reading() as db:

            async def look(one: Fingerprint, collection: int = collection) -> object:
                return await reprints.alike(db, collection, one)

            middle, most = await timed(look, chance.sample(known, LOOK_UPS))
        medians.append(middle)
        print(f"look-up at {size:7} articles: median {middle:.2f} ms, 95 % within {most:.2f} ms", flush=True)
    print(f"look-up at {SIZES[-1]} against {SIZES[0]} articles: {medians[-1] / medians[0]:.1f} times")


async def run(file: Path, folder: Path | None) -> None:
    """Print a line a measurement."""
    chance = random.Random(4)  # noqa: S311  # the same articles each time
    database = await SqliteDatabase.open(file)
    async with database.transaction() as db:
        mine, others = [
            (await chats.add(db, 1, ChatIdentity(number, ChatKind.PRIVATE, "Ann"), "UTC", NOW)).collection
            for number in (1, 2)
        ]
    if folder is not None:
        stories = real(chance, folder)
        numbers, _ = await take_in(database, others, [page(chance, story) for story in stories])
        print("real texts:", await score(database, stories, numbers), flush=True)
    stories = built(chance)
    pages = [page(chance, story) for story in stories]
    numbers, seconds = await take_in(database, mine, pages)
    print("invented texts:", await score(database, stories, numbers))
    print(f"fingerprint, look-up and keeping: {1000 * seconds / len(stories):.1f} ms an article", flush=True)
    async with database.reading() as db:
        rows = await db.all("SELECT minima FROM fingerprints ORDER BY article_id DESC LIMIT :limit", limit=len(pages))
    await measure_look_ups(database, chance, [Fingerprint(row["minima"]) for row in rows])
    await database.close()


def main() -> None:
    """Measure in a file that is thrown away."""
    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "near.db", Path(sys.argv[1]) if len(sys.argv) > 1 else None))


if __name__ == "__main__":
    main()
