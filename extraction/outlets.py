"""Names of those who publish: papers, agencies, broadcasters, sites."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_COMPOUND = re.compile(r"\w{2}(?:radio|news|press|zeitung|blatt|bladet|avisen|tidende|pravda|inform|wire)$")
_DOMAIN = re.compile(r"\W*(?:www\.)?[\w-]+\.(?:com|org|net|info|news|tv|co\.\w\w|[a-z]{2})\W*$", re.IGNORECASE)


def looks_like_outlet(name: str) -> bool:
    """Say whether ``name`` is a known outlet, a web domain, or is put together as outlets' names are."""
    words = re.findall(r"\w+", name.lower())
    if not words or len(words) > 6:
        return False
    known_names, known_words = _known()
    if " ".join(words) in known_names or _DOMAIN.match(name):
        return True
    if len(words) == 1:
        return bool(_COMPOUND.search(words[0]))
    named = name.lstrip("\"'“ ")[:1].isupper()
    return named and (words[-1] in known_words or (words[0] == "the" and words[1] in known_words) or _is_daily(words))


def _is_daily(words: list[str]) -> bool:
    return words[0] in {"daily", "radio", "weekly", "sunday"}


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads((files("extraction") / "data" / "outlets.toml").read_text(encoding="utf-8"))
    names = frozenset(" ".join(re.findall(r"\w+", name.lower())) for name in table["names"])
    return names, frozenset(table["words"])
