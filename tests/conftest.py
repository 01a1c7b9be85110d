"""What every room's tests share."""

from hypothesis import settings

# A machine that is busy with other things must not fail a test.
settings.register_profile("presswatch", deadline=None)
settings.load_profile("presswatch")
