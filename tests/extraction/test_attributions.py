"""Source, cue and content, one construction a row."""

import pytest
from spacy.language import Language

from extraction.attributions import find_attributions, to_domain
from extraction.quotations import find_quotations
from tests.extraction.docs import article

Row = tuple[str | None, str, str]


def found(model: Language, text: str) -> list[Row]:
    doc = find_attributions(find_quotations(article(model, text)))
    return [(a.source.text if a.source else None, a.cue.text if a.cue else "", a.content.text) for a in to_domain(doc)]


SPEECH = [
    ("Tveitan said that the berths were sold.", ("Tveitan", "said", "that the berths were sold")),
    ("The berths were sold, Tveitan said.", ("Tveitan", "said", "The berths were sold")),
    ("The berths, Tveitan said, were sold.", ("Tveitan", "said", "The berths were sold")),
    ('"The berths are sold," said Tveitan.', ("Tveitan", "said", '"The berths are sold,"')),
    (
        '"The berths," Tveitan emphasised, "are sold."',
        ("Tveitan", "emphasised", '"The berths," "are sold."'),
    ),
    ('Tveitan said: "The berths are sold."', ("Tveitan", "said", '"The berths are sold."')),
    (
        "According to the harbour master, the berths were sold.",
        ("the harbour master", "According to", "the berths were sold"),
    ),
    ("The sale, in the words of the mayor, is off.", ("the mayor", "in the words of", "The sale is off")),
    ("As Tveitan put it, the pier is a trap.", ("Tveitan", "put", "the pier is a trap")),
    (
        "All agreed that the pier was old but that it was safe.",
        ("All", "agreed", "that the pier was old but that it was safe"),
    ),
    (
        '"You know him," Tveitan said in May, but "when it comes to ports, he is wrong."',
        ("Tveitan", "said", '"You know him," "when it comes to ports, he is wrong."'),
    ),
    ("Ferry Sank in Storm, Coast Guard Says", ("Coast Guard", "Says", "Ferry Sank in Storm")),
    ("Police: Mayor took bribes", ("Police", ":", "Mayor took bribes")),
    ('"We lost it all." — Anna Rud', ("Anna Rud", "—", '"We lost it all."')),
    (
        "Parents say that pilots aged 71-60 are asked to wait for the doctors.",
        ("Parents", "say", "that pilots aged 71-60 are asked to wait for the doctors"),
    ),
    (
        "Tveitan was a good mayor, Mr. Moe said, until he lost his temper in June.",
        ("Mr. Moe", "said", "Tveitan was a good mayor until he lost his temper in June"),
    ),
    (
        "Tveitan was a good mayor, Mr. Moe said, as he locked the door in June.",
        ("Mr. Moe", "said", "Tveitan was a good mayor"),
    ),
    (
        "Sen. Anna Rud (D-Ohio) said that the berths were sold.",
        ("Sen. Anna Rud (D-Ohio)", "said", "that the berths were sold"),
    ),
    ("A report found that the pier is unsafe.", ("A report", "found", "that the pier is unsafe")),
]


@pytest.mark.parametrize(("text", "expected"), SPEECH)
def test_what_was_said_is_whole(model: Language, text: str, expected: Row) -> None:
    assert found(model, text) == [expected]


OTHER = [
    ("Tveitan plans to sell the berths.", ("Tveitan", "plans", "to sell the berths")),
    ("Tveitan urged the board to sell the berths.", ("Tveitan", "urged", "the board to sell the berths")),
    ("Tveitan denied having sold the berths.", ("Tveitan", "denied", "having sold the berths")),
    ("Tveitan called the sale a mistake.", ("Tveitan", "called", "the sale a mistake")),
    ("Tveitan criticised the sale, which failed.", ("Tveitan", "criticised", "the sale")),
    ("The ferry is expected to sink.", (None, "is expected", "The ferry to sink")),
    ("Tveitan accused the mayor of taking bribes.", ("Tveitan", "accused", "the mayor of taking bribes")),
    ("The mayor was accused of taking bribes.", (None, "was accused", "The mayor of taking bribes")),
    ("The clerk reportedly took bribes.", (None, "reportedly", "The clerk took bribes")),
    ("Tveitan voiced concern about the sale.", ("Tveitan", "voiced concern about", "the sale")),
    ("Tveitan mentioned criticism of the sale.", ("Tveitan", "mentioned", "criticism of the sale")),
    ("Tveitan called on the board to resign.", ("Tveitan", "called", "the board to resign")),
    ("Tveitan refused to rule out a sale.", ("Tveitan", "refused to rule out", "a sale")),
    ("The plan seems to work.", (None, "seems", "The plan to work")),
    ("Tveitan spoke about the sale.", ("Tveitan", "spoke about", "the sale")),
    ("Tveitan is confident that the sale will hold.", ("Tveitan", "is confident", "that the sale will hold")),
    ("The mayor's claim that the pier is safe fell flat.", ("The mayor's", "claim", "that the pier is safe")),
]


