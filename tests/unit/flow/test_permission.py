"""Role and permission, once it is known whom a case is for (INTEROP §2.4)."""

import pytest

from gateway.domain.case import Receiver, ReceiverType
from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.permission import Permission, Permissions
from gateway.facade.soap.process_case import PROCESS_CASE as INTERACTION
from gateway.flow.permission import PROCESS_CASE
from gateway.testing.builders import E_SERVICE, NOW, UNIT, make_case, make_supplement


def given(address=UNIT, period=ALWAYS):
    row = Permission(E_SERVICE, PROCESS_CASE, address, period, False, "permissions.csv", 2)
    return Permissions((row,))


def test_the_permission_is_for_the_contract_of_the_door():
    """DOMAIN A1: REST asks for the same."""
    assert INTERACTION.namespace == PROCESS_CASE


def test_who_has_permission_may_send(town):
    """INTEROP §2.4: role and permission."""
    town.permissions = given()
    assert town.submit(make_case()).receipt.case_number


@pytest.mark.parametrize(
    "permissions", [Permissions(()), given(HsaId("X")), given(period=Period(None, NOW))]
)
def test_who_has_none_now_may_not(town, permissions):
    """INTEROP §2.4, §2.6: VP007 over SOAP, and the same over REST; nothing is kept."""
    town.permissions, case = permissions, make_case()
    with town.refuses(Rule.NOT_PERMITTED, f"{E_SERVICE} has no permission"):
        town.submit(case)
    town.permissions = given()
    assert not town.submit(case).repeated


def test_the_route_is_looked_for_first(town):
    """INTEROP §2.1: VP004 before VP007."""
    town.permissions = Permissions(())
    nowhere = Receiver(ReceiverType.CARE, HsaId("SE2321000016-NONE"))
    with town.refuses(Rule.UNKNOWN_UNIT):
        town.submit(make_case(receiver=nowhere))


def test_a_permission_without_the_role_is_none(town):
    """INTEROP §2.4: a case system sends no cases, whatever the file says."""
    town.permissions = given()
    with town.refuses(Rule.NOT_PERMITTED, "is known as"):
        town.submit(make_case(), town.system)


def test_what_was_kept_keeps_its_receipt(town):
    """DOMAIN C1: a repeat after the permission has ended gets the same answer."""
    case = make_case()
    first = town.submit(case)
    town.permissions = Permissions(())
    again = town.submit(case)
    assert (again.receipt, again.repeated) == (first.receipt, True)


def test_what_the_citizen_does_later_needs_it_too(town):
    """INTEROP §2.4: at the unit of the case, wherever the case is now."""
    number = town.submit(make_case()).receipt.case_number
    town.permissions = Permissions(())
    with town.refuses(Rule.NOT_PERMITTED, "has no permission"):
        town.intake.supplement(number, "m-2", make_supplement(), town.e_service)
    with town.refuses(Rule.NOT_PERMITTED, "has no permission"):
        town.intake.withdraw(number, "m-3", town.e_service)
    town.permissions = given()
    assert town.intake.withdraw(number, "m-3", town.e_service).receipt.case_number == number
