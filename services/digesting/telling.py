"""The claims of a digest's stories, each told once, with what denies it below it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from domain.chats import CollectionId
from domain.digests import Change, DigestClaim, DigestStory
from domain.ledger import ArticleReference, LedgerClaim, RelatedClaim, RelationKind, RelationState
from services.digesting.changing import denials_of, told_now
from services.digesting.choosing import SAME, Item, NewStory
from services.relations import with_relations
from storage import claims, news, stories
from storage.connection import Reader

# How many claims each story tells, the weightiest first, at once and in a block that opens: a phone's screen holds some
# of three stories, and the best one of others. Of yet more stories, there are the headlines, and what is in dispute.
ROOMS = ((3, 3), (2, 3), (1, 3), (1, 0), (1, 0))
DISPUTED_ROOM = (1, 0)
HEADLINES = 8
UPDATES = 6
TIES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class _Entry:
    """A story of the digest: new ones, and changed claims of stories that may have nothing new."""

    story: int | None
    new: NewStory | None
    updates: tuple[DigestClaim, ...]
    weight: float


async def told_stories(
    db: Reader, collection: CollectionId, new: Sequence[NewStory], updates: Sequence[DigestClaim]
) -> tuple[tuple[DigestStory, ...], int]:
    """Return the stories as a digest tells them, and how many it leaves out."""
    entries = await _entries(db, new, updates[:UPDATES])
    shown = entries[: len(ROOMS) + HEADLINES]
    rooms = [_room(place, entry) for place, entry in enumerate(shown)]
    numbers = [
        item.id
        for entry, room in zip(shown, rooms, strict=True)
        if entry.new is not None
        for item in entry.new.items[: 2 * sum(room)]
    ]
    loaded = await with_relations(db, collection, await claims.by_numbers(db, collection, numbers))
    ready = _ready([*loaded, *(each.claim for entry in shown for each in entry.updates)])
    heads = await _heads(db, collection, shown)
    places = list(zip(shown, heads, rooms, strict=True))
    first = [each for entry, _, room in places for each in _told(entry, room, ready, set())]
    below = {number for each in first for number in each.shown[1:]}
    told = [_story(entry, head, room, _told(entry, room, ready, below), below) for entry, head, room in places]
    return tuple(told), len(entries) - len(shown)


async def listed_stories(db: Reader, collection: CollectionId, new: Sequence[NewStory]) -> tuple[DigestStory, ...]:
    """Return stories without their claims."""
    entries = [_Entry(story.number, story, (), story.weight) for story in new]
    heads = await _heads(db, collection, entries)
    return tuple(_story(entry, head, (0, 0), (), set()) for entry, head in zip(entries, heads, strict=True))


def _room(place: int, entry: _Entry) -> tuple[int, int]:
    """Return how many claims the story in a place tells, at once and behind them."""
    if place < len(ROOMS):
        return ROOMS[place]
    return DISPUTED_ROOM if entry.updates or (entry.new and any(item.disputed for item in entry.new.items)) else (0, 0)


async def _entries(db: Reader, new: Sequence[NewStory], updates: Sequence[DigestClaim]) -> list[_Entry]:
    """Return new stories and those of changed claims, by weight."""
    homes = await stories.stories_of(db, {each.claim.article.id for each in updates}) if updates else {}
    changed: dict[int, list[DigestClaim]] = {}
    for each in updates:
        changed.setdefault(homes.get(each.claim.article.id, -each.claim.article.id), []).append(each)
    entries = [_Entry(story.number, story, tuple(changed.pop(story.number or 0, ())), story.weight) for story in new]
    entries += [_Entry(story if story > 0 else None, None, tuple(of), _weight(of)) for story, of in changed.items()]
    return sorted(entries, key=lambda entry: (not (entry.new and entry.new.corrects), -entry.weight))


def _weight(updates: Iterable[DigestClaim]) -> float:
    return max(3 * log2(1 + each.claim.origins) + log2(1 + len(denials_of(each.claim))) for each in updates)


def _ready(found: Iterable[LedgerClaim]) -> dict[int, DigestClaim]:
    """Return claims as they are told: of those that are told here, who denies another stands below that one.

    So does what another one updates. One that has such below itself stands by itself, so that none is lost.
    """
    all_of = {claim.id: claim for claim in found}
    below = {number: [tie.claim.id for tie in _ties(claim) if _stands_below(tie)] for number, claim in all_of.items()}
    ready = {}
    for number, claim in all_of.items():
        beside = [each for each in below[number] if not below.get(each)]
        kept = tuple(tie for tie in claim.related if tie.kind in SAME) + tuple(_ties(claim))
        ready[number] = DigestClaim(replace(claim, related=kept), told_now(claim, beside), (number, *beside))
    return ready


def _ties(claim: LedgerClaim) -> list[RelatedClaim]:
    """Return the ties of a claim that are shown below it, those that are sure before others, then what is newer."""
    told = [tie for tie in claim.related if tie.kind not in SAME]
    order = (RelationKind.UPDATES,) if claim.is_correction else ()
    return sorted(told, key=lambda tie: (tie.state is not RelationState.CONFIRMED, tie.kind not in order))[:TIES_SHOWN]


def _stands_below(tie: RelatedClaim) -> bool:
    if tie.kind is RelationKind.UPDATES:
        return tie.outgoing and tie.state is RelationState.CONFIRMED
    # What only may deny it is told there, too, and says so: twice in one digest is once too often.
    return not tie.outgoing


async def _heads(
    db: Reader, collection: CollectionId, entries: Sequence[_Entry]
) -> list[tuple[int | None, str | None, ArticleReference]]:
    """Return of each story its number, where it has several articles, its headline and its newest new article."""
    newest = [entry.new.articles[0].id if entry.new else entry.updates[0].claim.article.id for entry in entries]
    references = await news.references(db, collection, newest)
    heads: list[tuple[int | None, str | None, ArticleReference]] = []
    for entry, article in zip(entries, newest, strict=True):
        whole = await stories.find(db, collection, entry.story) if entry.story is not None else None
        several = whole is not None and whole.articles > 1
        heads.append((entry.story if several else None, whole.headline if whole else None, references[article]))
    return heads


def _told(
    entry: _Entry, room: tuple[int, int], ready: Mapping[int, DigestClaim], below: Collection[int]
) -> list[DigestClaim]:
    """Return the claims of a story that there is room for; those ``below`` others are told there."""
    updates = [replace(ready[each.claim.id], change=each.change) for each in entry.updates]
    items = entry.new.items if entry.new else ()
    told = [_marked(ready[item.id], item) for item in items if item.id in ready and item.id not in below]
    first = [each for each in told if each.claim.is_correction]
    return [*first, *updates, *(each for each in told if each not in first)][: sum(room)]


def _marked(ready: DigestClaim, item: Item) -> DigestClaim:
    """Return a new claim, as an update where it surely is one of what was told; a correction tells so itself."""
    sure = any(
        tie.kind is RelationKind.UPDATES and tie.outgoing and tie.state is RelationState.CONFIRMED
        for tie in ready.claim.related
    )
    return replace(ready, change=Change.UPDATING) if item.updates and sure and not ready.claim.is_correction else ready


def _story(
    entry: _Entry,
    head: tuple[int | None, str | None, ArticleReference],
    room: tuple[int, int],
    told: Sequence[DigestClaim],
    below: Collection[int],
) -> DigestStory:
    stand = {number for each in told for number in each.shown} | set(below)
    items = entry.new.items if entry.new else ()
    return DigestStory(
        *head,
        articles=len(entry.new.articles) if entry.new else 0,
        origins=entry.new.origins if entry.new else 0,
        claims=tuple(told),
        lead=room[0],
        more=sum(item.id not in stand for item in items) if sum(room) else 0,
    )
