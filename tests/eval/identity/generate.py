"""Articles from templates, with namesakes, relatives, spellings and changes of role in numbers.

Each place has a cast of its own: two whose roles change, two whose roles do not, and a relative of the first. Some
names are borne by somebody in another place as well. A paper spells names in its own way. Passers-by are named once and
have the names of anybody. In the end come articles that say nothing but a name, which two bear or which is half a one.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.eval.identity.articles import FOLDER, Article, article_of

SEED = 11
AT_A_PLACE = 24
BARE = 16
FIRST_DAY, DAYS = date(2025, 3, 1), 600
# How often a paper spells as in English, as others do, and in a name's own letters.
SPELLINGS = (6, 3, 2)
# How a person is brought in: full name and role, full name, initial and role, surname and role, nickname and role.
WAYS = {"full": 10, "plain": 3, "initial": 3, "surname": 2, "nickname": 2}
_FEMININE = {"ski": "ska", "in": "ina", "ov": "ova", "ev": "eva", "ow": "owa", "ew": "ewa"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name in three spellings and the stations of a life, each in several wordings."""

    id: str
    origin: str
    woman: bool
    given: Sequence[str]
    surname: Sequence[str]
    stations: Sequence[Sequence[str]]

    def full(self, spelling: int) -> str:
        """Return given name and surname, in the order of the paper."""
        names = [self.given[spelling], self.last(spelling)]
        return " ".join(reversed(names) if self.origin == "eastern" and spelling != 1 else names)

    def last(self, spelling: int) -> str:
        """Return the surname."""
        surname = self.surname[spelling]
        if self.origin == "slavic" and self.woman:
            end = next((end for end in _FEMININE if surname.endswith(end)), "")
            return surname.removesuffix(end) + _FEMININE.get(end, "") if end else surname
        return surname

    def role(self, when: float, rng: random.Random) -> str:
        """Return a wording of the role at a time between 0 and 1."""
        return rng.choice(self.stations[int(when * len(self.stations))])


@cache
def words() -> dict[str, Any]:
    """Return what articles are made of."""
    return tomllib.loads((FOLDER / "generated.toml").read_text(encoding="utf-8"))


@cache
def articles() -> list[Article]:
    """Return the articles, the oldest first; always the same."""
    rng = random.Random(SEED)  # noqa: S311  # nothing secret hangs on it
    casts = _casts(rng)
    lines = [_line(rng, place, casts[place], number) for place in casts for number in range(AT_A_PLACE)]
    lines += [_bare(rng, [person for cast in casts.values() for person in cast], number) for number in range(BARE)]
    return sorted(map(article_of, lines), key=lambda article: (article.date, article.id))


def _casts(rng: random.Random) -> dict[str, list[Person]]:
    places = words()["places"]["names"]
    casts: dict[str, list[Person]] = {}
    for number, place in enumerate(places):
        origin = ("western", "slavic", "arabic", "western", "eastern", "western", "slavic")[number % 7]
        roles = rng.sample(words()["lives"]["steady"], 3)
        lives = [*rng.sample(words()["lives"]["rising"], 2), *([role] for role in roles)]
        known = {person.full(0) for cast in casts.values() for person in cast}
        cast: list[Person] = []
        for index, life in enumerate(lives):
            stations = [[word.replace("PLACE", place) for word in station.split("|")] for station in life]
            while True:
                person = _anybody(rng, f"p{number}_{index}", origin if index else rng.choice(list(words()["names"])))
                person = _with(person, stations, cast[0].surname if index == 4 and cast[0].origin == origin else None)
                if person.full(0) not in known and all(person.full(0) != other.full(0) for other in cast):
                    break
            cast.append(person)
        casts[place] = cast
    return _with_namesakes(casts)


def _anybody(rng: random.Random, number: str, origin: str) -> Person:
    pool, woman = words()["names"][origin], rng.random() < 0.5
    given = rng.choice(pool["women" if woman else "men"]).split("|")
    return Person(number, origin, woman, given, rng.choice(pool["surnames"]).split("|"), [])


def _with(person: Person, stations: Sequence[Sequence[str]], surname: Sequence[str] | None) -> Person:
    return Person(person.id, person.origin, person.woman, person.given, surname or person.surname, stations)


def _with_namesakes(casts: dict[str, list[Person]]) -> dict[str, list[Person]]:
    """Give a steady one of every other place the name of one whose role changes at the place before."""
    places = list(casts)
    for before, place in zip(places[::2], places[1::2], strict=True):
        other, own = casts[before][1], casts[place][3]
        casts[place][3] = Person(own.id, other.origin, other.woman, other.given, other.surname, own.stations)
    return casts


