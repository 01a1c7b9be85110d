"""Independent origins: what counts once, however many articles tell it.

An article is from the agency that it credits, else from its publisher, else from the channel whose post it was; one
that tells nothing of the kind stands for itself. A reprint is from where the article is that it is over again.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.connection import Reader, Row, Writer
from storage.values import bound, normalise

# Signs and pictures, which would be told in words.
_NO_LETTERS = re.compile(r"[^\w'’`-]+")
# What an agency of news calls itself behind its name, and the words that its acronym leaves out.
_OFFICES = (("news", "agency"), ("press", "agency"), ("news", "service"), ("agency",), ("newswire",), ("wire",))
_SMALL = frozenset({"the", "of", "and", "for"})
_ACRONYM = re.compile(r"\(([A-Z]{2,6})\)")
# Of an article `a.article_id` with its row of reprints, if any, as `r`.
_FIRST = "COALESCE(r.reprint_of, a.article_id)"
_ORIGIN = f"COALESCE((SELECT o.origin FROM origins o WHERE o.article_id = {_FIRST}), 'article:' || {_FIRST})"
_REPRINTS = "LEFT JOIN reprints r ON r.article_id = a.article_id"
# So many parameters go into one question.
_AT_ONCE = 500
# Of whoever is in more articles, the newest so many are counted.
MOST_ARTICLES = 2_000


@dataclass(frozen=True, slots=True)
class Counted:
    """How many origins there are; where ``whole`` is False, not all articles were looked at and there may be more."""

    origins: int
    whole: bool


def origin_of_name(name: str | None) -> str | None:
    """Return what stands for an outlet, the same for "The Harbour Post" and harbourpost.com."""
    words = normalise(_NO_LETTERS.sub(" ", name or "")).split()
    if name and "." in name.strip(".") and " " not in name.strip():
        words = [word for word in words[:-1] if word != "www"]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and words[-1] == "online":
        words = words[:-1]
    return f"name:{_short_form(name or '', words)}" if words else None


def _short_form(name: str, words: Sequence[str]) -> str:
    """Return an outlet's words as one: those of an agency as its acronym, "Arnby Coast News Agency" as "acna"."""
    in_brackets = _ACRONYM.search(name)
    if in_brackets:
        return in_brackets[1].casefold()
    office = next((office for office in _OFFICES if tuple(words[-len(office) :]) == office), ())
    own = words[: len(words) - len(office)]
    initials = [word[0] for word in words if word not in _SMALL]
    return "".join(initials if office and len(own) > 1 else own or words)


async def settle(db: Writer, article: int, agency: str | None) -> None:
    """Keep where an article is from, by the agency that it credits and by what is kept of it."""
    row = await db.one(
        """SELECT a.publisher, f.origin_name, f.origin_username FROM articles a
        LEFT JOIN forwards f ON f.id = (
            SELECT MIN(id) FROM forwards WHERE article_id = a.id AND origin_kind = 'channel'
        ) WHERE a.id = :article""",
        article=article,
    )
    named = (agency, row["publisher"], row["origin_name"], row["origin_username"]) if row else ()
    origin = next((origin for name in named if (origin := origin_of_name(name))), None)
    await db.run("DELETE FROM origins WHERE article_id = :article", article=article)
    if origin is not None:
        await db.run(
            "INSERT INTO origins (article_id, origin) VALUES (:article, :origin)", article=article, origin=origin
        )


async def origins_of(db: Reader, articles: Collection[int]) -> Mapping[int, str]:
    """Return by article what it counts as: articles with the same one have one origin."""
    numbers = sorted(articles)
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        for row in await _look(db, numbers[start : start + _AT_ONCE]):
            found[row["article_id"]] = row["origin"]
    return found


async def count_origins(db: Reader, articles: Collection[int]) -> int:
    """Return how many independent origins articles have."""
    return len(set((await origins_of(db, articles)).values()))


async def count_of_persons(db: Reader, persons: Sequence[int]) -> Counted:
    """Return how many independent origins the articles have that name any of the persons, who are one."""
    people = {f"person{index}": person for index, person in enumerate(persons)}
    newest = " UNION ALL ".join(
        f"""SELECT * FROM (
            SELECT voice FROM person_articles WHERE person_id = :{name} ORDER BY seen_at DESC LIMIT :most
        ) chosen"""
        for name in people
    )
    row = await db.one(
        f"""SELECT COUNT(DISTINCT COALESCE(o.origin, 'article:' || v.voice)) AS origins, COUNT(*) AS articles
        FROM ({newest}) v LEFT JOIN origins o ON o.article_id = v.voice""",
        most=MOST_ARTICLES,
        **people,
    )
    return Counted(row["origins"], row["articles"] < MOST_ARTICLES) if row else Counted(0, whole=True)


async def _look(db: Reader, numbers: Sequence[int]) -> Sequence[Row]:
    named = {f"article{index}": number for index, number in enumerate(numbers)}
    listed = bound(named)
    return await db.all(
        f"""SELECT a.article_id, {_ORIGIN} AS origin
        FROM (SELECT id AS article_id FROM articles WHERE id IN ({listed})) a {_REPRINTS}""",
        **named,
    )