@pytest.mark.parametrize(("text", "expected"), OTHER)
def test_thoughts_wishes_judgements_and_topics_count(model: Language, text: str, expected: Row) -> None:
    assert found(model, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The clerks report to the harbour master.",
        "The ferry sank on Tuesday.",
        "The Baltic.",
        "",
    ],
)
def test_nothing_is_found_where_nobody_says_or_thinks(model: Language, text: str) -> None:
    assert found(model, text) == []


def test_a_speech_goes_on_in_the_quotation_that_follows_it(model: Language) -> None:
    text = '"The berths are sold," said Tveitan. "Nobody asked us. We will sue."'
    assert found(model, text) == [
        ("Tveitan", "said", '"The berths are sold," "Nobody asked us. We will sue."'),
    ]


def test_a_participle_leaves_the_quotation_to_its_verb(model: Language) -> None:
    quotation = '"The keeper was rather lonely after his only neighbour left for the mainland last winter,"'
    assert found(model, f"In a letter, Moe said: {quotation} noting that his dog died in June.") == [
        ("Moe", "said", quotation),
        ("Moe", "noting", "that his dog died in June"),
    ]


def test_offsets_refer_to_the_text_as_received(model: Language) -> None:
    text = "The harbour.\n\n  Tveitan said that the berths were sold."
    doc = find_attributions(find_quotations(article(model, text)))
    span = to_domain(doc)[0].content.spans[0]
    assert text[span.start : span.end] == "that the berths were sold"


def test_a_transcript_gives_each_speaker_their_line(model: Language) -> None:
    text = "Interview\nRUD: We never sold the berths.\nMOE: Who did, then?"
    assert [(source, content) for source, _, content in found(model, text)] == [
        ("RUD", "We never sold the berths"),
        ("MOE", "Who did, then?"),
    ]


def test_a_quotation_is_carried_over_paragraphs(model: Language) -> None:
    text = '"We sold the berths," said Tveitan. "It was late.\n"Nobody asked us."'
    assert found(model, text) == [("Tveitan", "said", '"We sold the berths," "It was late. "Nobody asked us."')]


def test_a_paragraph_below_a_colon_is_what_was_said(model: Language) -> None:
    assert found(model, "Tveitan added:\nIt was late.")[0] == ("Tveitan", "added", "It was late")


def test_the_coordinated_speech_of_another_is_not_swallowed(model: Language) -> None:
    text = "Tveitan said the berths were sold, and Rud said the pier was safe."
    assert [source for source, _, _ in found(model, text)] == ["Tveitan", "Rud"]


def test_a_torn_off_phrase_is_not_what_anybody_says(model: Language) -> None:
    assert found(model, "According to Rud, among the ships of the fleet that never sailed - the Anna") == []


MESSY = [
    '"' * 50,
    "“‘“‘“‘ said ”’”’",
    "said said said said",
    "Tveitan said" + " that Rud said" * 200,
    'Moe: "We said: ' * 60,
    "according to",
    "According to to according",
    "\u202eTveitan said\u202c 👍 that 🚢 sank.\x07",
    "Он сказал: «Паром затонул». Tveitan said “oui, c’est «vrai».",
    ": — “ ” , . ;",
    "— Rud\n—\n“",
]


@pytest.mark.parametrize("text", MESSY)
def test_messy_text_costs_only_itself(model: Language, text: str) -> None:
    """Whatever stands around it, a plain sentence in a paragraph of its own is read."""
    rows = found(model, f"{text}\nTveitan said that the berths were sold.")
    assert ("Tveitan", "said", "that the berths were sold") in rows
