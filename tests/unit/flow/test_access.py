"""Which role may do what: one table, and nothing that is not in it."""

from dataclasses import replace

import pytest

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.flow.access import MAY, Verb, admit, may, require_on_case, require_verb
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.testing.builders import CASE_SYSTEM, UNIT, make_case

READS = {Role.CASE_RECEIVER, Role.COORDINATOR, Role.COMMITTEE_STAFF}


def test_every_role_has_its_row():
    """DOMAIN E1: each sees exactly its part."""
    assert set(MAY) == set(Role)


def test_only_those_who_handle_cases_read_them():
    """DOMAIN E1: no distributor, no operator, no auditor, nobody who follows up."""
    assert {role for role in Role if may(role, Verb.READ_CASE)} == READS


def test_a_distributor_assigns_without_reading():
    """DOMAIN E1: sees that a case exists, assigns it, and nothing else."""
    assert MAY[Role.CASE_DISTRIBUTOR] == {Verb.LIST_CASES, Verb.SEE_TIMELINE, Verb.ASSIGN}


def test_only_the_committee_corrects_the_unit():
    """DOMAIN A3: of staff; an external system of a committee may, and is checked on the case."""
    assert {role for role in INBOX_ROLES if may(role, Verb.CORRECT_UNIT)} == {Role.COMMITTEE_STAFF}


@pytest.mark.parametrize("verb", Verb)
def test_some_role_may_do_each_verb(verb):
    """A verb that nobody may do is a door without a handle."""
    assert any(may(role, verb) for role in Role)


def test_a_refusal_tells_the_role_and_the_verb():
    """HOUSE: what is wrong, and why."""
    caller = Caller(UNIT, "Fördelaren", Role.CASE_DISTRIBUTOR, frozenset({UNIT}))
    words = "known as case-distributor, which may not read the content of a case"
    with pytest.raises(Refusal, match=words):
        require_verb(caller, Verb.READ_CASE)


def test_staff_of_another_unit_are_not_told_that_a_case_exists(town):
    """DOMAIN E1: 404 for what they may not know of, whatever they want of it."""
    case = _case(town)
    for role in INBOX_ROLES:
        stranger = Caller(UNIT, "Någon", role, frozenset({HsaId("SE2321000016-XXXX")}))
        admit(stranger, Verb.READ_CASE)
        with town.refuses(Rule.CASE_UNKNOWN):
            require_on_case(stranger, Verb.READ_CASE, case)


def test_staff_who_may_know_of_a_case_are_told_what_they_may_not(town):
    """DOMAIN E1: 403 for what they may know of."""
    case = _case(town)
    own = Caller(UNIT, "Fördelaren", Role.CASE_DISTRIBUTOR, frozenset({CASE_SYSTEM}))
    require_on_case(own, Verb.ASSIGN, case)
    with town.refuses(Rule.NOT_PERMITTED):
        require_on_case(own, Verb.READ_CASE, case)


def test_who_may_know_of_no_case_is_refused_before_any_is_looked_for(town):
    """DOMAIN E1: nobody learns by the answer which cases there are."""
    with town.refuses(Rule.NOT_PERMITTED):
        admit(replace(town.operator, role=Role.FOLLOW_UP), Verb.READ_CASE)


def _case(town):
    return town.store.cases.find(town.submit(make_case()).receipt.case_number)
