"""Asking: whole, half and misspelt names, pages of claims, and words; each chat sees its own archive alone."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, KeyClaim, Metadata, Source
from domain.ledger import Dossier, Finds, NobodyFound, SeveralPersons
from services import Services, intake, reading
from services.asking import PAGE, dossier, full_text_expression, search, who
from storage import articles, chats, persons
from tests.engines import ON_BOTH
from tests.samples import NOON, chat_identity, forward, named, passage
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)


@dataclass
class Archive:
    """Articles of Ann's chat, brought by a test."""

    services: Services
    prepared: Prepared
    brought: int = 0

    async def bring(
        self, *names: str, says: int = 0, date: str = "2026-03-10", chat: ChatIdentity = ANN, role: str | None = None
    ) -> None:
        """Bring an article that names people, the first by all their names; they make so many statements."""
        self.brought += 1
        said = [f"point {number} of text {self.brought}" for number in range(says)]
        body = f"{'; '.join(names)} said " + ". ".join([*said, f"End {self.brought}."])
        people = (replace(named(body, names[0], *names[1:]), job_titles=(role,) if role else ()),)
        source = Source(names[0], passage(body, names[0]).spans, 0)
        attributions = tuple(
            Attribution(source, None, passage(body, each), Factuality.CERTAIN, AttributionKind.SPEECH) for each in said
        )
        self.prepared.results[body] = Extraction(Metadata(date_published=date), people, attributions)
        taken = await intake.take_in(self.services, IncomingArticle(body, forward(chat, self.brought)))
        assert isinstance(taken, Taken)
        await reading.read(self.services, taken.article, None)


@pytest.fixture
def archive(services: Services, prepared: Prepared) -> Archive:
    return Archive(services, prepared)


async def found(services: Services, asked: str, chat: int = ANN.id) -> str | list[str] | None:
    """The person found; else a list of those to choose from; else None."""
    match await who(services, chat, asked):
        case Dossier(person=person):
            return person.name
        case SeveralPersons(candidates):
            return [person.name for person in candidates]
        case NobodyFound(_, nearest):
            return [person.name for person in nearest] or None


async def test_two_of_one_name_are_told_apart_by_their_roles(services: Services):
    async with services.database.transaction() as db:
        home = (await chats.add(db, 0, ANN, "UTC", NOON)).collection
        for role in ("union leader", "goalkeeper"):
            number = await persons.add(db, home, "Ada Kestrel")
            await persons.add_names(db, home, number, ["Ada Kestrel"])
            article = await articles.add(db, home, f"Ada Kestrel, the {role}, spoke.", Metadata(), NOON)
            assert article is not None
            await persons.add_roles(db, article, number, [role], NOON)
    several = await who(services, ANN.id, "Ada Kestrel")
    assert isinstance(several, SeveralPersons)
    assert sorted(person.called for person in several.candidates) == [
        "Ada Kestrel, goalkeeper",
        "Ada Kestrel, union leader",
    ]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Torvin Hagelund", "Torvin Hagelund"),
        ("torvin HAGELUND", "Torvin Hagelund"),
        ("Hagelund, Torvin", "Torvin Hagelund"),
        ("hagelund", "Torvin Hagelund"),
        ("Хагелунд", "Torvin Hagelund"),
        ("T. Hagelund", "Torvin Hagelund"),
        ("Hagelun", "Torvin Hagelund"),
        ("torvin haglund", "Torvin Hagelund"),
        ("Ruvimbo Tembe", "Ruvimbo Tembe"),
        ("Tembe", ["Ruvimbo Tembe", "Tembe"]),
        ("Kestrel", ["Ada Kestrel", "Ole Kestrel"]),
        ("Ole Kestrel", "Ole Kestrel"),
        ("Ole Hagelund", ["Torvin Hagelund", "Ole Kestrel"]),
        ("Quillfeather", None),
        ("Hageberg", ["Torvin Hagelund"]),
        ("", None),
        ("?!", None),
        ("\U0001f600", None),
    ],
)
async def test_who_it_is(services: Services, archive: Archive, asked: str, answer: str | list[str] | None):
    await archive.bring("Torvin Hagelund", "T. Hagelund")
    await archive.bring("Ruvimbo Tembe")
    await archive.bring("Tembe")
    await archive.bring("Ada Kestrel")
    await archive.bring("Ole Kestrel")
    assert await found(services, asked) == answer


async def test_of_several_the_one_who_bears_exactly_this_name_is_meant(services: Services, archive: Archive):
    await archive.bring("Ada Kestrel")
    await archive.bring("Ada Kestrel-Moor")
    assert await found(services, "Ada Kestrel") == "Ada Kestrel"
    assert await found(services, "Kestrel") == ["Ada Kestrel", "Ada Kestrel-Moor"]


async def test_a_chat_is_told_nothing_of_another_chats_people(services: Services, archive: Archive):
    await archive.bring("Torvin Hagelund", says=1)
    await archive.bring("Ada Kestrel", chat=BOB)
    known = await who(services, ANN.id, "Hagelund")
    assert isinstance(known, Dossier)
    for asked in ("Torvin Hagelund", "Hagelund", "Hagelun"):
        assert await found(services, asked, BOB.id) is None
        assert await found(services, asked, 999) is None
    assert await dossier(services, BOB.id, known.person.id) is None
    assert await dossier(services, 999, known.person.id) is None
    assert await dossier(services, ANN.id, 999) is None
    assert await search(services, BOB.id, "point") == Finds("point", (), ())
    assert await search(services, 999, "point") == Finds("point", (), ())


