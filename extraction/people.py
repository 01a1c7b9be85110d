"""Who is named in an article, and which names are one person's."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from domain.extraction import Mention, NamedPerson
from extraction.pipeline import span_of

Doc.set_extension("people", default=())


@dataclass(frozen=True, slots=True)
class PersonInDoc:
    """A person as runs of tokens; ``name`` is the fullest form, ``job_titles`` roles in the article's words."""

    name: str
    alternate_names: tuple[str, ...]
    job_titles: tuple[str, ...]
    mentions: tuple[DocSpan, ...]


@Language.component("presswatch_people", assigns=["doc._.people"])
def find_people(doc: Doc) -> Doc:
    """Leave the article's people in ``doc._.people``, in the order of their first mention."""
    clusters: dict[str, list[DocSpan]] = {}
    for ent in doc.ents:
        if ent.label_ == "PERSON":
            clusters.setdefault(ent[-1].text, []).append(ent)
    doc._.people = tuple(_person(mentions) for mentions in clusters.values())
    return doc


def _person(mentions: Iterable[DocSpan]) -> PersonInDoc:
    mentions = tuple(mentions)
    forms = sorted({mention.text for mention in mentions}, key=lambda form: (-len(form.split()), form))
    return PersonInDoc(forms[0], tuple(forms[1:]), (), mentions)


def to_domain(doc: Doc) -> tuple[NamedPerson, ...]:
    """Return ``doc._.people`` with offsets into the text as received, in the order of their first mention."""
    return tuple(
        NamedPerson(
            person.name,
            person.alternate_names,
            person.job_titles,
            tuple(Mention(mention.text, span_of(mention)) for mention in person.mentions),
        )
        for person in doc._.people
    )
