"""``make audit``: known vulnerabilities of the locked packages, by pip-audit.

pip-audit says "no known vulnerabilities" also of what it could not look up. Here that is told apart: the exit code is 1
where something is vulnerable, 3 where nothing, or not all, could be looked up, else 0.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

VULNERABLE, NOT_KNOWN = 1, 3
# In seconds.
PATIENCE = 120


def main(lists: Sequence[str]) -> int:
    """Look up the packages of the lists and say what is known of them."""
    found = _looked_up(lists)
    if found is None:
        print("No service that knows of vulnerabilities can be reached from here: nothing is known.")
        return NOT_KNOWN
    for line in told(found):
        print(line)
    return code(found)


def _looked_up(lists: Sequence[str]) -> Sequence[Mapping[str, Any]] | None:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json"]
    named = [part for each in lists for part in ("--requirement", each)]
    command += ["--progress-spinner", "off", *named]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603  # ours
        packages: Sequence[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return packages


def told(packages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each vulnerability, and one on how much could be looked up."""
    for each in packages:
        for known in each.get("vulns", ()):
            mended = ", ".join(known["fix_versions"]) or "no version yet"
            yield f"{each['name']} {each['version']}: {known['id']}, mended in {mended}"
    yield f"{_known(packages)} of {len(packages)} packages could be looked up, {_bad(packages)} of them are vulnerable."


def code(packages: Sequence[Mapping[str, Any]]) -> int:
    """Return the exit code."""
    if _bad(packages):
        return VULNERABLE
    return 0 if _known(packages) == len(packages) > 0 else NOT_KNOWN


def _known(packages: Sequence[Mapping[str, Any]]) -> int:
    return sum("skip_reason" not in each for each in packages)


def _bad(packages: Sequence[Mapping[str, Any]]) -> int:
    return sum(bool(each.get("vulns")) for each in packages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
