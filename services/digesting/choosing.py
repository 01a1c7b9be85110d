"""Which stories a digest tells, and in which order.

A story weighs ``3·log2(1 + o) + log2(1 + a) + log2(1 + t) + log2(1 + k)``: ``o`` independent origins of its new
articles, ``a`` new articles, ``t`` ties of its new claims to others (corroborated, contradicted, denied, updated) and
``k`` its new claims, each as 1/rank. So what many report independently goes before what one outlet tells at length,
and no count outweighs the others by its size alone. Before all of them go stories in which an outlet corrects itself.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log2

from domain.chats import CollectionId
from domain.ledger import RelationKind
from domain.subscriptions import Filters
from services.asking import people
from services.filtering import matches
from storage import digested, news, origins, relations
from storage.connection import Reader
from storage.news import NewArticle, NewClaim, Tie
from storage.origins import origin_of_name
from storage.values import normalise

# Of more that is new, the newest so many are looked at.
MOST_ARTICLES = 1_000
MOST_CLAIMS = 10_000
SAME = frozenset({RelationKind.REPEATS, RelationKind.CORROBORATES})
DISPUTING = frozenset({RelationKind.DENIES, RelationKind.CONTRADICTS})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which news; ``subscription`` is None where it does not matter what was told before."""

    collection: CollectionId
    since: datetime
    until: datetime
    filters: Filters = field(default_factory=Filters)
    subscription: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A new claim as it is weighed; ``same`` are claims that say the same, ``ties`` counts all other ties.

    It ``updates`` one that was told before; ``disputed`` says that it is against another one, or another against it.
    """

    claim: NewClaim
    same: frozenset[int]
    ties: int
    origins: int
    updates: bool = False
    disputed: bool = False

    @property
    def id(self) -> int:
        """The claim's number."""
        return self.claim.id


@dataclass(frozen=True, slots=True)
class NewStory:
    """What is new of a story: articles newest first, and claims that were not told before, the best first.

    ``number`` is None for an article that is in no story yet.
    """

    number: int | None
    articles: tuple[NewArticle, ...]
    origins: int
    items: tuple[Item, ...]
    weight: float

    @property
    def corrects(self) -> bool:
        """Whether an outlet corrects itself in it."""
        return any(item.claim.correction for item in self.items)


@dataclass(frozen=True, slots=True)
class Chosen:
    """All stories with something to tell, the weightiest first, and the articles that fit the filters, newest first."""

    stories: tuple[NewStory, ...]
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Material:
    articles: Sequence[NewArticle]
    claims: Sequence[NewClaim]
    ties: Sequence[Tie]
    homes: Mapping[int, int]
    whence: Mapping[int, str]
    told: Collection[int]
    denying: Collection[int]


async def choose(db: Reader, wanted: Wanted) -> Chosen:
    """Return what is new, as it is wanted."""
    material = await _look_up(db, wanted)
    # Pure computing: others have their turn meanwhile.
    return await asyncio.to_thread(_choose, material, wanted.filters)


def is_of_claims(filters: Filters) -> bool:
    """Return whether filters ask for certain claims, and not only for certain articles."""
    return bool(filters.of_people or filters.words or filters.disputed or filters.origins > 1)


async def _look_up(db: Reader, wanted: Wanted) -> _Material:
    filters, collection = wanted.filters, wanted.collection
    new = await news.articles(db, collection, wanted.since, wanted.until, MOST_ARTICLES)
    if filters.publishers or filters.languages:
        new = await asyncio.to_thread(_fitting, new, filters)
    only_key = not is_of_claims(filters)
    numbers = [each.id for each in new]
    words = filters.words is not None
    found = await news.claims(db, collection, numbers, MOST_CLAIMS, only_key=only_key, words=words)
    if filters.of_people:
        named = [each.id for name in filters.names for each in await people.bearers(db, collection, name)]
        wanted_people = [*filters.people, *named]
        rows = {row for same in (await relations.fellows(db, wanted_people)).values() for row in same}
        naming = await news.naming(db, [claim.id for claim in found], rows)
        found = [claim for claim in found if claim.id in naming]
    if filters.words:
        found = await asyncio.to_thread(_with_words, found, new, filters.words)
    numbers = [claim.id for claim in found]
    ties = await news.ties(db, numbers)
    ends = {end for tie in ties for end in (tie.claim, tie.other)}
    homes = {claim.id: claim.article for claim in found}
    homes |= await news.articles_of(db, collection, ends - homes.keys())
    whence = await origins.origins_of(db, {*homes.values(), *(each.id for each in new)})
    told = await digested.told_of(db, wanted.subscription, homes) if wanted.subscription is not None else set()
    denying = await news.denying(db, collection, numbers) if filters.disputed else set()
    return _Material(new, found, ties, homes, whence, told, denying)


