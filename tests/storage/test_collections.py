"""Nothing that is kept of articles can be asked for without saying in which collection, or by numbers found there."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What these ask by was found with a collection, in the same use case: rows, never what somebody typed or tapped.
BY_FOUND = {
    "articles": {"versions", "chats_with_card"},
    "corrections": {"is_restored", "standing"},
    "digested": {"told_of", "shown"},
    "forgotten": {"neighbours", "since"},
    "identity": {
        *("called_in", "count_articles", "group_of", "judge", "judged", "kept_apart", "kept_apart_from"),
        *(
            "named_in",
            "names_of",
            "newest_articles",
            "newest_of_each",
            "pins",
            "roles_in",
            "scenes",
            "spans_in",
            "to_ask",
            "withdraw",
        ),
    },
    "news": {"named", "naming", "ties"},
    "origins": {"count_of_persons", "count_origins", "origins_of"},
    "persons": {
        *(
            "filed",
            "fullest",
            "members",
            "named_with",
            "names_of",
            "of_article",
            "remove_of_article",
            "roles_of",
            "seen",
        ),
    },
    "pictures": {"since"},
    "places": {"claims_with", "in_claims"},
    "relations": {
        *("articles_of", "between", "canonical", "doubted", "fellows", "names_of", "of_claims", "people_of"),
    },
    "reprints": {"group_of", "standing"},
    "restoring": {"places", "story_of"},
    "stories": {"keys_of", "languages_of", "members", "stories_of"},
    "exporting": {"places", "uids"},
    "watches": {"is_new"},
}
# What no chat asks for: the bot's own work on whatever is due, and what an operator asks for at the command line.
UPKEEP = {
    "articles": {"collection_of"},
    "deliveries": {"counts", "find", "messages_of", "newest_in", "next_part", "parts", "waits_since"},
    "erasing": {"brought", "names_in", "outdated", "unshared", "withdraw_jobs"},
    "exporting": {"newest"},
    "forgotten": {"due"},
    "jobs": {"counts"},
    "operating": {"deliveries"},
    "opening": {"copy_archive", "open_database"},
}
# Rows of one chat, or of one bot, are asked for by it.
OF_ONE = {"chat", "bot", "forward", "target", "old"}
SAYS_NOTHING = {"None", "bool"}
# What is written.
WRITTEN = {"add", "add_many"}


def functions() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    """The public functions of the room that take a connection, each with its module."""
    for file in sorted((ROOT / "storage").glob("*.py")):
        for each in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(each, ast.AsyncFunctionDef) and not each.name.startswith("_"):
                yield file.stem, each


def parameters(function: ast.AsyncFunctionDef) -> dict[str, str]:
    given = (*function.args.args, *function.args.kwonlyargs)
    return {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in given}


def names_a_collection(function: ast.AsyncFunctionDef) -> bool:
    # Limits of an export hold a collection.
    return any("CollectionId" in kind or kind == "Limits" for kind in parameters(function).values())


def test_whatever_tells_of_articles_takes_a_collection():
    """What does not is a chat's own, or on one of the lists above, each with its reason."""
    free = {
        (module, each.name)
        for module, each in functions()
        if not names_a_collection(each)
        and not OF_ONE & set(parameters(each))
        and each.name not in WRITTEN
        and ast.unparse(each.returns or ast.Constant(None)) not in SAYS_NOTHING
    }
    listed = {(module, name) for reason in (BY_FOUND, UPKEEP) for module, names in reason.items() for name in names}
    assert free - listed == set()


def test_what_is_listed_is_there():
    there = {(module, each.name) for module, each in functions()}
    assert {(module, name) for module, names in BY_FOUND.items() for name in names} <= there


def test_a_collection_that_is_taken_is_used():
    idle = [
        (module, each.name)
        for module, each in functions()
        for name, kind in parameters(each).items()
        if "CollectionId" in kind and name not in {node.id for node in ast.walk(each) if isinstance(node, ast.Name)}
    ]
    assert idle == []


def calls(room: str) -> Iterator[tuple[str, str]]:
    """Each call in a room, by its file and what it calls."""
    for file in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield file.relative_to(ROOT).as_posix(), ast.unparse(node.func)


def test_no_use_case_makes_up_a_collection():
    made = [file for room in ("services", "handlers") for file, called in calls(room) if called == "CollectionId"]
    assert made == []


def test_one_place_says_what_a_chat_may_see():
    """Who else looks a chat up asks for its name, zone or role, or works for the operator: none takes what it sees."""
    others = {
        "services/access.py",
        "services/chats.py",
        "services/delivering.py",
        "services/erasing.py",
        "services/limits.py",
        "services/rereading.py",
        "services/subscribing/wishes.py",
    }
    assert {file for file, called in calls("services") if called == "chats.find"} <= others
