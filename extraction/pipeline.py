"""The two spaCy pipelines an article goes through.

1. The language's own pipeline reads each paragraph by itself, because a parser that sees the whole text merges
   paragraphs and moves closing quotes.
2. The paragraphs become one Doc, and the article pipeline's components, which need to look across paragraphs
   (a speaker carried on, a surname explained earlier), run over that. Each is registered under a name of its own
   and leaves its result in the Doc's findings.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from thinc.api import use_ops

from domain.extraction import Metadata, Passage, Span
from extraction.findings import findings
from extraction.layout import Paragraph
from extraction.named_spans import NamedSpan
from extraction.quickened import quicken
from extraction.relations import is_universal
from extraction.stages import Stage, stage

ARTICLE_COMPONENTS = (
    "presswatch_quotations",
    "presswatch_people",
    "presswatch_attributions",
    "presswatch_claims",
)

# What pipelines call people.
PEOPLE_LABELS = frozenset({"PERSON", "PER", "persName", "PRS", "PERSOON"})

# Components that need no strings but those of the text, their labels and their own tables.
_SELF_CONTAINED = frozenset({"tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "ner"})

# What the rules ask of words in the joined Doc: not their morphology, which takes half of the time of joining.
_ASKED: list[int | str] = ["TAG", "POS", "LEMMA", "HEAD", "DEP", "SENT_START", "ENT_IOB", "ENT_TYPE"]

# What no reader sees, and what would cost the tokenizer time in the square of its length: a run of signs without a
# space, longer than any word or address.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ENDLESS = re.compile(r"\S{120,}")


@dataclass(frozen=True, slots=True)
class Pipelines:
    """A language's own pipeline and the article pipeline that shares its vocabulary."""

    paragraphs: Language
    article: Language


@cache
def load_pipelines(model: str) -> Pipelines:
    """Load the installed spaCy pipeline ``model``, once a process, and add the article components.

    Raises OSError where no such pipeline is installed.
    """
    with warnings.catch_warnings():
        # W095: trained by another minor release of spaCy. The default model is; it was measured to work.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        # numpy multiplies by OpenBLAS. BLIS, spaCy's choice, takes its plain kernel, which is three times as slow, on
        # processors that it does not know.
        with use_ops("numpy", use_blis=False):
            # The strings are every word of the vectors: two thirds of the time of loading, and a third of the memory.
            paragraphs = spacy.load(model, exclude=["strings"])
    _add_strings(paragraphs)
    quicken(paragraphs)
    if is_universal(paragraphs):
        paragraphs.add_pipe("presswatch_relations", last=True)
    # It is given words, not text; a tokenizer of its own would only take time to make.
    article = Language(vocab=paragraphs.vocab, create_tokenizer=lambda _: paragraphs.tokenizer)
    for name in ARTICLE_COMPONENTS:
        article.add_pipe(name)
    return Pipelines(paragraphs, article)


def _add_strings(paragraphs: Language) -> None:
    """Give a pipeline that was loaded without its strings those that it may be asked for beside a text's own."""
    if {paragraphs.get_pipe_meta(name).factory for name in paragraphs.component_names} <= _SELF_CONTAINED:
        for name in paragraphs.component_names:
            for label in getattr(paragraphs.get_pipe(name), "labels", ()):
                paragraphs.vocab.strings.add(label)
    else:
        paragraphs.vocab.strings.from_disk(paragraphs.path / "vocab" / "strings.json")


def named_by_model(pipelines: Pipelines, text: str) -> list[NamedSpan]:
    """Return the people whom a language's own pipeline finds in a paragraph."""
    entities = (entity for entity in pipelines.paragraphs(text).ents if entity.label_ in PEOPLE_LABELS)
    return [NamedSpan(one.text, Span(one.start_char, one.end_char), " ".join(one.text.split())) for one in entities]


def check_pipeline(language: str, model: str) -> str | None:
    """Return why an installed package is no pipeline for a language, or None where it is one."""
    try:
        paragraphs = load_pipelines(model).paragraphs
    except (OSError, ValueError, AttributeError) as error:
        return str(error)
    if paragraphs.lang != language:
        return f"it is for {paragraphs.lang}, not {language}"
    return None if paragraphs.has_pipe("ner") else "it finds no names"


def legible(text: str) -> str:
    """Return ``text`` with spaces, one for one, for what no reader sees and for runs that are no words."""
    return _ENDLESS.sub(lambda run: " " * len(run.group()), _UNSEEN.sub(" ", text))


def read(pipelines: Pipelines, paragraphs: Sequence[Paragraph], metadata: Metadata | None = None) -> Doc:
    """Parse each paragraph by itself and run the article's components over them all as one Doc."""
    with stage(Stage.MODEL):
        docs = list(pipelines.paragraphs.pipe(legible(paragraph.text) for paragraph in paragraphs))
    merged = Doc.from_docs(docs, attrs=_ASKED) or Doc(pipelines.paragraphs.vocab)
    known = findings(merged)
    known.starts = [
        paragraph.span.start + place
        for paragraph, doc in zip(paragraphs, docs, strict=True)
        for place in doc.to_array("IDX").tolist()
    ]
    known.paragraph_of = [index for index, doc in enumerate(docs) for _ in range(len(doc))]
    known.paragraphs = tuple(paragraphs)
    known.metadata = metadata
    with stage(Stage.ARTICLE):
        return pipelines.article(merged)


def span_of(tokens: DocSpan) -> Span:
    """Return the characters of the text as received that a run of tokens in one paragraph stands for."""
    starts = findings(tokens.doc).starts
    last = tokens.end - 1
    return Span(starts[tokens.start], starts[last] + len(tokens.doc[last].text))


def as_received(tokens: DocSpan) -> str:
    """Return the very characters that a run of tokens in one paragraph stands for, unseen ones included."""
    known = findings(tokens.doc)
    paragraph, span = known.paragraphs[known.paragraph_of[tokens.start]], span_of(tokens)
    return paragraph.text[span.start - paragraph.span.start : span.end - paragraph.span.start]


def passage_of(pieces: Sequence[DocSpan]) -> Passage:
    """Return runs of tokens, in their order, as a passage of the text as received."""
    text = " ".join(" ".join(piece.text.split()) for piece in pieces)
    return Passage(text, tuple(span_of(piece) for piece in pieces))
