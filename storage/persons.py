"""Persons of a collection, found by whole, half and misspelt names.

A person is a row, or several that somebody has judged to be one: its members, shown by one of them, the canonical one.
What an article says stays with the row under which it was filed; whatever is asked is asked of all members.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil

from domain.chats import CollectionId
from domain.extraction import Mention, NamedPerson, Span
from domain.ledger import PersonCount, PersonReference, Role
from storage.connection import Reader, Row, Writer
from storage.spellings import kept_keys, sought_keys
from storage.values import bound, from_text, normalise, to_text, trigrams

# As many as every engine takes in one statement.
_KEYS_AT_A_TIME = 500
# The rows of the person :person, whichever of them that is.
_MEMBERS = """(SELECT id FROM persons WHERE canonical_id = (SELECT canonical_id FROM persons WHERE id = :person))"""
# From here on two words are thought alike; and how many three-letter pieces a word of three letters has.
_LEAST_ALIKE, _SHORT_WORD = 0.4, 4
# Of more bearers of a word it does not matter how many more.
_MOST_BEARERS = 2_000
# Whom somebody is named with is counted over so many of their newest articles.
_FELLOW_ARTICLES = 200
# Of a person's roles, so many of the newest are looked through.
_ROLES = 1_000
# Who is named newest is looked for in so many articles.
_NEWEST_ARTICLES = 20


async def bearers(db: Reader, collection: CollectionId, name: str) -> dict[int, str]:
    """Return the names of the persons who bear this name: spelt alike, else as other languages spell it.

    A name of one word says too little to be met in another spelling.
    """
    rows = await db.all(
        """SELECT DISTINCT p.id, p.name FROM person_names n
        JOIN persons row ON row.id = n.person_id JOIN persons p ON p.id = row.canonical_id
        WHERE n.collection_id = :collection AND n.normalised = :name""",
        collection=collection,
        name=normalise(name),
    )
    if not rows and " " in normalise(name):
        rows = await _bearers_of_keys(db, collection, sought_keys(name))
    return {row["id"]: row["name"] for row in rows}


async def _bearers_of_keys(db: Reader, collection: CollectionId, keys: Iterable[str]) -> Sequence[Row]:
    sought = {f"key{index}": key for index, key in enumerate(sorted(keys))}
    return await db.all(
        f"""SELECT DISTINCT p.id, p.name FROM name_keys k
        JOIN persons row ON row.id = k.person_id JOIN persons p ON p.id = row.canonical_id
        WHERE k.collection_id = :collection AND k.key IN ({bound(sought)})""",
        collection=collection,
        **sought,
    )


async def bearers_of_all(db: Reader, collection: CollectionId, names: Iterable[str]) -> dict[str, int]:
    """Return, by name, who bears each of these full names in any spelling; a name of several persons tells nobody."""
    by_key: dict[str, list[str]] = {}
    for name in names:
        for key in sought_keys(name):
            by_key.setdefault(key, []).append(name)
    found: dict[str, set[int]] = {}
    keys = sorted(key for key in by_key if " " in key)
    for start in range(0, len(keys), _KEYS_AT_A_TIME):
        sought = {f"key{index}": key for index, key in enumerate(keys[start : start + _KEYS_AT_A_TIME])}
        rows = await db.all(
            f"""SELECT k.key, p.canonical_id AS person_id FROM name_keys k JOIN persons p ON p.id = k.person_id
            WHERE k.collection_id = :collection AND k.key IN ({bound(sought)})""",
            collection=collection,
            **sought,
        )
        for row in rows:
            for name in by_key[row["key"]]:
                found.setdefault(name, set()).add(row["person_id"])
    return {name: next(iter(bearing)) for name, bearing in found.items() if len(bearing) == 1}


async def add(db: Writer, collection: CollectionId, name: str) -> int:
    """Keep a new person."""
    row = await db.one(
        "INSERT INTO persons (collection_id, name) VALUES (:collection, :name) RETURNING id",
        collection=collection,
        name=name,
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    await db.run("UPDATE persons SET canonical_id = id WHERE id = :person", person=row["id"])
    return int(row["id"])


async def filed(db: Reader, article: int) -> dict[str, int]:
    """Return who bears which normalised name in an article, as it was read last."""
    rows = await db.all("SELECT DISTINCT text, person_id FROM mentions WHERE article_id = :article", article=article)
    return {normalise(row["text"]): row["person_id"] for row in rows}


async def remove_of_article(db: Writer, article: int) -> None:
    """Take back whom the article names, before it is read again."""
    for table in ("mentions", "roles"):
        await db.run(f"DELETE FROM {table} WHERE article_id = :article", article=article)


async def add_names(db: Writer, collection: CollectionId, person: int, names: Iterable[str]) -> None:
    """Keep further names of a person; each is found by its words and its sound, and its words by their letters."""
    await add_names_of_each(db, collection, [(person, names)])


async def add_names_of_each(db: Writer, collection: CollectionId, names: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Keep further names of several persons."""
    by_normal = {(person, normal): name for person, each in names for name in each if (normal := normalise(name))}
    keys = {(person, key) for (person, _), name in by_normal.items() for key in kept_keys(name)}
    words = {(person, word) for person, normal in by_normal for word in normal.split()}
    await db.run_many(
        """INSERT INTO person_names (person_id, collection_id, normalised, name)
        VALUES (:person, :collection, :normalised, :name) ON CONFLICT (person_id, normalised) DO NOTHING""",
        [
            {"person": person, "collection": collection, "normalised": normal, "name": name}
            for (person, normal), name in by_normal.items()
        ],
    )
    await db.run_many(
        """INSERT INTO name_keys (collection_id, key, person_id) VALUES (:collection, :key, :person)
        ON CONFLICT (collection_id, key, person_id) DO NOTHING""",
        [{"collection": collection, "key": key, "person": person} for person, key in sorted(keys)],
    )
    await db.run_many(
        """INSERT INTO name_words (collection_id, word, person_id) VALUES (:collection, :word, :person)
        ON CONFLICT (collection_id, word, person_id) DO NOTHING""",
        [{"collection": collection, "word": word, "person": person} for person, word in sorted(words)],
    )
    await db.run_many(
        """INSERT INTO word_trigrams (collection_id, trigram, word) VALUES (:collection, :trigram, :word)
        ON CONFLICT (collection_id, trigram, word) DO NOTHING""",
        [
            {"collection": collection, "trigram": trigram, "word": word}
            for word in sorted({word for _, word in words})
            for trigram in trigrams(word)
        ],
    )


