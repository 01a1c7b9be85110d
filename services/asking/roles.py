"""A person's roles over time: the same office told in more or in fewer words is one role."""

from collections.abc import Iterable
from dataclasses import replace

from domain.ledger import Role

# Words that make another office of one, and those that make none.
_CHANGES = frozenset({"former", "ex", "deputy", "vice", "acting", "interim", "assistant", "late", "outgoing", "elect"})
_MUTE = frozenset({"a", "an", "the", "of", "for", "at", "in", "to", "and"})


def offices(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Return roles, newest first, with those made one that say the same office, in the fuller words.

    "Director" in a later article and "director of the port" in an earlier one are one office, held until the later.
    """
    kept: list[Role] = []
    for role in roles:
        same = next((place for place, known in enumerate(kept) if _is_one(known, role)), None)
        if same is None:
            kept.append(role)
        elif len(_words(role)) > len(_words(kept[same])):
            kept[same] = replace(kept[same], job_title=role.job_title)
    return tuple(kept)


def _is_one(one: Role, other: Role) -> bool:
    words, others = _words(one), _words(other)
    return bool(words) and (words <= others or others <= words) and words & _CHANGES == others & _CHANGES


def _words(role: Role) -> frozenset[str]:
    return frozenset(role.job_title.casefold().replace("-", " ").split()) - _MUTE
