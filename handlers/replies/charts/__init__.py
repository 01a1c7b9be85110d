"""Pictures of what the ledger knows of a person, and the words that say the same."""
