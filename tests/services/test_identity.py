"""Who is who across articles: sure where names and what is told agree, asked where they do not, never two made one."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from domain.articles import IncomingArticle, Taken
from domain.corrections import Editor, Verdict
from domain.extraction import Extraction, NamedPerson
from domain.identity import Merged, New, Profile, Sure, Unsure
from domain.jobs import JobKind
from services import Services, intake, reading
from services.correcting.undoing import undo
from services.identity import doubting
from services.identity.comparing import agreement_of, compare, decide
from services.identity.filing import file_people
from services.identity.judging import MACHINE, judge
from services.identity.names import Agreement, agreement, name_of
from storage import corrections, persons
from storage.connection import Database, T, Work, Writer
from tests.engines import ON_BOTH
from tests.samples import NOON, chat_identity, forward, named
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Radomir Velkich", "Radomir Velkich", Agreement.FULL),
        ("Velkich Radomir", "Radomir Velkich", Agreement.FULL),
        ("Володимир Петрук", "Владимир Петрук", Agreement.FULL),
        ("Vladimir Petruk", "Петрук Володимир Іванович", Agreement.EXTENDED),
        ("Viktor Ivanovich Golenko", "V.I. Golenko", Agreement.INITIALS),
        ("Голенко В. И.", "Viktor Golenko", Agreement.INITIALS),
        ("Ю. Яценюк", "Yuri Yatsenyuk", Agreement.INITIALS),
        ("Anna Berg", "Anna Berg-Lind", Agreement.MARRIED),
        ("Nadir ben Zarti", "Nadir Benzarti", Agreement.FULL),
        ("Ines Muro Arrio", "Ines Muro-Arrio", Agreement.FULL),
        ("Muro Arrio", "Ines Muro Arrio", Agreement.SURNAME),
        ("Golenko", "Viktor Golenko", Agreement.SURNAME),
        ("Viktor", "Viktor Golenko", Agreement.GIVEN),
        ("Vasyl Golenko", "Viktor Golenko", Agreement.CONFLICT),
        ("Viktor Ivanovich Golenko", "Viktor Petrovich Golenko", Agreement.CONFLICT),
        ("Viktor Ivanovich Golenko", "V.P. Golenko", Agreement.CONFLICT),
        ("John Harrow Jr.", "John Harrow Sr.", Agreement.CONFLICT),
        ("Anna Kovalenko", "Anna Kovalchuk", Agreement.NONE),
        ("Viktor Golenko", "Anna Berg", Agreement.NONE),
        ("Wilf Harrow", "Wilfred Harrow", Agreement.FULL),
        ("Eli Varhami", "Eliyahu Varhami", Agreement.FULL),
        ("Fatma Haddoush", "Fatima Haddouch", Agreement.FULL),
        ("Chou Hsiu-lan", "Xiulan Zhou", Agreement.FULL),
        ("Paek Tae Gyun", "Baek Tae-gyun", Agreement.FULL),
        ("Chou", "Zhou Xiulan", Agreement.SURNAME),
        ("Aleksandr Golenkov", "Aleksandra Golenkova", Agreement.CONFLICT),
        ("John A. Harrow", "John B. Harrow", Agreement.CONFLICT),
        ("Susan Harrow-Lind", "William Harrow", Agreement.CONFLICT),
        ("John Harrow", "John Harrow Jr.", Agreement.NEAR),
        ("Cllr Harrow", "John Harrow", Agreement.SURNAME),
        ("Tran Thi My Hanh", "Tran Van Khanh", Agreement.CONFLICT),
    ],
)
def test_two_names_agree_as_well_as_they_may_be_one_persons(one: str, other: str, how: Agreement):
    left, right = name_of(one), name_of(other)
    assert left is not None and right is not None
    assert agreement(left, right) is how
    assert agreement(right, left) is how


def test_a_name_without_letters_is_none():
    assert name_of("— …") is None
    assert agreement_of(["—"], ["Anna Berg"]) is Agreement.NONE


def test_a_further_name_that_contradicts_outweighs_a_short_one():
    """Somebody known as V. and as Viktor Golenko is no Vasyl."""
    assert agreement_of(["Vasyl Golenko", "Golenko"], ["Viktor Golenko", "V. Golenko"]) is Agreement.CONFLICT


def profile(*names: str, roles: tuple[str, ...] = (), fellows: dict[int, str] | None = None, **more: object) -> Profile:
    return Profile(names, roles=roles, fellows=fellows or {}, own={1: names}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("newcomer", "known", "becomes"),
    [
        (profile("Viktor Golenko"), profile("Viktor Golenko"), Sure),
        (profile("Viktor Golenko", roles=("mayor",)), profile("Viktor Golenko", roles=("the mayor",)), Sure),
        (profile("Viktor Golenko", roles=("goalkeeper",)), profile("Viktor Golenko", roles=("minister",)), Unsure),
        (profile("V. Golenko"), profile("Viktor Golenko"), Unsure),
        (profile("V. Golenko", roles=("mayor",)), profile("Viktor Golenko", roles=("mayor",)), Sure),
        (profile("Viktor Golenko", roles=("the mayor's son",)), profile("Viktor Golenko", roles=("mayor",)), New),
        (profile("Viktor Golenko"), profile("Viktor Golenko", roles=("mayor",)), Unsure),
        (profile("V. Golenko", fellows={7: "", 8: ""}), profile("Viktor Golenko", fellows={7: "A", 8: "B"}), Sure),
        (profile("Golenko", roles=("goalkeeper",)), profile("Viktor Golenko", roles=("minister",)), New),
        (
            profile("Viktor Golenko", births=frozenset({2006})),
            profile("Viktor Golenko", births=frozenset({1961})),
            New,
        ),
    ],
)
def test_what_speaks_for_and_against_decides(newcomer: Profile, known: Profile, becomes: type):
    compared = compare(newcomer, known, 1, bearers=0, namesakes=0, widely={})
    assert isinstance(decide([compared]), becomes)
    assert compared.evidence
    assert 0 < compared.score < 1


def test_of_two_who_fit_alike_neither_is_sure():
    newcomer, known = profile("Viktor Golenko"), profile("Viktor Golenko")
    two = [compare(newcomer, known, number, bearers=1, namesakes=1, widely={}) for number in (1, 2)]
    assert isinstance(decide(two), Unsure)


async def read(services: Services, prepared: Prepared, body: str, *people: NamedPerson, chat: int | None = None) -> int:
    prepared.results[body] = Extraction(people=people)
    taken = await intake.take_in(services, IncomingArticle(body, forward(ANN, len(prepared.results))))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, chat)
    return taken.article


async def filed(services: Services, article: int) -> dict[str, int]:
    async with services.database.reading() as db:
        return await persons.filed(db, article)


KEEPER = "Viktor Golenko, the goalkeeper, saved."
MINISTER = "Viktor Golenko, the minister, resigned."


async def namesakes(services: Services, prepared: Prepared, chat: int | None = None) -> tuple[int, int]:
    one = await read(services, prepared, KEEPER, named(KEEPER, "Viktor Golenko", roles=("the goalkeeper",)))
    other = named(MINISTER, "Viktor Golenko", roles=("the minister",))
    return one, await read(services, prepared, MINISTER, other, chat=chat)


@ON_BOTH
async def test_namesakes_stay_two_and_the_chat_is_asked_once(services: Services, prepared: Prepared):
    one, other = await namesakes(services, prepared, ANN.id)
    assert await filed(services, one) != await filed(services, other)
    jobs = []
    while (job := await services.queue.claim(JobKind.SEND)) is not None:
        jobs.append(job)
        await services.queue.finish(job)
    asked = [job.payload for job in jobs if job.payload["what"] == "doubt"]
    assert asked == [{"what": "doubt", "doubt": 1, "chat": ANN.id}]
    shown = await doubting.show(services, ANN.id, 1)
    assert shown is not None
    assert (shown.newcomer.job_title, shown.known.job_title) == ("the minister", "the goalkeeper")
    assert await doubting.show(services, BOB.id, 1) is None


class Meeting:
    """A database in which several who write wait for each other first: all have looked by then."""

    def __init__(self, database: Database, several: int) -> None:
        self._database, self._all, self.begun = database, asyncio.Barrier(several), asyncio.Event()
        self._met = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        """Do the work once all are here, and from then on at once."""
        if not self._met:
            self.begun.set()
            await self._all.wait()
            self._met = True
        return await self._database.transact(work, alone=alone)


@ON_BOTH
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("Tarvo Lumendal", "Tarvo Lumendal"), id="alike"),
        pytest.param(("Тарво Люмендал", "Tarvo Lyumendal"), id="in other letters"),
        pytest.param(("Tarvo Lumendal", "Ines Quarrow"), id="two people"),
    ],
)
async def test_whom_articles_name_at_one_moment_is_who_it_is_one_after_the_other(
    services: Services, prepared: Prepared, names: tuple[str, str]
):
    both = []
    for number, name in enumerate(names):
        body = f"{name}, the mayor of Oru, spoke {number} times."
        prepared.results[body] = Extraction(people=(named(body, name, roles=("the mayor of Oru",)),))
        taken = await intake.take_in(services, IncomingArticle(body, forward(ANN, number)))
        assert isinstance(taken, Taken)
        both.append(taken.article)
    meeting = replace(services, database=cast(Database, Meeting(services.database, len(both))))
    await asyncio.gather(*[reading.read(meeting, article, None) for article in both])
    one, other = [{*(await filed(services, article)).values()} for article in both]
    assert (one == other) == (names[1] != "Ines Quarrow")


@ON_BOTH
async def test_a_judgement_between_comparing_and_filing_is_heeded(services: Services, prepared: Prepared):
    first, second = await namesakes(services, prepared)
    (keeper,), (minister,) = [{*(await filed(services, article)).values()} for article in (first, second)]
    body = "Viktor Golenko, the minister and goalkeeper, came back."
    roles = ("the minister", "the goalkeeper")
    prepared.results[body] = Extraction(people=(named(body, "Viktor Golenko", roles=roles),))
    taken = await intake.take_in(services, IncomingArticle(body, forward(ANN, 9)))
    assert isinstance(taken, Taken)
    meeting = Meeting(services.database, 2)
    others = replace(services, database=cast(Database, meeting))
    reading_it = asyncio.create_task(reading.read(others, taken.article, None))
    await meeting.begun.wait()
    merged = await judge(services, ANN.id, keeper, minister, Verdict.SAME, Editor(ANN.id, "Ann", ANN.id))
    assert isinstance(merged, Merged)

    async def nothing(db: Writer) -> None:
        """Let the other one go on."""

    await meeting.transact(nothing)
    await reading_it
    (row,) = {*(await filed(services, taken.article)).values()}
    assert await shown(services, row) == merged.person.id


async def test_what_is_imported_raises_doubts_and_asks_nobody(services: Services, prepared: Prepared):
    await namesakes(services, prepared)
    assert await services.queue.claim(JobKind.SEND) is None
    assert await doubting.next_open(services, ANN.id) is not None


async def test_reading_again_keeps_who_is_who(services: Services, prepared: Prepared):
    one, other = await namesakes(services, prepared)
    before = await filed(services, one), await filed(services, other)
    for article in (other, one):
        await reading.read(services, article, None, "again")
    assert (await filed(services, one), await filed(services, other)) == before
    async with services.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS found FROM doubts") == {"found": 1}


async def test_two_people_of_one_article_are_never_one(services: Services, prepared: Prepared):
    first = "Jon Hallmar left."
    await read(services, prepared, first, named(first, "Jon Hallmar"))
    body = "Jon Steinar Hallmar met Jon Hallmar."
    start = body.index("Jon Hallmar")
    assert start > 0
    article = await read(services, prepared, body, named(body, "Jon Steinar Hallmar"), named(body, "Jon Hallmar"))
    assert len(set((await filed(services, article)).values())) == 2


async def file_again(services: Services, article: int, body: str, pinned: dict[int, int | None]) -> int:
    """File the article's one person anew, as its next reading would."""
    async with services.database.transaction() as db:
        before = await persons.filed(db, article)
        await persons.remove_of_article(db, article)
        people = [named(body, "Viktor Golenko")]
        (row,) = await file_people(db, 1, article, people, NOON, pinned, before, datetime(2026, 3, 12, tzinfo=UTC))
    return row


