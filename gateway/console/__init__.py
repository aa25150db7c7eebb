"""The pages of staff: made on the server, Swedish and English, no script (DOMAIN E1, E2)."""
