"""``presswatch``, which is ``python -m bot`` as well.

The processes that read articles import the main module again: hence nothing stands here that takes a while to load.
"""

import gc
import os
import sys

# Where articles come in from the first moment on.
_READING = ("run", "worker")


def main() -> None:
    """Run the command line; where articles are to be read, their model is loaded meanwhile."""
    # What is imported stays: to look through it for what can be collected takes a fifth of the time of importing it.
    gc.disable()
    reads = sys.argv[1:2] in ([each] for each in _READING)
    if reads:
        _begin_to_load()
    from bot.cli import main as command_line

    if reads:
        import bot.running  # noqa: F401
    gc.freeze()
    gc.enable()
    command_line()


def _begin_to_load() -> None:
    """Guess the model as the settings will have it, which are known in half a second; a wrong guess only costs time."""
    from dotenv import dotenv_values

    from bot.defaults import MODEL, PREFIX
    from extraction.forking import begin

    try:
        given = {**dotenv_values(".env"), **os.environ}
    except (OSError, ValueError):
        # It is no readable text, which the settings will say.
        return
    begin((given.get(f"{PREFIX}MODEL") or MODEL).replace("-", "_"))


if __name__ == "__main__":
    main()
