"""The pages of citizens, for regions without an e-service of their own (DOMAIN A1–A14, D5)."""
