"""Export: everything of the chat's own collection and nothing else, filters honoured, in three forms."""

import csv
import io
import json
import zipfile
from collections.abc import Collection, Mapping
from datetime import date

import pytest

from domain.exports import Form, NobodyCalled, Selection
from domain.extraction import Factuality, Metadata
from services import Services
from services.correcting.forgetting import forget
from services.exporting import Export, relations, select, select_of
from services.exporting.files import write, write_zip
from services.exporting.tables import harmless
from storage import exporting
from storage.connection import Database, Row
from tests.engines import ON_BOTH
from tests.services.conftest import Prepared
from tests.services.exported import ANN, ANN_HERSELF, BOB, Archive, exported, fill
from tests.services.schema_org import faults


@pytest.fixture
async def full(services: Services, prepared: Prepared) -> Services:
    """An archive with something of everything."""
    await fill(Archive(services, prepared))
    return services


async def export_of(services: Services, selection: Selection | None = None) -> Export:
    found = await select(services, ANN.id, selection or Selection())
    assert isinstance(found, Export)
    return found


async def linked(services: Services, selection: Selection | None = None) -> dict[str, object]:
    out = io.BytesIO()
    await write(await export_of(services, selection), Form.LINKED, out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def parsed(lines: list[str], kind: str) -> list[dict[str, object]]:
    return [record for line in lines if (record := json.loads(line))["type"] == kind]


async def test_it_begins_with_its_version_and_ends_with_its_counts(full: Services):
    lines = await exported(full)
    first, last = json.loads(lines[0]), json.loads(lines[-1])
    assert (first["type"], first["format"], first["version"]) == ("archive", "presswatch", 1)
    assert last == {"type": "end", "records": {**last["records"], "article": 4, "person": 3, "correction": 2}}
    assert sum(last["records"].values()) == len(lines) - 2


async def test_every_record_refers_to_records_of_the_same_export(full: Services):
    lines = await exported(full)
    ids = {record["id"] for line in lines if "id" in (record := json.loads(line))}
    referred: set[object] = set()
    for relation in parsed(lines, "relation"):
        referred |= {relation["claim"], relation["other"], relation["correction"]}
    for judgement in parsed(lines, "judgement"):
        referred |= {judgement["left"], judgement["right"], judgement["correction"]}
    for claim in parsed(lines, "claim"):
        referred |= {claim["article"], *claim["people"]}  # type: ignore[misc]  # lists of ids
    assert referred <= ids and len(referred) > 8


async def test_a_correction_tells_persons_and_articles_by_what_they_are_called(full: Services):
    made = {each["kind"]: each for each in parsed(await exported(full), "correction")}
    ids = {str(person["name"]): person["id"] for person in parsed(await exported(full), "person")}
    two = made["same_person"]["said"]["persons"]  # type: ignore[index]  # an object
    assert [each["id"] for each in two] == [ids["Ole Brandt"], ids["Wim Corver"]]
    claims = made["relation"]["said"]["claims"]  # type: ignore[index]  # an object
    assert all(str(each["article"]).startswith("article-") for each in claims)


@ON_BOTH
async def test_nothing_of_another_collection_is_in_it(full: Services):
    async with full.database.reading() as db:
        (bobs,) = await db.all("SELECT body FROM articles WHERE collection_id = 2")
    for form in Form:
        out = io.BytesIO()
        await write_zip(await export_of(full), [form], out)
        with zipfile.ZipFile(out) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "Lind" not in text and bobs["body"] not in text
    assert "Kestrel" not in "".join(await exported(full, BOB))


async def test_a_chat_that_is_not_known_and_what_is_forgotten_export_nothing(full: Services):
    assert await select(full, 999, Selection()) is None
    async with full.database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (77, 'now')")
    assert await select_of(full, 77, Selection()) is None


@pytest.mark.parametrize(
    ("selection", "headlines"),
    [
        (Selection(), ["Berths", "Berths", "Berths", "@Port"]),
        (Selection(since=date(2026, 3, 2), until=date(2026, 3, 3)), ["Berths", "Berths"]),
        (Selection(until=date(2026, 3, 1)), ["Berths"]),
        (Selection(person="kestrel"), ["Berths", "Berths"]),
        (Selection(person="Corver"), ["Berths", "Berths", "Berths", "@Port"]),
        (Selection(publisher="KYSTRADIO"), ["@Port"]),
        (Selection(language="NO"), ["@Port"]),
        (Selection(publisher="Kystradio", language="en"), []),
    ],
)
async def test_filters_hold_for_everything(full: Services, selection: Selection, headlines: list[str]):
    lines = await exported(full, selection=selection)
    articles = parsed(lines, "article")
    assert [each["headline"] for each in articles] == headlines
    ids = {each["id"] for each in articles}
    assert {each["article"] for each in parsed(lines, "claim")} == ids
    people = {person["id"] for person in parsed(lines, "person")}
    named = {each["person"] for article in articles for each in article["people"]}  # type: ignore[attr-defined]
    assert named <= people
    claims = {claim["id"] for claim in parsed(lines, "claim")}
    assert all({each["claim"], each["other"]} <= claims for each in parsed(lines, "relation"))
    graph = (await linked(full, selection))["@graph"]
    assert sum(node["@type"] == "NewsArticle" for node in graph) == len(headlines)  # type: ignore[attr-defined]


async def test_a_name_that_nobody_bears_is_told(full: Services):
    assert await select(full, ANN.id, Selection(person="Quillfeather")) == NobodyCalled("Quillfeather")
    assert await select(full, ANN.id, Selection(person="Lind")) == NobodyCalled("Lind")


async def test_json_ld_says_nothing_that_schema_org_has_no_term_for(full: Services):
    document = await linked(full)
    assert list(faults(document)) == []
    graph = document["@graph"]
    assert isinstance(graph, list) and {node["@type"] for node in graph} == {"NewsArticle", "Person", "Claim"}


def test_the_check_of_json_ld_finds_what_is_wrong():
    node = {"@type": "Claim", "@id": "#1", "claimant": "Ann", "author": {"@id": "#2"}, "appearance": "x", "text": 3}
    document = {"@context": "https://schema.org", "@graph": [node, {"@type": "Song", "@id": "#3"}]}
    assert list(faults(document)) == [
        "Claim has no claimant",
        "Claim.author cannot be {'@id': '#2'}",
        "Claim.appearance cannot be 'x'",
        "Claim.text cannot be 3",
        "no type Song",
    ]


async def test_in_json_ld_persons_judged_to_be_one_are_one_and_a_denial_is_no_assertion(full: Services):
    graph = (await linked(full))["@graph"]
    assert isinstance(graph, list)
    people = {node["name"]: node for node in graph if node["@type"] == "Person"}
    assert people.keys() == {"Ada Kestrel", "Ole Brandt"} or people.keys() == {"Ada Kestrel", "Wim Corver"}
    brandt = people.get("Ole Brandt") or people["Wim Corver"]
    assert {brandt["name"], *brandt["alternateName"]} == {"Ole Brandt", "Wim Corver"}
    denied = next(node for node in graph if node.get("keywords") == f"factuality:{Factuality.DENIED.value}")
    assert denied["text"] == "said that no berths were sold"
    assert denied["author"] == {"@id": brandt["@id"]}


async def test_tables_have_a_row_each_and_no_cell_is_a_formula(full: Services):
    out = io.BytesIO()
    await write(await export_of(full), Form.TABLES, out)
    with zipfile.ZipFile(out) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }
    counts = {name: len(rows) for name, rows in tables.items()}
    assert counts == {"articles.csv": 4, "people.csv": 3, "claims.csv": 4, "relations.csv": 1, "corrections.csv": 2}
    assert tables["articles.csv"][3]["headline"] == "'@Port"
    assert tables["claims.csv"][3]["text"] == "'=HYPERLINK(1) is closed"
    cells = [cell for rows in tables.values() for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.parametrize(
    ("cell", "is_now"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        ("", ""),
        (-2, -2),
        (None, None),
    ],
)
def test_a_cell_that_begins_with_a_sign_is_made_harmless(cell: object, is_now: object):
    assert harmless(cell) == is_now


async def test_an_empty_table_has_its_header(full: Services):
    out = io.BytesIO()
    await write(await export_of(full, Selection(language="xx")), Form.TABLES, out)
    with zipfile.ZipFile(out) as archive:
        assert archive.read("relations.csv").decode("utf-8-sig").startswith("id,claim,kind,other,")


async def test_a_zip_that_is_too_large_is_given_up(full: Services):
    out = io.BytesIO()
    assert not await write_zip(await export_of(full), list(Form), out, largest=100)
    assert await write_zip(await export_of(full), list(Form), io.BytesIO(), largest=1_000_000)


async def test_pages_follow_each_other_without_a_gap(
    services: Services, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting, "PAGE", 2)
    archive = Archive(services, prepared)
    for number in range(5):
        await archive.bring("Ada Kestrel", f"pier {number} is closed", metadata=Metadata(f"Pier {number}"))
    assert [each["headline"] for each in parsed(await exported(services), "article")] == [f"Pier {n}" for n in range(5)]


async def test_nothing_of_a_forgotten_article_is_in_it(full: Services):
    async with full.database.reading() as db:
        (denial,) = await db.all("SELECT id FROM articles WHERE body LIKE '%no berths were sold%'")
        (alone,) = await db.all("SELECT id FROM articles WHERE body LIKE '%HYPERLINK%'")
    await forget(full, ANN.id, denial["id"], ANN_HERSELF)
    lines = await exported(full)
    assert "no berths were sold" not in "".join(lines)
    assert [each["kind"] for each in parsed(lines, "correction")] == ["same_person"]
    assert len(parsed(lines, "judgement")) == 1
    async with full.database.reading() as db:
        rest = await db.all("SELECT id FROM articles WHERE collection_id = 1 AND id <> :alone", alone=alone["id"])
    for each in (alone, *rest):
        await forget(full, ANN.id, each["id"], ANN_HERSELF)
    assert [json.loads(line)["type"] for line in await exported(full)] == ["archive", "end"]


async def test_corrections_of_articles_outside_the_filters_are_left_out(full: Services):
    lines = await exported(full, selection=Selection(until=date(2026, 3, 1)))
    assert "no berths were sold" not in "".join(lines)
    assert "relation" not in {each["kind"] for each in parsed(lines, "correction")}


async def test_a_relation_whose_claim_goes_meanwhile_is_left_out(full: Services, monkeypatch: pytest.MonkeyPatch):
    places = exporting.places

    async def read_again_before(database: Database, claims: Collection[int]) -> Mapping[int, Row]:
        async with database.transaction() as db:
            await db.run("DELETE FROM claims WHERE id = (SELECT MIN(claim_id) FROM claim_relations)")
        return await places(database, claims)

    export = await export_of(full)
    assert len([each async for each in relations(export)]) == 1
    monkeypatch.setattr(exporting, "places", read_again_before)
    assert [each async for each in relations(export)] == []
