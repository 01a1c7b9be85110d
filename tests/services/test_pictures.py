"""What pictures show: every claim once, in its period and with its speaker, of the chat's own archive alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from domain.chats import ChatIdentity
from domain.extraction import AttributionKind, Factuality, Passage, Span
from domain.gists import Gist
from domain.ledger import RelationKind
from domain.pictures import Figure, Net, Step, Tally, Timeline, Voice
from services import Services
from services.chats import know
from services.pictures import MOST_FIGURES, MOST_PERIODS, net, timeline
from storage import claims, persons
from storage import pictures as stored
from storage.claims import NewClaim
from tests.engines import ON_BOTH
from tests.samples import NOON, chat_identity

ANN, BOB = chat_identity(100), chat_identity(200)


@dataclass
class Ledger:
    """Claims of a chat's archive, as a test tells them."""

    services: Services
    collection: int
    articles: int = 0

    async def person(self, name: str) -> int:
        async with self.services.database.transaction() as db:
            return await persons.add(db, self.collection, name)

    async def article(
        self, day: str, *made: NewClaim, reprint_of: int | None = None, publisher: str | None = "Gazette"
    ) -> tuple[int, list[int]]:
        """Keep an article with its claims; return its number and theirs."""
        self.articles += 1
        seen = datetime.fromisoformat(day).replace(tzinfo=UTC)
        async with self.services.database.transaction() as db:
            row = await db.one(
                """INSERT INTO articles (collection_id, content_hash, body, search_text, state, publisher, received_at,
                    seen_at) VALUES (:collection, :hash, 'x', 'x', 'read', :publisher, :seen, :seen) RETURNING id""",
                collection=self.collection,
                hash=str(self.articles),
                publisher=publisher,
                seen=seen.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            )
            assert row is not None
            await claims.replace(db, self.collection, row["id"], made, seen)
            if reprint_of is not None:
                await db.run(
                    "INSERT INTO reprints (article_id, reprint_of) VALUES (:article, :of)",
                    article=row["id"],
                    of=reprint_of,
                )
            found = await db.all("SELECT id FROM claims WHERE article_id = :article ORDER BY id", article=row["id"])
        return row["id"], [each["id"] for each in found]

    async def relate(self, claim: int, other: int, state: str = "confirmed") -> None:
        async with self.services.database.transaction() as db:
            await db.run(
                """INSERT INTO claim_relations (collection_id, claim_id, other_id, kind, state, score, evidence)
                VALUES (:collection, :claim, :other, :kind, :state, 0.9, '[]')""",
                collection=self.collection,
                claim=claim,
                other=other,
                kind=RelationKind.DENIES.value,
                state=state,
            )

    async def merge(self, person: int, into: int) -> None:
        async with self.services.database.transaction() as db:
            await db.run("UPDATE persons SET canonical_id = :into WHERE id = :person", person=person, into=into)


@pytest.fixture
async def ledger(services: Services) -> Ledger:
    return await ledger_of(services, ANN)


async def ledger_of(services: Services, chat: ChatIdentity) -> Ledger:
    return Ledger(services, (await know(services, chat)).collection)


COUNT = iter(range(10**6))


def said(
    source: int | None = None, about: Sequence[int] = (), name: str | None = "somebody", *, denies: bool = False
) -> NewClaim:
    """A claim of its own wording; without a source's name, the article's own."""
    text = f"point {next(COUNT)}"
    spans = (Span(next(COUNT), 10**7),)
    return NewClaim(
        content=Passage(text, spans),
        factuality=Factuality.DENIED if denies else Factuality.CERTAIN,
        rank=None,
        kind=AttributionKind.SPEECH if name else None,
        source=Passage(name, spans) if name else None,
        source_person=source,
        about=tuple(about),
        gist=Gist(denies=denies),
    )


async def timeline_of(ledger: Ledger, person: int) -> Timeline:
    found = await timeline(ledger.services, ANN.id, person)
    assert found is not None
    return found


async def net_of(ledger: Ledger, person: int) -> Net:
    found = await net(ledger.services, ANN.id, person)
    assert found is not None
    return found


def told(shown: Timeline) -> dict[str, tuple[int, int, int, int]]:
    """By the first day of each period that has any: claims and denials by the person, and about them."""
    return {
        str(each.first): (each.says.claims, each.says.denials, each.said.claims, each.said.denials)
        for each in shown.periods
        if each.says.claims + each.said.claims
    }


@ON_BOTH
async def test_a_timeline_counts_what_somebody_says_and_what_others_say_about_them(ledger: Ledger):
    hagelund, kestrel = await ledger.person("Torvin Hagelund"), await ledger.person("Ada Kestrel")
    _, about = await ledger.article("2026-03-02", said(kestrel, [hagelund]), said(None, [hagelund]), said(kestrel))
    _, own = await ledger.article(
        "2026-03-04", said(hagelund), said(hagelund, denies=True), said(hagelund, [hagelund]), said(hagelund)
    )
    await ledger.relate(own[3], about[0])
    shown = await timeline_of(ledger, hagelund)
    assert (shown.step, shown.first, shown.last) == (Step.DAY, date(2026, 3, 2), date(2026, 3, 4))
    assert [str(each.first) for each in shown.periods] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert told(shown) == {"2026-03-02": (0, 0, 2, 1), "2026-03-04": (4, 2, 0, 0)}
    assert (shown.says, shown.said, shown.before) == (Tally(4, 2), Tally(2, 1), 0)


