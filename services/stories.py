"""Stories: articles about the same events, grouped over a few days.

An article joins the story whose articles of the same days it is most alike, or begins one (single-pass clustering, as
in topic detection and tracking: Allan, Papka and Lavrenko 1998). Those that it is held against share a name or a
telling word with it and come from an index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from statistics import mean

from domain.articles import ArticleState
from domain.chats import CollectionId
from domain.ledger import LedgerClaim, RelationKind, StoryReference
from domain.stories import Story
from services import Services
from services.access import Right, allowed
from services.relations import with_relations
from services.story_words import Keys, keys_of, likeness, likeness_across, rarity
from storage import articles, claims, messages, persons, reprints, stories, told
from storage.articles import StoredArticle
from storage.connection import Reader, Writer
from storage.values import normalise

# Articles further apart are not of one story, unless others between them are.
DAYS = 4
# So much alike are articles of one story, on the average of the most alike ones.
JOIN = 0.13
MOST_ALIKE = 2
# Those that share most with an article are looked at in full.
CANDIDATES = 16
# So many articles with the words of a search are asked for their stories.
FOUND = 40
# In busier days, a key that all articles have tells no less.
BUSY = 5_000
# Cards of older articles keep the count that they have.
TOUCHED = 30
# A search of more words is cut: each word costs a look into an index.
MOST_WORDS, LONGEST_WORD = 12, 40
PAGE = 6
CLAIMS = 5
# A story's claims come from its newest articles, the best ones of each.
_SPOKEN_FOR, _BEST = 12, 3


@dataclass(frozen=True, slots=True)
class About:
    """What an article is about, and how much others of the same days are about the same, by their numbers."""

    keys: Keys
    alike: Mapping[int, float]


async def about(collection: CollectionId, article: int, db: Reader) -> About | None:
    """Look up what is needed to place an article, so that nobody who writes waits for it; None where it is gone."""
    stored = await articles.find(db, collection, article)
    if stored is None:
        return None
    people = [person.name for person in await persons.of_article(db, article)]
    keys = keys_of(stored.metadata.headline or "", stored.body, people)
    return About(keys, await _alike(db, collection, article, stored.reference.seen_at.toordinal(), keys))


async def place(collection: CollectionId, article: int, about: About, db: Writer) -> set[int]:
    """Put an article where it belongs, and return the articles whose story that has changed."""
    stored = await articles.find(db, collection, article)
    if stored is None:
        return set()
    before = await _told_together(db, article)
    await _place(db, collection, stored, about)
    after = await _told_together(db, article)
    if before == after or len(before) + len(after) <= 1:
        return set()
    return {*sorted({*before, *after}, reverse=True)[:TOUCHED], article}


async def story_of(db: Reader, collection: CollectionId, article: int) -> StoryReference | None:
    """Return the story that an article belongs to, None where it is alone."""
    number = (await stories.stories_of(db, [article])).get(article)
    found = await stories.find(db, collection, number) if number is not None else None
    return found if found is not None and found.articles > 1 else None


async def show(services: Services, chat: int, story: int, page: int = 0) -> Story | None:
    """Return a page of a story, counted from 0, or None where the chat's collection has no such story."""

    async def look(db: Reader) -> Story | None:
        known = await allowed(db, chat, Right.READ)
        return await _show(db, known.collection, story, page) if known else None

    return await services.database.look(look)


async def with_words(services: Services, chat: int, words: str) -> Story | None:
    """Return the newest story in which an article has all the words; one of several articles goes before others."""
    match = " AND ".join(f'"{word[:LONGEST_WORD]}"*' for word in normalise(words).split()[:MOST_WORDS])

    async def look(db: Reader) -> Story | None:
        known = await allowed(db, chat, Right.READ)
        if known is None or not match:
            return None
        found = [one.id for one in await articles.search(db, known.collection, match, limit=FOUND)]
        numbers = await stories.stories_of(db, found)
        told = list(dict.fromkeys(numbers[one] for one in found if one in numbers))
        several = [number for number in told if len(await stories.members(db, number)) > 1]
        return await _show(db, known.collection, (several or told)[0], 0) if told else None

    return await services.database.look(look)


async def of_message(services: Services, chat: int, message: int) -> Story | None:
    """Return the story of the article that a message of the chat brought or shows."""

    async def look(db: Reader) -> Story | None:
        known = await allowed(db, chat, Right.READ)
        article = await articles.shown_by(db, chat, message) or await messages.article_of(db, chat, message)
        number = (await stories.stories_of(db, [article])).get(article) if known and article else None
        return await _show(db, known.collection, number, 0) if known and number is not None else None

    return await services.database.look(look)


async def stays(services: Services, chat: int, message: int) -> bool:
    """Return whether a message shows an article, or is a digest: what is asked for below it answers it."""
    async with services.database.reading() as db:
        if await articles.shown_by(db, chat, message) is not None:
            return True
        topic = await told.find(db, chat, message)
    return topic is not None and topic.get("kind") == "digest"


async def _told_together(db: Reader, article: int) -> Sequence[int]:
    number = (await stories.stories_of(db, [article])).get(article)
    return await stories.members(db, number) if number is not None else ()


