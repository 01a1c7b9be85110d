"""Filing the people of an article: under somebody whom the archive knows, or as somebody new, perhaps with a doubt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, combinations

from domain.chats import CollectionId
from domain.extraction import NamedPerson
from domain.identity import Comparison, Decision, Profile, Sure, Unsure
from services.identity.comparing import AHEAD, LITTLE, agreement_of, are_two, compare, decide, told_alike, unsure
from services.identity.judging import join
from services.identity.names import Agreement, name_of, romanisations
from services.identity.profiles import NEWEST, Archive, here, newcomer
from storage import identity, persons
from storage.connection import Reader, Writer
from storage.identity import Pin
from storage.spellings import sought_keys
from storage.values import normalise

# Of more bearers of a surname, only those are looked at who share a given name or an initial, too.
_BEARERS = 40
# So many of those whose names agree best are compared in full.
_COMPARED = 6
# From this weight on, two known people may well be one; from this one on, the machine joins them.
_ALIKE, _ONE = 0.5, 2.8
# From this likeness on (Dice's coefficient over three-letter pieces), a surname may be another one misspelt.
_MISSPELT = 0.6
# Of two who are called alike, the one by whose name in full somebody is known comes before the other.
_NEARLY_FULL = 2.8
# So many of those with whom two people are both named are looked at more closely.
_FELLOWS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the names of an article's people may mean, how they compare, and what the article says of them; by index."""

    archive: Archive
    compared: Mapping[int, Sequence[Comparison]] = field(default_factory=dict)
    known: Mapping[int, Sequence["_Named"]] = field(default_factory=dict)
    profiles: Mapping[int, Profile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was found out about the people of an article before the transaction in which they are filed.

    ``newest`` are the articles of those whom they may mean. While these are the same, and the names, so is what comes
    of comparing.
    """

    people: Sequence[NamedPerson]
    seen_at: datetime
    found: Found
    newest: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody known whose name agrees with a newcomer's; ``own`` are their names by row."""

    person: int
    agreement: Agreement
    own: Mapping[int, tuple[str, ...]]

    @property
    def called(self) -> tuple[str, ...]:
        """All their names."""
        return tuple(dict.fromkeys(name for names in self.own.values() for name in names))


async def foresee(
    db: Reader,
    collection: CollectionId,
    article: int,
    people: Sequence[NamedPerson],
    publisher: str | None,
    seen_at: datetime,
) -> Foreseen | None:
    """Return whom the archive knows of the people of an article that is being read for the first time.

    ``publisher`` and ``seen_at`` are what will be kept of it before its people are. None where it was read before: then
    nearly everybody in it stays who they are.
    """
    if not people or await persons.filed(db, article):
        return None
    archive = Archive(db)
    archive.scenes[article] = replace(await archive.scene(article), publisher=publisher, seen_at=seen_at)
    found = await compare_people(archive, collection, article, people, range(len(people)), {}, {})
    return Foreseen(people, seen_at, found, dict(archive.newest))


async def file_people(
    db: Writer,
    collection: CollectionId,
    article: int,
    people: Sequence[NamedPerson],
    seen_at: datetime,
    pinned: Mapping[int, int | None],
    before: Mapping[str, int],
    now: datetime,
    foreseen: Foreseen | None = None,
) -> list[int]:
    """Keep the people of an article, with names, mentions and roles, and return the number of each.

    ``pinned`` holds what a correction says: by index, who it is, or None for somebody whom the archive does not know.
    ``before`` tells who bore a normalised name when this article was read before. Where neither knows, the archive is
    searched; who may be somebody known is filed as somebody new, and the doubt is kept. What was ``foreseen`` of these
    people, and is still so, is not searched for again.
    """
    settled, free = await _pinned(db, collection, article, people, pinned, before)
    settled |= _as_before(people, free, settled)
    undecided = [index for index in range(len(people)) if index not in settled]
    if foreseen is not None and not settled and not before and foreseen.seen_at == seen_at:
        # Nobody else files by it: what is looked up from now on is added to it.
        found = replace(foreseen.found, archive=replace(foreseen.found.archive, db=db))
    else:
        found = await compare_people(Archive(db), collection, article, people, undecided, settled, free)
    decisions = _each_once(found.compared)
    filed = {**settled, **{index: sure.comparison.row for index, sure in decisions.items() if isinstance(sure, Sure)}}
    await _call(db, [(filed[index], people[index].name) for index in sorted(filed)])
    for index in sorted(decisions.keys() - filed.keys()):
        filed[index] = await persons.add(db, collection, people[index].name)
    rows = [filed[index] for index in range(len(people))]
    await _keep(db, collection, article, list(zip(rows, people, strict=True)), seen_at)
    for index, decision in decisions.items():
        if isinstance(decision, Unsure):
            await identity.doubt(db, collection, article, rows[index], decision.comparisons, now)
    for index in decisions:
        if found.known[index]:
            await _join(db, collection, rows[index], found.known[index], found.profiles[index], found.archive, now)
    for row in sorted({*before.values()} - {*rows}):
        await persons.forget_names(db, row)
    return rows


async def is_still_so(db: Reader, collection: CollectionId, foreseen: Foreseen) -> bool:
    """Say whether nobody has become known meanwhile, or known otherwise, whom the names may mean."""
    known = await _known(db, collection, dict(enumerate(foreseen.people)))
    return known == foreseen.found.known and foreseen.newest == await identity.newest_of_each(
        db, _people_of(known), NEWEST
    )


def _people_of(known: Mapping[int, Sequence[_Named]]) -> set[int]:
    return {each.person for named in known.values() for each in named}


async def _keep(
    db: Writer, collection: CollectionId, article: int, people: Sequence[tuple[int, NamedPerson]], seen_at: datetime
) -> None:
    await persons.add_names_of_each(db, collection, [(row, _names(person)) for row, person in people])
    await persons.add_mentions_of_each(db, article, [(row, person.mentions) for row, person in people])
    await persons.add_roles_of_each(db, article, [(row, person.job_titles) for row, person in people], seen_at)


async def _call(db: Writer, names: Iterable[tuple[int, str]]) -> None:
    """Call those who are known by the fullest name that the article has for them."""
    by_row: dict[int, list[str]] = {}
    for row, name in names:
        by_row.setdefault(row, []).append(name)
    for row, called in by_row.items():
        await persons.call_by_fullest(db, row, called)


# ----------------------------------------------------------------- what people said, and what held before


async def _pinned(
    db: Writer,
    collection: CollectionId,
    article: int,
    people: Sequence[NamedPerson],
    pinned: Mapping[int, int | None],
    before: Mapping[str, int],
) -> tuple[dict[int, int], dict[str, int]]:
    """Return the rows of those whom corrections pin, and who bore the other names before, as the machine filed them.

    A pin that does not hold any more gives way to whom the machine had found.
    """
    earlier = await identity.pins(db, article)
    machine = {name: before[name] for name in before if name not in earlier}
    machine |= {name: pin.machine for name, pin in earlier.items() if pin.machine is not None}
    rows: dict[int, int] = {}
    pins: dict[str, Pin] = {}
    for index, wanted in pinned.items():
        names = _normal(people[index])
        row = await _pinned_row(
            db, collection, people[index], wanted, [earlier[name] for name in names if name in earlier]
        )
        if row is None:
            continue
        rows[index] = row
        pins |= {name: Pin(row, machine.get(name)) for name in names}
    await identity.set_pins(db, article, pins)
    return rows, {name: row for name, row in machine.items() if name not in pins}


async def _pinned_row(
    db: Writer, collection: CollectionId, person: NamedPerson, wanted: int | None, earlier: Sequence[Pin]
) -> int | None:
    """Return the row that a pin means; None where the archive has nobody of that number any more."""
    if wanted is not None:
        return wanted if await persons.find(db, collection, wanted) else None
    # Somebody of their own, made when the pin was first read, stays the same at the next reading.
    own = [pin.person for pin in earlier if pin.person != pin.machine]
    return own[0] if own else await persons.add(db, collection, person.name)


def _as_before(people: Sequence[NamedPerson], before: Mapping[str, int], rows: Mapping[int, int]) -> dict[int, int]:
    """Return the rows of those who were in the article when it was read before: by name, then by what is like it."""
    found: dict[int, int] = {}
    if not before:
        return found
    # Somebody else may be pinned to the row on which a name stands; that does not push its bearer off.
    left = {row: [name for name in before if before[name] == row] for row in sorted({*before.values()})}
    open_ = [index for index in range(len(people)) if index not in rows]
    for names_of in (lambda person: _normal(person)[:1], _normal):
        for index in open_:
            row = next((before[name] for name in names_of(people[index]) if before.get(name) in left), None)
            if index not in found and row is not None:
                found[index] = row
                del left[row]
    for index in open_:
        like = [
            row
            for row, names in left.items()
            if row not in rows.values() and agreement_of(_names(people[index]), names) > Agreement.GIVEN
        ]
        if index not in found and len(like) == 1:
            found[index] = like[0]
            del left[like[0]]
    return found


def _normal(person: NamedPerson) -> list[str]:
    return list(dict.fromkeys(normalise(name) for name in (*_names(person), *(one.text for one in person.mentions))))


def _names(person: NamedPerson) -> tuple[str, ...]:
    return (person.name, *person.alternate_names)


# ----------------------------------------------------------------- what the archive knows


async def compare_people(
    archive: Archive,
    collection: CollectionId,
    article: int,
    people: Sequence[NamedPerson],
    undecided: Sequence[int],
    rows: Mapping[int, int],
    before: Mapping[str, int],
) -> Found:
    """Return how the undecided people of an article compare with those whom the archive knows.

    ``rows`` are those of the others, by index; ``before`` tells who bore a name when the article was read before.
    """
    db = archive.db
    known = await _known(db, collection, {index: people[index] for index in undecided})
    if not any(known.values()):
        return Found(archive, dict.fromkeys(known, ()), known)
    settled = {index: await _canonical(db, collection, row) for index, row in rows.items()}
    taken = {*settled.values()}
    for row in {*before.values()} - {*rows.values()}:
        taken |= await identity.kept_apart_from(db, row)
    await archive.look_for_newest(_people_of(known))
    place = here(await archive.scene(article), people)
    widely = await _widely(db, known, settled)
    compared: dict[int, Sequence[Comparison]] = dict.fromkeys(known, ())
    profiles = {}
    for index in (index for index in undecided if known[index]):
        free = [named for named in known[index] if named.person not in taken]
        own = newcomer(people[index], place, dict.fromkeys(_fellows(index, known, settled), ""))
        profiles[index] = await _with_rarity(archive, collection, own, free)
        alike = await _alike(archive, free)
        compared[index] = [
            await _compared(archive, profiles[index], named, known[index], alike[named.person], widely)
            for named in free
        ]
    return Found(archive, compared, known, profiles)


async def _with_rarity(archive: Archive, collection: CollectionId, own: Profile, others: Sequence[_Named]) -> Profile:
    """Return a newcomer's profile with how rare the places are that anybody of the others has, too."""
    having = [(await archive.profile(each.person, each.own)).places for each in others]
    shared = [place for place in own.places if any(place in places for places in having)]
    return replace(own, rarity=await archive.rarity_of(collection, shared))


async def _alike(archive: Archive, named: Sequence[_Named]) -> dict[int, frozenset[int]]:
    """Return who of several known people may well be one with which others of them."""
    found: dict[int, set[int]] = {each.person: set() for each in named}
    for one, other in combinations(named, 2):
        if await _are_alike(archive, one, other):
            found[one.person].add(other.person)
            found[other.person].add(one.person)
    return {person: frozenset(others) for person, others in found.items()}


async def _are_alike(archive: Archive, one: _Named, other: _Named) -> bool:
    pair = (one.person, other.person)
    if pair not in archive.alike:
        archive.alike[pair] = await _may_be_one(archive, one, other) and _speaks_for_one(
            await archive.profile(one.person, one.own), await archive.profile(other.person, other.own), other.person
        )
    return archive.alike[pair]


def _speaks_for_one(left: Profile, right: Profile, person: int) -> bool:
    """Say whether two known people may well be one, and not by their names alone."""
    if told_alike(left, right) < LITTLE:
        return False
    return compare(left, right, person, bearers=1, namesakes=0, widely={}).weight >= _ALIKE


async def _may_be_one(archive: Archive, one: _Named, other: _Named) -> bool:
    """Say whether neither the names of two known people rule out that they are one, nor an article that names both."""
    if are_two(one.called, other.called):
        return False
    left, right = await archive.profile(one.person, one.own), await archive.profile(other.person, other.own)
    return other.person not in left.fellows and one.person not in right.fellows


async def _canonical(db: Reader, collection: CollectionId, row: int) -> int:
    found = await persons.find(db, collection, row)
    return found.id if found else row


@dataclass(frozen=True, slots=True)
class _Sought:
    """By what somebody is looked for: the surname's keys and words, the given name's keys, and whole names' keys."""

    surname: str
    keys: frozenset[str]
    words: frozenset[str]
    given: frozenset[str]
    whole: frozenset[str]


@lru_cache(maxsize=2_000)
def _sought(names: tuple[str, ...]) -> _Sought | None:
    name = name_of(names[0])
    if name is None:
        return None
    surname = name.surname.written
    ends = (surname, *(word.written for word in name.given[:1]))
    keys = sought_keys(surname).union(*(sought_keys(each) for end in ends for each in romanisations(end)))
    # A Ukrainian h is a Russian g, and in Latin letters nothing tells which it was.
    keys |= {key.replace(*pair) for key in keys for pair in ("hg", "gh")}
    words = {normalise(part) for part in name.surname.parts} or ({normalise(surname)} if name.given else set())
    given = {key for word in name.given[:1] for key in (*sought_keys(word.written), word.text[:1])}
    return _Sought(normalise(surname), keys, frozenset(words), frozenset(given), _whole_keys(names))


async def _known(
    db: Reader, collection: CollectionId, people: Mapping[int, NamedPerson]
) -> dict[int, Sequence[_Named]]:
    """Return those whom the names of each person may mean, whose names agree best first."""
    sought = {index: one for index, person in people.items() if (one := _sought(_names(person))) is not None}
    bearing = await _bearing(db, collection, list(sought.values()))
    found = dict(zip(sought, bearing, strict=True))
    names = await identity.names_of(db, set().union(*bearing))
    agreeing = {index: _agreeing(names, found[index], people[index]) for index in sought}
    lacking = [
        index
        for index, one in sought.items()
        if one.given and not any(each.agreement >= Agreement.EXTENDED for each in agreeing[index])
    ]
    further = await _misspelt(db, collection, [sought[index].surname for index in lacking])
    names = await identity.names_of(db, set().union(*further))
    for index, others in zip(lacking, further, strict=True):
        agreeing[index] += _agreeing(names, others - found[index], people[index])
    return {
        index: sorted(agreeing.get(index, ()), key=lambda each: (-each.agreement, each.person))[:_COMPARED]
        for index in people
    }


async def _bearing(db: Reader, collection: CollectionId, sought: Sequence[_Sought]) -> list[set[int]]:
    """Return who shares something with the names of each."""
    whole = await identity.bearers(db, collection, [one.whole for one in sought], _BEARERS)
    surname = await identity.bearers(db, collection, [one.keys for one in sought], _BEARERS + 1)
    words = await identity.bearers_of_words(db, collection, [one.words for one in sought], _BEARERS)
    for place, one in enumerate(sought):
        if len(surname[place]) > _BEARERS:
            surname[place] = [*await identity.bearers_of_both(db, collection, one.keys, one.given, _BEARERS)]
    return [{*each} for each in map(chain, whole, surname, words)]


async def _misspelt(db: Reader, collection: CollectionId, surnames: Sequence[str]) -> list[set[int]]:
    """Return who bears a word that may be one of the surnames misspelt."""
    alike = [
        {word for word, like in await persons.words_like(db, collection, surname, 4) if like >= _MISSPELT}
        for surname in surnames
    ]
    return [{*each} for each in await identity.bearers_of_words(db, collection, alike, _BEARERS)]


def _whole_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the keys of a person's full names, in either order."""
    full = [words for name in names if len(words := name.split()) > 1]
    return frozenset(key for words in full for order in (words, words[::-1]) for key in sought_keys(" ".join(order)))


def _agreeing(
    names: Mapping[int, Mapping[int, tuple[str, ...]]], people: Iterable[int], person: NamedPerson
) -> list[_Named]:
    found = []
    for number in sorted(people):
        # Of somebody who is named by nothing any more, there is nothing to compare.
        own = names.get(number, {})
        agreement = agreement_of(_names(person), [name for each in own.values() for name in each])
        if agreement > Agreement.NONE:
            found.append(_Named(number, agreement, own))
    return found


def _fellows(index: int, known: Mapping[int, Sequence[_Named]], settled: Mapping[int, int]) -> set[int]:
    """Return whom the other people of an article may be."""
    others = {person for other, person in settled.items() if other != index}
    for other, named in known.items():
        if other != index:
            others |= {each.person for each in named if _may_be_fellow(each, named)}
    return others


def _may_be_fellow(one: _Named, all_named: Sequence[_Named]) -> bool:
    return one.agreement >= Agreement.NEAR or (len(all_named) == 1 and one.agreement >= Agreement.SURNAME)


async def _widely(db: Reader, known: Mapping[int, Sequence[_Named]], settled: Mapping[int, int]) -> dict[int, int]:
    """Return in how many articles each possible fellow is named."""
    people = {
        *settled.values(),
        *(each.person for named in known.values() for each in named if _may_be_fellow(each, named)),
    }
    return await identity.count_articles(db, people)


async def _compared(
    archive: Archive,
    profile: Profile,
    named: _Named,
    everybody: Sequence[_Named],
    alike: frozenset[int],
    widely: Mapping[int, int],
) -> Comparison:
    """Return how a newcomer compares with somebody whose name agrees."""
    own = await archive.profile(named.person, named.own)
    mine = profile
    if named.person in profile.fellows:
        mine = replace(profile, fellows={number: "" for number in profile.fellows if number != named.person})
    others = [each for each in everybody if each.person != named.person and each.person not in alike]
    rivals = sum(each.agreement >= min(named.agreement, Agreement.EXTENDED) for each in others)
    found = compare(mine, own, named.person, bearers=len(others), namesakes=rivals, widely=widely)
    return replace(found, alike=alike) if alike else found


# ----------------------------------------------------------------- two whom the archive knows are one


async def _join(
    db: Writer,
    collection: CollectionId,
    row: int,
    known: Sequence[_Named],
    here: Profile,
    archive: Archive,
    now: datetime,
) -> None:
    """Join the person whom an article names with another one, where the article makes it sure that they are one.

    Who came in with half a name, or with nothing else said, was kept apart; what later articles say of both tells.
    """
    person = await _canonical(db, collection, row)
    if all(each.person == person for each in known):
        return
    archive.forget(person)
    me = _Named(person, Agreement.FULL, (await identity.names_of(db, [person]))[person])
    others = [each for each in known if each.person != person and not are_two(me.called, each.called)]
    if not others:
        return
    mine = await archive.profile(person, me.own)
    told = await _with_rarity(archive, collection, replace(mine, places=here.places, home=here.home), others)
    possible = [each for each in others if await _may_be_one(archive, me, each)]
    compared = [await _compare_grown(archive, told, each, len(possible) - 1) for each in possible]
    best = max(compared, key=lambda each: each.weight, default=None)
    if best is None or best.weight < _ONE:
        return
    close = {each.candidate for each in compared if best.weight - each.weight < AHEAD}
    alike = await _alike(archive, [each for each in others if each.person in close])
    if close == {best.candidate} | alike[best.candidate]:
        await join(db, collection, row, best.row, best, now)
        for grown in (person, best.candidate):
            archive.forget(grown)


async def _compare_grown(archive: Archive, told: Profile, named: _Named, bearers: int) -> Comparison:
    """Return how a known person, of whom an article tells more, compares with another one."""
    other = await archive.profile(named.person, named.own)
    found = compare(told, other, named.person, bearers=bearers, namesakes=0, widely={})
    if found.weight < _ONE:
        return found
    widely = await _widely_named(archive, told, other)
    return compare(told, other, named.person, bearers=bearers, namesakes=0, widely=widely)


async def _widely_named(archive: Archive, one: Profile, other: Profile) -> dict[int, int]:
    shared = sorted(one.fellows.keys() & other.fellows.keys())[:_FELLOWS]
    return await identity.count_articles(archive.db, shared)


def _each_once(compared: Mapping[int, Sequence[Comparison]]) -> dict[int, Decision]:
    """Decide for each; who is surest is first, and whom they are, nobody else of the article is, nor may be.

    Where two of the article's people may be the same known person, almost equally likely, neither is sure.
    """
    decisions: dict[int, Decision] = {}
    left = dict(compared)
    while left:
        open_ = {index: decide(found) for index, found in left.items()}
        sure = {
            index: one.comparison
            for index, one in open_.items()
            if isinstance(one, Sure)
            and not _contested(one.comparison, [left[other] for other in left if other != index])
        }
        if not sure:
            return decisions | {index: unsure(left[index]) for index in left}
        surest = max(sure, key=lambda index: sure[index].weight)
        decisions[surest] = Sure(sure[surest])
        taken = {sure[surest].candidate, *sure[surest].alike}
        left = {
            index: [each for each in found if each.candidate not in taken]
            for index, found in left.items()
            if index != surest
        }
    return decisions


def _contested(one: Comparison, others: Sequence[Sequence[Comparison]]) -> bool:
    """Say whether another person of the article is nearly as likely to be the same, or is called so with more right."""
    same = [each for found in others for each in found if each.candidate == one.candidate]
    return any(each.weight > one.weight - AHEAD or each.by_name > max(one.by_name, _NEARLY_FULL) for each in same)
