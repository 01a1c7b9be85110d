"""An archive with something of everything, to be exported."""

from dataclasses import dataclass

from domain.articles import IncomingArticle, Origin, OriginKind, Taken
from domain.chats import ChatIdentity
from domain.corrections import Editor, Verdict
from domain.exports import Selection
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    KeyClaim,
    Metadata,
    NamedPerson,
    Source,
)
from domain.fingerprints import Fingerprint
from domain.gists import Gist, Mode, Statement
from domain.ledger import RelationKind, RelationState
from services import Services, intake, reading
from services.exporting import of_export, select
from services.exporting.records import line
from services.identity.judging import judge
from services.relations import judge_relation
from storage import claims, relations
from storage.relations import NewRelation
from tests.samples import chat_identity, forward, named, passage
from tests.services.conftest import Prepared

ANN, BOB, CAL = chat_identity(100), chat_identity(200), chat_identity(300)
ANN_HERSELF = Editor(1, "Ann", ANN.id)
CHANNEL = Origin(OriginKind.CHANNEL, "Oru Press", "orupress", 17)


@dataclass
class Archive:
    """Articles of a chat, brought by a test."""

    services: Services
    prepared: Prepared
    brought: int = 0

    async def bring(
        self,
        name: str,
        says: str,
        *,
        about: str | None = None,
        factuality: Factuality = Factuality.CERTAIN,
        metadata: Metadata | None = None,
        chat: ChatIdentity = ANN,
        fingerprint: bytes | None = None,
        role: str = "harbour chief",
    ) -> int:
        """Bring an article in which somebody says something, of somebody perhaps, and return its number."""
        self.brought += 1
        body = f"{role.capitalize()} {name} said that {says}. Number {self.brought}."
        people: list[NamedPerson] = [named(body, name, roles=(role,))]
        if about is not None:
            people.append(named(body, about))
        content = passage(body, says)
        statement = Statement((f"@{name}",), "sell", ("berth",), (), (), factuality, Mode.DEED)
        gist = Gist((statement,), (f"@{name}",), "say")
        source, cue = Source(name, passage(body, name).spans, 0), passage(body, "said")
        attribution = Attribution(source, cue, content, factuality, AttributionKind.SPEECH, gist)
        mentioned = (1,) if about is not None else ()
        key = KeyClaim(says, content.spans, 0, mentioned, factuality, 1)
        minima = Fingerprint(fingerprint) if fingerprint else None
        metadata = metadata or Metadata("Berths", "Oru Post", ("Lis Holm",), f"2026-03-{self.brought:02}", "en")
        self.prepared.results[body] = Extraction(metadata, tuple(people), (attribution,), (key,), minima)
        incoming = IncomingArticle(body, forward(chat, self.brought, origin=CHANNEL if self.brought % 2 else None))
        taken = await intake.take_in(self.services, incoming)
        assert isinstance(taken, Taken)
        await reading.read(self.services, taken.article, None)
        return taken.article


async def fill(archive: Archive) -> None:
    """Bring articles with a merge, a reprint, a confirmed denial and a former text."""
    services = archive.services
    one = await archive.bring("Ada Kestrel", "Ole Brandt sold the berths", about="Ole Brandt", fingerprint=bytes(512))
    other = await archive.bring("Ole Brandt", "no berths were sold", factuality=Factuality.DENIED)
    await archive.bring("Ada Kestrel", "Ole Brandt sold the berths", about="Ole Brandt", fingerprint=bytes(512))
    untold = Metadata("@Port", "Kystradio", (), None, "no")
    await archive.bring("Wim Corver", "=HYPERLINK(1) is closed", metadata=untold, role="poet")
    await archive.bring("Żóra Lind", "she knows nobody", chat=BOB)
    await merge(services, "Ole Brandt", "Wim Corver")
    await deny(services, other, one)


async def merge(services: Services, one: str, other: str) -> None:
    """Have Ann judge that two persons are one."""
    found = [await number_of(services, name) for name in (one, other)]
    await judge(services, ANN.id, *found, Verdict.SAME, ANN_HERSELF)


async def number_of(services: Services, name: str) -> int:
    """Return the row of a person of Ann's chat."""
    async with services.database.reading() as db:
        row = await db.one("SELECT id FROM persons WHERE name = :name", name=name)
    assert row is not None
    return int(row["id"])


async def deny(services: Services, denial: int, denied: int) -> None:
    """Keep that the claim of one article denies that of another, and have Ann confirm it."""
    async with services.database.transaction() as db:
        (claim,), (other,) = [await claims.of_article(db, 1, article) for article in (denial, denied)]
        relation = NewRelation(
            claim.id, other.id, RelationKind.DENIES, RelationState.SUGGESTED, 0.7, ("both speak of berths",)
        )
        await relations.replace(db, 1, [claim.id], [relation])
        row = await db.one("SELECT id FROM claim_relations")
        assert row is not None
        await judge_relation(db, 1, row["id"], RelationState.CONFIRMED, ANN_HERSELF, services.clock())


async def exported(services: Services, chat: ChatIdentity = ANN, selection: Selection | None = None) -> list[str]:
    """Return the lines of an export."""
    export = await select(services, chat.id, selection or Selection())
    assert not isinstance(export, str | None)
    return [line(record) async for record in of_export(export)]
