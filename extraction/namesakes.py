"""What stands around a name and tells people of one name apart: kin, "no relation", "a John Harker", roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from extraction.findings import findings
from extraction.names import Name
from extraction.trees import PASSIVE_SUBJECTS, SUBJECTS, sentence_of
from extraction.vocabulary import is_person_noun, vocabulary

_NEITHER = frozenset({"no", "not", "nor", "n't", "neither", "without"})
_NEAR = 1  # sentences before or behind a name in which "no relation" speaks of it


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is said around one name.

    ``role`` holds the words of the role that it is introduced with; ``other`` says that it stands for somebody else
    than before ("a John Harker"), ``kin`` that its sentence speaks of kin, ``unrelated`` that a sentence near it says
    that two are not the same, ``acts`` that it is the subject of a clause that is no aside.
    """

    role: frozenset[str] = frozenset()
    other: bool = False
    kin: bool = False
    unrelated: bool = False
    acts: bool = False
    paragraph: int = 0

    def contradicts(self, other: "Circumstances") -> bool:
        """Say whether both are introduced, as somebody different each."""
        return bool(self.role and other.role) and not self.role & other.role


def circumstances(doc: Doc, names: Sequence[Name], roles: Sequence[Sequence[DocSpan]]) -> list[Circumstances]:
    """Return what stands around each name; ``roles`` are the roles that stand with it."""
    number_of: dict[int, int] = {}
    kin, unrelated = set(), set()
    for number, sentence in enumerate(doc.sents):
        words = {token.lower_ for token in sentence}
        number_of[sentence.start] = number
        if words & vocabulary().kin_nouns:
            kin.add(number)
        if words & vocabulary().namesake_words or (words & vocabulary().relation_words and words & _NEITHER):
            unrelated.add(number)
    found = []
    for name, told in zip(names, roles, strict=True):
        number = number_of[sentence_of(doc[name.start]).start]
        near = range(number - _NEAR, number + _NEAR + 1)
        found.append(
            Circumstances(
                role=frozenset(_words(told)),
                other=_is_another(doc, name) and _acts(doc, name),
                kin=number in kin,
                unrelated=any(each in unrelated for each in near),
                acts=_acts(doc, name),
                paragraph=findings(doc).paragraph_of[name.start],
            )
        )
    return found


def _words(roles: Sequence[DocSpan]) -> Iterator[str]:
    """Yield what somebody is by their roles: the nouns for people in them, where there are any, kin left out."""
    known = vocabulary()
    told = [token for role in roles for token in role if token.lower_ not in known.kin_nouns]
    nouns = [token for token in told if is_person_noun(token.lower_) or token.lower_ in known.titles]
    chosen = [token for token in nouns if token.lower_ not in known.role_adjectives] or nouns
    return (token.lemma_.lower() for token in chosen or told if token.is_alpha and not token.is_stop)


def _is_another(doc: Doc, name: Name) -> bool:
    """ "A John Harker won": nobody who has been named before."""
    return bool(name.start) and not name.honorific and doc[name.start - 1].lower_ in vocabulary().another


def _acts(doc: Doc, name: Name) -> bool:
    root = doc[name.start : name.end].root
    if root.dep_ in {"appos", "conj"}:
        root = root.head
    return (root.dep_ in SUBJECTS or root.dep_ in PASSIVE_SUBJECTS) and root.head.dep_ not in {"relcl", "acl"}
