"""Whatever fails: each article is there once and answered, each digest came once or is uncertain, and the log tells."""

import asyncio
from pathlib import Path

import pytest

from bot.local_telegram.people import FIRST_USER_ID
from tests.faults.bot import Order
from tests.faults.faults import BAD_ARTICLES, BRIEFLY, FAULTS, Fault, after_kills, killed
from tests.faults.scene import ONE, PATIENCE, SUBSCRIBERS, Nursery, Scene, scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

# By hand it is fifty: python -m benchmarks.faults.
MOMENTS = 25


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_passes_and_nothing_is_lost(stage: Scene, fault: Fault):
    if stage.mode not in fault.modes:
        pytest.skip(f"there is no such thing with {stage.mode.name}")
    await fault.happens(stage, BRIEFLY)
    await stage.is_well(fault.may)


async def test_killed_at_random_moments_a_bot_loses_nothing(stage: Scene):
    if stage.mode is not ONE:
        pytest.skip(
            "tests/bot/test_kill_worker.py kills one of several, and python -m benchmarks.faults does at random"
        )
    await killed(stage, MOMENTS)
    await stage.is_well(after_kills(MOMENTS, stage.mode))


async def test_a_wrong_token_ends_any_process_with_a_sentence(stage: Scene, young: Nursery, tmp_path: Path):
    wrong = {**stage.environment, "PRESSWATCH_TOKEN": "1000000009:no-such-token", "PRESSWATCH_LISTEN": "127.0.0.1:0"}
    for command in {*stage.mode.commands}:
        log = tmp_path / command
        await (await young.start(Order(command, wrong, str(log), str(stage.folder / "clock")))).ended()
        lines = log.read_text(encoding="utf-8").splitlines()
        assert lines[-1] == "PRESSWATCH_TOKEN: Telegram does not know this token. Ask @BotFather for the right one."


async def test_whoever_looks_after_the_bot_is_told_that_another_fetches_its_updates(tmp_path: Path, young: Nursery):
    # Whoever comes after the bot and those who subscribe.
    watched = {"PRESSWATCH_OPERATOR_CHAT": str(FIRST_USER_ID + 1 + SUBSCRIBERS)}
    async with scene(ONE, tmp_path, young, f"sqlite:///{tmp_path}/faults.db", environment=watched) as made:
        operator = made.local.create_private_chat(made.local.create_user("Operator"))
        # At the start, the other one may be the process before.
        made.forward()
        await made.rest()
        async with asyncio.timeout(PATIENCE):
            while not any("(409)" in each.text for each in made.local.messages(operator)):
                await made.local.call("getUpdates", {"timeout": "0"})
                await asyncio.sleep(0.1)


async def test_articles_that_ruin_their_readers_cost_themselves_alone(tmp_path: Path, young: Nursery):
    url = f"sqlite:///{tmp_path}/faults.db"
    async with scene(ONE, tmp_path, young, url, real_pool=True) as made:
        await BAD_ARTICLES.happens(made, BRIEFLY)
        await made.is_well(BAD_ARTICLES.may)
