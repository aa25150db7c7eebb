"""What is kept, in SQL: one code for SQLite and PostgreSQL (DESIGN decision 4)."""
