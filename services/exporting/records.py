"""The records of an export as JSON lines, which restoring reads again: docs/export.md tells them field by field.

Names are those of schema.org where it has one. Moments are ISO 8601 in UTC, spans [start, end] in characters of
``articleBody``.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

FORMAT, VERSION = "presswatch", 1

Spans = tuple[tuple[int, int], ...]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Header(_Record):
    """The first line."""

    type: Literal["archive"] = "archive"
    format: Literal["presswatch"] = "presswatch"
    version: int = VERSION
    exported_at: str
    filters: dict[str, str] = Field(default_factory=dict)


class Person(_Record):
    """A person's row; ``shown_as`` is the one by whom they are shown, where somebody has judged the two to be one.

    ``job_title`` are their roles in the exported articles, newest first, which are told with each article, too. Who is
    not ``named`` is kept for corrections alone: nobody is found by the name.
    """

    type: Literal["person"] = "person"
    id: str
    name: str
    alternate_name: tuple[str, ...]
    job_title: tuple[str, ...] = ()
    shown_as: str | None = None
    named: bool = True


class Mention(_Record):
    """Where an article names somebody."""

    start: int
    end: int
    text: str


class Named(_Record):
    """Whom an article names, where, and what it says they are."""

    person: str
    job_title: tuple[str, ...]
    mentions: tuple[Mention, ...]


class Chat(_Record):
    """A chat, by Telegram's number of it."""

    id: int
    kind: str
    title: str
    username: str | None = None


class Origin(_Record):
    """Telegram's MessageOrigin."""

    kind: str
    name: str | None = None
    username: str | None = None
    message_id: int | None = None
    sent_at: str | None = None
    signature: str | None = None


class Forward(_Record):
    """A message that brought an article."""

    chat: Chat
    message_id: int
    thread_id: int | None = None
    sender: str
    sender_id: int
    sent_at: str
    note: str | None = None
    origin: Origin


class Version(_Record):
    """What an article said before it was edited."""

    replaced_at: str
    article_body: str
    headline: str | None = None


class Pin(_Record):
    """Whom a correction says that a name means, and whom the machine had taken them for."""

    name: str
    person: str
    machine: str | None = None


class Article(_Record):
    """An article with all that hangs on it alone, except for its claims, which follow it."""

    type: Literal["article"] = "article"
    id: str
    headline: str | None = None
    publisher: str | None = None
    author: tuple[str, ...] = ()
    date_published: str | None = None
    in_language: str | None = None
    url: str | None = None
    article_body: str
    state: str
    failure: str | None = None
    reading: str
    received_at: str
    settled_at: str | None = None
    seen_at: str
    origin: str | None = None
    fingerprint: str | None = None
    reprint_of: str | None = None
    story: str | None = None
    story_keys: tuple[tuple[int, float], ...] = ()
    people: tuple[Named, ...] = ()
    pinned: tuple[Pin, ...] = ()
    forwards: tuple[Forward, ...] = ()
    versions: tuple[Version, ...] = ()


class Source(_Record):
    """Who says it, in the article's words, and as which person."""

    text: str
    spans: Spans
    person: str | None = None
    job_title: str | None = None


class Passage(_Record):
    """Words of an article."""

    text: str
    spans: Spans


class Claim(_Record):
    """A claim of the article before it."""

    type: Literal["claim"] = "claim"
    id: str
    article: str
    position: int
    rank: int | None = None
    text: str
    spans: Spans
    factuality: str
    kind: str | None = None
    source: Source | None = None
    cue: Passage | None = None
    lead_in: str | None = None
    people: tuple[str, ...] = ()
    gist: str | None = None


class Correction(_Record):
    """What somebody put right; ``said`` and ``corrected`` depend on the kind."""

    type: Literal["correction"] = "correction"
    id: str
    kind: str
    article: str | None = None
    anchor: tuple[str, str, str] | None = None
    said: dict[str, Any]
    corrected: dict[str, Any]
    chat: int
    user: int
    user_name: str
    made_at: str
    state: str
    ended_at: str | None = None
    ended_by: str | None = None


class Judgement(_Record):
    """Whether two persons are one, as somebody has said."""

    type: Literal["judgement"] = "judgement"
    left: str
    right: str
    verdict: str
    correction: str


class Relation(_Record):
    """What a claim is to another one."""

    type: Literal["relation"] = "relation"
    id: str
    claim: str
    other: str
    kind: str
    state: str
    score: float
    evidence: tuple[str, ...]
    correction: str | None = None


class Doubt(_Record):
    """Whether two persons are one, as the machine asks; exports once had sentences as evidence."""

    type: Literal["doubt"] = "doubt"
    person: str
    candidate: str
    article: str
    score: float
    evidence: tuple[dict[str, Any] | str, ...]
    raised_at: str
    asked_at: str | None = None


class End(_Record):
    """The last line: how many records of each type came before, so that a file that was cut off is noticed."""

    type: Literal["end"] = "end"
    records: dict[str, int]


Record = Header | Person | Article | Claim | Correction | Judgement | Relation | Doubt | End
ANY: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="type")])


def line(record: Record) -> str:
    """Return a record as a line of JSON."""
    return record.model_dump_json(by_alias=True) + "\n"
