"""People whom the archive knows are found by their full names where an article's language is read only roughly."""

import pytest

from domain.extraction import Extraction, Factuality, KeyClaim, NamedPerson, Reading, Span
from services import Services
from services.known_names import with_known_people
from storage import persons
from tests.samples import named

POLISH = "Burmistrz Jan Kowalczyk zaprzeczył, że zna Annę. Kowalczyk i Ilka Roden milczą. Jan nie wie."
RUSSIAN = "Ян Ковальчик отрицает вину. Ковальчик молчит."


async def read(services: Services, text: str, extraction: Extraction) -> Extraction:
    async with services.database.transaction() as db:
        row = await db.one("INSERT INTO collections (created_at) VALUES ('then') RETURNING id")
        assert row is not None
        for name in ("Jan Kowalczyk", "Ilka Roden", "Anna"):
            number = await persons.add(db, row["id"], name)
            await persons.add_names(db, row["id"], number, [name])
        return await with_known_people(db, row["id"], text, extraction)


def lead(text: str) -> Extraction:
    end = text.index(".") + 1
    claim = KeyClaim(text[:end], (Span(0, end),), None, (), Factuality.CERTAIN, 1)
    return Extraction(claims=(claim,), reading=Reading.LEAD)


def shown(found: Extraction, text: str) -> dict[str, list[str]]:
    return {one.name: [text[m.span.start : m.span.end] for m in one.mentions] for one in found.people}


async def test_full_names_are_found_and_their_surnames_with_them(services: Services):
    found = await read(services, POLISH, lead(POLISH))
    assert shown(found, POLISH) == {"Jan Kowalczyk": ["Jan Kowalczyk", "Kowalczyk"], "Ilka Roden": ["Ilka Roden"]}
    assert [claim.people for claim in found.claims] == [(0,)]


async def test_a_name_in_another_alphabet_is_found(services: Services):
    found = await read(services, RUSSIAN, lead(RUSSIAN))
    assert shown(found, RUSSIAN) == {"Ян Ковальчик": ["Ян Ковальчик", "Ковальчик"]}


@pytest.mark.parametrize(
    "text",
    ["", "jan kowalczyk milczy.", "Jan, Kowalczyk i inni.", "Jan\nKowalczyk.", "Anna milczy.", "Jan Nowak milczy."],
)
async def test_what_is_no_known_full_name_finds_nobody(services: Services, text: str):
    found = await read(services, text, Extraction(reading=Reading.LEAD))
    assert found.people == ()


async def test_who_was_found_already_is_not_found_again(services: Services):
    people: tuple[NamedPerson, ...] = (named(POLISH, "Jan Kowalczyk", "Kowalczyk"),)
    found = await read(services, POLISH, Extraction(people=people, reading=Reading.PEOPLE))
    assert [one.name for one in found.people] == ["Jan Kowalczyk", "Ilka Roden"]


async def test_an_article_read_in_full_stays_as_it_is(services: Services):
    assert await read(services, POLISH, Extraction()) == Extraction()
