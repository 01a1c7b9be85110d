"""``python -m bot`` is ``presswatch``."""

from bot.cli import main

main()
