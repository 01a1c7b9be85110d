"""From an article's text to what it says: people, attributions, key claims."""

import os

# Each process that reads has a processor to itself, and threads would wait for each other longer than they work. It
# holds where it is said before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
