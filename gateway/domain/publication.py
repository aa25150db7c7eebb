"""Versions of the route table: numbered, never changed, each with who and why (DOMAIN B10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# The files that a table is made from, byte for byte, by "<region>/<file name>".
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Publication:
    """
    One version of the route table.

    Numbers begin at 1 and have no gaps. `version` is a short hash of the files; two publications
    of the same files have the same. `restores` is the earlier one that this brings back.
    """

    number: int
    version: str
    author: str
    reason: str
    published_at: datetime
    restores: int | None = None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody has published since: what was compared is not what is live any more."""

    newest: Publication | None
