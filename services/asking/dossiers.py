"""What is known of one person."""

from domain.chats import CollectionId
from domain.ledger import Dossier, PersonReference
from services.asking.roles import offices
from services.relations import with_relations
from storage import claims, origins, persons
from storage.claims import Part
from storage.connection import Reader

PAGE = 5
NAMED_WITH = 3


async def dossier_of(
    db: Reader, collection: CollectionId, person: PersonReference, page: int, *, only_said: bool = False
) -> Dossier:
    """Return a page of what the collection knows of the person; pages count from 0, each older than the one before."""
    size = 2 * PAGE if only_said else PAGE
    seen = await persons.seen(db, person.id)
    by = await claims.of_person(db, collection, person.id, Part.SOURCE, size + 1, page * size)
    about = [] if only_said else await claims.of_person(db, collection, person.id, Part.ABOUT, size + 1, page * size)
    told = {claim.id: claim for claim in await with_relations(db, collection, [*by[:size], *about[:size]])}
    counted = await origins.count_of_persons(db, await persons.members(db, person.id))
    return Dossier(
        person=person,
        names=tuple(name for name in await persons.names_of(db, person.id) if name != person.name),
        roles=offices(await persons.roles_of(db, person.id)),
        first_seen=seen[0] if seen else None,
        last_seen=seen[1] if seen else None,
        claims_by=tuple(told[claim.id] for claim in by[:size]),
        claims_about=tuple(told[claim.id] for claim in about[:size]),
        page=page,
        has_older=len(by) > size or len(about) > size,
        origins=counted.origins,
        named_with=tuple(await persons.named_with(db, person.id, NAMED_WITH)),
    )
