"""What an article says once its corrections have been applied to what the machine read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.anchors import around, find
from domain.corrections import Anchor, Correction, CorrectionKind
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    KeyClaim,
    Mention,
    Metadata,
    NamedPerson,
    Passage,
    Source,
    Span,
)
from domain.gists import Gist

# Of two readings of one sentence, the same claim has at least so much in common: intersection over union.
SAME_PLACE = 0.5
# The status that somebody gives a claim must show, whatever the article's own verb is.
_CUES = {Factuality.DENIED: Passage("denies", ()), Factuality.IMPROBABLE: Passage("doubts", ())}
_NEGATIVE = frozenset({*_CUES, Factuality.NOT_POSSIBLE})
_FIELDS = {
    CorrectionKind.HEADLINE: "headline",
    CorrectionKind.DATE: "date_published",
    CorrectionKind.PUBLISHER: "publisher",
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What holds of an article.

    ``pinned`` tells by index who a person of the extraction is: a person's number, or None for somebody new.
    ``reopened`` are the corrections whose place is not in the article's text any more.
    """

    extraction: Extraction
    pinned: Mapping[int, int | None] = field(default_factory=dict)
    reopened: tuple[Correction, ...] = ()


def corrected(text: str, extraction: Extraction, corrections: Sequence[Correction]) -> Corrected:
    """Return the extraction of ``text`` as its standing corrections, oldest first, leave it.

    Where the machine does not find any more what a correction is about, the correction stands and changes nothing.
    """
    if not corrections:
        return Corrected(extraction)
    draft = _Draft.of(text, extraction)
    reopened = []
    for correction in corrections:
        place = find(text, correction.new.anchor) if correction.new.anchor else None
        if correction.new.anchor is not None and place is None:
            reopened.append(correction)
        elif correction.new.kind in _CHANGES:
            _CHANGES[correction.new.kind](draft, place, correction)
    return draft.result(tuple(reopened))


def uncorrected(metadata: Metadata, corrections: Sequence[Correction]) -> Metadata:
    """Return an article's metadata as they were before its standing corrections: what the machine starts from."""
    for correction in reversed(corrections):
        name = _FIELDS.get(correction.new.kind)
        if name is not None and getattr(metadata, name) == correction.new.corrected["value"]:
            metadata = replace(metadata, **{name: correction.new.said["machine"]})
    return metadata


@dataclass(slots=True)
class _Draft:
    """An extraction while it is being corrected; what is taken out leaves None, so that indexes hold."""

    text: str
    before: Extraction
    people: list[NamedPerson | None]
    attributions: list[Attribution | None]
    claims: list[KeyClaim | None]
    pinned: dict[int, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, extraction: Extraction) -> "_Draft":
        return cls(text, extraction, list(extraction.people), list(extraction.attributions), list(extraction.claims))

    def result(self, reopened: tuple[Correction, ...]) -> Corrected:
        people, attributions = _new_indexes(self.people), _new_indexes(self.attributions)
        claims = sorted((claim for claim in self.claims if claim is not None), key=lambda claim: claim.rank)
        extraction = replace(
            self.before,
            people=tuple(person for person in self.people if person is not None),
            attributions=tuple(_renumbered(each, people) for each in self.attributions if each is not None),
            claims=tuple(
                replace(
                    claim,
                    attribution=None if claim.attribution is None else attributions[claim.attribution],
                    people=tuple(people[person] for person in claim.people if person in people),
                    rank=rank,
                )
                for rank, claim in enumerate(claims, start=1)
            ),
        )
        pinned = {people[index]: number for index, number in self.pinned.items() if index in people}
        return Corrected(extraction, pinned, reopened)

    def keys_of(self, attribution: int) -> list[int]:
        return [index for index, claim in enumerate(self.claims) if claim and claim.attribution == attribution]

    def person_at(self, place: Span | None) -> int | None:
        """Return the person one of whose mentions shares characters with a place."""
        if place is None:
            return None
        for index, person in enumerate(self.people):
            if person and any(_shared(mention.span, place) for mention in person.mentions):
                return index
        return None

    def person_named(self, name: str) -> int | None:
        """Return the person who bears a name in the article."""
        for index, person in enumerate(self.people):
            if person and _same_name(name, (person.name, *person.alternate_names)):
                return index
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim of the draft: an attribution, a key claim, or a key claim that tells an attribution's content."""

    attribution: int | None
    key: int | None


