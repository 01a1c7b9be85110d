"""An article's text as a page: which lines are its body and which are furniture.

Pure text, no model: a paragraph is one non-empty line of the text as received.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.extraction import Span


class ParagraphKind(StrEnum):
    """What a line is on the page."""

    BODY = "body"
    HEADLINE = "headline"
    METADATA = "metadata"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; ``text`` equals the characters of ``span``."""

    kind: ParagraphKind
    text: str
    span: Span
