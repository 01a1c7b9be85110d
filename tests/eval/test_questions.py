"""The gate for answers: questions of ours over the sample articles, each with the person and the claims it should get.

A third of them, ``held_out.jsonl``, was written before anything could answer. ``pytest -s`` prints the table.

A case has ``ask``, what was asked ``after`` which it replies, and what an answer must show: the ``person`` it is about,
whom to choose from (``several``), who is ``named``, claims with these words (``has``) and none with those (``lacks``);
``none`` says that nothing may be found, ``talk`` that there may be no answer at all, and ``near`` that it is enough if
the claims come near.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.articles import IncomingArticle, Taken
from domain.corrections import Editor, Verdict
from domain.ledger import Dossier, NobodyFound, SeveralPersons
from domain.questions import Answer, ClaimsFound, Fellows, NothingFound
from extraction.extractor import Extractor
from services import Services, intake, reading, relating
from services.asking.questions import parse
from services.asking.telling import claims_in
from services.asking.unasked import in_words
from services.identity import doubting
from tests.bot.support import SEEDS
from tests.eval.archive import InProcess, opened
from tests.samples import chat_identity, forward

FOLDER = Path(__file__).parent / "questions"
ANN = chat_identity()
# The day after the newest of the articles.
NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
# Lowering one takes a reason.
FLOORS = {"held_out": 0.92, "questions": 0.97}

Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


async def _fill(path: Path, extractor: Extractor) -> None:
    async with opened(path, InProcess(extractor), lambda: NOW) as services:
        for number, file in enumerate(sorted(SEEDS.glob("*.txt")), 1):
            text = file.read_text(encoding="utf-8").strip()
            taken = await intake.take_in(services, IncomingArticle(text, forward(ANN, number)), alone=True)
            assert isinstance(taken, Taken)
            await reading.read(services, taken.article, ANN.id)
            await relating.relate(services, taken.article, "read")
        await _settle_doubts(services)


async def _settle_doubts(services: Services) -> None:
    """Answer what the bot asks, as a reader does who knows that there are two of one name."""
    after = 0
    while (open_ := await doubting.next_open(services, ANN.id, after)) is not None and open_.doubt.id > after:
        after = open_.doubt.id
        names = (open_.newcomer.name, open_.known.name)
        same = names[0] == names[1] != "Emil Sandvoort"
        verdict = Verdict.SAME if same else Verdict.UNSURE
        await doubting.answer(services, ANN.id, open_.doubt.id, verdict, Editor(ANN.id, "Ann", ANN.id))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, extractor: Extractor) -> Path:
    """An archive of all sample articles, read once."""
    path = tmp_path_factory.mktemp("questions") / "archive.db"
    asyncio.run(_fill(path, extractor))
    return path


@pytest.fixture
async def services(archive: Path, extractor: Extractor) -> AsyncIterator[Services]:
    async with opened(archive, InProcess(extractor), lambda: NOW) as services:
        yield services


async def ask(services: Services, case: Case) -> Answer | None:
    """What a private chat is answered, guesses at questions of no known shape included."""
    before = None
    for earlier in case.get("after", ()):
        before = parse(earlier, before, alone=True)
    found = await in_words(services, ANN.id, case["ask"], before, alone=True)
    return found[1] if found else None


def faults(case: Case, given: Answer | None) -> list[str]:
    """What is wrong about an answer."""
    near = isinstance(given, ClaimsFound) and given.near
    if case.get("talk"):
        return [] if given is None else ["talk was answered"]
    if case.get("none"):
        return [] if near or given is None or isinstance(given, NobodyFound | NothingFound) else ["something was found"]
    texts = [claim.text for claim in claims_in(given)] if given else []
    names = [each.name for each in given.fellows] if isinstance(given, Fellows) else []
    choice = [each.name for each in given.candidates] if isinstance(given, SeveralPersons) else []
    found = [f"lacks {words}" for words in case.get("has", ()) if not any(words in text for text in texts)]
    found += [f"has {words}" for words in case.get("lacks", ()) if any(words in text for text in texts)]
    found += [f"does not name {name}" for name in case.get("named", ()) if name not in names]
    found += [f"does not offer {name}" for name in case.get("several", ()) if name not in choice]
    person = given.person if isinstance(given, Dossier | ClaimsFound | Fellows | NothingFound) else None
    if "person" in case and (person is None or person.name != case["person"]):
        found.append(f"is about {person.name if person else 'nobody'}")
    return found + (["only comes near"] if near and not case.get("near") else [])


@pytest.mark.parametrize("name", ["held_out", "questions"])
async def test_questions_get_the_right_person_and_the_right_claims(services: Services, name: str):
    results = [(case, faults(case, await ask(services, case))) for case in cases(name)]
    asked = [found for case, found in results if not case.get("talk")]
    talk = [found for case, found in results if case.get("talk")]
    for case, found in results:
        if found:
            print(f"{name}: {case['ask']!r}: {'; '.join(found)}")
    right = sum(not found for found in asked) / len(asked)
    print(f"{name}: {right:.1%} of {len(asked)} questions right, {sum(map(bool, talk))} of {len(talk)} talk answered")
    assert right >= FLOORS[name]
    assert not any(talk)


async def test_talk_in_any_language_is_not_answered_with_claims(services: Services):
    """Nobody is to be told of a dead cheese-eater who asks what to cook for nine people."""
    answered = [case["ask"] for case in cases("talk") if faults(case, await ask(services, case))]
    assert not answered


def test_there_are_enough_of_them():
    """A hundred and twenty questions, a hundred and forty texts that are none, no text twice."""
    every = [case for name in (*FLOORS, "talk") for case in cases(name)]
    assert sum(not case.get("talk") for case in every) >= 120
    assert sum(bool(case.get("talk")) for case in every) >= 140
    said = [json.dumps([case.get("after"), case["ask"]]) for case in every]
    assert len(set(said)) == len(said)