async def forget_names(db: Writer, person: int) -> None:
    """Forget the names of a row that no article calls it any more; one that no article names is found by none."""
    rows = await db.all("SELECT DISTINCT text FROM mentions WHERE person_id = :person", person=person)
    row = await db.one("SELECT collection_id FROM persons WHERE id = :person", person=person)
    if row is None:
        return
    for table in ("person_names", "name_keys", "name_words"):
        await db.run(f"DELETE FROM {table} WHERE person_id = :person", person=person)
    await add_names(db, row["collection_id"], person, [each["text"] for each in rows])


async def call_by_fullest(db: Writer, person: int, names: Iterable[str]) -> None:
    """Call a row by the name that an article has for it, if that has more words written out than the present one.

    A row whose names were forgotten is called anew.
    """
    row = await db.one(
        """SELECT id, name, 0 AS mentions, EXISTS (SELECT 1 FROM person_names WHERE person_id = :person) AS has_names
        FROM persons WHERE id = :person""",
        person=person,
    )
    if row is None:
        return
    called = row["name"] if row["has_names"] else None
    for name in names:
        if called is None or _fullness({**row, "name": called}) < _fullness({**row, "name": name}):
            called = name
    if called not in (None, row["name"]):
        await db.run("UPDATE persons SET name = :name WHERE id = :person", name=called, person=person)


async def add_mentions(db: Writer, article: int, person: int, mentions: Iterable[Mention]) -> None:
    """Keep where the article names the person."""
    await add_mentions_of_each(db, article, [(person, mentions)])


async def add_mentions_of_each(db: Writer, article: int, mentions: Iterable[tuple[int, Iterable[Mention]]]) -> None:
    """Keep where the article names each of several persons."""
    await db.run_many(
        """INSERT INTO mentions (article_id, start, "end", person_id, text)
        VALUES (:article, :start, :end, :person, :text) ON CONFLICT (article_id, start, "end") DO NOTHING""",
        [
            {
                "article": article,
                "start": mention.span.start,
                "end": mention.span.end,
                "person": person,
                "text": mention.text,
            }
            for person, each in mentions
            for mention in each
        ],
    )


async def add_roles(db: Writer, article: int, person: int, job_titles: Iterable[str], seen_at: datetime) -> None:
    """Keep which roles the article gives the person."""
    await add_roles_of_each(db, article, [(person, job_titles)], seen_at)


