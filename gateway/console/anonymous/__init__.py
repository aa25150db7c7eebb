"""The pages of people who do not say who they are: open, bounded, and by code (DOMAIN A9)."""