def _fitting(articles: Iterable[NewArticle], filters: Filters) -> list[NewArticle]:
    wanted = {origin_of_name(name) for name in filters.publishers}
    return [
        each
        for each in articles
        if (not filters.languages or each.language in filters.languages)
        and (not wanted or {origin_of_name(each.publisher), origin_of_name(each.channel)} & wanted)
    ]


def _with_words(claims: Iterable[NewClaim], articles: Iterable[NewArticle], expression: str) -> list[NewClaim]:
    heads = {article.id: normalise(article.headline or "").split() for article in articles}
    return [claim for claim in claims if matches(expression, [*heads[claim.article], *claim.words.split()])]


def _choose(material: _Material, filters: Filters) -> Chosen:
    disputed = _disputed(material) if filters.disputed else set()
    items = [
        item
        for item in _items(material)
        if item.origins >= filters.origins and (not filters.disputed or item.id in disputed)
    ]
    by_article: dict[int, list[Item]] = {}
    for item in items:
        by_article.setdefault(item.claim.article, []).append(item)
    claimed = {claim.article for claim in material.claims}
    kept = [
        article
        for article in material.articles
        if article.id in by_article or (article.id not in claimed and _is_told_by_its_headline(article, filters))
    ]
    groups: dict[tuple[str, int], list[NewArticle]] = {}
    for article in kept:
        key = ("story", article.story) if article.story is not None else ("article", article.id)
        groups.setdefault(key, []).append(article)
    said: set[int] = set()
    stories = [_story(group, by_article, material) for group in groups.values()]
    stories.sort(key=lambda story: (-story.weight, -story.articles[0].id))
    fresh = [_once(story, material, said) for story in stories]
    fresh.sort(key=lambda story: not story.corrects)
    claimless = {article.id for article in kept} - claimed
    telling = [story for story in fresh if story.items or any(each.id in claimless for each in story.articles)]
    return Chosen(tuple(telling), tuple(article.id for article in kept))


def _items(material: _Material) -> Iterable[Item]:
    same: dict[int, set[int]] = {}
    others: dict[int, int] = {}
    replacing: dict[int, set[int]] = {}
    disputed = _in_dispute(material)
    for tie in material.ties:
        if tie.kind == RelationKind.UPDATES:
            replacing.setdefault(tie.claim, set()).add(tie.other)
        for number, end in ((tie.claim, tie.other), (tie.other, tie.claim)):
            if end not in material.homes:
                continue
            if tie.kind in SAME:
                same.setdefault(number, set()).add(end)
            if tie.kind != RelationKind.REPEATS:
                others[number] = others.get(number, 0) + 1
    for claim in material.claims:
        alike = frozenset(same.get(claim.id, ()))
        homes = {claim.article, *(material.homes[number] for number in alike)}
        counted = {material.whence.get(home, str(home)) for home in homes}
        updates = any(number in material.told for number in replacing.get(claim.id, ()))
        yield Item(claim, alike, others.get(claim.id, 0), len(counted), updates, claim.id in disputed)


def _disputed(material: _Material) -> set[int]:
    """Return what denies or is denied, contradicts or is contradicted."""
    return set(material.denying) | _in_dispute(material)


def _in_dispute(material: _Material) -> set[int]:
    return {end for tie in material.ties if tie.kind in DISPUTING for end in (tie.claim, tie.other)}


def _is_told_by_its_headline(article: NewArticle, filters: Filters) -> bool:
    """Return whether an article that makes no claims fits filters that ask for some."""
    if filters.of_people or filters.disputed or filters.origins > 1:
        return False
    return not filters.words or matches(filters.words, normalise(article.headline or "").split())


def _story(articles: Sequence[NewArticle], by_article: Mapping[int, Sequence[Item]], material: _Material) -> NewStory:
    """Return a story, its claims by how much they change what was told, then by how many report them."""
    whence = material.whence
    items = [item for article in articles for item in by_article.get(article.id, ())]
    items.sort(
        key=lambda item: (
            not item.claim.correction,
            not item.updates,
            -item.origins,
            -item.ties,
            item.claim.rank or 99,
            -item.claim.article,
            item.id,
        )
    )
    counted = len({whence.get(article.id, str(article.id)) for article in articles})
    keys = sum(1 / item.claim.rank for item in items if item.claim.rank)
    ties = sum(item.ties for item in items)
    weight = 3 * log2(1 + counted) + log2(1 + len(articles)) + log2(1 + ties) + log2(1 + keys)
    return NewStory(articles[0].story, tuple(articles), counted, tuple(items), weight)


def _once(story: NewStory, material: _Material, said: set[int]) -> NewStory:
    """Return a story without what was told before, by a digest or by a weightier story of this one."""
    fresh = []
    for item in story.items:
        alike = {item.id, *item.same}
        if not alike & said and not any(number in material.told for number in alike):
            fresh.append(item)
            said |= alike
    return NewStory(story.number, story.articles, story.origins, tuple(fresh), story.weight)
