"""Who holds an office, and what is said by those who are no persons: outlets and groups."""

from datetime import UTC, datetime

import pytest

from domain.articles import IncomingArticle, Taken
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    Mention,
    Metadata,
    Source,
    Span,
)
from domain.ledger import Dossier
from domain.questions import Answer, ClaimsFound, Holders
from handlers.replies import answers
from services import Services, intake, reading
from services.asking.telling import claims_in
from services.asking.unasked import in_words
from storage import articles, chats, persons
from tests.samples import NOON, chat_identity, forward, passage
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
# Each with the role that the article of its day gives: who, what, in which town, and on which day of March.
ROLES = (
    ("Ada Kestrel", "mayor of Oru", "Oru", 3),
    ("Ben Moor", "mayor of Oru", "Oru", 9),
    ("Ada Kestrel", "member of the council", "Oru", 12),
    ("Cleo Marsh", "Mayor", "Brask", 4),
    ("Dora Finch", "deputy mayor of Brask", "Brask", 5),
    ("Egon Tern", "wife of the mayor of Brask", "Brask", 6),
    ("Fay Heron", "director of the port", "Oru", 7),
)


async def bring(services: Services, prepared: Prepared, number: int, body: str, extraction: Extraction) -> None:
    prepared.results[body] = extraction
    taken = await intake.take_in(services, IncomingArticle(body, forward(ANN, number)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, None)


@pytest.fixture
async def archive(services: Services) -> Services:
    """An archive in which who is who was settled before."""
    numbers: dict[str, int] = {}
    async with services.database.transaction() as db:
        home = (await chats.add(db, 0, ANN, "UTC", NOON)).collection
        for number, (name, role, town, day) in enumerate(ROLES, start=1):
            if name not in numbers:
                numbers[name] = await persons.add(db, home, name)
                await persons.add_names(db, home, numbers[name], [name])
            body = f"{name}, {role}, came to {town} for visit {number}."
            seen_at = datetime(2026, 3, day, tzinfo=UTC)
            article = await articles.add(db, home, body, Metadata(), seen_at)
            assert article is not None
            await persons.add_mentions(db, article, numbers[name], [Mention(name, Span(0, len(name)))])
            await persons.add_roles(db, article, numbers[name], [role], seen_at)
    return services


async def ask(services: Services, text: str, chat: int = ANN.id) -> Answer | None:
    found = await in_words(services, chat, text, alone=True)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("who is the mayor of Oru?", ["Ben Moor", "former Ada Kestrel"]),
        ("Who is Mayor of Oru", ["Ben Moor", "former Ada Kestrel"]),
        ("who was the mayor of Brask?", ["Cleo Marsh"]),
        ("who is the deputy mayor of Brask?", ["Dora Finch"]),
        ("who is the mayor?", ["Ben Moor", "Cleo Marsh", "former Ada Kestrel"]),
        ("who is the director of the port of Oru?", ["Fay Heron"]),
        ("who is the mayor of Veldra?", []),
        ("who is the director of the library?", []),
        ("who is the director of the great new port of Oru?", []),
        ("who is the wife of the director?", []),
    ],
)
async def test_who_holds_an_office_newest_first(archive: Services, asked: str, held: list[str]):
    """Neither a deputy nor a wife holds it, and who is called something else since held it before."""
    given = await ask(archive, asked)
    if isinstance(given, Dossier):
        assert [given.person.name] == held
    elif isinstance(given, Holders):
        assert [f"former {each.person.name}" if each.former else each.person.name for each in given.holders] == held
    else:
        assert held == []


async def test_who_held_an_office_is_told_with_until_when(archive: Services):
    given = await in_words(archive, ANN.id, "who is the mayor of Oru?", alone=True)
    assert given is not None
    reply = answers.answer(*given, "bot")
    assert "<b>Ben Moor</b>, mayor of Oru (9 Mar 2026)" in reply.text
    assert "<b>Ada Kestrel</b>, <i>former</i> mayor of Oru (until 3 Mar 2026)" in reply.text
    assert [row[0].label for row in reply.buttons] == ["Ben Moor (1 article)", "Ada Kestrel (2 articles)"]


async def test_offices_of_another_chat_are_not_told(archive: Services):
    given = await ask(archive, "who is the mayor of Oru?", BOB.id)
    assert not isinstance(given, Dossier | Holders)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("what did Radio Sennet report on the ferries?", ["the ferries are late"]),
        ("what did Sennet report on the ferries?", ["the ferries are late"]),
        ("what does radio sennet say?", ["the ferries are late", "the bridge is closed"]),
        ("what did the ministry say about the bridge?", ["the bridge is closed"]),
        ("what did ministry say?", ["the bridge is closed"]),
        ("what did the police say about the bridge?", []),
        ("what did Radio Sennet report on whales?", []),
        ("what did Radio Oru report on the ferries?", []),
    ],
)
async def test_outlets_and_groups_speak_too(services: Services, prepared: Prepared, asked: str, told: list[str]):
    body = "The dockers said the ferries are late. The ministry said the bridge is closed."
    said = tuple(
        Attribution(
            Source(who, passage(body, who).spans, None),
            passage(body, "said"),
            passage(body, what),
            Factuality.CERTAIN,
            AttributionKind.SPEECH,
        )
        for who, what in (("The dockers", "the ferries are late"), ("The ministry", "the bridge is closed"))
    )
    metadata = Metadata(publisher="Radio Sennet", date_published="2026-03-10")
    await bring(services, prepared, 1, body, Extraction(metadata, (), said))
    given = await ask(services, asked)
    assert [claim.text for claim in claims_in(given)] == told if given else not told
    if isinstance(given, ClaimsFound):
        assert "<b>Said by " in answers.answer(given.question, given, "bot").text