def _claim_at(draft: _Draft, place: Span | None, said: Mapping[str, object]) -> _Found | None:
    """Return the claim whose words are most like those at a place; of several, the one with the same source."""
    if place is None:
        return None
    best, found = (SAME_PLACE, False), None
    for claim, spans in _claims(draft):
        likeness = (_likeness(around(spans), place), _source_text(draft, claim) == said.get("source"))
        if likeness > best or (found is None and likeness[0] >= SAME_PLACE):
            best, found = likeness, claim
    return found


def _claims(draft: _Draft) -> Iterator[tuple[_Found, Sequence[Span]]]:
    for index, claim in enumerate(draft.claims):
        if claim is not None and claim.spans:
            yield _Found(claim.attribution, index), claim.spans
    for index, attribution in enumerate(draft.attributions):
        if attribution is not None and attribution.content.spans:
            keys = draft.keys_of(index)
            yield _Found(index, keys[0] if len(keys) == 1 else None), attribution.content.spans


def _source_text(draft: _Draft, claim: _Found) -> str | None:
    attribution = draft.attributions[claim.attribution] if claim.attribution is not None else None
    return attribution.source.text if attribution and attribution.source else None


def _not_a_claim(draft: _Draft, place: Span | None, correction: Correction) -> None:
    found = _claim_at(draft, place, correction.new.said)
    if found is None:
        return
    if found.key is not None:
        draft.claims[found.key] = None
    if found.attribution is not None and not (found.key is not None and draft.keys_of(found.attribution)):
        for key in draft.keys_of(found.attribution):
            draft.claims[key] = None
        draft.attributions[found.attribution] = None


def _factuality(draft: _Draft, place: Span | None, correction: Correction) -> None:
    found = _claim_at(draft, place, correction.new.said)
    if found is None:
        return
    now = Factuality(correction.new.corrected["factuality"])
    if found.attribution is not None:
        attribution = draft.attributions[found.attribution]
        assert attribution is not None  # noqa: S101  # it was found
        cue = _telling_cue(attribution, now)
        draft.attributions[found.attribution] = replace(
            attribution, factuality=now, cue=cue, gist=_held(attribution.gist, now)
        )
    keys = draft.keys_of(found.attribution) if found.attribution is not None else [found.key]
    for key in keys:
        claim = draft.claims[key] if key is not None else None
        if key is not None and claim is not None:
            draft.claims[key] = replace(claim, factuality=now, gist=_held(claim.gist, now))


def _held(gist: Gist | None, now: Factuality) -> Gist | None:
    """Return a gist whose claimant holds it as surely as that; what others hold in it stays."""
    if gist is None:
        return None
    statements = tuple(each if each.holder else replace(each, value=now) for each in gist.statements)
    return replace(gist, statements=statements, denies=now is Factuality.DENIED)


def _told_by(gist: Gist | None, name: str | None) -> Gist | None:
    return replace(gist, claimant=(f"@{name}",) if name else ()) if gist else None


def _telling_cue(attribution: Attribution, now: Factuality) -> Passage | None:
    """Return the cue that goes with a status: where the article's own would say otherwise, another one or none."""
    if now in _CUES:
        return attribution.cue if attribution.factuality is now else _CUES[now]
    if now is Factuality.UNKNOWN or attribution.factuality in _NEGATIVE:
        return None
    return attribution.cue


def _speaker(draft: _Draft, place: Span | None, correction: Correction) -> None:
    found = _claim_at(draft, place, correction.new.said)
    if found is None:
        return
    source = _new_source(draft, correction)
    person = draft.people[source.person] if source and source.person is not None else None
    name = person.name if person else None
    if found.attribution is not None:
        attribution = draft.attributions[found.attribution]
        assert attribution is not None  # noqa: S101  # it was found
        draft.attributions[found.attribution] = replace(
            attribution, source=source, gist=_told_by(attribution.gist, name)
        )
        for key in draft.keys_of(found.attribution):
            claim = draft.claims[key]
            assert claim is not None  # noqa: S101  # it is there
            draft.claims[key] = replace(claim, gist=_told_by(claim.gist, name))
    elif found.key is not None:
        claim = draft.claims[found.key]
        assert claim is not None  # noqa: S101  # it was found
        content = Passage(claim.text, claim.spans)
        gist = _told_by(claim.gist, name)
        given = Attribution(source, None, content, claim.factuality, AttributionKind.SPEECH, gist=gist)
        draft.attributions.append(given)
        draft.claims[found.key] = replace(claim, attribution=len(draft.attributions) - 1, gist=gist)


