"""Licences: each package has one that leaves us ours, and the page lists them all."""

import pytest

from tests.upkeep.licences import PAGE, Package, installed, locked, page

LISTED = installed(sorted({*locked("run.txt"), *locked("dev.txt")}))


def test_every_package_says_under_which_licence_it_is():
    assert len(LISTED) > 100
    assert [each.name for each in LISTED if not each.licence] == []


def test_no_package_is_under_a_licence_that_would_bind_ours():
    assert [each for each in LISTED if each.is_binding] == []


def test_the_page_lists_what_is_installed():
    """``make licences`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("licence", "is_binding"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("GPLv2", True),
        ("MIT AND GPL-2.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", False),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GNU Library or Lesser General Public License (LGPL)", False),
        ("MIT", False),
        ("", False),
    ],
)
def test_lesser_licences_and_choices_do_not_bind(licence: str, is_binding: bool):
    assert Package("x", licence).is_binding is is_binding
