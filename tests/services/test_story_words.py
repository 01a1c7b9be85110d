"""What an article is about: names and other words apart, cut so that their forms meet."""

import pytest

from services.story_words import NAMES, WORDS, keys_of, likeness, likeness_across, rarity

FIRE = "A fire destroyed the old sawmill of Brekka on Monday night, and Ada Kvist called the brigade too late."
AGAIN = "The sawmill of Brekka, which fires destroyed on Monday, had no alarm at all, as Ada Kvist told everybody."
PARTY = "Ada Kvist has been chosen as leader of the fishermen of Brekka, who want other quotas for herring soon."
OTHER_FIRE = "A fire destroyed the old sawmill of Lunde on Monday night, and Jon Moe called the brigade too late then."


def alike(one: str, other: str) -> float:
    return likeness(keys_of("", one, []), keys_of("", other, []), {}, 1.0)


def test_the_same_events_share_names_and_words() -> None:
    assert alike(FIRE, AGAIN) > 0.4
    assert alike(FIRE, FIRE) == pytest.approx(1)


@pytest.mark.parametrize(
    "other", [PARTY, OTHER_FIRE, "", "Nothing of the kind happened in the whole of last year here."]
)
def test_who_it_is_or_what_it_is_alone_is_not_enough(other: str) -> None:
    """Another affair of the same woman, and the same accident elsewhere."""
    assert alike(FIRE, other) < 0.09


def test_names_are_those_written_large_inside_sentences() -> None:
    names = {key for key in keys_of("", FIRE, []) if key % 2}
    assert names == {key for key in keys_of("", "today we saw Brekka and Monday and Ada Kvist there", []) if key % 2}


def test_a_headline_that_is_all_large_names_nobody() -> None:
    assert all(key % 2 == 0 for key in keys_of("Sawmill Burns Down At Night", "", []))


def test_lines_of_few_words_are_furniture() -> None:
    assert keys_of("", "Follow us\nShare\nAll rights reserved", []) == {}


def test_a_long_article_has_no_more_keys_than_others() -> None:
    text = "\n".join(f"this line about word{chr(97 + n % 26)}{n} has Name{n} in its very midst" for n in range(500))
    keys = keys_of("", text, [])
    assert sum(key % 2 for key in keys) <= NAMES
    assert len(keys) <= NAMES + WORDS


def test_what_few_articles_have_says_more() -> None:
    assert rarity(1, 100) > rarity(20, 100) > rarity(100, 100) > 0


def test_articles_in_two_languages_are_likened_by_names_and_not_by_one_alone() -> None:
    english = keys_of("", FIRE, ["Ada Kvist"])
    norwegian = keys_of(
        "", "Det brant i sagbruket i Brekka natt til tirsdag, sier Ada Kvist til avisen.", ["Ada Kvist"]
    )
    assert likeness_across(english, norwegian, {}, 1.0) > 0.3
    assert (
        likeness_across(english, keys_of("", "Ingen vet hvorfor det heter Brekka der oppe i dalen.", []), {}, 1.0) == 0
    )
