"""Numbers with what they count, and days by the article's date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from spacy.tokens import Doc, Token

from domain.gists import Quantity
from extraction.findings import findings
from extraction.languages import language_read, read_data
from extraction.lexicon import lemma_of

# How far from an inexact number ("about 30,000") the true one may be, as a share of it.
VAGUENESS = 0.12
_DIGITS = re.compile(r"[^\W\d_]?(\d{1,3}(?:[,. \u00a0]\d{3})+|\d+(?:[.,]\d+)?)")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MONEY_SIGNS = {"€": "euro", "$": "dollar", "£": "pound", "%": "percent"}


@dataclass(frozen=True, slots=True)
class _Words:
    numbers: dict[str, int]
    scales: dict[str, int]
    weekdays: tuple[str, ...]
    relative: dict[str, int]
    about: frozenset[str]
    at_least: tuple[tuple[str, ...], ...]
    at_most: tuple[tuple[str, ...], ...]
    months: dict[str, int]


def _words() -> _Words:
    return _words_of(language_read())


@cache
def _words_of(language: str) -> _Words:
    data = read_data("gists.toml", language)
    months = {name: int(number) for number, names in read_data("months.toml").items() for name in names[:2]}
    plain = {
        part: {k: v for k, v in data[part].items() if k != "reason"} for part in ("numbers", "scales", "relative_days")
    }
    return _Words(
        plain["numbers"],
        plain["scales"],
        tuple(data["weekdays"]["words"].split()),
        plain["relative_days"],
        frozenset(data["about"]["words"].split()),
        tuple(tuple(phrase.split()) for phrase in data["at_least"]["phrases"]),
        tuple(tuple(phrase.split()) for phrase in data["at_most"]["phrases"]),
        months,
    )


class Measures:
    """The numbers and days of one Doc."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        metadata = findings(doc).metadata
        told = metadata.date_published if metadata else None
        self._today = _day(told)

    def is_measure(self, token: Token) -> bool:
        """Tell whether a word is a number or names a day, so that it is no word of a gist."""
        return _value(token) is not None or token.lower_ in _words().scales or self._names_day(token)

    def quantities(self, tokens: Iterable[int]) -> tuple[Quantity, ...]:
        """Return the numbers among tokens."""
        within = set(tokens)
        found = []
        taken: set[int] = set()
        for i in sorted(within):
            if i not in taken and (number := self._number(i, within)) is not None:
                value, end = number
                taken |= set(range(i, end))
                if not self._is_date(i, end) and not self._is_ago(end):
                    found.append(self._bounded(value, i, end))
        return tuple(dict.fromkeys(found))

    def days(self, tokens: Iterable[int], *, past: bool) -> tuple[str, ...]:
        """Return the days, months and years that tokens name; ``past`` puts a weekday before the article's day."""
        return tuple(dict.fromkeys(day for i in tokens for day in self._days_at(self._doc[i], past)))

    def to_come(self, days: Iterable[str]) -> bool:
        """Tell whether any of the days is after the article's."""
        today = self._today.isoformat() if self._today else ""
        return bool(today) and any(day[:1].isdigit() and day > today[: len(day)] for day in days)

    def _number(self, start: int, within: set[int]) -> tuple[float, int] | None:
        """Return the number that begins with a token, and the token behind it."""
        value = _value(self._doc[start])
        if value is None:
            return None
        end = start + 1
        while end < len(self._doc) and end in within:
            word = self._doc[end].lower_.strip(".")
            if word in _words().scales:
                value, end = value * _words().scales[word], end + 1
            elif word in ("-", "and") and end + 1 in within and _value(self._doc[end + 1]) is not None and value < 1000:
                small = _value(self._doc[end + 1]) or 0
                if not (value >= 20 and small < value):
                    break
                value, end = value + small, end + 2
            else:
                break
        return value, end

    def _bounded(self, value: float, start: int, end: int) -> Quantity:
        before = [self._doc[i].lower_ for i in range(max(0, start - 4), start)]
        unit = self._unit(start, end)
        words = _words()
        if _ends_with(before, words.at_most):
            return Quantity(None, value, unit)
        if _ends_with(before, words.at_least):
            return Quantity(value, None, unit)
        if before and before[-1] in words.about:
            return Quantity(round(value * (1 - VAGUENESS), 6), round(value * (1 + VAGUENESS), 6), unit)
        return Quantity(value, value, unit)

    def _unit(self, start: int, end: int) -> str:
        """Return what a number counts."""
        for i in (start - 1, end):
            if 0 <= i < len(self._doc) and self._doc[i].text in _MONEY_SIGNS:
                return _MONEY_SIGNS[self._doc[i].text]
        last = self._doc[end - 1]
        for token in (last, self._doc[start]):
            head = token
            for _ in range(3):
                if head.dep_ not in ("nummod", "compound", "quantmod", "amod", "nmod") or head.head.i == head.i:
                    break
                head = head.head
            if head.i not in range(start, end) and head.pos_ in ("NOUN", "PROPN", "ADJ"):
                return lemma_of(head)
        after = self._doc[end] if end < len(self._doc) else None
        return lemma_of(after) if after is not None and after.pos_ == "NOUN" and last.dep_ != "appos" else ""

    def _is_date(self, start: int, end: int) -> bool:
        """Tell whether a number is a year, a day of a month, a clock time or an age set off by commas."""
        token = self._doc[start]
        around = [self._doc[i].lower_ for i in (start - 1, end) if 0 <= i < len(self._doc)]
        if end == start + 1 and any(word in _words().months for word in around) and (_value(token) or 99) <= 31:
            return True
        if _YEAR.match(token.text) and end == start + 1:
            return self._unit(start, end) in ("", *_words().months)
        return ":" in token.text or bool(_ORDINAL.match(token.text))

    def _is_ago(self, end: int) -> bool:
        """Tell whether a number tells how long ago: "four years ago"."""
        return end + 1 < len(self._doc) and self._doc[end + 1].lower_ in ("ago", "earlier")

    def _names_day(self, token: Token) -> bool:
        words = _words()
        word = token.lower_
        return word in words.weekdays or word in words.relative or (word in words.months and token.pos_ == "PROPN")

    def _days_at(self, token: Token, past: bool) -> Iterator[str]:
        words, word = _words(), token.lower_
        if word in words.weekdays:
            yield self._weekday(words.weekdays.index(word), past, self._before(token))
        elif word in words.relative and self._today is not None:
            yield (self._today + timedelta(days=words.relative[word])).isoformat()
        elif word in words.months and token.pos_ == "PROPN":
            yield from self._month(token, words.months[word], past)
        elif word in ("year", "years") and self._today is not None and self._is_ago(token.i):
            back = _value(self._doc[token.i - 1]) if token.i else None
            if back is not None and 0 < back < self._today.year:
                yield f"{self._today.year - int(back):04}"
        elif word in ("year", "month") and self._today is not None and self._before(token) in ("this", "last", "next"):
            yield self._period(word, {"this": 0, "last": -1, "next": 1}[self._before(token)])
        elif _YEAR.match(token.text) and token.pos_ in ("NUM", "NOUN") and not self._behind_month(token):
            yield token.text

    def _behind_month(self, token: Token) -> bool:
        """Tell whether a year belongs to a date that its month tells: "20 March 2026"."""
        before = self._doc[max(0, token.i - 3) : token.i]
        counts = not self._is_date(token.i, token.i + 1)
        return counts or any(word.lower_ in _words().months for word in before)

    def _before(self, token: Token) -> str:
        return self._doc[token.i - 1].lower_ if token.i else ""

    def _period(self, unit: str, distance: int) -> str:
        assert self._today is not None  # noqa: S101  # asked before
        if unit == "year":
            return f"{self._today.year + distance:04}"
        months = self._today.year * 12 + self._today.month - 1 + distance
        return f"{months // 12:04}-{months % 12 + 1:02}"

    def _weekday(self, weekday: int, past: bool, before: str) -> str:
        if self._today is None:
            return _words().weekdays[weekday]
        back = (self._today.weekday() - weekday) % 7
        if before == "next" or (not past and before != "last"):
            return (self._today + timedelta(days=(-back) % 7 or 7)).isoformat()
        return (self._today - timedelta(days=back or (7 if before == "last" else 0))).isoformat()

    def _month(self, token: Token, month: int, past: bool) -> Iterator[str]:
        around = [self._doc[i] for i in (token.i - 1, token.i + 1) if 0 <= i < len(self._doc)]
        number = next(
            (int(value) for word in around if (value := _value(word) or _ordinal(word)) and value <= 31), None
        )
        behind = [self._doc[i].text for i in range(token.i + 1, min(token.i + 4, len(self._doc)))]
        year = next((int(text) for text in behind if _YEAR.match(text)), None) or self._year_of(month, past)
        if year is None:
            return
        if number is not None and float(number).is_integer() and _is_day(year, month, number):
            yield date(year, month, number).isoformat()
        else:
            yield f"{year:04}-{month:02}"

    def _year_of(self, month: int, past: bool) -> int | None:
        if self._today is None:
            return None
        if past:
            return self._today.year - (month > self._today.month)
        return self._today.year + (month < self._today.month)


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told[:10]) if told else None
    except ValueError:
        return None


def _is_day(year: int, month: int, day: float) -> bool:
    try:
        date(year, month, int(day))
    except ValueError:
        return False
    return True


def _ordinal(token: Token) -> int | None:
    return int(token.text[:-2]) if _ORDINAL.match(token.text) else None


def _value(token: Token) -> float | None:
    """Return the number that a word is: in digits, in words, or both joined ("forty-one")."""
    text = token.lower_
    return None if text == "one" and token.pos_ != "NUM" else _number_of(text, language_read())


# The same words come again and again.
@lru_cache(maxsize=20_000)
def _number_of(text: str, language: str) -> float | None:
    found = _DIGITS.fullmatch(text)
    if found:
        digits = found[1]
        if re.fullmatch(r"\d{1,3}(?:[,. \u00a0]\d{3})+", digits):
            return float(re.sub(r"[,. \u00a0]", "", digits))
        return float(digits.replace(",", "."))
    parts = text.split("-")
    numbers = _words_of(language).numbers
    if all(part in numbers for part in parts):
        return float(sum(numbers[part] for part in parts))
    return None


def _ends_with(before: list[str], phrases: tuple[tuple[str, ...], ...]) -> bool:
    return any(tuple(before[-len(phrase) :]) == phrase for phrase in phrases)
