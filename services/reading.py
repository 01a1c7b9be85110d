"""Reading an article: what came out of it goes into the ledger in one transaction with the job of its card."""

import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from domain.articles import ArticleState
from domain.chats import CollectionId
from domain.corrections import Correction, CorrectionState
from domain.extraction import (
    Attribution,
    Extraction,
    ExtractionFailure,
    FailureReason,
    KeyClaim,
    NamedPerson,
    Passage,
    Reading,
    Source,
    Span,
    with_year,
)
from domain.gists import with_persons
from domain.jobs import JobKind, NewJob
from services import Services, watching
from services.cards import card_job, show_job
from services.correcting.applying import corrected, uncorrected
from services.correcting.notices import reopened_jobs
from services.correcting.reopening import BY_ITSELF
from services.identity.doubting import ask_jobs
from services.identity.filing import Foreseen, file_people, foresee, is_still_so
from services.known_names import with_known_people
from storage import articles, claims, corrections, forgotten, origins, persons, places, reprints, watches
from storage.articles import StoredArticle
from storage.claims import NewClaim
from storage.connection import Reader, Writer

# Digests go by when an article was first read: no digest reaches back as far.
NO_NEWS = datetime(1, 1, 1, tzinfo=UTC)
# So often an article's people are compared beside others' writing; where somebody got ahead each time, within.
_LOOKS = 2
# Longer runs of words between source and content are not one thought any more.
LONGEST_LEAD_IN = 60
# "The mayor's plan to resign": what follows is no verb.
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_RELATIVE = (" who", " which", " that")
_BREAK = re.compile(r"[\n.!?;“”\"()]")


async def read(
    services: Services, article: int, chat: int | None, occasion: str = "read", *, shown: bool = True
) -> FailureReason | None:
    """Extract the article and keep all that came out, or why nothing did; the chat, if any, is shown its card.

    What no chat waits for was imported: it fills the archive, and no digest tells of it.
    Another ``occasion`` reads the article another time; one that is not to be ``shown`` leaves the cards as they are.
    """
    found = await services.database.look(partial(_to_read, article))
    if found is None:
        return None
    collection, stored, made = found
    result = await extracted(services, collection, stored, made)
    settle = partial(_settle, services, collection, stored, result, chat, occasion, shown)
    if made:
        return await services.database.transact(partial(settle, None), alone=True)
    for _ in range(_LOOKS):
        foreseen = await _foreseen(services, collection, stored, result)
        if foreseen is None:
            break
        settled = await services.database.transact(partial(_as_foreseen, collection, foreseen, settle), alone=True)
        if settled is not None:
            return settled[0]
    return await services.database.transact(partial(settle, None), alone=True)


async def _as_foreseen(
    collection: CollectionId,
    foreseen: Foreseen,
    settle: Callable[[Foreseen, Writer], Coroutine[Any, Any, FailureReason | None]],
    db: Writer,
) -> tuple[FailureReason | None] | None:
    """Settle an article whose people are still as they were foreseen; None where they are not."""
    return (await settle(foreseen, db),) if await is_still_so(db, collection, foreseen) else None


async def _to_read(article: int, db: Reader) -> tuple[CollectionId, StoredArticle, Sequence[Correction]] | None:
    collection = await articles.collection_of(db, article)
    stored = await articles.find(db, collection, article) if collection is not None else None
    if collection is None or stored is None:
        return None
    return collection, stored, await corrections.standing(db, article)


async def _foreseen(
    services: Services, collection: CollectionId, stored: StoredArticle, result: Extraction | ExtractionFailure
) -> Foreseen | None:
    """Compare an article's people before the transaction that keeps them: while that goes on, nobody else can write."""
    if isinstance(result, ExtractionFailure) or not result.people:
        return None
    publisher, seen_at = result.metadata.publisher, articles.sorts_by(result.metadata, stored.received_at)

    async def look(db: Reader) -> Foreseen | None:
        return await foresee(db, collection, stored.reference.id, result.people, publisher, seen_at)

    return await services.database.look(look)


