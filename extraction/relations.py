"""Parses of other languages as the rules know them.

spaCy's English pipelines label words with the CLEAR relations (Choi and Palmer 2012) and the Penn Treebank's tags;
those of most other languages follow Universal Dependencies (Nivre et al. 2020), in which a preposition hangs on its
noun and a copula on its predicate. Here the one is turned into the other, so that the rules need no second version.
"""

from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from extraction.languages import read_data

# What parsers make of a name that explains the subject before it.
_TORN_OFF = frozenset({"nsubj", "dep", "conj", "ROOT", "parataxis"})


@dataclass(frozen=True, slots=True)
class _Names:
    """Labels of Universal Dependencies and spaCy's other pipelines, and those that the rules know."""

    relations: dict[str, str]
    entities: dict[str, str]
    joints: frozenset[str]


@cache
def _names() -> _Names:
    data = read_data("relations.toml")
    return _Names(data["relations"], data["entities"], frozenset(data["joints"]["words"].split()))


def is_universal(pipeline: Language) -> bool:
    """Say whether a pipeline's parser follows Universal Dependencies, which alone knows oblique nouns."""
    labels = pipeline.get_pipe("parser").labels if pipeline.has_pipe("parser") else ()  # type: ignore[attr-defined]
    return any(str(label).partition(":")[0] == "obl" for label in labels)


@Language.component("presswatch_relations")
def rename_relations(doc: Doc) -> Doc:
    """Return the Doc with the relations, tags and labels of people that the rules know."""
    if not len(doc):
        return doc
    heads, labels = [token.head.i for token in doc], [_label(token) for token in doc]
    for token in doc:
        _skip_joint(token, heads, labels)
        _join_apposition(token, heads, labels)
    for token in doc:
        _raise_copula(token, heads, labels)
    for token in doc:
        _raise_preposition(token, heads, labels)
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[_tag(token) for token in doc],
        pos=[token.pos_ for token in doc],
        morphs=[str(token.morph) for token in doc],
        lemmas=[token.lemma_ for token in doc],
        heads=heads,
        deps=labels,
        ents=[_entity(token) for token in doc],
    )


def _label(token: Token) -> str:
    names = _names().relations
    if token.dep_ == "mark" and token.pos_ == "ADP" and "Inf" in token.head.morph.get("VerbForm", []):
        return "aux"  # as "to" does in English
    if token.dep_ == "advmod" and "Neg" in token.morph.get("Polarity", []):
        return "neg"
    return names.get(token.dep_, names.get(token.dep_.partition(":")[0], token.dep_))


def _entity(token: Token) -> str:
    label = _names().entities.get(token.ent_type_, token.ent_type_)
    return f"{token.ent_iob_}-{label}" if label else "O"


def _skip_joint(token: Token, heads: list[int], labels: list[str]) -> None:
    """Give what a joint is taken for to the word that it joins: "a-t-il dit"."""
    if token.lower_ in _names().joints and token.i + 1 < len(token.doc) and heads[token.i] != token.i + 1:
        heads[token.i + 1], labels[token.i + 1] = heads[token.i], labels[token.i]
        heads[token.i], labels[token.i] = token.i + 1, "dep"


def _join_apposition(token: Token, heads: list[int], labels: list[str]) -> None:
    """Hang a name behind a comma on the subject that it explains: "the mayor, N. N.", which parsers tear apart."""
    if token.ent_type_ not in _names().entities or token.ent_iob_ != "B" or token.i < 2 or token.nbor(-1).text != ",":
        return
    noun = token.nbor(-2)
    while noun.dep_ not in ("nsubj", "nsubj:pass") and noun.head.i < noun.i:
        noun = noun.head
    if noun.pos_ != "NOUN" or noun.dep_ not in ("nsubj", "nsubj:pass") or token.dep_ not in _TORN_OFF:
        return
    verb = noun.head
    if heads[verb.i] == token.i:
        heads[verb.i] = verb.i if heads[token.i] == token.i else heads[token.i]
        labels[verb.i] = "ROOT" if heads[verb.i] == verb.i else labels[token.i]
    heads[token.i], labels[token.i] = noun.i, "appos"


def _raise_copula(token: Token, heads: list[int], labels: list[str]) -> None:
    """Make a copula the head of its clause, and what it hung on its predicate."""
    if token.dep_ != "cop":
        return
    predicate = token.head
    heads[token.i] = token.i if heads[predicate.i] == predicate.i else heads[predicate.i]
    labels[token.i] = labels[predicate.i]
    heads[predicate.i] = token.i
    labels[predicate.i] = "acomp" if predicate.pos_ == "ADJ" else "attr"
    of_clause = ("nsubj", "csubj", "expl", "mark", "advcl", "parataxis", "punct", "cc", "conj", "neg", "aux", "ccomp")
    for child in predicate.children:
        moves = labels[child.i] in of_clause or (child.dep_.startswith(("obl", "advmod")) and child.i < token.i)
        if child.i != token.i and moves and not (labels[child.i] == "conj" and child.pos_ in ("NOUN", "ADJ")):
            heads[child.i] = token.i


def _raise_preposition(token: Token, heads: list[int], labels: list[str]) -> None:
    """Put a preposition between its noun and what that hung on; a passive's agent keeps its name."""
    if token.dep_ != "case" or token.head.dep_ == "case" or heads[token.i] != token.head.i:
        return
    noun = token.head
    if heads[noun.i] == noun.i or labels[noun.i] in ("pobj", "conj", "attr", "acomp"):
        return
    heads[token.i] = heads[noun.i]
    labels[token.i] = "agent" if noun.dep_ == "obl:agent" else "prep"
    heads[noun.i] = token.i
    labels[noun.i] = "pobj"


def _tag(token: Token) -> str:
    """Return the Penn tag that the rules ask for; what they don't ask for keeps its own."""
    morph = token.morph
    form, tense = "".join(morph.get("VerbForm", [])), "".join(morph.get("Tense", []))
    if token.dep_ == "mark" and token.pos_ == "ADP":
        return "TO"
    if token.pos_ == "DET":
        return "PRP$" if "Yes" in morph.get("Poss", []) else "DT"
    if token.pos_ in ("VERB", "AUX"):
        if form == "Inf" or any("Inf" in aux.morph.get("VerbForm", []) for aux in token.children if aux.pos_ == "AUX"):
            return "INF"
        if form == "Part":
            return "VBG" if tense == "Pres" else "VBN"
        return "VBG" if form == "Ger" else "VBD" if tense in ("Past", "Imp") else "VBZ"
    if {"Int", "Rel"} & set(morph.get("PronType", [])):
        return "WRB" if token.pos_ == "ADV" else "WP"
    return token.tag_
