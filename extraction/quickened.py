"""Some of spaCy's components made quick: each finds what spaCy's own finds, in a fraction of the time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.lang.en.lemmatizer import EnglishLemmatizer
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, EntityRecognizer, TrainablePipe
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab
from thinc.api import Model, NumpyOps

# A rule's number, its key, and the first and the past-the-last token that it holds for.
_Match = tuple[int, int, int, int]
_Model = Model[Any, Any]

# What rules for a single token ask of it that is the same for all tokens of a kind.
_OF_A_KIND = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})
# Kinds of tokens that are remembered; then it begins anew, for a process may read for a year.
_MOST_KINDS = 50_000

# Layers that reckon a token's row from its own attributes, and look at no other token.
_OF_ONE = frozenset(
    {
        "extract_features",
        "list2ragged",
        "ints-getitem",
        "hashembed",
        "static_vectors",
        "maxout",
        "layernorm",
        "dropout",
        "ragged2list",
    }
)
# Rows that an embedding remembers, at 0.6 kB each. Of the tokens of news it knows four in five then.
_MOST_ROWS = 10_000


def quicken(pipeline: Language) -> None:
    """Replace a pipeline's rules for attributes, recogniser of names and embeddings, where they are spaCy's own."""
    for name, component in list(pipeline.pipeline):
        if type(component) is AttributeRuler:
            _replace(pipeline, name, "presswatch_attributes")
        elif type(component) is EntityRecognizer and _is_usual(component):
            _replace(pipeline, name, "presswatch_names")
        elif type(component) is EnglishLemmatizer and component.mode == "rule":
            component.lemmatize = _remembering(component.rule_lemmatize)  # type: ignore[assignment]  # it is one or another
        if isinstance(component, TrainablePipe):
            _quicken_embeddings(component.model, pipeline.vocab)


def _replace(pipeline: Language, name: str, factory: str) -> None:
    pipeline.add_pipe(factory, before=name, config={"plain": name})
    pipeline.remove_pipe(name)
    pipeline.rename_pipe(factory, name)


def _remembering(lemmatize: Callable[[Token], list[str]]) -> Callable[[Token], list[str]]:
    """Return what remembers the lemmas of each word in each form, on which alone they depend."""
    known: dict[tuple[int, int, int], list[str]] = {}

    def remembered(token: Token) -> list[str]:
        form = (token.orth, token.pos, token.morph.key)  # type: ignore[attr-defined]
        if form not in known:
            if len(known) > _MOST_KINDS:
                known.clear()
            known[form] = lemmatize(token)
        return known[form]

    return remembered


class _Attributes(AttributeRuler):
    """Asks the rules for a single token once for each kind of token, rather than all at every token."""

    def __init__(self, plain: AttributeRuler) -> None:
        super().__init__(plain.vocab)
        self._single, self._further = Matcher(plain.vocab), Matcher(plain.vocab)
        self._known: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self.add_patterns(plain.patterns)

    def add(self, patterns: Iterable[Any], attrs: dict[Any, Any], index: int = 0) -> None:
        """Add a rule."""
        patterns, key = list(patterns), str(len(self.attrs))
        super().add(patterns, attrs, index)
        for pattern in patterns:
            alike = len(pattern) == 1 and pattern[0].keys() <= _OF_A_KIND
            (self._single if alike else self._further).add(key, [pattern])

    def match(self, doc: Doc) -> list[_Match]:
        """Return which rules hold where, in the order in which they are followed."""
        found = [(self._number(key), key, start, end) for key, start, end in self._further(doc, allow_missing=True)]
        if len(self._known) > _MOST_KINDS:
            self._known.clear()
        for i, kind in enumerate(map(tuple, doc.to_array(["LOWER", "TAG", "DEP"]).tolist())):
            if kind not in self._known:
                keys = dict.fromkeys(key for key, *_ in self._single(doc[i : i + 1], allow_missing=True))
                self._known[kind] = [(self._number(key), key) for key in keys]
            found += [(number, key, i, i + 1) for number, key in self._known[kind]]
        return sorted(found)

    def _number(self, key: int) -> int:
        return int(self.vocab.strings[key])


class _Names(EntityRecognizer):  # type: ignore[misc]  # spaCy leaves it untyped
    """Goes from token to token in Python.

    spaCy's own gives Python's lock away for it, and takes it again for each of 74 moves at each token, which is most
    of its time.
    """

    def greedy_parse(self, docs: Sequence[Doc], drop: float = 0.0) -> list[Any]:
        """Return the last state of each Doc."""
        upper = self.model.get_ref("upper")
        weights, bias = np.ascontiguousarray(upper.get_param("W").T), upper.get_param("b")
        states: list[Any] = self.moves.init_batch(docs)
        model = self.model.predict(docs)
        unfinished = [state for state in states if not state.is_final()]
        while unfinished:
            hidden, _ = model.state2vec(model.get_token_ids(unfinished), False)
            unfinished = self.transition_states(unfinished, hidden @ weights + bias)
        return states


def _is_usual(recogniser: EntityRecognizer) -> bool:
    attributes = recogniser.model.attrs
    return recogniser.cfg["beam_width"] == 1 and attributes["has_upper"] and not attributes["unseen_classes"]


class _RowByRow(NumpyOps):  # type: ignore[misc]  # thinc leaves it untyped
    """Multiplies each row by itself.

    Among others its last bits depend on how many they are, and a parse on what was read before.
    """

    def gemm(self, x: Any, y: Any, *, trans2: bool = False) -> Any:
        """Return ``x`` times ``y``, or times what ``y`` is when turned."""
        return np.matmul(x[:, None], y.T if trans2 else y)[:, 0]


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Stands for a Doc before an embedding: the attributes of one token of each kind, last what vectors go by."""

    vocab: Vocab
    values: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.values)

    def to_array(self, asked: int | list[str]) -> NDArray[np.uint64]:
        """Return the attribute that vectors go by, or all others."""
        return self.values[:, -1] if isinstance(asked, int) else self.values[:, :-1]


