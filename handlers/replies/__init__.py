"""The words of the bot: plain values in, HTML for Telegram out. All text from outside is escaped by MarkupSafe."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; ``data``, at most 64 bytes, comes back when somebody taps it.

    Where that is the address of a page, beginning with https, a tap opens it.
    """

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: HTML of at most ``layout.LIMIT`` visible characters, and rows of buttons.

    One that ``asks`` has no buttons; Telegram lets its reader answer to it at once.
    """

    text: Markup
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: bool = False
