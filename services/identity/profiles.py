"""What articles say of a person: of a newcomer the one that names them, of somebody known the newest ones."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from domain.chats import CollectionId
from domain.extraction import NamedPerson
from domain.identity import Profile
from extraction.vocabulary import fold, vocabulary
from services.identity.fields import fields_of, is_calendar
from services.identity.names import gender_of, name_of
from storage import identity
from storage.connection import Reader
from storage.identity import Scene
from storage.values import normalise

# Roles and fellows are taken from so many articles, words from so many of these.
NEWEST = 20
_READ = 4
_BESIDE = 110
_NAMES_READ = 4
# Of a word that a language inflects, so many letters are compared.
_STEM = 5
# Of more places, those that an article names most often.
MOST_PLACES = 40
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# After one of these a capital tells nothing.
_OPENS = frozenset(".!?:…\n\"“”„«»'‘’`*•|>–—-")
_AGE = re.compile(
    r"^,?\s*\(?(?P<age>[1-9]\d)\)?(?=\s*[,.;)]|\s*(?:years|year|лет|года?|роки?|років|jahre|ans)\b)|"
    r"(?P<old>[1-9]\d)[-‐‑– ](?:year-old|летн|річн|jährig)\w*[^.,;]{0,40}$",
    re.IGNORECASE,
)
_IS_OF_AGE = re.compile(r"[.!?”\"] (?:He|She) is (?P<age>[1-9]\d)(?=[.,;])")


@dataclass
class Archive:
    """What a filing has looked up of the archive; articles that name several of those compared are read once.

    ``newest`` are the articles that name somebody, ``alike`` says which two of them may well be one.
    """

    db: Reader
    scenes: dict[int, Scene] = field(default_factory=dict)
    people: dict[int, Profile] = field(default_factory=dict)
    newest: dict[int, Sequence[int]] = field(default_factory=dict)
    alike: dict[tuple[int, int], bool] = field(default_factory=dict)
    rarity: dict[str, float] = field(default_factory=dict)

    async def scene(self, article: int) -> Scene:
        """Return an article as the place where people are named."""
        return (await self.scenes_of([article]))[article]

    async def scenes_of(self, articles: Collection[int]) -> dict[int, Scene]:
        """Return articles as the places where people are named."""
        self.scenes |= await identity.scenes(self.db, [article for article in articles if article not in self.scenes])
        return {article: self.scenes[article] for article in articles}

    async def rarity_of(self, collection: CollectionId, places: Iterable[str]) -> Mapping[str, float]:
        """Return how rare places are in the collection."""
        wanted = sorted({*places})
        if left := [place for place in wanted if place not in self.rarity]:
            self.rarity |= await identity.rarity_of(self.db, collection, left)
        return {place: self.rarity[place] for place in wanted}

    async def look_for_newest(self, people: Iterable[int]) -> None:
        """Find the newest articles of several people, by whom they are shown."""
        if left := {*people} - self.newest.keys():
            newest = await identity.newest_of_each(self.db, left, NEWEST)
            await self.scenes_of({article for articles in newest.values() for article in articles[:_READ]})
            self.newest |= newest

    async def profile(self, person: int, own: Mapping[int, tuple[str, ...]]) -> Profile:
        """Return what the newest articles say of a person, whose names by row are ``own``."""
        if person not in self.people:
            self.people[person] = await self._profile(person, own)
        return self.people[person]

    def forget(self, person: int) -> None:
        """Look anew for what articles say of a person: it has become more."""
        self.people.pop(person, None)
        self.newest.pop(person, None)
        self.alike = {pair: is_so for pair, is_so in self.alike.items() if person not in pair}

    async def _profile(self, person: int, own: Mapping[int, tuple[str, ...]]) -> Profile:
        names = tuple(dict.fromkeys(name for row in own.values() for name in row))
        await self.look_for_newest([person])
        articles = self.newest[person]
        if not articles:
            return Profile(names, own=own)
        fellows = await identity.named_in(self.db, articles)
        read = await self.scenes_of(articles[:_READ])
        spans = await identity.spans_in(self.db, person, read)
        about = [_about(scene.words) for scene in read.values()]
        return Profile(
            names=names,
            roles=tuple(await identity.roles_in(self.db, person, articles)),
            around=tuple(chain.from_iterable(_around(read[article], spans[article]) for article in spans)),
            topic=tuple(each.fields for each in about),
            places=frozenset[str]().union(*(each.beginnings for each in about)),
            fellows={number: name for number, name in fellows.items() if number != person},
            births=frozenset(year for article in spans for year in _births(read[article], spans[article])),
            seen=tuple(scene.seen_at for scene in read.values()),
            publishers=frozenset(scene.publisher for scene in read.values() if scene.publisher),
            genders=frozenset(each for article in spans for each in _genders(read[article], spans[article], names)),
            own=own,
        )


@dataclass(frozen=True, slots=True)
class _About:
    """The beginnings of an article's words, and how many of these each field of work has."""

    fields: Counter[str]
    beginnings: frozenset[str]


