"""The bot in a terminal: the real one, over a Telegram that lives in this process."""
