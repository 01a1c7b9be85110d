"""The words of the ledger: frozen types and pure functions, standard library only."""