async def test_a_pin_makes_somebody_of_their_own_who_stays_and_gives_way_when_it_is_undone(
    services: Services, prepared: Prepared
):
    bodies = [f"Viktor Golenko spoke. {number}" for number in range(2)]
    articles = [await read(services, prepared, body, named(body, "Viktor Golenko")) for body in bodies]
    machine = (await filed(services, articles[0]))["viktor golenko"]
    assert (await filed(services, articles[1]))["viktor golenko"] == machine
    own = await file_again(services, articles[1], bodies[1], {0: None})
    assert own != machine
    assert await file_again(services, articles[1], bodies[1], {0: None}) == own
    assert await file_again(services, articles[1], bodies[1], {}) == machine


async def test_a_pin_to_somebody_known_gives_way_when_it_is_undone(services: Services, prepared: Prepared):
    one, other = await namesakes(services, prepared)
    keeper, minister = await filed(services, one), await filed(services, other)
    number, machine = keeper["viktor golenko"], minister["viktor golenko"]
    assert await file_again(services, other, MINISTER, {0: number}) == number
    assert await file_again(services, other, MINISTER, {}) == machine


@pytest.mark.parametrize(
    ("newcomer", "known"),
    [
        (profile("Harrow", fellows={7: "", 8: ""}, genders=frozenset("f")), {"genders": frozenset("m")}),
        (profile("J. Harrow", fellows={7: "", 8: ""}, around=("his", "sister")), {}),
    ],
)
def test_relatives_who_are_named_in_part_are_not_taken_for_each_other(newcomer: Profile, known: dict[str, object]):
    whom = profile("John Harrow", fellows={7: "A", 8: "B"}, **known)
    assert not isinstance(decide([compare(newcomer, whom, 1, bearers=0, namesakes=0, widely={})]), Sure)


