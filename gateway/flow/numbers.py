"""Case numbers that people can read aloud and that tell nothing about the case; message ids."""

import secrets

from uuid_utils import uuid7

# Without I, L, O and U, which are read wrongly.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def new_case_number(year: int) -> str:
    """Give a number such as `2026-7F3K-9QWM2X`: the year, and ten random letters and digits."""
    bits = secrets.randbits(50)
    a, b, c, d, e = [_PAIRS[bits >> shift & 1023] for shift in (0, 10, 20, 30, 40)]
    return f"{year}-{a}{b}-{c}{d}{e}"


def new_message_id() -> str:
    """Give a UUID of version 7 as text: newer ones sort after older ones."""
    return str(uuid7())
