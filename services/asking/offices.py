"""Who holds an office: "the mayor of Halvenstad"."""

import re

from domain.chats import CollectionId
from domain.ledger import Role
from domain.questions import Holder
from services.asking.roles import offices
from services.asking.topics import meaning
from storage import persons, roles
from storage.connection import Reader
from storage.roles import Held
from storage.values import normalise

MOST = 6
_MOST_WORDS = 8
_FORMER = frozenset({"former", "formerly", "ex"})
# Words that make an office another one.
_OTHERS = frozenset({"deputy", "vice", "assistant", "elect"})
_JOINED = re.compile(r"[,;/]|\band\b", re.IGNORECASE)
_BEHIND = re.compile(r"\s(?:of|for|at|in|to|on|from|with|who)\s", re.IGNORECASE)


async def holders(db: Reader, collection: CollectionId, office: str) -> tuple[Holder, ...]:
    """Return who is said to hold an office, newest first; each once, by the newest article that says so.

    Where no article says it in full, those whose role is part of it are meant, in articles that have the rest: "mayor"
    of somebody who is nowhere the mayor of anything else.
    """
    words = [word for word in meaning(office) if word not in _FORMER][:_MOST_WORDS]
    if not words or not _heads(office):
        return ()
    held = await roles.in_articles_with(db, collection, " AND ".join(f'"{word}"' for word in words))
    fitting = [each for each in held if _is_one(office, each.role)]
    whole = _once([each for each in fitting if set(words) <= set(meaning(each.role.job_title))])
    if whole:
        return tuple([await _holder(db, each) for each in whole])
    part = _once([each for each in fitting if set(meaning(each.role.job_title)) <= set(words)])
    return tuple([await _holder(db, each) for each in part if not await _holds_another(db, each, words)])


def _once(held: list[Held]) -> list[Held]:
    newest: dict[int, Held] = {}
    for each in held:
        newest.setdefault(each.person.id, each)
    return list(newest.values())[:MOST]


async def _holder(db: Reader, held: Held) -> Holder:
    known = offices(await persons.roles_of(db, held.person.id))
    newest = max((role.seen_at for role in known), default=held.role.seen_at)
    over = held.role.seen_at < newest and not any(
        role.seen_at == newest and _is_one(held.role.job_title, role) for role in known
    )
    return Holder(held.person, held.role, former=over or bool(_FORMER & _words(held.role.job_title)))


async def _holds_another(db: Reader, held: Held, words: list[str]) -> bool:
    """Return whether somebody whose role has some of the words has a fuller one with others: mayor of another town."""
    own = set(meaning(held.role.job_title))
    told = [set(meaning(role.job_title)) for role in await persons.roles_of(db, held.person.id)]
    return any(own < other and not other <= set(words) for other in told)


def _is_one(office: str, role: Role) -> bool:
    """Return whether a role may be the office: it is no mayor's wife, and no deputy mayor."""
    title = role.job_title
    return bool(_heads(office) & _heads(title)) and _words(office) & _OTHERS == _words(title) & _OTHERS


def _heads(title: str) -> frozenset[str]:
    """Return the nouns that say what somebody is: "director" of "festival's director" and of "director of the port"."""
    parts = (_BEHIND.split(f"{part.strip()} ")[0] for part in _JOINED.split(title))
    return frozenset(words[-1] for part in parts if (words := normalise(part).split()))


def _words(title: str) -> frozenset[str]:
    return frozenset(normalise(title).split())
