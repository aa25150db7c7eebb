"""What stands in the address of a page; anything that no page of ours has put there is nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

_Wanted = TypeVar("_Wanted", bound=StrEnum)


def wanted(kind: type[_Wanted], query: Mapping[str, str], name: str) -> _Wanted | None:
    """Read a value of a kind; None when there is none."""
    try:
        return kind(query.get(name, ""))
    except ValueError:
        return None
