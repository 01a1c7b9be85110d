"""Understanding a question: a text in, what it asks for out, or None where it asks the archive for nothing.

Nothing is looked up here: names and topics stay as they were written. A text is told by its shape, one pattern after
another; those are in ``data/shapes.txt``, and the words that they are made of in ``data/questions.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from domain.questions import Asked, Question

# Longer texts are no questions; what a question costs to read is bounded by this.
LONGEST = 300
LONGEST_NAME = 6
# "the director of the dam safety office"
LONGEST_OFFICE = 9
LONGEST_BARE_NAME = 4

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_END = " \t?!.…,;:-–—"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)"
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|couple of|few)"
_UNIT = r"(?:hour|day|week|month|year)s?"
_DATE = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?"
    rf"|(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH} (?:the )?{_DAY}(?:,? \d{{4}})?)"
)
_MOMENT = (
    rf"(?:{_DATE}|(?:last |this |this past )?{_WEEKDAY}(?: (?:morning|afternoon|evening|night))?"
    r"|today|yesterday|last night"
    rf"|the day before yesterday|{_NUMBER} {_UNIT} ago|(?:last|this|past) (?:week|month|year|weekend|morning|evening))"
)
_WHEN = re.compile(
    rf"(?P<when>(?:since|after|from|until|till|before|by|on|as of|starting) {_MOMENT}"
    rf"|(?:since|in|during|before|after|until|throughout)(?: early| late| mid)? {_MONTH}(?: \d{{4}})?"
    rf"|(?:between|from) {_DAY} (?:and|to|until|till) {_DATE}"
    rf"|between {_MOMENT} and {_MOMENT}|from {_MOMENT} (?:to|until|till) {_MOMENT}"
    rf"|(?:in |within |during |over |for )?the (?:last|past) (?:{_NUMBER} )?{_UNIT}|(?:in|within) {_NUMBER} {_UNIT}"
    rf"|(?:since|in) \d{{4}}|{_MOMENT})",
    re.IGNORECASE,
)


def parse(text: str, before: Question | None = None, *, alone: bool = False) -> Question | None:
    """Return what a text asks for, or None.

    ``before`` is the question whose answer the text replies to: "he" and "that" then have a sense, and a mere "and
    about Ukraine?" or "since Monday?" is a question, too. ``alone`` says that nobody but the asker and the bot is
    there, so that a mere name may be one.
    """
    line = " ".join(text.translate(_QUOTES).split())
    if not line or len(line) > LONGEST or "\n" in text.strip():
        return None
    asked = _plain(line)
    bare, when = _without_time(asked)
    if before is not None and _fragment(bare):
        return _further(line, bare, when, before)
    question = _whole(bare, before) or (_whole(asked, before) if when else None)
    if question is not None:
        return replace(question, when=question.when or when)
    if before is not None:
        return _further(line, bare, when, before)
    return _name_alone(bare, line) if alone and when is None else None


def time_in(text: str) -> tuple[str, str | None]:
    """Return a text without words of politeness and of time around it, and the latter."""
    return _without_time(_plain(" ".join(text.translate(_QUOTES).split())[:LONGEST]))


def verbs_of_saying() -> frozenset[str]:
    """Return the verbs of saying and denying in all their forms; alone, they tell nothing."""
    return _words("say") | _words("deny") | _words("talk")


def wants_more(text: str) -> bool:
    """Return whether a reply to an answer asks for its next page."""
    return (
        re.fullmatch(r"(?:and |show |some |even )*(?:more|older|next|go on|continue)(?: please)?", _plain(text), re.I)
        is not None
    )


def _whole(asked: str, before: Question | None) -> Question | None:
    for pattern, what in _patterns():
        found = pattern.fullmatch(asked)
        if found is not None:
            question = _filled(what, found.groupdict(), before)
            if question is not None:
                return question
    return None


def _filled(asked: Asked, words: Mapping[str, str | None], before: Question | None) -> Question | None:
    """Return the question with the words that its pattern found; None where they cannot be what it asks for."""
    question = Question(asked)
    name, topic, subject = (_trimmed(words.get(part)) for part in ("name", "topic", "subject"))
    if name is not None:
        known = _person(name, asked, before)
        if known is None:
            return None
        question = replace(question, person=known.person, subject=known.subject, chosen=known.chosen, sure=known.sure)
    if topic is not None:
        told = _topic(topic, before)
        if told is None:
            return None
        question = told if told.person and asked is told.asked else replace(question, topic=told.topic)
    if subject is not None:
        if _low(subject) in _words("us") or (_low(subject) in _words("this") | _words("them") and before is None):
            return None
        if before is not None and _low(subject) in _words("this") | _words("them"):
            return replace(
                question, person=before.person, chosen=before.chosen, topic=before.topic, subject=before.subject
            )
        question = replace(question, subject=subject)
    return question


def _person(name: str, asked: Asked, before: Question | None) -> Question | None:
    low = _low(name)
    if low in _words("them"):
        return None if before is None or not (before.person or before.chosen or before.subject) else before
    words = low.split()
    longest = LONGEST_OFFICE if words[:1] == ["the"] else LONGEST_NAME
    if not words or _words("us").intersection(words) or len(words) > longest:
        return None
    if len(words) > 1 and (words[0] in _words("aux") or _words("them").intersection(words)):
        return None
    # "what did X not deny": nobody writes that down; "was the report …" names nobody.
    if words[-1] in ("not", "never", "a", "an", "the"):
        return None
    if not any(map(str.isalpha, name)) or (words[0] in _words("no_name") and len(words) < LONGEST_NAME):
        return None
    written_as_name = any(word[:1].isupper() for word in name.split())
    if asked is Asked.WHO and not written_as_name and words[0].endswith("ing"):
        return None
    sure = asked is not Asked.WHO or written_as_name or words[0] == "the"
    return Question(asked, person=name, sure=sure)


def _topic(topic: str, before: Question | None) -> Question | None:
    low = _low(topic)
    if low in _words("this"):
        if before is None:
            return None
        return Question(before.asked, topic=before.topic or before.subject)
    if low in _words("us") or low in _words("them"):
        return None
    return Question(Asked.SAID, topic=topic)


def _fragment(bare: str) -> bool:
    return re.match(r"(?:(?:what|how) )?(?:about|on|of|for|with) ", bare, re.IGNORECASE) is not None


def _further(line: str, bare: str, when: str | None, before: Question) -> Question | None:
    """Return what a fragment asks for that replies to an answer: another time, another person or another topic."""
    rest = re.sub(r"^(?:(?:and|or|but|what|how|then) ?)*(?:(?:about|on|of|for|with) )?", "", bare, flags=re.I).strip(
        _END
    )
    if not rest:
        return replace(before, when=when) if when else None
    said = re.fullmatch(rf"(?:only )?what (?:he|she|they) {_any('say')}", bare, re.I)
    if said and (before.person or before.chosen):
        return Question(Asked.SAID, person=before.person, chosen=before.chosen, when=when)
    begun = rest != bare or bare[:1].isupper() or line.endswith("?") or re.match(r"(?:and|or|what|how) ", line, re.I)
    low = _low(rest)
    if (
        (not begun and len(rest.split()) > 2)
        or len(rest.split()) > LONGEST_NAME
        or low in _words("talk") | _words("us") | _words("this")
    ):
        return None
    return replace(before, subject=rest, when=when or before.when, sure=bool(begun))


def _name_alone(bare: str, line: str) -> Question | None:
    words = bare.split()
    low = _low(bare)
    if not words or len(words) > LONGEST_BARE_NAME or low in _words("talk") | _words("us") | _words("this"):
        return None
    if any(character.isdigit() for character in bare) or not re.fullmatch(r"[^\W_](?:[^\W_]|[ .,'\-])*", bare):
        return None
    if {_low(word) for word in words} & (_words("empty") | _words("say") | _words("no_name")) or "'s" in low:
        return None
    return Question(Asked.WHO, person=bare, sure=False)


def _plain(text: str) -> str:
    """Return a question without the words of politeness around it."""
    rest = " ".join(text.translate(_QUOTES).split()).strip(_END + '"')
    while True:
        shorter = _before().sub("", rest, count=1).lstrip(_END)
        shorter = _behind().sub("", shorter, count=1).rstrip(_END)
        if shorter == rest or not shorter:
            return rest
        rest = shorter


def _without_time(asked: str) -> tuple[str, str | None]:
    """Return a question without the words that tell a time, at its end or its beginning, and these."""
    for found in _WHEN.finditer(asked):
        before, behind = asked[: found.start()], asked[found.end() :]
        if not behind.strip(_END) and (not before or before[-1] == " "):
            return before.strip(_END), found["when"]
        if not before.strip(_END) and behind[:1] in (" ", ","):
            return behind.strip(_END), found["when"]
    return asked, None


def _trimmed(words: str | None) -> str | None:
    return words.strip(_END + '"') or None if words else None


def _low(words: str) -> str:
    return words.casefold().strip(_END)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Asked], ...]:
    """Return the shapes of ``data/shapes.txt`` with all words filled in."""
    filled = {kind: _any(kind) for kind in ("say", "deny", "deeds", "aux", "about")}
    filled |= {"name": r"(?P<name>.+?)", "topic": r"(?P<topic>.+)", "subject": r"(?P<subject>.+)"}
    shapes = []
    for line in (files("services.asking") / "data" / "shapes.txt").read_text(encoding="utf-8").splitlines():
        asked, _, shape = line.partition(": ")
        if shape and not line.startswith("#"):
            whole = re.sub(r"\{([a-z]+)\}", lambda found: filled[found[1]], shape)
            shapes.append((re.compile(whole, re.IGNORECASE), Asked(asked)))
    return tuple(shapes)


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"\A(?:{_any('polite_before')})(?![\w'])(?! (?:about|on) )", re.IGNORECASE)


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"[ ,]+(?:{_any('polite_behind')})\Z", re.IGNORECASE)


@cache
def _data() -> Mapping[str, Iterable[str]]:
    text = (files("services.asking") / "data" / "questions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _words(kind: str) -> frozenset[str]:
    """Return a list of ``data/questions.toml`` as a set."""
    return frozenset(_data()[kind])


@cache
def _any(kind: str) -> str:
    """Return a list as a pattern that fits any of its words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(_data()[kind], key=len, reverse=True)) + ")"
