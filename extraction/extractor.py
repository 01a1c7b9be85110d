"""From an article's text to what it says: the one way in."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata, Reading, Span
from extraction import attributions, claims, people
from extraction.credits import credited_agency, known_agency
from extraction.fingerprint import fingerprint
from extraction.gists import with_gists
from extraction.languages import ENGLISH, FurtherModels, has_words, read_data, reading
from extraction.layout import Paragraph, ParagraphKind, paragraphs
from extraction.lead import lead_claims
from extraction.metadata import prefer, read_metadata
from extraction.named_spans import NamedSpan, people_of
from extraction.notices import with_notices
from extraction.pipeline import Pipelines, legible, load_pipelines, named_by_model, read
from extraction.scripts import is_foreign, is_in_script, script_of
from extraction.stages import Stage, stage

FindNames = Callable[[str], list[NamedSpan]]

_READ = frozenset({ParagraphKind.HEADLINE, ParagraphKind.BODY, ParagraphKind.CAPTION})
_LATIN = "LATIN"


class Extractor:
    """Reads articles with one loaded model; keep one a process, loading takes seconds.

    ``further`` names the pipelines of other languages, which are loaded when an article first needs them.
    """

    def __init__(self, pipelines: Pipelines, further: Mapping[str, str] | None = None) -> None:
        self._pipelines = pipelines
        self._further = further or {}

    def extract(self, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
        """Return what ``text`` says; metadata that is already known (``given``) wins over what the page says."""
        with stage(Stage.PAGE):
            page, script = paragraphs(text), script_of(text)
            marks = fingerprint(page)
            if script is None and text.strip():
                return ExtractionFailure(FailureReason.UNREADABLE_SCRIPT, marks)
            own = read_metadata(page)
            metadata = prefer(given, own)
            lines = [line for line in page if line.kind in _READ and is_in_script(line.text, script or _LATIN)]
            # The text tells its language surer than its page does.
            language = own.language or (ENGLISH if script in (_LATIN, None) else None)
            agency = credited_agency(page) or known_agency(metadata.publisher)
        found = self._read(language, lines, metadata)
        if language == ENGLISH:
            found = with_notices(self._pipelines, page, found)
        return replace(found, fingerprint=marks, agency=agency)

    def _read(self, language: str | None, lines: Sequence[Paragraph], metadata: Metadata) -> Extraction:
        if language == ENGLISH:
            return _in_full(self._pipelines, ENGLISH, [line for line in lines if not is_foreign(line.text)], metadata)
        if language is not None and language in self._further:
            pipelines = load_pipelines(self._further[language])
            if has_words(language):
                return _in_full(pipelines, language, lines, metadata)
            return _by_names(lambda text: named_by_model(pipelines, text), lines, metadata)
        find = _name_finder(language) if language else None
        if find is not None:
            return _by_names(find, lines, metadata)
        return Extraction(metadata=metadata, claims=lead_claims(lines), reading=Reading.LEAD)


def _in_full(pipelines: Pipelines, language: str, lines: Sequence[Paragraph], metadata: Metadata) -> Extraction:
    with reading(language):
        doc = read(pipelines, lines, metadata)
        with stage(Stage.ARTICLE):
            said, keys = with_gists(doc, attributions.to_domain(doc), claims.to_domain(doc))
            found = Extraction(metadata=metadata, people=people.to_domain(doc), attributions=said, claims=keys)
            # What a Doc keeps points back to it: without that it goes at once, and waits for no collection.
            doc.user_data.clear()
            return found


def _by_names(find: FindNames, lines: Sequence[Paragraph], metadata: Metadata) -> Extraction:
    with stage(Stage.MODEL):
        found = [_placed(name, line) for line in lines for name in find(legible(line.text))]
    named = people_of(found)
    return Extraction(metadata=metadata, people=named, claims=lead_claims(lines, named), reading=Reading.PEOPLE)


def _placed(name: NamedSpan, line: Paragraph) -> NamedSpan:
    base = line.span.start
    received = line.text[name.span.start : name.span.end]
    return replace(name, text=received, span=Span(base + name.span.start, base + name.span.end))


@cache
def _name_finder(language: str) -> FindNames | None:
    """Return what finds names in a language without a pipeline, where its packages are installed."""
    known = read_data("languages.toml")["name_finders"].get(language)
    if known is None or not all(importlib.util.find_spec(package) for package in known["needs"]):
        return None
    found: FindNames = importlib.import_module(known["module"]).load()
    return found


@cache
def load_extractor(model: str, further: FurtherModels = ()) -> Extractor:
    """Return this process's extractor for installed spaCy pipelines: English and, by language, others."""
    return Extractor(load_pipelines(model), dict(further))
