"""``make licences``: docs/licences.md from what the installed packages say of themselves."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/licences.md"
# A licence has a name; what is longer is its text.
LONGEST = 80
_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==", re.MULTILINE)
# Of the GNU licences the lesser ones let a program of any licence use what they are for.
_BINDING = re.compile(r"\bA?GPL|(?<!Lesser )General Public License")
HEADER = """# Licences

Presswatch itself is under the MIT licence. What it is run, developed and tested with, by `make licences` from what each
package says of itself; a test fails where one says nothing, or is under the GPL or AGPL alone. Those under the LGPL are
used as they are, by import, and can be replaced.

"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package and the name of its licence; empty where none is said."""

    name: str
    licence: str

    @property
    def is_binding(self) -> bool:
        """Return whether each way in which it is licensed asks the same of all that it is used in."""
        return all(_BINDING.search(each) for each in self.licence.split(" OR ")) if self.licence else False


def locked(file: str) -> list[str]:
    """Return the names of the packages in a list of ``requirements/``."""
    return _NAME.findall((ROOT / "requirements" / file).read_text(encoding="utf-8"))


def installed(names: list[str]) -> list[Package]:
    """Return those of the packages that are here: some are for other systems alone."""
    found = []
    for name in names:
        try:
            found.append(Package(name, _licence(name, distribution(name))))
        except PackageNotFoundError:
            continue
    return found


def _licence(name: str, package: Distribution) -> str:
    said = package.metadata.get("License-Expression") or _told()["said"].get(name)
    field = (package.metadata.get("License") or "").strip()
    if said is None and field and len(field) <= LONGEST and "\n" not in field and field != "UNKNOWN":
        said = field
    classifiers = [each for each in package.metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    return said or " AND ".join(each.rpartition(" :: ")[2] for each in classifiers)


def _told() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "licences.toml").read_text(encoding="utf-8"))


def page() -> str:
    """Return docs/licences.md as it should be."""
    to_run = locked("run.txt")
    besides = [each for each in locked("dev.txt") if each not in to_run]
    return (
        HEADER
        + _table("To run it", installed(to_run))
        + _table("For other languages, Sentry and development", installed(besides))
        + "## What packages bring along\n\n"
        + "".join(f"- `{name}`: {what}\n" for name, what in sorted(_told()["brings"].items()))
    )


def _table(title: str, packages: list[Package]) -> str:
    rows = "".join(f"| {each.name} | {each.licence} |\n" for each in packages)
    return f"## {title}\n\n| package | licence |\n|---|---|\n{rows}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
