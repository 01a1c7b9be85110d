"""The ledger on disk: SQL, migrations and the queue. Rows never leave this room."""
