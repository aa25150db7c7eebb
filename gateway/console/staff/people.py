"""Who has signed in: a person with assignments, as the identity provider tells (DOMAIN E1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.console.claims import (
    LONGEST_NAME,
    Claims,
    NotUnderstood,
    at,
    shown_name,
    text_at,
    texts_at,
)
from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.person import without_numbers
from gateway.flow.caller import Caller, Role
from gateway.settings.sign_in import ClaimNames

Words = tuple[str, ...]


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

    An assignment whose role is none of ours gives nothing, nor does one without units or regions,
    unless it is for the whole nation.
    """
    hsa_id = text_at(claims, names.hsa_id)
    if hsa_id is None or not is_loose(hsa_id) or without_numbers(hsa_id) != hsa_id:
        raise NotUnderstood(f"the claim {names.hsa_id} holds no HSA-id of a person")
    name = text_at(claims, names.name) or hsa_id
    told = at(claims, names.assignments)
    found = tuple(_assignments(told if isinstance(told, list) else [], names, roles))
    return Person(HsaId(hsa_id), shown_name(name), found)


def _assignments(
    told: list[Any],  # any JSON value
    names: ClaimNames,
    roles: Mapping[str, Role],
) -> Iterator[Assignment]:
    for one in told:
        if not isinstance(one, dict):
            continue
        role = roles.get(text_at(one, names.role) or "")
        units = tuple(filter(is_loose, texts_at(one, names.units)))
        regions = texts_at(one, names.regions)
        if role is not None and (units or regions or role is Role.NATIONAL):
            name = text_at(one, names.assignment_name) or ", ".join(units or regions) or role.value
            yield Assignment(name[:LONGEST_NAME], role, units, regions)
