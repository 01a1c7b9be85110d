"""How a chat looks in a terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.local_telegram import Message

_STYLES = {"bold": "bold", "italic": "italic", "underline": "underline", "code": "cyan", "text_link": "blue"}


class Screen:
    """Prints what is said; buttons are numbered, so that typing a number presses one."""

    def __init__(self, console: Console, bot: str) -> None:
        self._console = console
        self._bot = bot

    def note(self, text: str) -> None:
        """Print a line about the chat itself."""
        self._console.print(Text(text, style="dim"))

    def said(self, text: str, forwarded_from: str | None = None) -> None:
        """Print what the person wrote."""
        head = f"You (forwarded from {forwarded_from})" if forwarded_from else "You"
        self._console.print(Text(f"\n{head}", style="bold green"))
        self._console.print(Padding(Text(text), (0, 0, 0, 2)))

    def answered(self, message: Message, attached: str | None = None) -> None:
        """Print what the bot wrote, or how a message of the bot's reads now; ``attached`` tells of its file."""
        head = "Presswatch (edited)" if message.edits else "Presswatch"
        self._console.print(Text(f"\n{head}", style="bold magenta"))
        if attached:
            self._console.print(Padding(Text(attached, style="cyan"), (0, 0, 0, 2)), soft_wrap=True)
        if message.text:
            self._console.print(Padding(_styled(message, self._bot), (0, 0, 0, 2)))
        for number, button in enumerate(message.buttons, start=1):
            self._console.print(Text(f"  [{number}] {button.text}", style="yellow"))

    def reacted(self, reaction: str) -> None:
        """Print the bot's reaction to what the person wrote."""
        self._console.print(Text(f"  Presswatch: {reaction}", style="magenta"))


def _styled(message: Message, bot: str) -> Text:
    """Return a message with its styles; a link that is a command to the bot is followed by that command."""
    units = message.text.encode("utf-16-le")
    text = Text()
    place = 0
    for start, end, style, url in _runs(message):
        text.append(_decoded(units, place, start))
        text.append(_decoded(units, start, end), style=f"{style} link {url}" if url else style)
        command = (url or "").partition(f"https://t.me/{bot}?start=")[2]
        text.append(f" /start {command}" if command else "", style="dim")
        place = end
    text.append(_decoded(units, place, len(units) // 2))
    return text


def _runs(message: Message) -> list[tuple[int, int, str, str | None]]:
    """Return the styled pieces in order, in UTF-16 units; of nested ones the outer."""
    runs: list[tuple[int, int, str, str | None]] = []
    for entity in sorted(message.entities, key=lambda each: (each["offset"], -each["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] in _STYLES and (not runs or start >= runs[-1][1]):
            runs.append((start, end, _STYLES[entity["type"]], entity.get("url")))
    return runs


def _decoded(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le")
