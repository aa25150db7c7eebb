"""What operators see and do: why a case goes where, what waits where, and trying again."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Role
from gateway.flow.ports import Attempted
from gateway.flow.timeline import Step
from gateway.testing.builders import DESTINATION, E_SERVICE, make_case

CLOSED_UNIT = HsaId("SE2321000016-OLD")
NOBODYS = UUID(int=0)
PARKED = Attempted(DeliveryState.PARKED, "refused", "no such form")


@pytest.fixture
def parked(town):
    """Give the delivery of a case that its system has refused."""
    town.submit(make_case())
    (claimed,) = town.claim()
    town.store.deliveries.record(claimed, PARKED, town.now)
    return claimed.id


@pytest.mark.parametrize("who", ["operator", "e_service"])
def test_operators_and_the_sender_read_where_a_case_stands_and_its_whole_way(town, who):
    """DOMAIN G1: finds one case by number, reads its whole way in one timeline."""
    number = town.submit(make_case()).receipt.case_number
    record, timeline = town.operating.case(number, getattr(town, who))
    assert (record.number, record.sender) == (number, E_SERVICE)
    assert [link.entry.step for link in timeline] == [Step.CASE_ACCEPTED]


def test_the_sender_is_told_the_steps_of_its_citizen_only(town, parked):
    """DOMAIN E1: the rest is the inner work of those who have the case; the holder sees all."""
    town.operating.replay(parked, town.operator)
    [claimed] = town.claim()
    delivered = Attempted(DeliveryState.DELIVERED, "delivered")
    town.store.deliveries.record(claimed, delivered, town.now)
    number = claimed.message.case_number
    steps = {
        who: [link.entry.step for link in town.operating.case(number, getattr(town, who))[1]]
        for who in ("operator", "e_service")
    }
    assert steps["e_service"] == [Step.CASE_ACCEPTED, Step.DELIVERY_DELIVERED]
    assert Step.DELIVERY_PARKED in steps["operator"]


def test_another_e_service_learns_nothing_of_a_case(town):
    """DOMAIN E1: a stranger's case does not even exist."""
    number = town.submit(make_case()).receipt.case_number
    other = replace(town.e_service, hsa_id=HsaId("SE5560000002-OTHER"))
    for name, caller in ((number, other), ("2026-0000-000000", town.operator)):
        with town.refuses(Rule.CASE_UNKNOWN, "no case of that name is known here"):
            town.operating.case(name, caller)


def test_what_waits_where_and_why_is_listed(town, parked):
    """DOMAIN G1, C4: by state and destination, in pages."""
    town.submit(make_case())
    listed = town.operating.listed
    (record,) = listed(town.operator, DeliveryState.PARKED, DESTINATION, None, 9)
    assert (record.id, record.reason, record.attempts) == (parked, "no such form", 1)
    assert len(listed(town.operator, None, None, None, 9)) == 2
    (waiting,) = listed(town.operator, None, None, parked, 9)
    assert waiting.state is DeliveryState.WAITING
    assert listed(town.operator, DeliveryState.SENDING, DESTINATION, None, 9) == []


def test_a_destination_that_was_mistyped_is_told_with_those_there_are(town, parked):
    """DOMAIN G1: an empty list would say that nothing waits there."""
    with town.refuses(Rule.SCHEMA, f"no destination has that name; there are {DESTINATION}"):
        town.operating.listed(town.operator, None, "norr/nothing", None, 9)


def test_a_destination_that_only_has_old_deliveries_is_known(town):
    """DOMAIN G1: it has left the table, and nothing waits for it."""
    town.submit(make_case())
    [claimed] = town.claim()
    delivered = Attempted(DeliveryState.DELIVERED, "delivered")
    town.store.deliveries.record(claimed, delivered, town.now)
    operating = replace(town.operating, table=lambda: RouteTable("v2", {}, {}, {}))
    assert operating.listed(town.operator, DeliveryState.PARKED, DESTINATION, None, 9) == []


def test_what_is_hurried_tells_what_holds_it_all_the_same(town):
    """DOMAIN G1, C2: `at once` would not be true of a destination that is paused."""
    town.submit(make_case())
    [waiting] = town.operating.listed(town.operator, None, None, None, 9)
    assert town.operating.hurry(waiting.id, town.operator).is_next
    town.operating.health.pause(DESTINATION, "new certificates", town.operator)
    hurried = town.operating.hurry(waiting.id, town.operator)
    assert (hurried.is_next, hurried.next_at) == (False, None)
    assert hurried.why.startswith("the destination is paused by ")


def test_who_runs_a_command_is_told_by_their_name_on_the_machine(town, parked):
    """DOMAIN G3: several operators share a machine's HSA-id."""
    anna = replace(town.operator, user="anna")
    record = town.operating.replay(parked, anna)
    entry = town.store.cases.timeline(record.case_number)[-1].entry
    assert entry.actor == f"{town.operator.hsa_id} (anna)"


def test_one_delivery_is_read_with_all_its_attempts(town, parked):
    """DOMAIN G1."""
    record, attempts = town.operating.delivery(parked, town.operator)
    assert record.state is DeliveryState.PARKED
    assert [(a.number, a.outcome, a.reason) for a in attempts] == [(1, "refused", "no such form")]


def test_a_parked_delivery_is_tried_again_at_once(town, parked):
    """DOMAIN C4: by whom stands on the timeline."""
    town.wait(days=7)
    record = town.operating.replay(parked, town.operator)
    assert (record.state, record.due_at) == (DeliveryState.WAITING, town.now)
    (claimed,) = town.claim()
    assert (claimed.id, claimed.attempt, claimed.waiting_since) == (parked, 2, town.now)
    entry = town.store.cases.timeline(record.case_number)[-1].entry
    assert (entry.step, entry.actor) == (Step.DELIVERY_REPLAYED, town.operator.hsa_id.text)
    assert entry.details == {"delivery": str(parked)}


def test_only_what_is_parked_can_be_replayed(town, parked):
    """DOMAIN C4, C1: never a second time what is on its way."""
    town.operating.replay(parked, town.operator)
    for delivery in (parked, NOBODYS):
        with town.refuses(Rule.STEP_NOT_LEGAL, f"no delivery {delivery} is parked"):
            town.operating.replay(delivery, town.operator)


def test_an_unknown_delivery_is_told_by_its_id(town):
    """DOMAIN G1."""
    with town.refuses(Rule.CASE_UNKNOWN, f"no delivery {NOBODYS} is known here"):
        town.operating.delivery(NOBODYS, town.operator)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_deliveries_and_unmatched_messages_are_for_operators_only(town, role):
    """DOMAIN B7, G1: deny by default."""
    caller, operating = replace(town.operator, role=role), town.operating
    with town.refuses(Rule.NOT_PERMITTED):
        operating.listed(caller, None, None, None, 9)
    with town.refuses(Rule.NOT_PERMITTED):
        operating.delivery(NOBODYS, caller)
    with town.refuses(Rule.NOT_PERMITTED):
        operating.replay(NOBODYS, caller)
    with town.refuses(Rule.NOT_PERMITTED):
        operating.unmatched(caller, None, 9)


@pytest.mark.parametrize("role", [Role.CASE_SYSTEM, Role.INTEGRATOR, Role.FOLLOW_UP])
def test_systems_and_integrators_do_not_read_timelines(town, role):
    """DOMAIN G1: for operators, auditors, its e-service, and the staff of its holder."""
    with town.refuses(Rule.NOT_PERMITTED):
        town.operating.case("2026-0000-000000", replace(town.operator, role=role))