async def shown(services: Services, row: int) -> int:
    async with services.database.reading() as db:
        found = await persons.find(db, 1, row)
    assert found is not None
    return found.id


TOLD = "V. Golenko, mayor of Oru, resigned."
AGAIN = "Viktor Golenko, mayor of Oru, spoke."


async def keep_two(services: Services, prepared: Prepared) -> tuple[int, int]:
    """Two rows of one person, each with the same role: one was brought in when nothing tied it to the other."""
    one = await read(services, prepared, TOLD, named(TOLD, "V. Golenko", roles=("mayor of Oru",)))
    other = await read(services, prepared, AGAIN, named(AGAIN, "Viktor Golenko", roles=("mayor of Oru",)))
    first = await file_again(services, other, AGAIN, {0: None})
    async with services.database.transaction() as db:
        await persons.add_roles(db, other, first, ["mayor of Oru"], NOON)
        await db.run("DELETE FROM pinned_persons")
    return (await filed(services, one))["v golenko"], first


async def test_the_machine_joins_two_rows_once_an_article_makes_it_sure(services: Services, prepared: Prepared):
    one, other = await keep_two(services, prepared)
    assert await shown(services, one) != await shown(services, other)
    third = "Viktor Golenko, mayor of Oru, sang."
    await read(services, prepared, third, named(third, "Viktor Golenko", roles=("mayor of Oru",)))
    assert await shown(services, one) == await shown(services, other)
    async with services.database.reading() as db:
        (made,) = await corrections.latest(db, 1, 9)
        assert await corrections.latest_standing(db, 1, ANN.id) is None
    assert made.new.editor == MACHINE
    assert made.new.corrected["evidence"]


