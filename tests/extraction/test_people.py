"""Who is named, what they are, and which names are one person's."""

from collections.abc import Callable

import pytest

from domain.extraction import Extraction, NamedPerson
from extraction.extractor import Extractor
from extraction.linking import similarity

People = Callable[..., tuple[NamedPerson, ...]]

FILLER = "The harbour was closed for the night and nothing moved on the quay."


@pytest.fixture(scope="module")
def people(extractor: Extractor) -> People:
    """A function from lines of text to the people named in them."""

    def find(*lines: str) -> tuple[NamedPerson, ...]:
        found = extractor.extract("\n\n".join([*lines, FILLER]))
        assert isinstance(found, Extraction)
        return found.people

    return find


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chief auditor Ingeborg Tveitan said the port lost money.", ["Ingeborg Tveitan"]),
        ("“Nobody came,” said Nyalok Deng, a fisherman, on Friday.", ["Nyalok Deng"]),
        ("Ákos Szentgyörgyi-Varga, 41, left the hall without a word.", ["Ákos Szentgyörgyi-Varga"]),
        ("The lawyer, Oyelaran Adébáyò, did not appeal.", ["Oyelaran Adébáyò"]),
        ("The letter was signed by J. P. van der Hoeven and K.R. Pillay.", ["J. P. van der Hoeven", "K.R. Pillay"]),
        ("Minister of Works Khadija el-Fassi resigned.", ["Khadija el-Fassi"]),
        ("Rita “Chiqui” Bustamante Loayza sang in the crowded hall.", ["Rita “Chiqui” Bustamante Loayza"]),
        ("Dwayne T. Ashcroft Jr. denied it.", ["Dwayne T. Ashcroft Jr."]),
        ("Seán Ó Murchadha and Máire Ní Dhomhnaill were elected.", ["Seán Ó Murchadha", "Máire Ní Dhomhnaill"]),
        ("Judge Noh Eun-sook freed Hwang Tae-joon.", ["Noh Eun-sook", "Hwang Tae-joon"]),
        ("Mr. Bogdan Wąsowicz's car was found.", ["Bogdan Wąsowicz"]),
        ("Prof. Dr. Heike Obermüller-Kranz wept.", ["Heike Obermüller-Kranz"]),
        ("Anatoly Sergeyevich Morozenko, a retired engineer, waved.", ["Anatoly Sergeyevich Morozenko"]),
    ],
)
def test_a_name_is_found_with_its_exact_words(people: People, text: str, names: list[str]) -> None:
    """Titles, ages and possessive endings are no part of a name; particles, initials, nicknames and suffixes are."""
    assert [mention.text for person in people(text) for mention in person.mentions] == names


@pytest.mark.parametrize(
    "text",
    [
        "The Ingeborg Tveitan Prize went to a school in Lundvik.",
        "The ferry Ole Brekke and the MV Hamish Ross were moored at the quay.",
        "Hurricane Iris reached the coast on Friday.",
        "Shares of Brekke Industries and the Tveitan Bank fell.",
        "They met at the Willy Sundt Stadium and in Lewis Street.",
        "The Harbour Post and Kystradio reported it; Reuters did not.",
        "Read it in Lundvik, in the north of Nordland, on Monday.",
        "NETHER DORST. The ferries will sail again, the port said.",
        "The people of the town of Ghazirov have left. Nobody in Ghazirov was told why.",
        "The ministry in Tal Merin was silent. In Tal Merin nobody works on a Sunday.",
        "HC Brannik won in Dorst. A boy has put Brannik into the final.",
        "Mark the wrong place and write to us.",
        "Write to our tip line. Anonymous, of course!",
        "The council met in May. No one spoke.",
        "",
    ],
)
def test_nobody_is_found(people: People, text: str) -> None:
    """Prizes, ships, storms, firms, places, outlets and days are no people."""
    assert people(text) == ()


def test_the_publisher_is_nobody(extractor: Extractor) -> None:
    """The page's own outlet is no person, whatever its name looks like."""
    found = extractor.extract(f"Ferry strike goes on | Ana Sol\n\n6 March 2026\n\nJo Berg told Ana Sol so.\n\n{FILLER}")
    assert isinstance(found, Extraction)
    assert [person.name for person in found.people] == ["Jo Berg"]


