"""Read what an identity provider says of a person, whatever it calls it."""

from collections.abc import Mapping
from typing import Any

from gateway.domain.person import without_numbers

Claims = Mapping[str, Any]  # any JSON value

LONGEST_NAME = 100


class NotUnderstood(Exception):
    """What the provider told names nobody that can be let in; the words hold no value."""


def at(claims: Claims, path: str) -> Any:  # any JSON value
    """Give what stands at a path: `a.b` is the member b of the claim a."""
    if path in claims:  # names that are addresses have dots of their own
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def text_at(claims: Claims, path: str) -> str | None:
    """Give a text; None for what is none, or empty."""
    found = at(claims, path)
    return found if isinstance(found, str) and found else None


def texts_at(claims: Claims, path: str) -> tuple[str, ...]:
    """Read a list of words; one word alone is a list too, as some providers write it."""
    found = at(claims, path)
    listed = found if isinstance(found, list) else [found]
    return tuple(one for one in listed if isinstance(one, str) and one)


def shown_name(name: str) -> str:
    """Give a name as pages show it: in bounds, and without a number that stands in it."""
    return without_numbers(name)[:LONGEST_NAME]
