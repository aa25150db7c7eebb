"""What a provider says of a person becomes assignments, or nothing (DOMAIN E1)."""

import pytest

from gateway.console.claims import NotUnderstood
from gateway.console.staff.people import person_of
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Role
from gateway.settings.sign_in import ClaimNames

ROLES = {"case-receiver": Role.CASE_RECEIVER, "Handläggare PN": Role.COMMITTEE_STAFF}
ONE = {"role": "case-receiver", "name": "Enheten", "units": ["SE2321009101-ENHET"]}
CLAIMS = {"hsa_id": "SE2321009101-P1", "name": "Maria Mottagare", "assignments": [ONE]}


def read(claims, **names):
    return person_of(claims, ClaimNames(**names), ROLES)


def test_a_person_has_their_hsa_id_and_assignments():
    """One role with its units (E1)."""
    person = read(CLAIMS)
    caller = person.caller(person.assignments[0])
    assert (caller.hsa_id, caller.name) == (HsaId("SE2321009101-P1"), "Maria Mottagare")
    assert (caller.role, caller.units) == (Role.CASE_RECEIVER, {HsaId("SE2321009101-ENHET")})


def test_a_word_of_the_provider_is_one_of_our_roles():
    """The mapping is in the settings (E1)."""
    person = read(CLAIMS | {"assignments": [ONE | {"role": "Handläggare PN"}]})
    assert [one.role for one in person.assignments] == [Role.COMMITTEE_STAFF]


@pytest.mark.parametrize(
    "assignment", [ONE | {"role": "operator"}, ONE | {"units": []}, {"role": []}, "x", None]
)
def test_an_assignment_that_says_nothing_to_us_gives_nothing(assignment):
    """Deny by default (E1)."""
    assert read(CLAIMS | {"assignments": [assignment]}).assignments == ()


def test_the_nation_has_neither_units_nor_regions():
    """E1: whoever follows it up needs none."""
    national = {"role": "national", "name": "Riket"}
    claims = CLAIMS | {"assignments": [national]}
    person = person_of(claims, ClaimNames(), {"national": Role.NATIONAL})
    assert [one.name for one in person.assignments] == ["Riket"]


@pytest.mark.parametrize("hsa_id", [None, 7, "", "å ä", "191212121212"])
def test_without_an_hsa_id_nobody_is_let_in(hsa_id):
    """A personal number is never taken for one (A8)."""
    with pytest.raises(NotUnderstood):
        read(CLAIMS | {"hsa_id": hsa_id})


def test_claims_have_the_names_that_the_provider_gives_them():
    """Also those that stand deeper, and those that are addresses."""
    claims = {"who": {"id": "SE2321009101-P1"}, "https://idp/a.b": [ONE]}
    person = read(claims, hsa_id="who.id", assignments="https://idp/a.b")
    assert (person.name, len(person.assignments)) == ("SE2321009101-P1", 1)


def test_one_unit_alone_needs_no_list():
    """As some providers write it."""
    person = read(CLAIMS | {"assignments": [ONE | {"units": "SE2321009101-ENHET"}]})
    assert person.assignments[0].units == ("SE2321009101-ENHET",)
