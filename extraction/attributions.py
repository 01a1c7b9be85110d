"""Who says, thinks or shows what: the attributions of an article.

Source, cue and content are found by rules over the dependency parse, one construction at a time, as in the PARC
and PolNeAR corpora (Pareti 2012; Newell et al. 2018); the quotation marks decide where the words of a quotation end.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from domain.extraction import Attribution, AttributionKind, Factuality, Source
from extraction.candidates import Candidate
from extraction.content_spans import finish
from extraction.factuality import factuality
from extraction.findings import findings
from extraction.lexicon import cue_lexicon, cue_verbs
from extraction.nominal_cues import nominal_candidates
from extraction.pipeline import passage_of
from extraction.quotations import QuotationIndex
from extraction.quoted_speech import quoted_candidates
from extraction.selection import select
from extraction.speakers import Speakers
from extraction.spoken_lines import spoken_lines
from extraction.trees import fill, readable_words
from extraction.verbal_cues import verbal_candidates


@dataclass(frozen=True, slots=True)
class AttributionInDoc:
    """An attribution as runs of tokens; ``source`` and ``cue`` may be empty."""

    source: tuple[DocSpan, ...]
    cue: tuple[DocSpan, ...]
    content: tuple[DocSpan, ...]
    kind: AttributionKind
    factuality: Factuality
    person: int | None = None
    construction: str = ""


def pieces(doc: Doc, tokens: Iterable[int]) -> tuple[DocSpan, ...]:
    """Return the runs of consecutive tokens, none of which crosses a paragraph."""
    numbers = findings(doc).paragraph_of
    runs: list[list[int]] = []
    for i in sorted(tokens):
        if runs and runs[-1][1] == i and (not numbers or numbers[i] == numbers[i - 1]):
            runs[-1][1] = i + 1
        else:
            runs.append([i, i + 1])
    return tuple(doc[start:end] for start, end in runs)


@Language.component("presswatch_attributions")
def find_attributions(doc: Doc) -> Doc:
    """Leave the article's attributions in ``findings(doc).attributions``, in the order of the text."""
    index = QuotationIndex(findings(doc).quotations)
    lexicon, words = cue_lexicon(), list(readable_words(doc))
    verbs = cue_verbs(words, lexicon)
    found = [
        *spoken_lines(doc, index),
        *verbal_candidates(verbs, index),
        *nominal_candidates(words, lexicon),
        *quoted_candidates(doc, verbs, index),
    ]
    chosen = select(doc, finish(doc, found, index))
    speakers = Speakers(doc)
    findings(doc).attributions = tuple(_in_doc(doc, candidate, speakers) for candidate in chosen)
    return doc


def _in_doc(doc: Doc, candidate: Candidate, speakers: Speakers) -> AttributionInDoc:
    return AttributionInDoc(
        source=pieces(doc, candidate.source),
        cue=pieces(doc, candidate.cue),
        content=pieces(doc, fill(doc, candidate.content)),
        kind=candidate.kind,
        factuality=factuality(doc, candidate),
        person=speakers.person_of(candidate.source),
        construction=candidate.construction.value,
    )


def to_domain(doc: Doc) -> tuple[Attribution, ...]:
    """Return ``findings(doc).attributions`` with offsets into the text as received, in the order of the text."""
    return tuple(_to_domain(found) for found in findings(doc).attributions)


def _to_domain(found: AttributionInDoc) -> Attribution:
    source = None
    if found.source:
        said_by = passage_of(found.source)
        source = Source(said_by.text, said_by.spans, found.person)
    return Attribution(
        source=source,
        cue=passage_of(found.cue) if found.cue else None,
        content=passage_of(found.content),
        factuality=found.factuality,
        kind=found.kind,
    )