class _Rows:
    """The rows that an embedding has for tokens, each reckoned once for all tokens with the same attributes."""

    def __init__(self, embedding: _Model, vocab: Vocab) -> None:
        (columns,) = (layer.attrs["columns"] for layer in embedding.walk() if layer.name == "extract_features")
        self._embedding, self._vocab = embedding, vocab
        self._asked = [*columns, getattr(vocab.vectors, "attr", "ORTH")]
        self._known: dict[bytes, bytes] = {}

    def forward(self, _: _Model, docs: Sequence[Doc], is_train: bool) -> tuple[list[NDArray[np.float32]], Any]:
        """Return the rows of each Doc's tokens; nothing is trained here."""
        if len(self._known) > _MOST_ROWS:
            self._known.clear()
        kinds = [[kind.tobytes() for kind in doc.to_array(self._asked)] for doc in docs]
        if unknown := {kind for of_doc in kinds for kind in of_doc if kind not in self._known}:
            self._reckon(list(unknown))
        return [self._of(of_doc) for of_doc in kinds], None

    def _reckon(self, unknown: list[bytes]) -> None:
        values = np.frombuffer(b"".join(unknown), np.uint64).reshape(len(unknown), len(self._asked))
        (rows,) = self._embedding.predict([_Kinds(self._vocab, values)])
        self._known.update(zip(unknown, map(bytes, rows), strict=True))

    def _of(self, kinds: list[bytes]) -> NDArray[np.float32]:
        rows = bytearray().join(map(self._known.__getitem__, kinds))
        return np.frombuffer(rows, np.float32).reshape(len(kinds), self._embedding.get_dim("nO"))


def _quicken_embeddings(model: _Model, vocab: Vocab) -> None:
    for layer in list(model.walk()):
        embedding = layer.maybe_get_ref("embed")
        if embedding is not None and _is_of_one(embedding):
            for part in embedding.walk():
                part.ops = _RowByRow()
            rows = _Rows(embedding, vocab)
            model.replace_node(embedding, Model("presswatch_rows", rows.forward, layers=[embedding]))


def _is_of_one(embedding: _Model) -> bool:
    names = [part.name for part in embedding.walk() if not part.layers]
    return set(names) <= _OF_ONE and names.count("extract_features") == 1


@Language.factory("presswatch_attributes", default_config={"plain": "attribute_ruler"})
def _attributes(nlp: Language, name: str, plain: str) -> _Attributes:
    return _Attributes(nlp.get_pipe(plain))  # type: ignore[arg-type]


@Language.factory("presswatch_names", default_config={"plain": "ner"})
def _names(nlp: Language, name: str, plain: str) -> _Names:
    own: Any = nlp.get_pipe(plain)
    return _Names(nlp.vocab, own.model, name, own.moves)