async def add_roles_of_each(
    db: Writer, article: int, job_titles: Iterable[tuple[int, Iterable[str]]], seen_at: datetime
) -> None:
    """Keep which roles the article gives each of several persons."""
    await db.run_many(
        """INSERT INTO roles (person_id, article_id, job_title, seen_at)
        VALUES (:person, :article, :job_title, :seen_at)
        ON CONFLICT (person_id, article_id, job_title) DO NOTHING""",
        [
            {"person": person, "article": article, "job_title": title, "seen_at": to_text(seen_at)}
            for person, titles in job_titles
            for title in titles
        ],
    )


async def find(db: Reader, collection: CollectionId, person: int) -> PersonReference | None:
    """Return a person of the collection, asked for by any of the rows that are them."""
    row = await db.one(
        """SELECT p.id, p.name, p.articles FROM persons row JOIN persons p ON p.id = row.canonical_id
        WHERE row.id = :person AND row.collection_id = :collection""",
        person=person,
        collection=collection,
    )
    return _reference(row) if row else None


async def members(db: Reader, person: int) -> Sequence[int]:
    """Return the rows that are the person, asked for by any of them."""
    rows = await db.all(f"SELECT id FROM persons WHERE id IN {_MEMBERS} ORDER BY id", person=person)
    return [row["id"] for row in rows]


async def fullest(db: Reader, group: Iterable[int]) -> int:
    """Return the row of a group whose name tells the most: the most words written out, then the most mentions."""
    rows = [
        await db.one(
            """SELECT id, name, (SELECT COUNT(*) FROM mentions WHERE person_id = id) AS mentions
            FROM persons WHERE id = :person""",
            person=person,
        )
        for person in group
    ]
    return int(max((row for row in rows if row), key=_fullness)["id"])


def _fullness(row: Row) -> tuple[int, int, int]:
    return sum(len(word) > 1 for word in normalise(row["name"]).split()), row["mentions"], -row["id"]


async def find_by_words(
    db: Reader, collection: CollectionId, words: Sequence[str], limit: int
) -> Sequence[PersonReference]:
    """Return the persons whose names have every one of the normalised ``words``; the most named first."""
    sought = await _rarest_first(db, "name_words", "word", collection, [[word] for word in words])
    if not sought:
        return []
    having = " ".join(
        f"""AND EXISTS (SELECT 1 FROM name_words w WHERE w.collection_id = :collection AND w.word = :word{index}
            AND w.person_id IN (SELECT id FROM persons WHERE canonical_id = p.id))"""
        for index in range(1, len(sought))
    )
    rows = await db.all(
        f"""SELECT p.id, p.name, p.articles FROM persons p
        WHERE p.id IN (
            SELECT row.canonical_id FROM name_words first JOIN persons row ON row.id = first.person_id
            WHERE first.collection_id = :collection AND first.word = :word0
        ) {having}
        ORDER BY articles DESC, p.id LIMIT :limit""",
        collection=collection,
        limit=limit,
        **{f"word{index}": word for index, [word] in enumerate(sought)},
    )
    return [_reference(row) for row in rows]


async def find_by_sound(db: Reader, collection: CollectionId, name: str, limit: int) -> Sequence[PersonReference]:
    """Return the persons whose names have every word of ``name`` as any language spells it; the most named first."""
    keys_of_words = [sorted(sought_keys(word)) for word in name.split()]
    sought = await _rarest_first(db, "name_keys", "key", collection, keys_of_words)
    if not sought:
        return []
    parameters = {f"key{place}_{index}": key for place, keys in enumerate(sought) for index, key in enumerate(keys)}
    having = " AND ".join(
        f"""EXISTS (SELECT 1 FROM name_keys k WHERE k.collection_id = :collection
            AND k.person_id IN (SELECT id FROM persons WHERE canonical_id = p.id)
            AND k.key IN ({", ".join(f":key{place}_{index}" for index in range(len(keys)))}))"""
        for place, keys in enumerate(sought)
    )
    first = ", ".join(f":key0_{index}" for index in range(len(sought[0])))
    rows = await db.all(
        f"""SELECT p.id, p.name, p.articles FROM persons p
        WHERE p.id IN (
            SELECT row.canonical_id FROM name_keys k JOIN persons row ON row.id = k.person_id
            WHERE k.collection_id = :collection AND k.key IN ({first})
        ) AND {having}
        ORDER BY articles DESC, p.id LIMIT :limit""",
        collection=collection,
        limit=limit,
        **parameters,
    )
    return [_reference(row) for row in rows]