async def _place(db: Writer, collection: CollectionId, stored: StoredArticle, about: About) -> None:
    """Put an article, with its reprints, where it belongs; a reprint stands with the article that it is over again."""
    article, day = stored.reference.id, stored.reference.seen_at.toordinal()
    if stored.state is not ArticleState.READ:
        await stories.withdraw(db, article)
        return
    await stories.keep_keys(db, collection, article, day, about.keys)
    head, _ = await reprints.standing(db, article)
    if head is not None:
        number = (await stories.stories_of(db, [head])).get(head)
    else:
        number = await _join(db, collection, article, about.alike)
    number = number or await stories.add(db, collection)
    await stories.place(db, collection, article, day, number)
    await stories.move_reprints(db, article, number)


async def _join(db: Writer, collection: CollectionId, article: int, alike: Mapping[int, float]) -> int | None:
    """Return the story that an article joins, or that it has for itself already; None for a new one."""
    by_story: dict[int, list[float]] = {}
    for other, number in (await stories.stories_of(db, list(alike))).items():
        by_story.setdefault(number, []).append(alike[other])
    scores = {number: mean(nlargest(MOST_ALIKE, all_of)) for number, all_of in by_story.items()}
    near = {number for number, score in scores.items() if score >= JOIN}
    if not near:
        now = (await stories.stories_of(db, [article])).get(article)
        return now if now is not None and len(await stories.members(db, now)) == 1 else None
    best = max(near, key=lambda number: (scores[number], -number))
    await _gather(db, collection, best, near)
    return best


async def _gather(db: Writer, collection: CollectionId, story: int, alike: set[int]) -> None:
    """Bring single articles that are alike, too, into the story that an article joins."""
    for number in alike - {story}:
        alone = await stories.members(db, number)
        if len(alone) == 1:
            stored = await articles.find(db, collection, alone[0])
            if stored is not None:
                await stories.place(db, collection, alone[0], stored.reference.seen_at.toordinal(), story)


async def _alike(db: Reader, collection: CollectionId, article: int, day: int, keys: Keys) -> Mapping[int, float]:
    """Return how much the articles of the same days are about the same, of those that share most with an article."""
    first, last = day - DAYS, day + DAYS
    sharing = await stories.sharing(db, collection, keys, first, last)
    of = await stories.count_of_days(db, collection, first, last, BUSY)
    others = {key: set(sharing.get(key, ())) - {article} for key in keys}
    rarities = {key: rarity(len(others[key]) + 1, of) for key in keys}
    shared: dict[int, float] = {}
    for key, those in others.items():
        for other in those:
            shared[other] = shared.get(other, 0.0) + keys[key] * rarities[key]
    candidates = nlargest(CANDIDATES, shared, key=lambda other: (shared[other], other))
    known, usual = await stories.keys_of(db, candidates), rarity(1, of)
    spoken = await stories.languages_of(db, [article, *candidates])
    return {
        other: (likeness if spoken[other] == spoken[article] else likeness_across)(keys, known[other], rarities, usual)
        for other in candidates
    }


async def _show(db: Reader, collection: CollectionId, story: int, page: int) -> Story | None:
    found = await stories.find(db, collection, story)
    listed = await stories.page(db, collection, story, PAGE + 1, page * PAGE)
    if found is None or not listed:
        return None
    newest = (await stories.page(db, collection, story, 1, 0))[0]
    oldest = (await stories.page(db, collection, story, 1, found.articles - 1))[0]
    return Story(
        reference=found,
        since=oldest.seen_at,
        until=newest.seen_at,
        articles=tuple(listed[:PAGE]),
        claims=await _claims(db, collection, story) if page == 0 else (),
        page=page,
        has_older=len(listed) > PAGE,
    )


async def _claims(db: Reader, collection: CollectionId, story: int) -> tuple[LedgerClaim, ...]:
    """Return what a story's articles say above all: what is denied or most reported first, and nothing twice."""
    newest = await stories.page(db, collection, story, _SPOKEN_FOR, 0)
    best: list[LedgerClaim] = []
    for article in newest:
        found = await claims.of_article(db, collection, article.id)
        best += [claim for claim in found if claim.rank is not None and claim.rank <= _BEST]
    tied = await with_relations(db, collection, best)
    tied.sort(key=lambda claim: (-claim.origins, not _is_disputed(claim), claim.rank))
    chosen: list[LedgerClaim] = []
    for claim in tied:
        if not any(_says_the_same(claim, other) for other in chosen):
            chosen.append(claim)
    return tuple(chosen[:CLAIMS])


def _is_disputed(claim: LedgerClaim) -> bool:
    return any(tie.kind in (RelationKind.DENIES, RelationKind.CONTRADICTS) for tie in claim.related)


def _says_the_same(claim: LedgerClaim, other: LedgerClaim) -> bool:
    same = (RelationKind.REPEATS, RelationKind.CORROBORATES)
    tied = {tie.claim.id for tie in claim.related if tie.kind in same}
    return other.id in tied or claim.text.casefold() == other.text.casefold()
