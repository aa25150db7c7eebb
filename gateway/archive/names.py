"""Names of attached files that are safe on every machine, and unique in a package."""

import re
import unicodedata

_LONGEST, _LONGEST_SUFFIX = 60, 20
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def path_of(file_name: str, number: int) -> str:
    """Give the path of the attachment with that number, which no other has."""
    # Not every tool that unpacks knows letters beyond ASCII: å becomes a, and what is none, _.
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    name = _UNSAFE.sub("_", plain)
    stem, dot, suffix = name.rpartition(".")
    short = f"{stem[:_LONGEST]}{dot}{suffix[:_LONGEST_SUFFIX]}" if dot else name[:_LONGEST]
    return f"attachments/{number:03}-{short.strip('._') or 'file'}"