@pytest.mark.parametrize(
    ("lines", "groups"),
    [
        (["Ana Solberg left.", "“It is late,” said Solberg."], [["Ana Solberg", "Solberg"]]),
        (["SOLBERG RESIGNS AS PORT CHIEF OVER SALE", "Ana Solberg left."], [["SOLBERG", "Ana Solberg"]]),
        (["President Kim Jong-ho met the press. Kim smiled."], [["Kim Jong-ho", "Kim"]]),
        (["Minister Goran Šimunović spoke.", "“Never,” Simunovic said."], [["Goran Šimunović", "Simunovic"]]),
        (["Lawyer Robert Hallam spoke.", "“Never,” said Bob Hallam."], [["Robert Hallam", "Bob Hallam"]]),
        (["Rustam Galiev spoke.", "R. Galiev wrote on Friday."], [["Rustam Galiev", "R. Galiev"]]),
        (
            ["Vasily Arkadyevich Morozenko came.", "“We stay,” said Vasily Arkadyevich."],
            [["Vasily Arkadyevich Morozenko", "Vasily Arkadyevich"]],
        ),
        (
            ["Luis Velarde Ocampo won.", "“I know,” said Velarde."],
            [["Luis Velarde Ocampo", "Velarde"]],
        ),
        (
            ["Tormod Haugseth sold it to his cousin Åsmund Haugseth.", "“No,” Tormod Haugseth said."],
            [["Tormod Haugseth", "Tormod Haugseth"], ["Åsmund Haugseth"]],
        ),
        (
            ["Ana Hallam and her husband Peter Hallam left.", "“I regret it,” Mrs Hallam said."],
            [["Ana Hallam", "Hallam"], ["Peter Hallam"]],
        ),
        (
            ["Minister Zhanna Kvitkova spoke of a crime.", "“It is a crime,” Kvitkovna said."],
            [["Zhanna Kvitkova", "Kvitkovna"]],
        ),
        (
            ["Mary Johnson spoke.", "Lawyer Lena Johansson disagreed. Johnson left."],
            [["Mary Johnson", "Johnson"], ["Lena Johansson"]],
        ),
    ],
)
def test_names_of_one_person_are_linked(people: People, lines: list[str], groups: list[list[str]]) -> None:
    """Short forms and spellings link; members of a family and people of similar names stay apart."""
    assert [[mention.text for mention in person.mentions] for person in people(*lines)] == groups


