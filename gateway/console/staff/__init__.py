"""The pages of staff (DOMAIN E1, E2)."""
