"""What adapter authors and our own tests build on: contracts, builders, a real PostgreSQL."""
