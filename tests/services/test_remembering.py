"""What was learnt is believed for a minute, and not of anything else."""

from datetime import timedelta

from services.remembering import MOST, Remembered
from tests.samples import NOON


def test_what_was_learnt_is_believed_for_a_minute():
    known = Remembered()
    assert known.of(1, 2, NOON) is None
    known.keep(1, 2, NOON, said=False)
    known.keep(2, 1, NOON, said=True)
    assert (known.of(1, 2, NOON), known.of(2, 1, NOON)) == (False, True)
    assert known.of(1, 2, NOON + timedelta(seconds=59)) is False
    assert known.of(1, 2, NOON + timedelta(seconds=60)) is None


def test_however_much_is_learnt_not_all_of_it_is_kept():
    known = Remembered()
    for number in range(MOST + 1):
        known.keep(number, 0, NOON, said=True)
    assert known.of(0, 0, NOON) is None
    assert known.of(MOST, 0, NOON) is True
