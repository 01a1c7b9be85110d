"""What two claims are to each other, judged by their gists alone: no database, no language model."""