def _line(rng: random.Random, place: str, cast: Sequence[Person], number: int) -> dict[str, Any]:
    """Return an article about something in a place, with two to four of its people and perhaps somebody else."""
    when = (number + rng.random()) / AT_A_PLACE
    spelling = rng.choices(range(3), SPELLINGS)[0]
    present = rng.sample(cast, rng.choice([2, 2, 3, 3, 4]))
    by = words()["places"]
    outlet = rng.choice(by["translated"] if spelling == 1 else by["outlets"]).replace("PLACE", place)
    thing = by["things"][(2 * by["names"].index(place) + rng.randrange(3)) % len(by["things"])]
    sentences = [*_sentences(rng, present, when, spelling), *rng.sample(words()["words"]["fillers"], 2)]
    if rng.random() < 0.6:
        sentences.insert(-1, _passing(rng, f"x{place[:3].lower()}{number}", place, spelling, present))
    headline = _capital(rng.choice(words()["words"]["headlines"]).replace("THING", thing))
    day = FIRST_DAY + timedelta(days=int(when * DAYS))
    dateline = rng.choice([f"{place}, {day:%-d %B %Y}", f"{day.isoformat()}", f"{day:%B %-d, %Y}"])
    half = len(sentences) // 2
    parts = [outlet, headline, dateline, " ".join(sentences[:half]), " ".join(sentences[half:])]
    if rng.random() < 0.6:
        parts.append(rng.choice(words()["words"]["furniture"]))
    text = "\n\n".join(parts).replace("THING", thing).replace("PLACE", place)
    return {"id": f"{place.split()[0].lower()}_{number}", "date": day.isoformat(), "publisher": outlet, "text": text}


def _sentences(rng: random.Random, present: Sequence[Person], when: float, spelling: int) -> Iterator[str]:
    """Yield a first sentence on each, and then one or two with the short form of the name."""
    talk = words()["words"]
    shared = {one.surname[0] for one in present if sum(one.surname[0] == other.surname[0] for other in present) > 1}
    for person in present:
        matters, quotations = rng.sample(talk["matters"], 8), rng.sample(talk["quotations"], 2)
        who = _introduced(rng, person, when, spelling)
        says = f"{who} {rng.choice(talk['says'])} that {matters[0]}."
        heard = f"According to {who.removesuffix(',')}, {matters[0]}."
        yield _capital(rng.choice([says, says, heard, f'"{quotations[0]}," said {who.removesuffix(",")}.']))
        # A machine translation spells a name in two ways in one article.
        later = rng.choice([0, 2]) if spelling == 1 and rng.random() < 0.25 else spelling
        name = f"{{{person.id}|{person.full(spelling) if person.surname[0] in shared else person.last(later)}}}"
        plans = zip(talk["later"], matters[1:], strict=False)
        sentences = (plan.replace("NAME", name).replace("MATTER", matter) for plan, matter in plans)
        yield from map(_capital, rng.sample([*sentences, f'"{quotations[1]}," {name} said.'], rng.choice([1, 1, 2])))


def _introduced(rng: random.Random, person: Person, when: float, spelling: int) -> str:
    way = rng.choices(list(WAYS), WAYS.values())[0]
    nickname = words()["nicknames"].get(person.given[0])
    if person.origin == "eastern" or (way == "nickname" and not nickname):
        way = "full" if way != "plain" else way
    given = {"initial": f"{person.given[spelling][0]}. ", "surname": "", "nickname": f"{nickname} "}
    name = f"{given[way]}{person.last(spelling)}" if way in given else person.full(spelling)
    role = person.role(when, rng)
    marked, marked_role = f"{{{person.id}|{name}}}", _with_article(person.id, role)
    if way == "plain":
        return marked
    return rng.choice([f"{marked}, {marked_role},", f"{marked_role}, {marked},"])


def _with_article(person: str, role: str) -> str:
    """Return a role with its article, which is not marked."""
    article, _, rest = role.partition(" ")
    if article not in ("the", "a", "an"):
        article, rest = "" if "'s " in role else "the", role
    return f"{article} {{{person}={rest}}}".strip()


def _passing(rng: random.Random, number: str, place: str, spelling: int, present: Sequence[Person]) -> str:
    """Return a sentence on somebody who just stands there; they may be called as anybody elsewhere."""
    while True:
        person = _anybody(rng, number, rng.choice(list(words()["names"])))
        if all(person.surname[0] != other.surname[0] for other in present):
            break
    role, age = rng.choice(words()["lives"]["passing"]), rng.randrange(19, 88)
    name = person.full(spelling)
    quotation = rng.choice(words()["words"]["quotations"])
    return f'"{quotation}," said {{{number}|{name}}}, {age}, {_with_article(number, role)} from {place}.'


def _capital(sentence: str) -> str:
    """Give a sentence its capital, behind the mark of a name."""
    at = next(at for at, letter in enumerate(sentence) if letter.isalpha() and not _in_mark(sentence, at))
    return sentence[:at] + sentence[at].upper() + sentence[at + 1 :]


def _in_mark(sentence: str, at: int) -> bool:
    opened = sentence.rfind("{", 0, at)
    return opened >= 0 and not any(mark in sentence[opened:at] for mark in "|=")


def _bare(rng: random.Random, people: Sequence[Person], number: int) -> dict[str, Any]:
    """Return an article that gives nothing to go by: half a name, or one that two people bear."""
    shared = [one for one in people if sum(one.full(0) == other.full(0) for other in people) > 1]
    person = rng.choice(shared if number % 2 else people)
    name = person.full(0) if number % 2 else person.last(0)
    sentence = rng.choice(words()["bare"]["lines"]).replace("NAME", f"{{{person.id}?|{name}}}")
    fillers = rng.sample(words()["words"]["fillers"], 4)
    text = "\n\n".join([_capital(sentence), rng.choice(words()["bare"]["lead"]), " ".join(fillers)])
    day = FIRST_DAY + timedelta(days=DAYS + number)
    return {"id": f"bare_{number}", "date": day.isoformat(), "publisher": "The Almanac", "text": text}
