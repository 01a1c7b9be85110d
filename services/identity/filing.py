"""Filing the people of an article: under somebody whom the archive knows, or as somebody new, perhaps with a doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from math import inf

from domain.chats import CollectionId
from domain.extraction import NamedPerson
from domain.identity import Comparison, Decision, Profile, Sure, Unsure
from services.identity.comparing import AHEAD, LITTLE, agreement_of, are_two, compare, decide, telling, unsure
from services.identity.judging import join
from services.identity.names import Agreement, name_of, romanisations
from services.identity.profiles import Archive, newcomer, places_of
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
class _Named:
    """Somebody known whose name agrees with a newcomer's; ``own`` are their names by row."""

    person: int
    agreement: Agreement
    own: Mapping[int, tuple[str, ...]]


async def file_people(
    db: Writer,
    collection: CollectionId,
    article: int,
    people: Sequence[NamedPerson],
    seen_at: datetime,
    pinned: Mapping[int, int | None],
    before: Mapping[str, int],
    now: datetime,
) -> list[int]:
    """Keep the people of an article, with names, mentions and roles, and return the number of each.

    ``pinned`` holds what a correction says: by index, who it is, or None for somebody whom the archive does not know.
    ``before`` tells who bore a normalised name when this article was read before. Where neither knows, the archive is
    searched; who may be somebody known is filed as somebody new, and the doubt is kept.
    """
    rows, free = await _pinned(db, collection, article, people, pinned, before)
    rows |= _as_before(people, free, rows)
    undecided = [index for index in range(len(people)) if index not in rows]
    found = await compare_people(db, collection, article, people, undecided, rows, free)
    decisions = _each_once(found.compared)
    for index, person in enumerate(people):
        row = rows.get(index)
        if row is None:
            row = await _filed(db, collection, person, decisions[index])
        rows[index] = row
        await _keep(db, collection, article, row, person, seen_at)
    for index, decision in decisions.items():
        if isinstance(decision, Unsure):
            await identity.doubt(db, collection, article, rows[index], decision.comparisons, now)
    for index in decisions:
        await _join(db, collection, rows[index], found.known[index], found.profiles[index], found.archive, now)
    for row in sorted({*before.values()} - {*rows.values()}):
        await persons.forget_names(db, row)
    return [rows[index] for index in range(len(people))]


async def _keep(
    db: Writer, collection: CollectionId, article: int, row: int, person: NamedPerson, seen_at: datetime
) -> None:
    await persons.call_by_fullest(db, row, person.name)
    await persons.add_names(db, collection, row, (person.name, *person.alternate_names))
    await persons.add_mentions(db, article, row, person.mentions)
    await persons.add_roles(db, article, row, person.job_titles, seen_at)


async def _filed(db: Writer, collection: CollectionId, person: NamedPerson, decision: Decision) -> int:
    """Return the row under which a newcomer is filed."""
    if isinstance(decision, Sure):
        return decision.comparison.row
    return await persons.add(db, collection, person.name)


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
    db: Reader,
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
    archive = Archive(db)
    if not undecided:
        return Found(archive)
    known = {index: await _known(db, collection, people[index]) for index in undecided}
    settled = {index: await _canonical(db, collection, row) for index, row in rows.items()}
    taken = {*settled.values()}
    for row in {*before.values()} - {*rows.values()}:
        taken |= await identity.kept_apart_from(db, row)
    scene = await archive.scene(article)
    places = await identity.rarity_of(db, collection, places_of(scene, people))
    widely = await _widely(db, known, settled)
    compared, profiles = {}, {}
    for index in undecided:
        fellows = _fellows(index, known, settled)
        profiles[index] = newcomer(people[index], scene, places, dict.fromkeys(fellows, ""))
        free = [named for named in known[index] if named.person not in taken]
        alike = await _alike(archive, free)
        compared[index] = [
            await _compared(archive, profiles[index], named, known[index], alike[named.person], widely)
            for named in free
        ]
    return Found(archive, compared, known, profiles)


async def _alike(archive: Archive, named: Sequence[_Named]) -> dict[int, frozenset[int]]:
    """Return who of several known people may well be one with which others of them."""
    found: dict[int, set[int]] = {each.person: set() for each in named}
    for one, other in combinations(named, 2):
        weight, known = await _compare_known(archive, one, other)
        if weight >= _ALIKE and known >= LITTLE:
            found[one.person].add(other.person)
            found[other.person].add(one.person)
    return {person: frozenset(others) for person, others in found.items()}


