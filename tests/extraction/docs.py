"""Docs as the article pipeline sees them: one paragraph a line, offsets into the text."""

from spacy.language import Language
from spacy.tokens import Doc

from extraction.findings import findings


def article(model: Language, text: str) -> Doc:
    """Parse each line of ``text`` by itself and join them, as ``extraction.pipeline.read`` does."""
    docs = [model(line) for line in text.split("\n") if line]
    starts, place = [], 0
    for line, doc in zip((line for line in text.split("\n") if line), docs, strict=True):
        place = text.index(line, place)
        starts += [place + token.idx for token in doc]
        place += len(line)
    joined = Doc.from_docs(docs) or Doc(model.vocab)
    findings(joined).starts = starts
    findings(joined).paragraph_of = [number for number, doc in enumerate(docs) for _ in doc]
    return joined