# Whoever is in the news is named in article after article, and compared each time.
@lru_cache(maxsize=128)
def _about(text: str) -> _About:
    words = text.split()
    return _About(fields_of(words), frozenset(word[:_STEM] for word in set(words) if len(word) >= _STEM - 1))


@dataclass(frozen=True, slots=True)
class Here:
    """An article whose people are to be told from others; of its ``places`` one is its ``home``."""

    scene: Scene
    topic: Mapping[str, int]
    places: frozenset[str]
    home: str | None


def here(scene: Scene, people: Iterable[NamedPerson]) -> Here:
    """Return what an article says of all of its people."""
    places = places_of(scene, people)
    return Here(scene, _about(scene.words).fields, places, _home(scene, places))


def newcomer(person: NamedPerson, here: Here, fellows: Mapping[int, str]) -> Profile:
    """Return what an article says of one of its people."""
    scene = here.scene
    spans = [(mention.span.start, mention.span.end) for mention in person.mentions]
    return Profile(
        names=(person.name, *person.alternate_names),
        roles=person.job_titles,
        around=tuple(_around(scene, spans)),
        topic=(here.topic,),
        places=here.places,
        home=here.home,
        fellows=fellows,
        births=frozenset(_births(scene, spans)),
        seen=(scene.seen_at,),
        publishers=frozenset([scene.publisher] if scene.publisher else []),
        genders=frozenset(_genders(scene, spans, (person.name, *person.alternate_names))),
    )


def places_of(scene: Scene, people: Iterable[NamedPerson]) -> frozenset[str]:
    """Return the beginnings of an article's words with a capital that are nobody's name, the most frequent ones."""
    names = {
        part for person in people for name in (person.name, *person.alternate_names) for part in normalise(name).split()
    }
    names |= {part for person in people for one in person.mentions for part in normalise(one.text).split()}
    found = (part for word in _capitals(scene.body) for part in _words(word))
    counted = Counter(
        word[:_STEM] for word in found if len(word) >= _STEM - 1 and word not in names and not is_calendar(word)
    )
    # Each costs a look into the archive; in some languages every noun has a capital.
    return frozenset(place for place, _ in counted.most_common(MOST_PLACES))


@lru_cache(maxsize=20_000)
def _words(written: str) -> Sequence[str]:
    return normalise(written).split()


def _home(scene: Scene, places: Iterable[str]) -> str | None:
    """Return the place or name of a thing that an article has most, if more than once."""
    counted = Counter(word[:_STEM] for word in scene.words.split())
    most = max(places, key=lambda place: (counted[place], place), default=None)
    return most if most is not None and counted[most] > 1 else None


def _capitals(text: str) -> Iterator[str]:
    """Yield the words with a capital in the middle of a sentence."""
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()].rstrip(" \u00a0")
        if match[0][0].isupper() and before and before[-1] not in _OPENS:
            yield match[0]


def _around(scene: Scene, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the normalised words of the paragraph beside the first few of a person's names."""
    found: list[str] = []
    for start, end in sorted(spans)[:_NAMES_READ]:
        before = scene.body[max(0, start - _BESIDE) : start].rpartition("\n")[2]
        behind = scene.body[end : end + _BESIDE].partition("\n")[0]
        found += _words_beside(f"{before} {behind}")
    return found


@lru_cache(maxsize=2_000)
def _words_beside(text: str) -> Sequence[str]:
    return normalise(text).split()


def _genders(scene: Scene, spans: Sequence[tuple[int, int]], names: Sequence[str]) -> Iterator[str]:
    """Yield the genders that given names, and titles right before a name, tell."""
    known = vocabulary()
    for name in filter(None, map(name_of, names)):
        if gender := gender_of(name):
            yield gender
    for start, _ in spans:
        before = fold(scene.body[max(0, start - 12) : start].rpartition("\n")[2].rstrip(" .\u00a0").rpartition(" ")[2])
        if before in known.female_titles or before in known.male_titles:
            yield "f" if before in known.female_titles else "m"


def _births(scene: Scene, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield the years in which somebody was born by the ages that stand beside their names, a year more or less."""
    for start, end in spans:
        behind, before = _AGE.match(scene.body[end : end + 30]), _AGE.search(scene.body[max(0, start - 60) : start])
        told = _IS_OF_AGE.search(scene.body[end : end + _BESIDE].partition("\n")[0])
        for age in (behind and behind["age"], before and before["old"], told and told["age"]):
            if age:
                yield scene.seen_at.year - int(age)
