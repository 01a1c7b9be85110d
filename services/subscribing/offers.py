"""What there is to limit a digest to: the people, publishers and languages of the collection that a chat sees."""

from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from domain.ledger import NobodyFound, PersonReference, SeveralPersons
from domain.subscriptions import Filters
from services import Services
from services.access import Right, allowed
from services.asking import people
from services.filtering import NoExpression, problem_of
from storage import outlets, persons

# As many as fit below a message.
MOST = 12
_LONGEST = 200
# Their names of languages are understood.
_LANGUAGES = ("en", "uk", "ru", "de", "fr", "he")


async def people_called(services: Services, chat: int, name: str) -> PersonReference | SeveralPersons | NobodyFound:
    """Return whom a name means, in whole, in part or misspelt; several, or who is near, where it is not sure."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return NobodyFound(name, ())
        return await people.find(db, known.collection, name[:_LONGEST])


async def people_of(services: Services, chat: int, numbers: Sequence[int]) -> Sequence[PersonReference]:
    """Return those of the numbers' persons who are in the collection that the chat sees."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return []
        found = [await persons.find(db, known.collection, number) for number in numbers]
    return [each for each in found if each is not None]


async def called(services: Services, chat: int, numbers: Sequence[int]) -> dict[int, str]:
    """Return by number what those of the numbers' persons are called who are in the collection that the chat sees."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = {number: await persons.find(db, known.collection, number) for number in numbers} if known else {}
    return {number: person.name for number, person in found.items() if person is not None}


async def publishers(services: Services, chat: int) -> Sequence[str]:
    """Return who published most of the newest articles."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await outlets.publishers(db, known.collection, MOST) if known else []


async def languages(services: Services, chat: int) -> Sequence[str]:
    """Return in which languages most of the newest articles are."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await outlets.languages(db, known.collection, MOST) if known else []


async def filters_of(
    services: Services, chat: int, written: str | None, *, disputed: bool = False
) -> Filters | NoExpression:
    """Return what words on a line limit a digest to: a language, somebody, or the words themselves."""
    if written is None:
        return Filters(disputed=disputed)
    language = code_of(written.removeprefix("in "))
    if language is not None:
        return Filters(languages=(language,), disputed=disputed)
    person = await people_called(services, chat, written)
    if isinstance(person, PersonReference):
        return Filters(people=(person.id,), disputed=disputed)
    if isinstance(person, SeveralPersons):
        return Filters(names=(written,), disputed=disputed)
    return problem_of(written) or Filters(words=written, disputed=disputed)


def code_of(language: str) -> str | None:
    """Return the ISO 639-1 code of a language by its name in one of ours, or in its own, or by its code."""
    return _codes().get(language.strip(" .").casefold())


@cache
def _codes() -> Mapping[str, str]:
    codes = sorted(code for code in map(str, Locale("en").languages) if len(code) == 2)
    by_name = {name.casefold(): code for code in codes if (name := _own_name(code))}
    for locale in _LANGUAGES:
        names = Locale(locale).languages
        by_name.update({str(names[code]).casefold(): code for code in codes if code in names})
    return {**by_name, **{code: code for code in codes}}


def _own_name(code: str) -> str | None:
    try:
        name = Locale.parse(code).language_name
    except (UnknownLocaleError, ValueError):
        return None
    return str(name) if name else None
