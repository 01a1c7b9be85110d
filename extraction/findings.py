"""What the readers of an article leave with its Doc for those that come after them.

spaCy's own place for that, ``doc._``, takes fifteen times as long to ask, and the rules ask it at every other word.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from domain.extraction import Metadata
from extraction.layout import Paragraph

if TYPE_CHECKING:
    from extraction.attributions import AttributionInDoc
    from extraction.claims import ClaimInDoc
    from extraction.people import PersonInDoc
    from extraction.quotations import Quotation

_FINDINGS = "presswatch_findings"  # where a Doc keeps them


@dataclass(slots=True)
class Findings:
    """What is known of an article so far.

    ``starts`` are each token's first character in the text as received, ``paragraph_of`` the index of its paragraph,
    ``metadata`` what the page says about itself, as far as it is known before reading. ``loud`` are the paragraphs in
    which capitals tell nothing, ``places`` single words that the model calls a place, ``nouns`` lemmas of nouns that
    the article writes small. ``people`` and ``attributions`` are in the order of the text, ``claims`` best first.
    """

    starts: Sequence[int] = ()
    paragraph_of: Sequence[int] = ()
    paragraphs: Sequence[Paragraph] = ()
    metadata: Metadata | None = None
    quotations: "Sequence[Quotation]" = ()
    loud: AbstractSet[int] = frozenset()
    places: AbstractSet[str] = frozenset()
    nouns: AbstractSet[str] = frozenset()
    people: "Sequence[PersonInDoc]" = ()
    attributions: "Sequence[AttributionInDoc]" = ()
    claims: "Sequence[ClaimInDoc]" = ()


def findings(doc: Doc) -> Findings:
    """Return what a Doc's readers have found so far; each adds its own."""
    known: Findings | None = doc.user_data.get(_FINDINGS)
    if known is None:
        doc.user_data[_FINDINGS] = known = Findings()
    return known
