"""The measure measures: what it counts, and that there is enough to count."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.eval.identity import articles, generate, measure
from tests.eval.identity.measure import Appearance, Outcome, score


def appearance(gold: str, filed: int, article: str = "a") -> Appearance:
    return Appearance(article, gold, gold.rstrip("?"), "?" not in gold, filed)


def outcome(*appearances: Appearance, doubts: tuple[tuple[int, int], ...] = ()) -> Outcome:
    return Outcome(9, len(appearances), appearances, frozenset(map(frozenset, doubts)))


def test_pairs_are_right_wrong_or_missed() -> None:
    """Three of one person, of whom one is filed with somebody else."""
    found = score(outcome(appearance("ann", 1), appearance("ann", 1), appearance("ann", 2), appearance("bob", 2)))
    assert (found.right, len(found.wrong), len(found.missed), found.mixed) == (1, 1, 2, 1)
    assert (found.precision, found.recall, found.f1) == (1 / 2, 1 / 3, 2 / 5)


def test_what_is_asked_can_still_become_right() -> None:
    """A doubt about two rows of one person is a right one, about two people an idle one."""
    rows = [appearance("ann", 1), appearance("ann", 2), appearance("bob", 3)]
    found = score(outcome(*rows, doubts=((1, 2), (2, 3))))
    assert (found.asked, found.doubts, found.idle, found.open) == (1, 2, 1, 0)
    assert (found.recall, found.answered) == (0.0, 1.0)


@pytest.mark.parametrize(("filed", "groundless"), [(1, 1), (2, 0)])
def test_whom_nobody_can_tell_counts_in_no_pair(filed: int, groundless: int) -> None:
    """But is counted apart where joined with somebody; a doubt about them is neither right nor idle."""
    found = score(outcome(appearance("ann", 1), appearance("ann?", filed), doubts=((1, filed),)))
    assert (found.right, len(found.missed), found.unsure, len(found.groundless)) == (0, 0, 1, groundless)
    assert (found.doubts, found.open) == ((0, 0) if groundless else (1, 1))


def test_marks_are_taken_out_of_a_text() -> None:
    """Names and roles keep the article's own words."""
    line = {
        "id": "m",
        "date": "2026-01-02",
        "publisher": "P",
        "text": "{kos=Pilot} {kos|Ivo Kos} slept. {kos|Kos} woke.",
    }
    article = articles.article_of(line)
    assert article.text == "Pilot Ivo Kos slept. Kos woke."
    (person,) = article.people()
    assert (person.name, person.alternate_names, person.job_titles) == ("Ivo Kos", ("Kos",), ("Pilot",))
    assert all(article.text[one.span.start : one.span.end] == one.text for one in person.mentions)


@pytest.mark.parametrize("text", ["{kos|Ivo Kos", "{kos=pilot} Ivo Kos", "{|Kos}", "{kos}"])
def test_a_broken_mark_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="broken"):
        articles.article_of({"id": "m", "date": "2026-01-02", "publisher": "P", "text": text})


def test_there_are_enough_articles() -> None:
    """Three hundred in all, and of those that are written: some for the rules, and of each kind held out."""
    files = {file.stem: articles.load(file.name) for file in articles.FOLDER.glob("*.jsonl")}
    held_out = {name: len(found) for name, found in files.items() if name.startswith("held_out")}
    assert len(files["written"]) >= 60
    assert held_out.keys() == {"held_out_english", "held_out_russian", "held_out_ukrainian"}
    assert min(held_out.values()) >= 20
    assert len(generate.articles()) + sum(map(len, files.values())) >= 300


def test_articles_come_in_order_and_once() -> None:
    for found in (generate.articles(), articles.load("written.jsonl")):
        assert all(one.date <= other.date for one, other in pairwise(found))
        assert max(Counter(article.text for article in found).values()) == 1


def test_generated_articles_hold_what_they_are_for() -> None:
    """Namesakes, spellings and changes of role are there in numbers."""
    names: dict[str, set[str]] = {}
    roles: dict[str, set[str]] = {}
    for article in generate.articles():
        for person in article.mentions:
            names.setdefault(person, set()).update(mention.text for mention in article.mentions[person])
            roles.setdefault(person, set()).update(article.roles.get(person, ()))
    bearers = Counter(name for known in names.values() for name in known if " " in name)
    assert sum(count > 1 for count in bearers.values()) >= 20
    assert sum(len(known) >= 3 for known in names.values()) >= 30
    assert sum(len(known) >= 3 for known in roles.values()) >= 20


async def test_with_names_by_the_gold_nobody_is_lost() -> None:
    """Whom the articles mark is found again in the archive."""
    chosen = articles.load("written.jsonl")[:8]
    found = await measure.run(chosen, measure.Gold(chosen))
    assert found.lost == 0
