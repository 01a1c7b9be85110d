"""Independent origins: an agency, a publisher, a channel counts once, however many articles are from it."""

import pytest

from domain.articles import Origin, OriginKind
from domain.extraction import Metadata
from storage import articles, chats, origins
from storage.connection import Database
from storage.origins import Counted, origin_of_name
from tests.samples import NOON, chat_identity, forward

ANN = chat_identity(100)


async def kept(
    database: Database, text: str, publisher: str | None = None, agency: str | None = None, channel: str | None = None
) -> int:
    """Keep an article, as Ann forwarded it."""
    origin = Origin(OriginKind.CHANNEL, channel, None, 7) if channel else Origin()
    async with database.transaction() as db:
        known = await chats.find(db, ANN.id) or await chats.add(db, 1, ANN, "UTC", NOON)
        article = await articles.add(db, known.collection, text, Metadata(publisher=publisher), NOON)
        assert article is not None
        await articles.add_forward(db, article, forward(ANN, article, origin=origin))
        await origins.settle(db, article, agency)
    return article


async def named(database: Database, article: int, person: int, start: int = 0) -> None:
    """Keep that an article names a person."""
    async with database.transaction() as db:
        known = await chats.find(db, ANN.id)
        assert known is not None
        await db.run(
            "INSERT INTO persons (id, collection_id, name) VALUES (:id, :collection, 'Ada') ON CONFLICT DO NOTHING",
            id=person,
            collection=known.collection,
        )
        await db.run(
            """INSERT INTO mentions (article_id, start, "end", person_id, text)
            VALUES (:article, :start, :end, :person, 'Ada')""",
            article=article,
            start=start,
            end=start + 3,
            person=person,
        )


async def count(database: Database, *numbers: int) -> int:
    async with database.reading() as db:
        return await origins.count_origins(db, numbers)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Harbour Post", "harbour post", True),
        ("The Harbour Post", "www.harbourpost.com", True),
        ("Radio Sennet", "radio sennet online", True),
        ("Radio Berreg", "Радио Беррег", True),
        ("Berreg 📸 News", "berreg news", True),
        ("The Harbour Post", "The Harbour Times", False),
        ("The", "Online", False),
        ("Arnby Coast News Agency", "ACNA", True),
        ("The Arnby Coast News Agency (ACNA)", "ACNA", True),
        ("Press Bureau of Arnby (PBA)", "PBA", True),
        ("Norda News Agency", "NORDA", True),
        ("Norda Wire", "Norda", True),
        ("Arnby Coast News Agency", "Arnby Hill News Agency", False),
        ("Arnby Post", "AP", False),
        ("Agency", "Wire", False),
    ],
)
def test_an_outlet_goes_by_one_origin(one: str, other: str, same: bool) -> None:
    assert (origin_of_name(one) == origin_of_name(other)) is same


@pytest.mark.parametrize("name", [None, "", " ", "***", "🚨"])
def test_what_has_no_letters_names_no_origin(name: str | None) -> None:
    assert origin_of_name(name) is None


async def test_the_agency_goes_before_the_publisher_and_that_before_the_channel(database: Database) -> None:
    wire = await kept(database, "one", "Harbour Post", agency="Norda Wire")
    own = await kept(database, "two", "Norda Wire")
    post = await kept(database, "three", "Harbour Post", channel="Port Watch")
    again = await kept(database, "four", "The Harbour Post")
    watch = await kept(database, "five", channel="Port Watch")
    edited = await kept(database, "six", channel="Port Watch")
    assert await count(database, wire, own) == 1
    assert await count(database, post, again) == 1
    assert await count(database, watch, edited) == 1
    assert await count(database, wire, post, watch) == 3


async def test_articles_that_tell_nothing_of_it_stand_for_themselves(database: Database) -> None:
    assert await count(database, await kept(database, "one"), await kept(database, "two")) == 2


async def test_a_reprint_is_from_where_the_first_one_is(database: Database) -> None:
    first = await kept(database, "one", "Harbour Post")
    copy = await kept(database, "two", "Island Times")
    async with database.transaction() as db:
        await db.run("INSERT INTO reprints (article_id, reprint_of) VALUES (:copy, :first)", copy=copy, first=first)
    assert await count(database, first, copy) == 1


async def test_an_article_settled_again_is_from_where_it_is_now(database: Database) -> None:
    one, other = await kept(database, "one", "Harbour Post"), await kept(database, "two", "Harbour Post")
    async with database.transaction() as db:
        await origins.settle(db, one, "Norda Wire")
    assert await count(database, one, other) == 2


async def test_nothing_has_no_origin(database: Database) -> None:
    async with database.reading() as db:
        assert await origins.origins_of(db, []) == {}
        assert await origins.origins_of(db, [99]) == {}
        assert await origins.count_of_persons(db, [1, 2]) == Counted(0, whole=True)


async def test_a_person_has_the_origins_of_their_articles(database: Database) -> None:
    """Two rows that are one person; an article that names them twice counts once."""
    first = await kept(database, "one", "Harbour Post")
    for person, article, start in [(1, first, 0), (1, first, 9), (2, await kept(database, "two", "Harbour Post"), 0)]:
        await named(database, article, person, start)
    await named(database, await kept(database, "three", "Island Times"), 2)
    async with database.reading() as db:
        assert await origins.count_of_persons(db, [1, 2]) == Counted(2, whole=True)
        assert await origins.count_of_persons(db, [1]) == Counted(1, whole=True)


async def test_of_many_articles_the_newest_are_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "MOST_ARTICLES", 2)
    for text in ("one", "two", "three"):
        await named(database, await kept(database, text, text), 1)
    async with database.reading() as db:
        assert await origins.count_of_persons(db, [1]) == Counted(2, whole=False)
