"""Questions that the archive cannot answer: what it has on whom and on what they name."""

import re
from dataclasses import replace
from functools import partial

from domain.ledger import PersonReference
from domain.questions import Answer, Asked, ClaimsFound, Question
from services import Services
from services.access import Right, allowed
from services.asking import people
from services.asking.answering import answer, lacking
from services.asking.questions import parse, time_in, verbs_of_saying
from services.asking.topics import meaning
from storage.connection import Reader
from storage.values import normalise

LONGEST = 30
# Of one paragraph that ends as a question does; what is longer is an article.
LONGEST_ASKED = 120
LONGEST_BARE = 5
_BEGINS = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|has|have|had|can|could|will|would"
    r"|should)(?:'s|s)?\b",
    re.IGNORECASE,
)
_SILENCE = re.compile(r"\A(?:what|who|whom)\b.*\b(?:not|never|\w+n't)\b", re.IGNORECASE)
_MUTE = frozenset(
    {"many", "much", "long", "often", "new", "news", "else", "please", "anyone", "anybody", "today", "now"}
)


def is_question(text: str) -> bool:
    """Return whether a text asks something, whatever it is: a short one, or a longer paragraph that ends so."""
    line = text.strip()
    words = len(line.split())
    if line.endswith("?"):
        return words <= LONGEST or (words <= LONGEST_ASKED and "\n" not in line)
    return words <= LONGEST and not line.endswith("!") and _BEGINS.match(line) is not None


def is_of_silence(text: str) -> bool:
    """Return whether a text asks for what somebody did not say."""
    return is_question(text) and _SILENCE.match(text.replace("’", "'").strip()) is not None


async def in_words(
    services: Services, chat: int, text: str, before: Question | None = None, *, alone: bool, addressed: bool = True
) -> tuple[Question, Answer] | None:
    """Return what the archive answers to a text, with the question that it was taken for; None where it is talk.

    ``before`` and ``alone`` are as in ``questions.parse``; only who is ``addressed`` guesses.
    """
    question = parse(text, before, alone=alone)
    given = await answer(services, chat, question) if question else None
    if question is not None and given is not None:
        return question, given
    if not addressed or is_of_silence(text) or not (alone or is_question(text)):
        return None
    return await instead(services, chat, text)


async def instead(services: Services, chat: int, text: str) -> tuple[Question, Answer] | None:
    """Return what is known of the person whom a text names, else the claims that have its telling words, if any."""
    asked = is_question(text)
    if not asked and len(text.split()) > LONGEST_BARE:
        return None
    rest, when = time_in(text)
    words = [bare for word in rest.split() if (bare := word.strip("?!.,;:\"'“”()")) and _tells(bare)]
    named = await services.database.look(partial(_named, chat, words, not asked))
    if named is not None:
        person, others = named
        question = Question(Asked.WHO, person=person.name, chosen=person.id, when=when)
        on_topic = replace(question, asked=Asked.NEWS, topic=" ".join(others), sure=False)
        told = await answer(services, chat, on_topic) if others else None
        if isinstance(told, ClaimsFound) and not told.near:
            return on_topic, told
        found = await answer(services, chat, question)
        return (question, found) if found else None
    question = Question(Asked.OTHER, topic=" ".join(words), when=when, sure=False)
    # One word may be talk: "has the doctor called?"
    found = await answer(services, chat, question) if asked and len(words) > 1 else None
    # What lacks one of the words may be of something else: "have you paid the water bill?" Beside a name, it may.
    names = [word for word in words if word[:1].isupper()]
    spared = 1 if len(names) > 1 else 0
    fits = isinstance(found, ClaimsFound) and all(
        lacking(words, claim) <= spared and not lacking(names, claim) for claim in found.claims
    )
    return (question, found) if found is not None and fits else None


def _tells(word: str) -> bool:
    return bool(meaning(word)) and normalise(word) not in _MUTE | verbs_of_saying()


async def _named(chat: int, words: list[str], whole: bool, db: Reader) -> tuple[PersonReference, list[str]] | None:
    """Return who is named, in full or by a surname that nobody else bears, and the words besides."""
    known = await allowed(db, chat, Right.READ)
    if known is None:
        return None
    for size in (3, 2) if whole else (3, 2, 1):
        for start in range(min(len(words), LONGEST_BARE) - size + 1):
            spelt = words[start : start + size]
            found = await people.bearers(db, known.collection, " ".join(spelt))
            name = normalise(found[0].name).split() if len(found) == 1 else []
            # Who is only known by one word may be a firm: "Harrow" of "Harrow Shipping".
            if len(name) > 1 and name[-1:] == normalise(spelt[-1]).split()[-1:]:
                return found[0], words[:start] + words[start + size :]
    return None
