"""A PostgreSQL server, 15 or later, behind psycopg: the engine of more than one machine."""
