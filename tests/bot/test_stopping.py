"""A process that is told to stop ends, whatever does not."""

import subprocess
import sys

from bot.running import CUT_OFF

_STOPS = """
import asyncio, os, signal, threading
from datetime import timedelta
from bot.running import stopped_by_signals

async def main():
    stop = stopped_by_signals(timedelta(seconds={patience}))
    if {hangs}:
        asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    os.kill(os.getpid(), signal.SIGTERM)
    await stop.wait()
    print("told to stop", flush=True)

asyncio.run(main())
"""


def stopped(*, hangs: bool, patience: float) -> tuple[int, str]:
    told = [sys.executable, "-c", _STOPS.format(hangs=hangs, patience=patience)]
    ran = subprocess.run(told, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  # ours
    return ran.returncode, ran.stdout + ran.stderr


def test_a_process_whose_thread_hangs_is_cut_off_and_says_so():
    code, said = stopped(hangs=True, patience=0.1)
    assert code == CUT_OFF
    assert "told to stop" in said and "bot.cut_off" in said


def test_a_process_that_ends_by_itself_is_not_cut_off():
    code, said = stopped(hangs=False, patience=60)
    assert code == 0
    assert "told to stop" in said and "bot.cut_off" not in said