async def test_what_the_machine_joined_is_taken_back_for_good(services: Services, prepared: Prepared):
    one, other = await keep_two(services, prepared)
    for verb in ("sang", "danced"):
        body = f"Viktor Golenko, mayor of Oru, {verb}."
        await read(services, prepared, body, named(body, "Viktor Golenko", roles=("mayor of Oru",)))
        if verb == "sang":
            assert await shown(services, one) == await shown(services, other)
            await undo(services, ANN.id, 1, Editor(1, "Ann", ANN.id))
        assert await shown(services, one) != await shown(services, other)


@pytest.mark.parametrize("verdict", [Verdict.DIFFERENT, Verdict.UNSURE])
async def test_the_machine_does_not_talk_over_people(services: Services, prepared: Prepared, verdict: Verdict):
    one, other = await keep_two(services, prepared)
    await judge(services, ANN.id, one, other, verdict, Editor(1, "Ann", ANN.id))
    body = "Viktor Golenko, mayor of Oru, sang."
    await read(services, prepared, body, named(body, "Viktor Golenko", roles=("mayor of Oru",)))
    assert await shown(services, one) != await shown(services, other)


async def test_two_whom_one_article_names_are_never_joined(services: Services, prepared: Prepared):
    body = "Viktor Golenko, mayor of Oru, met V. Golenko, mayor of Oru."
    whole, half = (named(body, name, roles=("mayor of Oru",)) for name in ("Viktor Golenko", "V. Golenko"))
    both = await filed(services, await read(services, prepared, body, whole, half))
    await read(services, prepared, AGAIN, named(AGAIN, "Viktor Golenko", roles=("mayor of Oru",)))
    assert len({await shown(services, row) for row in both.values()}) == 2


async def test_somebody_known_by_half_a_name_is_called_by_the_whole_one(services: Services, prepared: Prepared):
    first, second = "V. Golenko, mayor of Oru.", "Viktor Golenko, mayor of Oru."
    await read(services, prepared, first, named(first, "V. Golenko", roles=("mayor of Oru",)))
    article = await read(services, prepared, second, named(second, "Viktor Golenko", roles=("mayor of Oru",)))
    number = (await filed(services, article))["viktor golenko"]
    async with services.database.reading() as db:
        found = await persons.find(db, 1, number)
        assert found is not None
        assert (found.name, found.articles) == ("Viktor Golenko", 2)


async def test_an_answer_merges_and_the_doubt_is_settled(services: Services, prepared: Prepared):
    await namesakes(services, prepared)
    became = await doubting.answer(services, ANN.id, 1, Verdict.SAME, Editor(1, "Ann", ANN.id))
    assert became is not None
    assert isinstance(became.outcome, Merged)
    assert became.outcome.person.articles == 2
    assert await doubting.next_open(services, ANN.id) is None