async def test_what_may_be_a_denial_is_none_yet(ledger: Ledger):
    hagelund, kestrel = await ledger.person("Torvin Hagelund"), await ledger.person("Ada Kestrel")
    _, (first, second) = await ledger.article("2026-03-02", said(kestrel, [hagelund]), said(hagelund))
    await ledger.relate(second, first, "suggested")
    assert told(await timeline_of(ledger, hagelund)) == {"2026-03-02": (1, 0, 1, 0)}
    assert [voice.denials for voice in (await net_of(ledger, hagelund)).voices] == [0]


async def test_a_reprint_says_nothing_again(ledger: Ledger):
    hagelund, kestrel = await ledger.person("Torvin Hagelund"), await ledger.person("Ada Kestrel")
    again, new = said(kestrel, [hagelund]), said(hagelund)
    first, _ = await ledger.article("2026-03-02", again)
    await ledger.article("2026-03-03", again, new, reprint_of=first)
    assert told(await timeline_of(ledger, hagelund)) == {"2026-03-02": (0, 0, 1, 0), "2026-03-03": (1, 0, 0, 0)}
    assert (await net_of(ledger, hagelund)).voices == (Voice(kestrel, hagelund, 1),)


async def test_persons_who_are_one_speak_with_one_voice(ledger: Ledger):
    hagelund, short, kestrel = [await ledger.person(name) for name in ("Torvin Hagelund", "T. Hagelund", "Ada Kestrel")]
    await ledger.article(
        "2026-03-02", said(short, [kestrel]), said(kestrel, [hagelund, short]), said(short, [hagelund])
    )
    await ledger.merge(short, hagelund)
    for asked in (hagelund, short):
        assert told(await timeline_of(ledger, asked)) == {"2026-03-02": (2, 0, 1, 0)}
        around = await net_of(ledger, asked)
        assert (around.person.id, around.figures) == (hagelund, (Figure(kestrel, "Ada Kestrel"),))
        assert set(around.voices) == {Voice(hagelund, kestrel, 1), Voice(kestrel, hagelund, 1)}
    assert (await net_of(ledger, kestrel)).figures == (Figure(hagelund, "Torvin Hagelund"),)


@pytest.mark.parametrize(
    ("days", "step", "periods", "before"),
    [
        (["2026-03-02"], Step.DAY, 1, 0),
        (["2026-03-02", "2026-03-31"], Step.DAY, 30, 0),
        (["2026-03-02", "2026-04-01"], Step.WEEK, 5, 0),
        (["2026-03-08", "2026-03-09", "2026-04-09"], Step.WEEK, 6, 0),
        (["2026-01-01", "2026-12-31"], Step.MONTH, 12, 0),
        (["2023-01-01", "2026-12-31"], Step.YEAR, 4, 0),
        (["1970-01-01", "2026-03-02"], Step.YEAR, 1, 1),
        (["1970-01-01", "2000-03-02", "2026-03-02"], Step.YEAR, 27, 1),
        (["0001-01-01", "9999-12-31"], Step.YEAR, 1, 1),
        (["0001-01-01", "0001-02-20"], Step.WEEK, 8, 0),
        (["9999-11-01", "9999-12-31"], Step.WEEK, 9, 0),
    ],
)
async def test_the_longer_the_time_the_longer_the_steps(
    ledger: Ledger, days: list[str], step: Step, periods: int, before: int
):
    hagelund = await ledger.person("Torvin Hagelund")
    for day in days:
        await ledger.article(day, said(hagelund))
    shown = await timeline_of(ledger, hagelund)
    assert (shown.step, len(shown.periods), shown.before) == (step, periods, before)
    assert len(shown.periods) <= MOST_PERIODS
    assert shown.says.claims + shown.before == len(days)
    assert shown.first >= shown.periods[0].first
    assert all(each.first.weekday() == 0 or each.first == date.min for each in shown.periods if step is Step.WEEK)