async def _settle(
    services: Services,
    collection: CollectionId,
    stored: StoredArticle,
    result: Extraction | ExtractionFailure,
    chat: int | None,
    occasion: str,
    shown: bool,
    foreseen: Foreseen | None,
    db: Writer,
) -> FailureReason | None:
    article = stored.reference.id
    # Not before: a digest that is planned while this waits for its turn does not see the article.
    settled_at = services.clock() if chat is not None else NO_NEWS
    now = await articles.find(db, collection, article)
    if now is None or now.body != stored.body:
        # It was edited meanwhile, and is to be read again.
        return None
    if isinstance(result, ExtractionFailure) and chat is None and now.state is ArticleState.READ:
        # What the earlier reading found is better than nothing.
        return result.reason
    is_new = chat is not None and await watches.is_new(db, article)
    if isinstance(result, ExtractionFailure):
        await articles.mark_failed(db, article, result.reason, settled_at)
        await persons.remove_of_article(db, article)
        await claims.replace(db, collection, article, [], settled_at)
    else:
        await _keep(services, db, collection, stored, result, foreseen, settled_at)
    await reprints.settle(db, collection, article, result.fingerprint)
    await origins.settle(db, article, result.agency if isinstance(result, Extraction) else None)
    if shown:
        await _show(services, db, article, chat, occasion)
    if is_new and chat is not None:
        await watching.alert(services, db, collection, article, chat)
    await services.queue.put(db, [relate_job(collection, article, occasion, services.clock())])
    return result.reason if isinstance(result, ExtractionFailure) else None


async def extracted(
    services: Services, collection: CollectionId, stored: StoredArticle, made: Sequence[Correction]
) -> Extraction | ExtractionFailure:
    """Return what the machine reads in an article, as if none of the corrections had been ``made``."""
    result = await services.extraction.extract(stored.body, uncorrected(stored.metadata, made))
    if isinstance(result, Extraction):
        dated = replace(result, metadata=with_year(result.metadata, stored.received_at.date()))
        if dated.reading is Reading.FULL:
            return dated
        return await services.database.look(lambda db: with_known_people(db, collection, stored.body, dated))
    return result


def relate_job(collection: CollectionId, article: int, occasion: str, now: datetime) -> NewJob:
    """Return the job that ties an article to others, once for each time that it has been read.

    Those of a collection are tied one after the other, and the collections have turns.
    """
    payload = {"article": article, "occasion": occasion}
    key, lane = f"relate:{article}:{occasion}:{now.isoformat()}", f"relate:{collection}"
    return NewJob(JobKind.RELATE, key, payload, lane, owner=collection)


async def give_up(services: Services, article: int, chat: int | None, occasion: str) -> None:
    """Keep that the article cannot be read, through a fault of our own, and tell the chat, if any."""
    async with services.database.transaction() as db:
        if chat is None:
            # It was to be read once more; what the earlier reading found stays.
            return
        await articles.mark_failed(db, article, FailureReason.CRASH, services.clock())
        await _show(services, db, article, chat, occasion)


async def _show(services: Services, db: Writer, article: int, chat: int | None, occasion: str) -> None:
    """Have every chat that is shown the article see how it stands now, and ``chat`` in any case."""
    shown_to = set(await articles.chats_with_card(db, article))
    if chat is not None:
        await services.queue.withdraw(db, card_job(article, chat, "note").key)
        shown_to.add(chat)
    for each in sorted(shown_to):
        await services.queue.put(db, [await show_job(services, db, article, each, occasion)])
    if chat is not None:
        await services.queue.put(db, await ask_jobs(db, article, chat))


async def _keep(
    services: Services,
    db: Writer,
    collection: CollectionId,
    stored: StoredArticle,
    extraction: Extraction,
    foreseen: Foreseen | None,
    settled_at: datetime,
) -> None:
    """Keep what the machine read in an article, as its corrections leave it."""
    article, text = stored.reference.id, stored.body
    holds = corrected(text, extraction, await corrections.standing(db, article))
    for correction in holds.reopened:
        await corrections.end(db, correction.id, CorrectionState.REOPENED, BY_ITSELF, services.clock())
        await services.queue.put(db, await reopened_jobs(db, collection, correction))
    await articles.mark_read(db, article, holds.extraction.metadata, settled_at, holds.extraction.reading)
    marked = await articles.find(db, collection, article)
    assert marked is not None  # noqa: S101  # it was marked just now
    seen_at = marked.reference.seen_at
    before = await persons.filed(db, article)
    gone = {*before.values(), *await places.in_claims(db, article)}
    await persons.remove_of_article(db, article)
    people, now = holds.extraction.people, services.clock()
    # What a correction has changed, or whoever it is about, nobody foresaw.
    known = foreseen if holds.extraction is extraction else None
    numbers = await file_people(db, collection, article, people, seen_at, holds.pinned, before, now, known)
    await claims.replace(db, collection, article, ledger_claims(text, holds.extraction, numbers), seen_at)
    await forgotten.forget_unused(db, collection, sorted(gone - set(numbers)))


