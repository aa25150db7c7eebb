"""Case numbers that people can read aloud and that tell nothing about the case."""

import secrets

# Without I, L, O and U, which are read wrongly.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_case_number(year: int) -> str:
    """Give a number such as `2026-7F3K-9QWM2X`: the year, and ten random letters and digits."""
    bits = secrets.randbits(50)
    letters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(0, 50, 5))
    return f"{year}-{letters[:4]}-{letters[4:]}"