@ON_BOTH
async def test_a_dossier_has_names_roles_and_dates(services: Services, archive: Archive):
    await archive.bring("Torvin Hagelund", "T. Hagelund", date="2026-03-10")
    await archive.bring("Torvin Hagelund", "Хагелунд", date="2026-03-01")
    known = await who(services, ANN.id, "Hagelund")
    assert isinstance(known, Dossier)
    assert (known.person.name, known.person.articles) == ("Torvin Hagelund", 2)
    assert set(known.names) == {"T. Hagelund", "Хагелунд"}
    assert known.first_seen is not None and known.last_seen is not None
    assert (known.first_seen.day, known.last_seen.day) == (1, 10)
    assert (known.page, known.has_older) == (0, False)


@ON_BOTH
async def test_the_pages_of_a_dossier_hold_every_claim_once_newest_first(services: Services, archive: Archive):
    for day in range(1, 5):
        await archive.bring("Torvin Hagelund", says=3, date=f"2026-03-0{day}", role="harbour master of Oru")
    pages = []
    known = await who(services, ANN.id, "Hagelund")
    while isinstance(known, Dossier):
        pages.append(known)
        known = await dossier(services, ANN.id, known.person.id, known.page + 1) if known.has_older else None
    claims = [claim for page in pages for claim in page.claims_by]
    assert [page.page for page in pages] == [0, 1, 2]
    assert [len(page.claims_by) for page in pages] == [PAGE, PAGE, 2]
    assert len({claim.id for claim in claims}) == 12
    assert [claim.article.seen_at.day for claim in claims] == [4] * 3 + [3] * 3 + [2] * 3 + [1] * 3


async def test_the_pages_of_a_search_hold_every_claim_once_newest_first(services: Services, archive: Archive):
    for day in (1, 3, 2):
        await archive.bring("Torvin Hagelund", says=4, date=f"2026-03-0{day}")
    pages = [await search(services, ANN.id, "point", page) for page in range(4)]
    assert [page.has_older for page in pages] == [True, True, False, False]
    assert [len(page.claims) for page in pages] == [5, 5, 2, 0]
    told = [claim for page in pages for claim in page.claims]
    assert len({claim.id for claim in told}) == 12
    days = [claim.article.seen_at for claim in told]
    assert days == sorted(days, reverse=True)


async def test_a_page_after_the_last_is_empty(services: Services, archive: Archive):
    await archive.bring("Torvin Hagelund", says=PAGE)
    first = await who(services, ANN.id, "Hagelund")
    assert isinstance(first, Dossier)
    assert not first.has_older
    later = await dossier(services, ANN.id, first.person.id, 7)
    assert later is not None
    assert (later.claims_by, later.claims_about, later.has_older) == ((), (), False)


async def test_a_search_asks_for_every_word_and_the_beginning_of_one_will_do(services: Services, archive: Archive):
    await archive.bring("Torvin Hagelund", says=2)
    await archive.bring("Ada Kestrel", says=1)
    finds = await search(services, ANN.id, "poi kestrel")
    assert [claim.text for claim in finds.claims] == ["point 0 of text 2"]
    assert [article.id for article in finds.articles] == [2]
    assert len((await search(services, ANN.id, "point")).claims) == 3
    assert await search(services, ANN.id, "point quillfeather") == Finds("point quillfeather", (), ())


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("ferry", '"ferry"*'),
        ("Łódź ferry", '"lodz"* AND "ferry"*'),
        ('a" OR "b', '"a"* AND "or"* AND "b"*'),
        ("NEAR(x y) -z col:v *", '"near"* AND "x"* AND "y"* AND "z"* AND "col"* AND "v"*'),
        ("", ""),
        ("…", ""),
    ],
)
def test_no_word_is_taken_for_an_operator(words: str, expression: str):
    assert full_text_expression(words) == expression


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.one_of(st.text(max_size=200), st.text("ab \"'*()-:^", max_size=60), st.just("a " * 3000), st.just("x" * 9000))
)
async def test_nothing_that_is_asked_breaks_anything(services: Services, archive: Archive, asked: str):
    if not archive.brought:
        await archive.bring("Torvin Hagelund", says=1)
    assert (await search(services, ANN.id, asked)).asked == asked
    assert isinstance(await who(services, ANN.id, asked), Dossier | SeveralPersons | NobodyFound)


async def test_a_key_claim_is_found_by_its_words(services: Services, prepared: Prepared):
    body = "The pier of Oru is closed."
    claim = KeyClaim(body, passage(body, body).spans, None, (), Factuality.CERTAIN, 1)
    prepared.results[body] = Extraction(claims=(claim,))
    taken = await intake.take_in(services, IncomingArticle(body, forward(ANN)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, None)
    finds = await search(services, ANN.id, "closed pier")
    assert [each.text for each in finds.claims] == [body]
