"""Whom chats watch, and what they have been told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from domain.chats import CollectionId
from domain.watching import Quiet, Watch
from storage.connection import Reader, Row, Writer
from storage.spellings import kept_keys, sought_keys
from storage.values import normalise, to_text

WAITING, SENDING, TOLD = "waiting", "sending", "told"
# A watch with the person who is shown for it, where the chat's collection has them.
_WATCH = """
    SELECT w.id, w.chat_id, w.thread_id, w.owner_id, COALESCE(shown.name, w.name) AS name, shown.id AS person_id
    FROM watches w JOIN chats c ON c.id = w.chat_id
    LEFT JOIN persons filed ON filed.id = w.person_id AND filed.collection_id = c.collection_id
    LEFT JOIN persons shown ON shown.id = filed.canonical_id
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A person in an article: the number and name by which they are shown, and what the article calls them."""

    person: int
    name: str
    called: frozenset[str]


async def add(db: Writer, watch: Watch, now: datetime) -> int:
    """Keep a watch; its number is given here."""
    row = await db.one(
        """INSERT INTO watches (chat_id, thread_id, owner_id, name, person_id, created_at)
        VALUES (:chat, :thread, :owner, :name, :person, :now) RETURNING id""",
        chat=watch.chat,
        thread=watch.thread_id,
        owner=watch.owner,
        name=watch.name,
        person=watch.person,
        now=to_text(now),
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    return int(row["id"])


async def of_chat(db: Reader, chat: int) -> Sequence[Watch]:
    """Return whom a chat watches, in the order in which it began to."""
    return [_watch(row) for row in await db.all(f"{_WATCH} WHERE w.chat_id = :chat ORDER BY w.id", chat=chat)]


async def of_collection(db: Reader, collection: CollectionId) -> Sequence[Watch]:
    """Return whom the chats that see a collection watch."""
    rows = await db.all(f"{_WATCH} WHERE c.collection_id = :collection ORDER BY w.id", collection=collection)
    return [_watch(row) for row in rows]


async def remove(db: Writer, chat: int, watch: int) -> bool:
    """Forget a watch of a chat; False where it has none of that number."""
    return bool(await db.run("DELETE FROM watches WHERE id = :watch AND chat_id = :chat", watch=watch, chat=chat))


async def remove_all(db: Writer, chat: int, thread_id: int | None = None) -> None:
    """Forget all watches of a chat, or of one of its topics."""
    await db.run(
        "DELETE FROM watches WHERE chat_id = :chat AND (:thread IS NULL OR thread_id = :thread)",
        chat=chat,
        thread=thread_id,
    )


async def bind(db: Writer, watch: int, person: Named) -> None:
    """Keep who it is that somebody was waiting for."""
    await db.run(
        "UPDATE watches SET person_id = :person, name = :name WHERE id = :watch",
        person=person.person,
        name=person.name,
        watch=watch,
    )


async def unbind(db: Writer, chat: int) -> None:
    """Watch for whom a chat watches by name alone, since it sees other persons now."""
    await db.run("UPDATE watches SET person_id = NULL WHERE chat_id = :chat", chat=chat)


async def named_in(db: Reader, collection: CollectionId, article: int) -> Sequence[Named]:
    """Return the persons whom an article of the collection names, in the order in which it does."""
    rows = await db.all(
        """SELECT shown.id, shown.name, m.text
        FROM mentions m JOIN persons filed ON filed.id = m.person_id JOIN persons shown ON shown.id = filed.canonical_id
        WHERE m.article_id = :article AND filed.collection_id = :collection ORDER BY m.start""",
        article=article,
        collection=collection,
    )
    called: dict[tuple[int, str], set[str]] = {}
    for row in rows:
        called.setdefault((row["id"], row["name"]), {row["name"]}).add(row["text"])
    return [Named(number, name, frozenset(names)) for (number, name), names in called.items()]


def meant(watch: Watch, people: Sequence[Named]) -> Named | None:
    """Return who of these is watched: by number, or, as long as nobody was called so, by name in any spelling."""
    if watch.person is not None:
        return next((each for each in people if each.person == watch.person), None)
    return next((each for each in people if any(_is_called(name, watch.name) for name in each.called)), None)


def _is_called(name: str, sought: str) -> bool:
    words = normalise(sought).split()
    if words and set(words) <= set(normalise(name).split()):
        return True
    return len(words) > 1 and bool(sought_keys(sought) & kept_keys(name))


async def is_new(db: Reader, article: int) -> bool:
    """Return whether an article has not been read before, in whatever way that ended; a failure is no reading."""
    row = await db.one(
        "SELECT 1 FROM articles WHERE id = :article AND (settled_at IS NULL OR state = 'failed')", article=article
    )
    return row is not None


async def add_alert(db: Writer, watch: int, article: int) -> bool:
    """Keep that a watch is to tell of an article; False where that was known."""
    return bool(
        await db.run(
            """INSERT INTO alerts (watch_id, article_id, state) VALUES (:watch, :article, :state)
            ON CONFLICT (watch_id, article_id) DO NOTHING""",
            watch=watch,
            article=article,
            state=WAITING,
        )
    )


async def open_alerts(db: Reader, chat: int) -> Sequence[tuple[int, int, str]]:
    """Return what a chat is still to be told: watch, article and state, in the order in which articles came."""
    rows = await db.all(
        """SELECT al.watch_id, al.article_id, al.state
        FROM watches w JOIN alerts al ON al.watch_id = w.id AND al.state <> 'told'
        WHERE w.chat_id = :chat ORDER BY al.article_id, al.watch_id""",
        chat=chat,
    )
    return [(row["watch_id"], row["article_id"], row["state"]) for row in rows]


async def set_state(db: Writer, alerts: Sequence[tuple[int, int]], state: str) -> None:
    """Keep how far alerts, each a watch and an article, have come."""
    await db.run_many(
        "UPDATE alerts SET state = :state WHERE watch_id = :watch AND article_id = :article",
        [{"state": state, "watch": watch, "article": article} for watch, article in alerts],
    )


async def claims_with(db: Reader, collection: CollectionId, article: int, person: int) -> set[int]:
    """Return the claims of an article that a person makes or that are about them."""
    rows = await db.all(
        """SELECT DISTINCT cp.claim_id FROM claims cl JOIN claim_persons cp ON cp.claim_id = cl.id
        JOIN persons p ON p.id = cp.person_id
        WHERE cl.article_id = :article AND cl.collection_id = :collection AND p.canonical_id = :person""",
        article=article,
        collection=collection,
        person=person,
    )
    return {row["claim_id"] for row in rows}


async def quiet(db: Reader, chat: int) -> Quiet | None:
    """Return when a chat wants to hear of nothing at once, in its own zone."""
    row = await db.one(
        """SELECT q.begins, q.ends, c.timezone FROM quiet_times q JOIN chats c ON c.id = q.chat_id
        WHERE q.chat_id = :chat""",
        chat=chat,
    )
    return Quiet(time.fromisoformat(row["begins"]), time.fromisoformat(row["ends"]), row["timezone"]) if row else None


async def set_quiet(db: Writer, chat: int, times: tuple[time, time] | None) -> None:
    """Keep when a chat wants to hear of nothing at once."""
    await db.run("DELETE FROM quiet_times WHERE chat_id = :chat", chat=chat)
    if times is not None:
        await db.run(
            "INSERT INTO quiet_times (chat_id, begins, ends) VALUES (:chat, :begins, :ends)",
            chat=chat,
            begins=f"{times[0]:%H:%M}",
            ends=f"{times[1]:%H:%M}",
        )


def _watch(row: Row) -> Watch:
    return Watch(row["id"], row["chat_id"], row["thread_id"], row["owner_id"], row["name"], row["person_id"])
