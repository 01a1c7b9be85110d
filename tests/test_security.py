"""What SECURITY.md says is so: the tests that it names, and what may get into an installation."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
NAMED = re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))


def test_each_test_that_is_named_exists():
    here = Path(__file__).parent
    there = {
        name for file in here.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }
    assert len(NAMED) > 20
    assert set(NAMED) - there == set()


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_every_package_is_locked_with_a_hash(file: Path):
    entries = re.split(r"\n(?=[\w.-]+[=<>@ ])", re.sub("(?m)^#.*\n", "", file.read_text(encoding="utf-8")))
    assert len(entries) > 50
    assert [
        each for each in entries if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", each) or "--hash=sha256:" not in each
    ] == []


def test_the_image_takes_nothing_but_what_is_locked():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = re.findall(r"^RUN (.*\binstall --no-cache-dir.*)$", text, re.MULTILINE)
    locked, ours = installs
    assert "--require-hashes" in locked
    assert "--only-binary :all:" in locked
    assert "--no-deps" in ours
    assert "--no-build-isolation" in ours
    assert "ADD " not in text
    assert "curl" not in text