@ON_BOTH
async def test_a_net_has_those_who_speak_about_somebody_and_those_they_speak_about(ledger: Ledger):
    hagelund, kestrel, moor, tembe = [
        await ledger.person(name) for name in ("Torvin Hagelund", "Ada Kestrel", "Ole Moor", "Ruvimbo Tembe")
    ]
    _, made = await ledger.article(
        "2026-03-02",
        *(said(kestrel, [hagelund]) for _ in range(3)),
        said(hagelund, [kestrel, moor], denies=True),
        said(kestrel, [moor]),
        said(tembe, [kestrel]),
    )
    _, (answer,) = await ledger.article("2026-03-03", said(hagelund))
    await ledger.relate(answer, made[0])
    around = await net_of(ledger, hagelund)
    assert around.figures == (Figure(kestrel, "Ada Kestrel"), Figure(moor, "Ole Moor"))
    assert around.voices[0] == Voice(kestrel, hagelund, 3, 1)
    assert set(around.voices[1:]) == {
        Voice(hagelund, kestrel, 2, 2),
        Voice(hagelund, moor, 1, 1),
        Voice(kestrel, moor, 1),
    }
    assert (around.left_out, around.voices_left_out, around.unnamed) == (0, 0, 0)


async def test_whose_claim_somebody_denies_is_spoken_about_even_unnamed(ledger: Ledger):
    hagelund, kestrel = await ledger.person("Torvin Hagelund"), await ledger.person("Ada Kestrel")
    _, (hers, theirs, own) = await ledger.article(
        "2026-03-02", said(kestrel), said(None, (), "auditors"), said(hagelund)
    )
    _, (first, second, third) = await ledger.article(
        "2026-03-03", *(said(hagelund, [each] if each else []) for each in (0, 0, kestrel))
    )
    for claim, other in ((first, hers), (second, theirs), (third, hers), (third, own)):
        await ledger.relate(claim, other)
    around = await net_of(ledger, hagelund)
    assert [figure.name for figure in around.figures] == ["Ada Kestrel", "auditors"]
    assert set(around.voices) == {Voice(hagelund, kestrel, 2, 2), Voice(hagelund, -1, 1, 1)}
    assert around.unnamed == 0


async def test_institutions_and_outlets_speak_too_but_nobody_without_a_name(ledger: Ledger):
    hagelund = await ledger.person("Torvin Hagelund")
    await ledger.article(
        "2026-03-02",
        *(said(None, [hagelund], name) for name in ("The auditors", "Auditors", "he", None, None)),
        publisher="Oru Gazette",
    )
    await ledger.article("2026-03-03", said(None, [hagelund], None), publisher=None)
    around = await net_of(ledger, hagelund)
    assert {figure.name.lower(): figure.is_person for figure in around.figures} == {
        "auditors": False,
        "oru gazette (outlet)": False,
    }
    assert [(voice.about, voice.claims) for voice in around.voices] == [(hagelund, 2), (hagelund, 2)]
    assert around.unnamed == 2


async def test_of_many_the_most_talkative_are_shown_and_the_others_counted(ledger: Ledger):
    hagelund = await ledger.person("Torvin Hagelund")
    others = [await ledger.person(f"Person Number{place}") for place in range(MOST_FIGURES + 3)]
    made = [said(other, [hagelund]) for place, other in enumerate(others) for _ in range(place + 1)]
    made += [said(one, [other]) for one in others for other in others if one != other]
    await ledger.article("2026-03-02", *made)
    around = await net_of(ledger, hagelund)
    assert [figure.id for figure in around.figures] == others[:2:-1]
    assert (len(around.voices), around.left_out) == (MOST_FIGURES + 6, 3)
    assert around.voices_left_out == MOST_FIGURES * (MOST_FIGURES - 1) - 6


async def test_a_chat_is_shown_nothing_of_another_chats_people(services: Services, ledger: Ledger):
    hagelund = await ledger.person("Torvin Hagelund")
    await ledger.article("2026-03-02", said(hagelund, [hagelund]))
    await ledger_of(services, BOB)
    for chat, person in ((BOB.id, hagelund), (999, hagelund), (ANN.id, 999)):
        assert await timeline(services, chat, person) is None
        assert await net(services, chat, person) is None


async def test_a_person_without_claims_has_nothing_to_draw(ledger: Ledger):
    hagelund = await ledger.person("Torvin Hagelund")
    shown, around = await timeline_of(ledger, hagelund), await net_of(ledger, hagelund)
    assert shown.is_empty and around.is_empty
    assert shown.first == NOON.date()


async def test_of_very_many_claims_the_newest_are_counted_by_whole_days(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stored, "MOST_CLAIMS", 2)
    mayor, other = await ledger.person("Ann Lee"), await ledger.person("Bo Ek")
    for day in ("2026-03-01", "2026-03-02", "2026-03-02", "2026-03-03", "2026-03-04"):
        await ledger.article(day, said(mayor, [other]))
    shown = await timeline_of(ledger, mayor)
    assert (shown.first, shown.says, shown.before) == (date(2026, 3, 3), Tally(2), 3)
    assert (await net_of(ledger, mayor)).voices == (Voice(mayor, other, 2, 0),)
    monkeypatch.setattr(stored, "MOST_CLAIMS", 1)
    assert (await timeline_of(ledger, mayor)).says == Tally(1)
    for _ in range(2):
        await ledger.article("2026-03-04", said(mayor, [other]))
    assert (await timeline_of(ledger, mayor)).says == Tally(3)