async def _rarest_first(
    db: Reader, table: str, column: str, collection: CollectionId, sought: Sequence[Sequence[str]]
) -> Sequence[Sequence[str]]:
    """Return sets of words, or of keys, those first that the fewest persons have; none where nobody has one of them."""
    if len(sought) < 2:
        return sought
    counts: list[str] = []
    parameters: dict[str, str] = {}
    for place, values in enumerate(sought):
        named = {f"value{place}_{index}": value for index, value in enumerate(values)}
        counts.append(
            f"""SELECT {place} AS place, COUNT(*) AS found FROM (
                SELECT 1 FROM {table} WHERE collection_id = :collection
                    AND {column} IN ({bound(named)}) LIMIT :most
            ) s{place}"""
        )
        parameters |= named
    rows = await db.all(" UNION ALL ".join(counts), collection=collection, most=_MOST_BEARERS, **parameters)
    if any(row["found"] == 0 for row in rows):
        return []
    return [sought[row["place"]] for row in sorted(rows, key=lambda row: (row["found"], row["place"]))]


async def words_like(db: Reader, collection: CollectionId, word: str, limit: int) -> Sequence[tuple[str, float]]:
    """Return the words of the collection's names that are spelt most like ``word``, best first.

    The measure is Dice's coefficient over three-letter pieces; below 0.4 two words are not thought alike. Words are
    found by the pieces inside them; those at their ends, which very many words have, are only counted (prefix
    filtering: Chaudhuri, Ganti and Kaushik 2006). No word of three letters or more is missed by that.
    """
    pieces = trigrams(word)
    at_ends = [f"  {word[:1]}", f"{word[-2:]} "][: ceil(_LEAST_ALIKE / 2 * (len(pieces) + _SHORT_WORD)) - 1]
    ends = {f"end{index}": piece for index, piece in enumerate(at_ends)}
    names = {f"piece{index}": piece for index, piece in enumerate(sorted(pieces - {*at_ends}))}
    rows = await db.all(
        f"""SELECT word, 2.0 * shared / (:pieces + LENGTH(word) + 1) AS likeness FROM (
            SELECT inside.word, inside.shared + (
                SELECT COUNT(*) FROM word_trigrams t WHERE t.collection_id = :collection
                    AND t.trigram IN ({bound(ends)}) AND t.word = inside.word
            ) AS shared FROM (
                SELECT word, COUNT(*) AS shared FROM word_trigrams
                WHERE collection_id = :collection AND trigram IN ({bound(names)})
                GROUP BY word HAVING 2.0 * (COUNT(*) + {len(ends)}) / (:pieces + LENGTH(word) + 1) >= :least
            ) inside
        ) alike WHERE 2.0 * shared / (:pieces + LENGTH(word) + 1) >= :least
        ORDER BY likeness DESC, word LIMIT :limit""",
        collection=collection,
        pieces=len(pieces),
        least=_LEAST_ALIKE,
        limit=limit,
        **ends,
        **names,
    )
    return [(row["word"], row["likeness"]) for row in rows]


async def names_of(db: Reader, person: int) -> Sequence[str]:
    """Return every spelling of the person's name."""
    rows = await db.all(
        f"""SELECT MIN(name) AS name FROM person_names WHERE person_id IN {_MEMBERS} GROUP BY normalised
        ORDER BY LENGTH(MIN(name)) DESC, MIN(name)""",
        person=person,
    )
    return [row["name"] for row in rows]


async def roles_of(db: Reader, person: int) -> Sequence[Role]:
    """Return the person's roles, each wording once, newest first: the first is today's, as far as anybody knows.

    Whoever was given roles very often is what the newest articles say.
    """
    sought = {f"member{index}": member for index, member in enumerate(await members(db, person))}
    newest = (
        f"""SELECT * FROM (
            SELECT job_title, seen_at FROM roles WHERE person_id = :{name} ORDER BY seen_at DESC LIMIT :most
        ) chosen"""
        for name in sought
    )
    if not sought:
        return []
    rows = await db.all(
        f"""SELECT job_title, seen_at FROM (
            SELECT job_title, seen_at, ROW_NUMBER() OVER (
                PARTITION BY LOWER(job_title) ORDER BY seen_at DESC, job_title
            ) AS place FROM ({" UNION ALL ".join(newest)}) given
        ) placed WHERE place = 1 ORDER BY seen_at DESC, job_title""",
        most=_ROLES,
        **sought,
    )
    return [Role(row["job_title"], from_text(row["seen_at"])) for row in rows]