def ledger_claims(text: str, extraction: Extraction, persons_of: Sequence[int]) -> list[NewClaim]:
    """Return every attribution, and every key claim that the article makes itself, in the order of the text.

    An attribution to nobody whom we keep goes where a key claim tells all of it, source and cue with it.
    ``persons_of`` gives the number of each of the extraction's people. A key claim's own words stand for the
    content of its attribution, from which they may be cut.
    """
    keys: dict[int | None, list[KeyClaim]] = {}
    for claim in extraction.claims:
        keys.setdefault(claim.attribution, []).append(claim)
    whole = keys.get(None, [])
    numbers = {person.name: number for person, number in zip(extraction.people, persons_of, strict=True)}
    found = [
        _attributed(text, extraction.people, persons_of, attribution, key)
        for index, attribution in enumerate(extraction.attributions)
        for key in keys.get(index, [None])
        if key or _has_person(attribution) or not any(_tells_all(claim, attribution) for claim in whole)
    ]
    for claim in whole:
        about = tuple(persons_of[index] for index in claim.people)
        said = Passage(claim.text, claim.spans)
        found.append(NewClaim(said, claim.factuality, claim.rank, cue=claim.notice, about=about, gist=claim.gist))
    filed = (replace(claim, gist=with_persons(claim.gist, numbers)) if claim.gist else claim for claim in found)
    return sorted(filed, key=lambda claim: claim.content.spans)


def _has_person(attribution: Attribution) -> bool:
    return attribution.source is not None and attribution.source.person is not None


def _tells_all(claim: KeyClaim, attribution: Attribution) -> bool:
    parts = (attribution.source, attribution.cue, attribution.content)
    spans = [span for part in parts if part is not None for span in part.spans]
    return all(any(own.start <= span.start and span.end <= own.end for own in claim.spans) for span in spans)


def _attributed(
    text: str,
    people: Sequence[NamedPerson],
    persons_of: Sequence[int],
    attribution: Attribution,
    key: KeyClaim | None,
) -> NewClaim:
    content = Passage(key.text, key.spans) if key else attribution.content
    source = attribution.source
    return NewClaim(
        content=content,
        factuality=key.factuality if key else attribution.factuality,
        rank=key.rank if key else None,
        kind=attribution.kind,
        source=Passage(source.text, source.spans) if source else None,
        source_person=_number(source, persons_of),
        source_job_title=_job_title(source, people),
        cue=attribution.cue,
        lead_in=lead_in(text, source, attribution.cue, content),
        about=_named_in(content.spans, people, persons_of),
        gist=key.gist if key else attribution.gist,
    )


def lead_in(text: str, source: Source | None, cue: Passage | None, content: Passage) -> str | None:
    """Return the article's words between source and content, None where they do not follow each other closely.

    Where something is put in between, as in "Ann Lee, who had been ill, said that", it is the words from the cue on.
    """
    if source is None or cue is None or not source.spans or not cue.spans or not content.spans:
        return None
    if source.text.endswith(_POSSESSIVES):
        return None
    start, end = max(span.end for span in source.spans), content.spans[0].start
    if not start <= cue.spans[0].start < end or cue.spans[-1].end > end:
        return None
    between = text[start:end]
    put_in = "," in between.strip(" ,") or source.text.endswith(_RELATIVE)
    words = text[cue.spans[0].start : end] if put_in else between
    tidy = " ".join(words.split()).strip(" ,")
    return tidy if len(tidy) <= LONGEST_LEAD_IN and not _BREAK.search(words) else None


def _number(source: Source | None, persons_of: Sequence[int]) -> int | None:
    return persons_of[source.person] if source and source.person is not None else None


def _job_title(source: Source | None, people: Sequence[NamedPerson]) -> str | None:
    titles = people[source.person].job_titles if source and source.person is not None else ()
    return titles[0] if titles else None


def _named_in(spans: Sequence[Span], people: Sequence[NamedPerson], persons_of: Sequence[int]) -> tuple[int, ...]:
    return tuple(
        number
        for person, number in zip(people, persons_of, strict=True)
        if any(
            span.start <= mention.span.start and mention.span.end <= span.end
            for mention in person.mentions
            for span in spans
        )
    )
