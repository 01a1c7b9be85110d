"""A person's roles over time."""

import pytest

from domain.ledger import Role
from services.asking.roles import offices
from tests.samples import DAY, NOON


def roles(*titles: str) -> list[Role]:
    """Roles a day apart, newest first."""
    return [Role(title, NOON - days * DAY) for days, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ((), []),
        (("mayor",), ["mayor"]),
        (("Director", "director of the port", "director of the port of Lundvik"), ["director of the port of Lundvik"]),
        (("mayor of Lundvik", "mayor"), ["mayor of Lundvik"]),
        (
            ("director of the port", "deputy director of the port"),
            ["director of the port", "deputy director of the port"],
        ),
        (("former mayor", "mayor of Lundvik"), ["former mayor", "mayor of Lundvik"]),
        (("minister", "auditor", "minister of works"), ["minister of works", "auditor"]),
        (("mayor of Lundvik", "mayor of Dorst"), ["mayor of Lundvik", "mayor of Dorst"]),
        (("the", "a"), ["the", "a"]),
    ],
)
def test_one_office_in_more_or_fewer_words_is_one_role_with_its_newest_date(told: tuple[str, ...], kept: list[str]):
    found = offices(roles(*told))
    assert [role.job_title for role in found] == kept
    assert [role.seen_at for role in found] == sorted((role.seen_at for role in found), reverse=True)
    assert not found or found[0].seen_at == NOON
