"""Whether two names may be one person's: initials, patronymics, either order, other alphabets, a married name."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from rapidfuzz.distance import OSA

from extraction.vocabulary import fold, vocabulary
from storage.spellings import word_sounds
from storage.values import normalise

# Of shorter words, one letter is a difference and no slip.
_SHORTEST_WITH_SLIP = 6
_PATRONYMIC = re.compile(r".{2,}(?:[oe]vi[ck]h|[oe]vyc?h|ich|[oei]vna|inichna|ychna|ishna)$")
# Letters with signs as they are written by those who leave the signs out, and by those who write the sound.
_PLAIN = {"sh": "s", "sz": "s", "ch": "c", "cz": "c", "ts": "c", "tz": "c", "zh": "z", "kh": "h"}
_VOWELS, _DOUBLED = re.compile("[aeiouwyh]"), re.compile(r"(.)\1+")
_DIGRAPHS = re.compile("|".join(_PLAIN))
# Ends of surnames that no case of the other gender's has.
_GENDERED = re.compile(r"(?P<m>[оеё]в|[сц]ь?кий)$|(?P<f>[сц]ь?ка|[сц]кая)$")
_ARTICLE = re.compile(r"^(?:al|el|ad|as|ar|an|ash|ben|bin|ibn|bar|abu)[-‐‑ ]", re.IGNORECASE)


class Agreement(IntEnum):
    """How well two names agree, the better the higher.

    CONFLICT is one surname with other given names. GIVEN is a given name alone, SURNAME a surname alone on either side,
    SINGLE the same single word, INITIALS a surname with an initial, MARRIED half of a double surname, NEAR all words,
    one with another letter, EXTENDED all words of the shorter, such as all but a patronymic, FULL all words.
    """

    CONFLICT = -1
    NONE = 0
    GIVEN = 1
    SURNAME = 2
    SINGLE = 3
    INITIALS = 4
    MARRIED = 5
    NEAR = 6
    EXTENDED = 7
    FULL = 8


class _Likeness(IntEnum):
    OTHER = 0
    HALF = 1
    NEAR = 2
    INITIAL = 3
    SAME = 4


@dataclass(frozen=True, slots=True)
class _Tables:
    """Short forms of given names, and which family names are one in different romanisations, by their words.

    ``plain`` brings given names of those families to what all romanisations share.
    """

    short: Mapping[str, frozenset[str]]
    romanised: Mapping[str, frozenset[str]]
    plain: Sequence[tuple[re.Pattern[str], str]]
    titles: frozenset[str]


@cache
def _tables() -> _Tables:
    data = tomllib.loads((files(__package__) / "data" / "names.toml").read_text(encoding="utf-8"))
    plain = [(re.compile(pattern), instead) for pattern, instead in data["plain"]]
    return _Tables(_by_word(data["short"]), _by_word(data["romanised"]), plain, frozenset(data["titles"]))


def _by_word(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        first, *others = (normalise(word) for word in line.split())
        found[first] = found.get(first, frozenset()).union(others)
        for word in others:
            # Two short forms, or two romanisations, may each be another name's.
            found[word] = found.get(word, frozenset()) | {first}
    return found


@lru_cache(maxsize=20_000)
def romanisations(word: str) -> frozenset[str]:
    """Return how a family name is written in other romanisations, in lower case."""
    known = _tables().romanised
    near = known.get(normalise(word), frozenset())
    return near.union(*(known[each] for each in near)) - {normalise(word)}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a name: as it is written, normalised, without what signs stand for, by its sounds, and its halves."""

    written: str
    text: str
    plain: str
    sounds: frozenset[str]
    parts: tuple[str, ...]

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 or (
            len(self.text) == 2 and self.text in ("yu", "ya", "ye", "yo", "zh", "ch", "sh", "kh", "ts")
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the order given names, patronymic, surname; ``patronymic`` is one of ``given``, too."""

    given: tuple[_Word, ...]
    surname: _Word
    patronymic: _Word | None
    generation: str | None

    @property
    def written_out(self) -> bool:
        """Say whether there is a given name and it is no initial."""
        return bool(self.given) and not self.given[0].initial


@lru_cache(maxsize=20_000)
def name_of(text: str) -> Name | None:
    """Return the name that a text is, without particles; None where it has no letters."""
    written = [word for word in re.split(r"[\s\u00a0]+|(?<=\w\.)(?=\w)", text) if normalise(word)]
    generation = next((fold(word) for word in written[1:] if fold(word) in _GENERATIONS), None)
    untitled = _without_titles(written)
    kept = [word for index, word in enumerate(untitled) if not _is_small(word, index)] or untitled
    words = [_word(word) for word in _in_order(kept)]
    if not words:
        return None
    if kept[-1] == untitled[-1] == words[-1].written:
        words[-1] = _joined(words[-1], untitled)
    patronymic = next((word for word in words[1:-1] if _PATRONYMIC.fullmatch(word.text)), None)
    return Name(tuple(words[:-1]), words[-1], patronymic, generation)


_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}


def _without_titles(words: Sequence[str]) -> list[str]:
    """Return the words without what stands before a name; "Van der Berg" begins with no given name."""
    left, known, titles = list(words), vocabulary(), _titles()
    while len(left) > 1 and len(fold(left[0])) > 1 and fold(left[0]) in titles:
        del left[0]
    if len(left) > 2 and left[0].lower() in known.starting_particles and _is_small(left[1], 1):
        del left[0]
    return left


@cache
def _titles() -> frozenset[str]:
    known = vocabulary()
    return (known.honorifics | known.titles | _tables().titles) - known.genders.keys()


def _is_small(word: str, place: int) -> bool:
    """Say whether a word is a particle, capital or not behind the first word, or stands behind all names."""
    bare, known = word.lower().rstrip("."), vocabulary()
    particle = bare in known.particles if word.islower() else place > 0 and bare in known.starting_particles
    return fold(word) in known.suffixes or particle


def _joined(surname: _Word, words: Sequence[str]) -> _Word:
    """Return a surname that sounds, too, as with its particle in one word: Ben Kaddour, Benkaddour."""
    if len(words) < 2 or not _is_small(words[-2], len(words) - 2):
        return surname
    return replace(surname, sounds=surname.sounds | word_sounds(words[-2] + words[-1]))


def _in_order(words: Sequence[str]) -> list[str]:
    """Return the words of a name with the surname last, where they tell that it comes first."""
    order = list(words)
    if len(order) > 1 and (_behind_surname(order) or (not any(map(_is_initial, order)) and _tells_order(order))):
        return [*order[1:], order[0]]
    return order


def _behind_surname(order: Sequence[str]) -> bool:
    """Say whether initials follow a surname."""
    return not _is_initial(order[0]) and all(map(_is_initial, order[1:]))


def _tells_order(order: Sequence[str]) -> bool:
    """Say whether the first word is the surname: capitals, a patronymic at the end, the words' own kinds."""
    first, last = order[0], order[-1]
    if first.isupper() and len(first) > 1 and not last.isupper():
        return True
    if _is_given(first):
        return False
    if len(order) == 3 and _PATRONYMIC.fullmatch(normalise(last)):
        return not _PATRONYMIC.fullmatch(normalise(order[1]))
    eastern = vocabulary().surname_first
    return (fold(first) in eastern and fold(last) not in eastern) or (len(order) == 2 and _is_given(last))


def _is_initial(word: str) -> bool:
    return word.endswith(".") and len(word) <= 3


@lru_cache(maxsize=20_000)
def _is_given(word: str) -> bool:
    return fold(word) in vocabulary().genders or any(sound.isupper() for sound in word_sounds(word))


@lru_cache(maxsize=20_000)
def _word(text: str) -> _Word:
    bare = _ARTICLE.sub("", text)
    parts = tuple(part for part in re.split(r"[-‐‑–]", bare) if len(normalise(part)) > 1)
    folded = normalise(bare).replace(" ", "")
    return _Word(
        text,
        folded,
        _DIGRAPHS.sub(_plain, re.sub("^mac(?=.{3})", "mc", folded)),
        word_sounds(bare.rstrip(".")),
        parts if len(parts) > 1 else (),
    )


def _plain(digraph: re.Match[str]) -> str:
    return _PLAIN[digraph[0]]


def agreement(one: Name, other: Name) -> Agreement:
    """Return how well two names agree; a name without "Jr." may be the father's."""
    found = max(_romanised(one, other), _agreement(one, other))
    return min(found, Agreement.NEAR) if bool(one.generation) != bool(other.generation) else found


def gender_of(name: Name) -> str | None:
    """Return "f" or "m" where a given name or a patronymic tells it, or the end of a surname in Cyrillic letters.

    Of other names in other letters nothing is told: inflected, they may mislead.
    """
    if not all(word.written.isascii() for word in (*name.given, name.surname)):
        end = _GENDERED.search(name.surname.written)
        return end.lastgroup if end else None
    if name.patronymic:
        return "f" if name.patronymic.text.endswith("na") else "m"
    genders = vocabulary().genders
    found = next((genders[fold(word.written)] for word in name.given[:1] if fold(word.written) in genders), None)
    return found if found in ("f", "m") else None


def _romanised(one: Name, other: Name) -> Agreement:
    """Return how two names agree with a family name in two romanisations: Chou Hsiu-lan, Xiulan Zhou."""
    best = Agreement.NONE
    for (mine, given), (theirs, others) in product(_families(one), _families(other)):
        if mine == theirs or mine in romanisations(theirs):
            if given == others:
                return Agreement.FULL
            if min(len(given), len(others)) >= _SHORTEST_WITH_SLIP and OSA.distance(given, others) <= 1:
                best = Agreement.NEAR
    return best if best else Agreement.CONFLICT


def _families(name: Name) -> Iterator[tuple[str, str]]:
    """Yield a name's family name and given name, either order, where the family name has other romanisations."""
    words = (*name.given, name.surname)
    if len(words) < 2 or any(word.initial for word in name.given):
        return
    for at in (0, len(words) - 1):
        if romanisations(words[at].text):
            yield words[at].text, _plain_romanised("".join(word.text for word in (*words[:at], *words[at + 1 :])))


def _plain_romanised(given: str) -> str:
    """Return a given name as all romanisations write it: without marks of breath, of glides and of long vowels."""
    for pattern, plain in _tables().plain:
        given = pattern.sub(plain, given)
    return given


def _agreement(one: Name, other: Name) -> Agreement:
    if one.generation and other.generation and _GENERATIONS[one.generation] != _GENERATIONS[other.generation]:
        return Agreement.CONFLICT
    if not one.given or not other.given:
        return _single(one, other)
    if {gender_of(one), gender_of(other)} == {"f", "m"}:
        known = _alike(one.surname, other.surname)
        return Agreement.NONE if known in (_Likeness.OTHER, _Likeness.INITIAL) else Agreement.CONFLICT
    surnames = _alike(one.surname, other.surname)
    if surnames is not _Likeness.SAME and (joined := _joined_alike(one, other)) is not Agreement.NONE:
        return joined
    if surnames is _Likeness.OTHER or surnames is _Likeness.INITIAL:
        return _turned(one, other)
    given = _given(one, other)
    if given is None:
        return Agreement.CONFLICT if surnames in (_Likeness.SAME, _Likeness.HALF) else Agreement.NONE
    if surnames is _Likeness.SAME:
        return given
    if given < Agreement.NEAR:
        return Agreement.NONE
    return Agreement.MARRIED if surnames is _Likeness.HALF else Agreement.NEAR


def _joined_alike(one: Name, other: Name) -> Agreement:
    """Return how names agree whose surnames are written in one word or in several: Bu Zarti, Bouzarti."""
    if _alike(one.given[0], other.given[0]) is not _Likeness.SAME or len(one.given) == len(other.given) == 1:
        return Agreement.NONE
    mine, others = (_word("".join(word.text for word in (*name.given[1:], name.surname))) for name in (one, other))
    alike = _alike(mine, others)
    return {_Likeness.SAME: Agreement.FULL, _Likeness.NEAR: Agreement.NEAR}.get(alike, Agreement.NONE)


def _single(one: Name, other: Name) -> Agreement:
    """Return how a name of one word agrees with another."""
    if not one.given and not other.given:
        return Agreement.SINGLE if _alike(one.surname, other.surname) is _Likeness.SAME else Agreement.NONE
    short, long = (one, other) if not one.given else (other, one)
    if short.surname.text in romanisations(long.surname.text):
        return Agreement.SURNAME
    alike = _alike(short.surname, long.surname)
    if alike in (_Likeness.SAME, _Likeness.HALF):
        return Agreement.SURNAME
    if any(_alike(short.surname, word) is _Likeness.SAME for word in long.given[:1]):
        return Agreement.GIVEN
    second = len(long.given) > 1 and _alike(short.surname, long.given[-1]) is _Likeness.SAME
    return Agreement.SURNAME if second and long.patronymic is None else Agreement.NONE


def _given(one: Name, other: Name) -> Agreement | None:
    """Return how names of one surname agree in their given names; None where they do not."""
    if one.patronymic and other.patronymic and not _alike(one.patronymic, other.patronymic):
        return None
    short, long = sorted((one.given, other.given), key=len)
    likenesses, rest = [], list(long)
    for word in short:
        best = max(rest, key=lambda candidate: _alike(word, candidate), default=None)
        alike = _alike(word, best) if best else _Likeness.OTHER
        if best is None or alike is _Likeness.OTHER:
            return None
        likenesses.append(alike)
        rest.remove(best)
    if not _first_agree(one, other):
        # "Muñoz Arrieta" is two surnames of William Muñoz Arrieta; "V. Ivanovich" is no Ivan, Khanh no Thi My Hanh.
        return Agreement.SURNAME if {word.text for word in short} <= {word.text for word in long} else None
    if min(likenesses) is _Likeness.HALF:
        return Agreement.EXTENDED
    if _Likeness.NEAR in likenesses:
        return Agreement.NEAR
    if all(alike is _Likeness.INITIAL for alike in likenesses) or all(word.initial for word in short):
        return Agreement.INITIALS
    return Agreement.FULL if len(short) == len(long) else Agreement.EXTENDED


def _first_agree(one: Name, other: Name) -> bool:
    return _alike(one.given[0], other.given[0]) is not _Likeness.OTHER


def _turned(one: Name, other: Name) -> Agreement:
    """Return how two names agree whose last words do not: in another order, or with a second surname."""
    left, right = (*one.given, one.surname), (*other.given, other.surname)
    short, long = sorted((left, right), key=len)
    if any(word.initial for word in short):
        return Agreement.NONE
    rest = list(long)
    for word in short:
        same = next((each for each in rest if _alike(word, each) is _Likeness.SAME), None)
        if same is None:
            return Agreement.NONE
        rest.remove(same)
    if not rest:
        return Agreement.FULL
    # Of two surnames the first may stand alone: Saavedra Beltrame, Saavedra.
    return Agreement.EXTENDED if _alike(short[0], long[0]) is _Likeness.SAME else Agreement.NONE


@lru_cache(maxsize=50_000)
def _alike(one: _Word, other: _Word) -> _Likeness:
    if one.text == other.text:
        return _Likeness.SAME
    if one.initial or other.initial:
        short, long = sorted((one, other), key=lambda word: len(word.text))
        forms = (long.text, *_forms(long.text))
        fits = any(form.startswith(short.text) for form in forms) or any(
            heard.lower().startswith(sound.lower()) for sound in short.sounds for heard in long.sounds
        )
        return _Likeness.INITIAL if fits else _Likeness.OTHER
    if one.sounds & other.sounds or one.plain == other.plain or other.text in _forms(one.text):
        return _Likeness.SAME
    if _halves(one, other):
        return _Likeness.HALF
    shortest = min(len(one.text), len(other.text))
    slips = min(OSA.distance(one.text, other.text), *(OSA.distance(a, b) for a in one.sounds for b in other.sounds))
    if shortest >= _SHORTEST_WITH_SLIP and (slips <= 1 or _same_consonants(one, other)):
        return _Likeness.NEAR
    return _Likeness.OTHER


def _forms(word: str) -> frozenset[str]:
    """Return the other forms of a given name, short and full."""
    return vocabulary().forms.get(word, frozenset()) | _tables().short.get(word, frozenset())


def _same_consonants(one: _Word, other: _Word) -> bool:
    """Say whether two words differ in vowels and doubled letters alone, as Rashwani and Rashouani do."""
    mine, others = (_DOUBLED.sub(r"\1", _VOWELS.sub("", word.plain.replace("c", "s"))) for word in (one, other))
    return mine == others and len(mine) > 2 and one.text[0] == other.text[0]


def _halves(one: _Word, other: _Word) -> bool:
    """Say whether one word is a part of the other, which has a hyphen: a married name, a short form."""
    if not one.parts and not other.parts:
        return False
    mine, others = (
        {sound for part in word.parts or (word.text,) for sound in word_sounds(part)} for word in (one, other)
    )
    return bool(mine & others)