async def _compare_known(archive: Archive, one: _Named, other: _Named) -> tuple[float, float]:
    """Return the weight of two known people being one, and what of it speaks for that beside their names.

    Nobody is who is named beside them in an article.
    """
    left, right = await archive.profile(one.person, one.own), await archive.profile(other.person, other.own)
    if other.person in left.fellows or one.person in right.fellows or are_two(left.names, right.names):
        return -inf, 0.0
    compared = compare(left, right, other.person, bearers=1, namesakes=0, widely={})
    return compared.weight, telling(compared.evidence)


async def _canonical(db: Reader, collection: CollectionId, row: int) -> int:
    found = await persons.find(db, collection, row)
    return found.id if found else row


async def _known(db: Reader, collection: CollectionId, person: NamedPerson) -> list[_Named]:
    """Return those whom a person's names may mean, whose names agree best first."""
    name = name_of(person.name)
    if name is None:
        return []
    surname = name.surname.written
    ends = (surname, *(word.written for word in name.given[:1]))
    keys = sought_keys(surname).union(*(sought_keys(each) for end in ends for each in romanisations(end)))
    # A Ukrainian h is a Russian g, and in Latin letters nothing tells which it was.
    keys |= {key.replace(*pair) for key in keys for pair in ("hg", "gh")}
    found = set(await identity.bearers(db, collection, _whole_keys(person), _BEARERS))
    bearing = await identity.bearers(db, collection, keys, _BEARERS + 1)
    if len(bearing) > _BEARERS:
        given = {key for word in name.given[:1] for key in (*sought_keys(word.written), word.text[:1])}
        bearing = await identity.bearers_of_both(db, collection, keys, given, _BEARERS)
    found.update(bearing)
    if name.surname.parts:
        found.update(
            await identity.bearers_of_words(db, collection, {normalise(part) for part in name.surname.parts}, _BEARERS)
        )
    elif name.given:
        found.update(
            await identity.bearers_of_words(db, collection, {normalise(surname)}, _BEARERS)
            if len(bearing) <= _BEARERS
            else ()
        )
    agreeing = _agreeing(await identity.names_of(db, found), person)
    if name.given and not any(each.agreement >= Agreement.EXTENDED for each in agreeing):
        alike = {
            word for word, like in await persons.words_like(db, collection, normalise(surname), 4) if like >= _MISSPELT
        }
        further = set(await identity.bearers_of_words(db, collection, alike, _BEARERS)) - found
        agreeing += _agreeing(await identity.names_of(db, further), person)
    return sorted(agreeing, key=lambda each: (-each.agreement, each.person))[:_COMPARED]


def _whole_keys(person: NamedPerson) -> set[str]:
    """Return the keys of a person's full names, in either order."""
    names = [words for name in _names(person) if len(words := name.split()) > 1]
    return {key for words in names for order in (words, words[::-1]) for key in sought_keys(" ".join(order))}


def _agreeing(people: Mapping[int, Mapping[int, tuple[str, ...]]], person: NamedPerson) -> list[_Named]:
    found = (
        _Named(number, agreement_of(_names(person), [name for names in own.values() for name in names]), own)
        for number, own in people.items()
    )
    return [each for each in found if each.agreement > Agreement.NONE]


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
    mine = replace(profile, fellows={number: "" for number in profile.fellows if number != named.person})
    others = [each for each in everybody if each.person != named.person and each.person not in alike]
    rivals = sum(each.agreement >= min(named.agreement, Agreement.EXTENDED) for each in others)
    found = compare(mine, own, named.person, bearers=len(others), namesakes=rivals, widely=widely)
    return replace(found, alike=alike)


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
    others = [each for each in known if each.person != person]
    if not others:
        return
    archive.people.pop(person, None)
    me = _Named(person, Agreement.FULL, (await identity.names_of(db, [person]))[person])
    mine = await archive.profile(person, me.own)
    told = replace(mine, places=here.places, rarity=here.rarity, home=here.home)
    possible = [each for each in others if (await _compare_known(archive, me, each))[0] > -inf]
    compared = [await _compare_grown(archive, told, each, len(possible) - 1) for each in possible]
    best = max(compared, key=lambda each: each.weight, default=None)
    if best is None or best.weight < _ONE:
        return
    close = {each.candidate for each in compared if best.weight - each.weight < AHEAD}
    alike = await _alike(archive, [each for each in others if each.person in close])
    if close == {best.candidate} | alike[best.candidate]:
        await join(db, collection, row, best.row, best, now)
        for grown in (person, best.candidate):
            archive.people.pop(grown, None)


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