def _new_source(draft: _Draft, correction: Correction) -> Source | None:
    """Return who says it, by the article's person where it is one of them; else somebody is added to these."""
    now = correction.new.corrected
    name = now.get("name")
    if name is None:
        return None
    place = find(draft.text, Anchor(*now["at"])) if now.get("at") else None
    index = draft.person_at(place)
    if index is None:
        index = draft.person_named(name)
    if index is None:
        draft.people.append(NamedPerson(name, (), (), tuple(_mentions(draft, name))))
        index = len(draft.people) - 1
        if now.get("person") is not None:
            draft.pinned[index] = now["person"]
    return Source(name, (), index)


def _mentions(draft: _Draft, name: str) -> Iterator[Mention]:
    """Return where the text has a name that the machine took for nobody's."""
    taken = [mention.span for person in draft.people if person for mention in person.mentions]
    start = draft.text.find(name)
    while start >= 0:
        span = Span(start, start + len(name))
        if not any(_shared(span, each) for each in taken) and _stands_alone(draft.text, span):
            yield Mention(name, span)
        start = draft.text.find(name, span.end)


def _stands_alone(text: str, span: Span) -> bool:
    return not (text[span.start - 1 : span.start].isalnum() or text[span.end : span.end + 1].isalnum())


def _not_a_person(draft: _Draft, place: Span | None, correction: Correction) -> None:
    """Take out whoever is named at the place, by the names that are nobody's; other names of theirs stay."""
    names, at_place = correction.new.said["names"], draft.person_at(place)
    for index, person in enumerate(draft.people):
        meant = person and (index == at_place or _same_name(person.name, names))
        if person is None or not meant:
            continue
        left = tuple(mention for mention in person.mentions if not _same_name(mention.text, names))
        if left:
            forms = sorted(dict.fromkeys(mention.text for mention in left), key=len, reverse=True)
            draft.people[index] = replace(person, name=forms[0], alternate_names=tuple(forms[1:]), mentions=left)
        else:
            draft.people[index] = None


def _another_person(draft: _Draft, place: Span | None, correction: Correction) -> None:
    index = draft.person_at(place)
    if index is not None:
        draft.pinned[index] = correction.new.corrected["person"]


def _metadata(draft: _Draft, _place: Span | None, correction: Correction) -> None:
    value = {_FIELDS[correction.new.kind]: correction.new.corrected["value"]}
    draft.before = replace(draft.before, metadata=replace(draft.before.metadata, **value))


_CHANGES: Mapping[CorrectionKind, Callable[[_Draft, Span | None, Correction], None]] = {
    CorrectionKind.NOT_A_PERSON: _not_a_person,
    CorrectionKind.ANOTHER_PERSON: _another_person,
    CorrectionKind.SPEAKER: _speaker,
    CorrectionKind.NOT_A_CLAIM: _not_a_claim,
    CorrectionKind.FACTUALITY: _factuality,
    CorrectionKind.HEADLINE: _metadata,
    CorrectionKind.DATE: _metadata,
    CorrectionKind.PUBLISHER: _metadata,
}


def _new_indexes(items: Sequence[object | None]) -> dict[int, int]:
    kept = [index for index, item in enumerate(items) if item is not None]
    return {index: place for place, index in enumerate(kept)}


def _renumbered(attribution: Attribution, people: Mapping[int, int]) -> Attribution:
    source = attribution.source
    if source is None or source.person is None:
        return attribution
    return replace(attribution, source=replace(source, person=people.get(source.person)))


def _shared(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _likeness(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / (max(one.end, other.end) - min(one.start, other.start) or 1)


def _same_name(name: str, names: Sequence[str]) -> bool:
    folded = " ".join(name.casefold().split())
    return any(folded == " ".join(each.casefold().split()) for each in names)