@pytest.mark.parametrize(
    ("lines", "groups"),
    [
        (
            ["Carlos Velarde, the owner, died.", "His brother, the lawyer Carlos Velarde Ocampo, wept."],
            [["Carlos Velarde"], ["Carlos Velarde Ocampo"]],
        ),
        (
            ["Y. Hallam, who builds, said no. His brother said that Yusuf Hallam knows the law."],
            [["Y. Hallam"], ["Yusuf Hallam"]],
        ),
        (
            ["The pilot John Hallam wrote poems.", "“Not me,” John Hallam, the mayor, said. He is no relation."],
            [["John Hallam"], ["John Hallam"]],
        ),
        (
            ["The list is led by Jon Steinar Veld.", "In Dorst a Jon Veld is standing too."],
            [["Jon Steinar Veld"], ["Jon Veld"]],
        ),
        (["John A. Hallam sold it to John B. Hallam."], [["John A. Hallam"], ["John B. Hallam"]]),
        (["John Hallam Jr. sold it to John Hallam Sr."], [["John Hallam Jr."], ["John Hallam Sr."]]),
        (["Anna Maria Sol met Anna Lisa Sol in Dorst."], [["Anna Maria Sol"], ["Anna Lisa Sol"]]),
        (["Marina Sol met Martina Sol in Dorst."], [["Marina Sol"], ["Martina Sol"]]),
        (
            ["Ivan Hallam and Igor Hallam spoke.", "“No,” said I. Hallam."],
            [["Ivan Hallam"], ["Igor Hallam"], ["I. Hallam"]],
        ),
        (
            ["Ana Hallam said no.", "Peter Hallam said yes.", "“Never,” Hallam said."],
            [["Ana Hallam"], ["Peter Hallam", "Hallam"]],
        ),
        (
            ["“No,” said Hallam, a surgeon.", "Ana Hallam was late. The owner, Rita Hallam, said yes."],
            [["Hallam", "Ana Hallam"], ["Rita Hallam"]],
        ),
        (
            ["Ana Hallam spoke. Ana Hallam left. Ana Hallam came.", "Peter Hallam met her.", "“Never,” Hallam said."],
            [["Ana Hallam", "Ana Hallam", "Ana Hallam", "Hallam"], ["Peter Hallam"]],
        ),
        (["Peter Hallam left.", "“I stay,” said Mrs Hallam."], [["Peter Hallam"], ["Hallam"]]),
    ],
)
def test_two_of_one_surname_stay_two(people: People, lines: list[str], groups: list[list[str]]) -> None:
    """Kin, "no relation", "a John", other initials and other given names keep people apart.

    A short name is whose name stood last, or who the article is about.
    """
    assert [[mention.text for mention in person.mentions] for person in people(*lines)] == groups


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ana Solberg, the director of the port, left.", ["director of the port"]),
        ("The director of the port, Ana Solberg, left.", ["director of the port"]),
        ("Port director Ana Solberg left.", ["Port director"]),
        ("Norwegian army chief of staff Ana Solberg left.", ["Norwegian army chief of staff"]),
        ("Former prime minister Ana Solberg left.", ["Former prime minister"]),
        ("Ana Solberg, a former member of the council, left.", ["former member of the council"]),
        ("Ana Solberg, who heads the Quay Union, left.", ["heads the Quay Union"]),
        ("Ana Solberg is the head of the customs.", ["head of the customs"]),
        ("Ana Solberg, 54, a retired engineer, left.", ["retired engineer"]),
        ("The notorious mayor of Lundvik, Ana Solberg, left.", ["mayor of Lundvik"]),
        ("Senator Ana Solberg left.", ["Senator"]),
        ("“Nobody sails,” said Ana Solberg, the harbour master.", ["harbour master"]),
        ("“Nobody sails,” said Ana Solberg, a fisherwoman from Dorst.", ["fisherwoman"]),
        ("“Nobody sails,” said Ana Solberg (54), a teacher in Dorst.", ["teacher in Dorst"]),
        ("According to the lawyer in Dorst, Ana Solberg, it rains.", ["lawyer in Dorst"]),
        ("According to the head of the Dorst school, Ana Solberg, it rains.", ["head of the Dorst school"]),
        ("The captain of the Dorst rowing club, Ana Solberg, left.", ["captain of the Dorst rowing club"]),
        ("A geologist from Dorst, Ana Solberg, left.", ["geologist from Dorst"]),
        ("“Nobody sails,” said Ana Solberg, 41, a florist from Dorst.", ["florist"]),
        ("“Nobody sails,” said Ana Solberg, 41, a mother of three from Dorst.", ["mother of three"]),
        ("“Nobody sails,” said Ana Solberg, the presiding judge.", ["presiding judge"]),
        ("Ana Solberg, the brick manufacturer in Dorst, left.", ["brick manufacturer in Dorst"]),
        ("Ana Solberg is no relative of the mayor.", []),
        ("He gave it to a lawyer in Dorst, and Ana Solberg left.", []),
        ("They asked mother, Ana Solberg and the others.", []),
        ("Kurt, who was called the owner of the firm, Ana Solberg did not know.", []),
        ("A talk with Kurt Veld, head of the guild. Questions: Ana Solberg", []),
        ("Mrs Ana Solberg left the hall.", []),
        ("Ana Solberg is not the head of the customs.", []),
        ("Ana Solberg left, and the director of the port stayed.", []),
    ],
)
def test_roles_are_told_in_the_words_of_the_article(people: People, text: str, roles: list[str]) -> None:
    """Titles, appositions and "who heads" give roles; "former" stays, opinions and forms of address go."""
    assert [list(person.job_titles) for person in people(text) if person.name == "Ana Solberg"] == [roles]


def test_a_person_goes_by_the_fullest_name(people: People) -> None:
    """The other forms are alternate names, one in capitals is written in usual letters."""
    found = people("“We stay,” said Solberg.", "Ana Maria Solberg left.", "“No,” said ANA SOLBERG.")
    assert [(person.name, set(person.alternate_names)) for person in found] == [
        ("Ana Maria Solberg", {"Solberg", "Ana Solberg"})
    ]


def test_a_family_is_nobody(people: People) -> None:
    """The plural of a surname names no person."""
    assert [person.name for person in people("Tormod Haugseth left.", "The Haugseths own the port.")] == [
        "Tormod Haugseth"
    ]


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.84),
        ("same", "same", 1.0),
        ("abc", "xyz", 0.0),
        ("", "a", 0.0),
    ],
)
def test_similarity(left: str, right: str, value: float) -> None:
    """The Jaro-Winkler values of the literature."""
    assert similarity(left, right) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gloomy Anna Rudvik lost the vote.\nAnna Rudvik said she would go.", ["Anna Rudvik"]),
        ("Did Gloomy Anna lose?\nAnna Rudvik said she would go.", ["Anna Rudvik"]),
        ("Lord Senators Anna Rudvik and Bo Tavle said they would go.", ["Anna Rudvik", "Bo Tavle"]),
        ("Georgia Governor Anna Rudvik said she would go.", ["Anna Rudvik"]),
        ("Marta Anna Rudvik said she would go.\nAnna Rudvik came back.", ["Marta Anna Rudvik"]),
    ],
)
def test_what_stands_before_a_name_is_no_part_of_it(extractor: Extractor, text: str, expected: list[str]) -> None:
    """Epithets, the plurals of titles and states are none; a given name is."""
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    assert [person.name for person in found.people] == expected
