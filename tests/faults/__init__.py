"""What goes wrong outside our code: processes die, disks fill, lines break, clocks jump; nothing may be lost by it."""

import pytest

# What it asserts of how a scene ends tells then what was there instead.
pytest.register_assert_rewrite("tests.faults.scene")
