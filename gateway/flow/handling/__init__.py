"""The verbs of those who handle cases in the built-in inbox (DOMAIN E2)."""
