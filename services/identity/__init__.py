"""Who is who across articles: a person of an article is filed under one whom the archive knows, or as a new one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.extraction import NamedPerson
from storage import persons
from storage.connection import Writer
from storage.values import normalise


async def file_people(
    db: Writer,
    collection: int,
    article: int,
    people: Sequence[NamedPerson],
    seen_at: datetime,
    pinned: Mapping[int, int | None],
    before: Mapping[str, int],
) -> list[int]:
    """Keep the people of an article, with names, mentions and roles, and return the number of each.

    ``pinned`` holds what a correction says: by index, who it is, or None for somebody whom the archive does not know.
    ``before`` tells who bore a normalised name when this article was read before.
    """
    numbers = []
    for person in people:
        number = await _person(db, collection, person)
        await persons.add_mentions(db, article, number, person.mentions)
        await persons.add_roles(db, article, number, person.job_titles, seen_at)
        numbers.append(number)
    return numbers


async def _person(db: Writer, collection: int, person: NamedPerson) -> int:
    """Return the collection's person of this full name, who may be new.

    A name of one word says too little to join two articles: it only meets persons known by that word alone. A name
    that several bear beside their own meets the one whose own it is.
    """
    same = await persons.bearers(db, collection, person.name)
    if " " not in person.name:
        same = {number: name for number, name in same.items() if " " not in name}
    if len(same) > 1:
        same = {number: name for number, name in same.items() if normalise(name) == normalise(person.name)}
    number = next(iter(same)) if len(same) == 1 else await persons.add(db, collection, person.name)
    await persons.add_names(db, collection, number, (person.name, *person.alternate_names))
    return number
