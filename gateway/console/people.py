"""Who has signed in: a person with assignments, as the identity provider tells (DOMAIN E1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.person import without_numbers
from gateway.flow.caller import Caller, Role
from gateway.settings.sign_in import ClaimNames

Claims = Mapping[str, Any]  # any JSON value
Words = tuple[str, ...]

_LONGEST_NAME = 100


class NotUnderstood(Exception):
    """What the provider told names no person that can be let in; the words hold no value."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment (medarbetaruppdrag): a role, with its units or regions."""

    name: str
    role: Role
    units: Words = ()
    regions: Words = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; never known here by a personal number."""

    hsa_id: HsaId
    name: str = field(repr=False)
    assignments: tuple[Assignment, ...]

    def caller(self, assignment: Assignment) -> Caller:
        """Tell who calls when this person works under one of their assignments."""
        return Caller(
            self.hsa_id,
            self.name,
            assignment.role,
            frozenset(map(HsaId, assignment.units)),
            regions=frozenset(assignment.regions),
        )


def person_of(claims: Claims, names: ClaimNames, roles: Mapping[str, Role]) -> Person:
    """
    Read a person from claims; raises NotUnderstood.

    An assignment whose role is none of ours, or that has neither units nor regions, gives nothing.
    """
    hsa_id = _text(claims, names.hsa_id)
    if hsa_id is None or not is_loose(hsa_id) or without_numbers(hsa_id) != hsa_id:
        raise NotUnderstood(f"the claim {names.hsa_id} holds no HSA-id of a person")
    name = _text(claims, names.name) or hsa_id
    told = _at(claims, names.assignments)
    found = tuple(_assignments(told if isinstance(told, list) else [], names, roles))
    return Person(HsaId(hsa_id), without_numbers(name)[:_LONGEST_NAME], found)


def _assignments(
    told: list[Any],  # any JSON value
    names: ClaimNames,
    roles: Mapping[str, Role],
) -> Iterator[Assignment]:
    for one in told:
        if not isinstance(one, dict):
            continue
        role = roles.get(_text(one, names.role) or "")
        units = tuple(filter(is_loose, _texts(one, names.units)))
        regions = _texts(one, names.regions)
        if role is not None and (units or regions):
            name = _text(one, names.assignment_name) or ", ".join(units or regions)
            yield Assignment(name[:_LONGEST_NAME], role, units, regions)


def _at(claims: Claims, path: str) -> Any:  # any JSON value
    if path in claims:  # names that are addresses have dots of their own
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _text(claims: Claims, path: str) -> str | None:
    found = _at(claims, path)
    return found if isinstance(found, str) and found else None


def _texts(claims: Claims, path: str) -> Words:
    """Read a list of words; one word alone is a list too, as some providers write it."""
    found = _at(claims, path)
    listed = found if isinstance(found, list) else [found]
    return tuple(one for one in listed if isinstance(one, str) and one)
