"""The two spaCy pipelines an article goes through.

1. The language's own pipeline reads each paragraph by itself, because a parser that sees the whole text merges
   paragraphs and moves closing quotes.
2. The paragraphs become one Doc, and the article pipeline's components, which need to look across paragraphs
   (a speaker carried on, a surname explained earlier), run over that. Each is registered under a name of its own
   and leaves its result in an extension of the Doc.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span as DocSpan, Token

from domain.extraction import Span
from extraction.layout import Paragraph

ARTICLE_COMPONENTS = ("presswatch_quotations", "presswatch_people", "presswatch_attributions", "presswatch_claims")


@dataclass(frozen=True, slots=True)
class Pipelines:
    """A language's own pipeline and the article pipeline that shares its vocabulary."""

    paragraphs: Language
    article: Language