async def seen(db: Reader, person: int) -> tuple[datetime, datetime] | None:
    """Return the dates of the oldest and the newest article that names the person."""
    row = await db.one(
        f"""SELECT MIN(first) AS first, MAX(last) AS last FROM (
            SELECT (SELECT MIN(seen_at) FROM person_articles WHERE person_id = member.id) AS first,
                (SELECT MAX(seen_at) FROM person_articles WHERE person_id = member.id) AS last
            FROM persons member WHERE member.id IN {_MEMBERS}
        ) chosen""",
        person=person,
    )
    if row is None or row["first"] is None:
        return None
    return from_text(row["first"]), from_text(row["last"])


async def named_with(db: Reader, person: int, limit: int) -> Sequence[PersonCount]:
    """Return whom the person's newest articles name most, too; reprints aside."""
    sought = {f"member{index}": member for index, member in enumerate(await members(db, person))}
    newest = [
        f"""SELECT * FROM (
            SELECT article_id, seen_at FROM person_articles WHERE person_id = :{name} AND voice = article_id
            ORDER BY seen_at DESC LIMIT :most
        ) chosen"""
        for name in sought
    ]
    rows = await db.all(
        f"""SELECT p.id, p.name, COUNT(DISTINCT pa.article_id) AS articles FROM (
            {" UNION ".join(newest)} ORDER BY seen_at DESC LIMIT :most
        ) near JOIN person_articles pa ON pa.article_id = near.article_id
        JOIN persons row ON row.id = pa.person_id JOIN persons p ON p.id = row.canonical_id
        WHERE row.id NOT IN {_MEMBERS}
        GROUP BY p.id, p.name ORDER BY articles DESC, p.name LIMIT :limit""",
        **sought,
        person=person,
        most=_FELLOW_ARTICLES,
        limit=limit,
    )
    return [PersonCount(row["name"], row["articles"], row["id"]) for row in rows]


async def newest_named(db: Reader, collection: CollectionId, limit: int) -> Sequence[PersonReference]:
    """Return whom the collection's newest articles name, the newest first, then the most named."""
    rows = await db.all(
        """SELECT p.id, p.name, p.articles FROM (
            SELECT id FROM articles WHERE collection_id = :collection AND settled_at IS NOT NULL
            ORDER BY settled_at DESC LIMIT :most
        ) last JOIN person_articles pa ON pa.article_id = last.id
        JOIN persons row ON row.id = pa.person_id JOIN persons p ON p.id = row.canonical_id
        GROUP BY p.id ORDER BY MAX(pa.seen_at) DESC, p.articles DESC, p.id LIMIT :limit""",
        collection=collection,
        most=_NEWEST_ARTICLES,
        limit=limit,
    )
    return [_reference(row) for row in rows]


async def of_article(db: Reader, article: int) -> Sequence[NamedPerson]:
    """Return the article's people in the order in which it names them, with the names and roles it uses."""
    rows = await db.all(
        """SELECT p.canonical_id AS person_id, m.start, m."end", m.text
        FROM mentions m JOIN persons p ON p.id = m.person_id WHERE m.article_id = :article ORDER BY m.start""",
        article=article,
    )
    roles = await db.all(
        """SELECT DISTINCT p.canonical_id AS person_id, r.job_title
        FROM roles r JOIN persons p ON p.id = r.person_id WHERE r.article_id = :article ORDER BY r.job_title""",
        article=article,
    )
    mentions: dict[int, list[Mention]] = {}
    for row in rows:
        mention = Mention(row["text"], Span(row["start"], row["end"]))
        mentions.setdefault(row["person_id"], []).append(mention)
    return [
        _named(found, tuple(row["job_title"] for row in roles if row["person_id"] == person))
        for person, found in mentions.items()
    ]


def _named(mentions: Sequence[Mention], job_titles: tuple[str, ...]) -> NamedPerson:
    names = sorted(dict.fromkeys(mention.text for mention in mentions), key=len, reverse=True)
    return NamedPerson(names[0], tuple(names[1:]), job_titles, tuple(mentions))


def _reference(row: Row) -> PersonReference:
    return PersonReference(row["id"], row["name"], row["articles"])
