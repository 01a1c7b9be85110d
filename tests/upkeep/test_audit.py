"""What is told of vulnerabilities: never "none" of what could not be looked up."""

import pytest

from tests.upkeep.audit import NOT_KNOWN, VULNERABLE, code, told

GOOD = {"name": "good", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "1.0", "vulns": [{"id": "PYSEC-2031-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "could not be audited"}


@pytest.mark.parametrize(
    ("packages", "expected", "last"),
    [
        ([GOOD, GOOD], 0, "2 of 2 packages could be looked up, 0 of them are vulnerable."),
        ([GOOD, BAD, UNKNOWN], VULNERABLE, "2 of 3 packages could be looked up, 1 of them are vulnerable."),
        ([GOOD, UNKNOWN], NOT_KNOWN, "1 of 2 packages could be looked up, 0 of them are vulnerable."),
        ([UNKNOWN], NOT_KNOWN, "0 of 1 packages could be looked up, 0 of them are vulnerable."),
        ([], NOT_KNOWN, "0 of 0 packages could be looked up, 0 of them are vulnerable."),
    ],
)
def test_what_could_not_be_looked_up_is_not_called_safe(packages: list[dict[str, object]], expected: int, last: str):
    assert code(packages) == expected
    assert list(told(packages))[-1] == last


def test_what_is_vulnerable_is_named_with_what_mends_it():
    assert next(told([GOOD, BAD])) == "bad 1.0: PYSEC-2031-1, mended in 1.1"
