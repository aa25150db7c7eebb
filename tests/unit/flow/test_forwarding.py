"""Cases are sent on by their holders, and by operators."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from gateway.domain.case import CaseEvent, Receiver, ReceiverType
from gateway.domain.destination import INBOX, Destination
from gateway.domain.errors import Rule
from gateway.domain.forwarding import MOST_FORWARDS
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import InboxKind
from gateway.domain.message import MessageKind as K
from gateway.domain.period import ALWAYS, Period
from gateway.domain.policy import Policy
from gateway.domain.region import Committee, Region, Unit
from gateway.domain.routing import RouteTable, Row
from gateway.flow.caller import Caller, Role
from gateway.flow.forwarding import Forwarding
from gateway.flow.messagebox import Deleted, Messagebox
from gateway.flow.pickups import Pickups
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_case_message,
    make_supplement,
)
from tests.unit.flow.conftest import CLOSED_UNIT, COMMITTEE, Town

WARD, OTHER_WARD = HsaId("SE2321000016-WARD"), HsaId("SE2321000016-WARD2")
COORDINATOR, SOUTH = HsaId("SE2321000016-COORD"), HsaId("SE2321000024-SOUTH")
SOUTH_COMMITTEE = HsaId("SE2321000024-PN")


def _destination(key, adapter=INBOX, system=None, **settings):
    region, name = key.split("/")
    return Destination(key, region, name, adapter, settings, Policy(), system, f"Hos {name}")


@dataclass
class TwoRegions(Town):
    """Beside the unit with a system: wards with an inbox, a coordinator, and a region south."""

    southern_period: Period = ALWAYS

    def __post_init__(self):
        """Open the doors, and let a nurse work on the ward."""
        super().__post_init__()
        self.forwarding = Forwarding(self.table, self.store.cases, self.clock)
        self.ward = Caller(HsaId("SE1-W"), "Avdelningen", Role.CASE_RECEIVER, frozenset({WARD}))

    def table(self):
        """Make the table that holds now."""
        first = super().table()
        own, coordinator = _destination("norr/own"), _destination("norr/c", owner=COORDINATOR.text)
        south = _destination("syd/own")
        named = {to.key: to for to in (own, coordinator, south)}
        there = Committee(SOUTH_COMMITTEE, "Nämnden i syd", south, self.southern_period)
        units = {
            **first.units,
            **_rows(WARD, "Avdelning 1", "norr", own),
            **_rows(OTHER_WARD, "Avdelning 2", "norr", own),
            **_rows(SOUTH, "Kirurgen", "syd", south),
        }
        regions = first.regions | {"syd": Region("syd", "Region Syd", "12", there)}
        return replace(
            RouteTable("v2", regions, {**first.destinations, **named}, units),
            permissions=first.permissions,
        )

    def send(self, number, to, caller=None, **told):
        """Let the holder send a case on."""
        message = make_case_message(
            **({"case_number": number, "kind": K.FORWARD, "forward_to": to, "text": None} | told)
        )
        return self.replies.post(message, caller or self.system)

    def move(self, number, to, key="op-1", text=None):
        """Let an operator send it on."""
        return self.forwarding.forward(number, key, to, text, self.operator)

    def inbox(self):
        """Read the citizen's messages after the confirmation."""
        return self.store.cases.inbox_messages(TOLVAN, None, 99)[1:]

    def waits(self, key):
        """Claim what waits there."""
        claims = self.store.deliveries.claim(key, 9, self.now, timedelta(minutes=1))
        return [claim.message for claim in claims]


def _rows(hsa_id, name, region, to):
    return {hsa_id.key: (Row(Unit(hsa_id, name, "Ort", region), to, ALWAYS, "units.csv", 3),)}


@pytest.fixture
def town():
    """Give the two regions."""
    return TwoRegions()


@pytest.fixture
def number(town):
    """Take in a case that the system holds."""
    return town.submit(make_case()).receipt.case_number


def test_a_forwarded_case_follows_the_route_of_its_new_unit(town, number):
    """DOMAIN D6: the selected unit stays on it, for follow-up."""
    town.send(number, WARD)
    case = town.store.cases.find(number)
    assert (case.unit, case.at.hsa_id, case.at.name) == (UNIT, WARD, "Avdelning 1")
    assert (case.destination, case.holder, case.state) == ("norr/own", WARD, CaseState.SUBMITTED)
    [message] = town.waits("norr/own")
    assert (message.event, message.forwarded_to) == (CaseEvent.FORWARDED, WARD)


def test_the_citizen_is_told_who_has_the_case_now(town, number):
    """DOMAIN D6: in plain words, with what the holder wished to say; in the same transaction."""
    file = make_attachment()
    town.send(number, WARD, text="Det hände på avdelningen.", attachments=(file,))
    [told] = town.inbox()
    assert (told.kind, told.sender) == (InboxKind.FORWARDED, UNIT)
    assert told.text == (
        f"Ditt ärende {number} har skickats vidare från Vårdcentralen Björken till Avdelning 1, "
        "som har det nu. Du behöver inte göra något.\n\nDet hände på avdelningen."
    )
    [message] = town.waits("norr/own")
    assert message.reason == "Det hände på avdelningen."
    assert message.history[-1].attachments == (file,)


def test_the_timeline_tells_from_whom_to_whom_and_why_there(town, number):
    """DOMAIN G3: one entry, without a word of the text."""
    message_id = "m-9"
    town.send(number, WARD, message_id=message_id, text="Hemligt.")
    step, details = town.timeline(number)[-1]
    assert step is Step.CASE_FORWARDED
    assert (details["from"], details["to"]) == (UNIT.text, WARD.text)
    assert (details["destination"], details["messageId"]) == ("norr/own", message_id)
    assert "units.csv:3" in details["route"]
    assert "Hemligt" not in str(details)


def test_the_old_holder_may_do_no_more_and_the_new_one_may(town, number):
    """DOMAIN D2: only the system that holds a case may post on it."""
    town.send(number, WARD)
    with town.refuses(Rule.NOT_THE_HOLDER):
        town.replies.post(make_case_message(case_number=number), town.system)
    town.replies.post(make_case_message(case_number=number), town.ward)
    assert town.inbox()[-1].sender_name == "Avdelning 1"


def test_a_repeated_forward_gets_the_same_receipt(town, number):
    """DOMAIN D2: although its sender is no longer the holder."""
    first = town.send(number, WARD, message_id="m-1")
    town.wait(hours=1)
    again = town.send(number, WARD, message_id="m-1")
    assert (again.receipt, again.repeated) == (first.receipt, True)
    assert len(town.inbox()) == 1
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        town.send(number, OTHER_WARD, message_id="m-1")


def test_a_case_goes_to_a_coordinator_a_committee_and_another_region(town, number):
    """DOMAIN D6, B3: whoever can receive; a committee may send it on to the care."""
    town.send(number, COORDINATOR)
    coordinator = replace(town.ward, role=Role.COORDINATOR, units=frozenset({COORDINATOR}))
    assert town.store.cases.find(number).at.name == "Hos c"
    town.send(number, SOUTH_COMMITTEE, coordinator)
    committee = replace(town.ward, role=Role.COMMITTEE_STAFF, units=frozenset({SOUTH_COMMITTEE}))
    town.send(number, SOUTH, committee)
    case = town.store.cases.find(number)
    assert (case.region, case.holder, case.destination) == ("syd", SOUTH, "syd/own")


@pytest.mark.parametrize(
    ("to", "rule"),
    [
        (HsaId("SE2321000016-NOBODY"), Rule.FORWARD_TO_UNREACHABLE),
        (CLOSED_UNIT, Rule.FORWARD_TO_UNREACHABLE),
        (SOUTH, Rule.REGION_NOT_ACTIVE),
        (UNIT, Rule.FORWARD_LOOP),
    ],
)
def test_a_case_is_not_sent_where_nobody_takes_it(town, number, to, rule):
    """DOMAIN B6, D6: refused, and nothing has changed."""
    town.southern_period = Period(end=NOW)
    before = town.store.cases.find(number)
    with town.refuses(rule):
        town.send(number, to)
    assert (town.store.cases.find(number), town.inbox()) == (before, [])


def test_a_coordinator_of_a_region_that_is_not_active_gets_nothing(town, number):
    """DOMAIN B6: as little as its units do."""
    town.committee_period = Period(end=NOW)
    with town.refuses(Rule.REGION_NOT_ACTIVE):
        town.send(number, COORDINATOR)


def test_a_case_does_not_go_back_to_who_sent_it_on(town, number):
    """DOMAIN D6: unless an operator decides so."""
    town.send(number, WARD)
    with town.refuses(Rule.FORWARD_LOOP, "ask an operator"):
        town.send(number, UNIT, town.ward)
    town.move(number, UNIT)
    assert town.store.cases.find(number).holder == CASE_SYSTEM


def test_a_case_that_went_on_too_often_needs_an_operator(town, number):
    """DOMAIN D6: a stated number of times."""
    for n in range(MOST_FORWARDS):
        town.move(number, (WARD, OTHER_WARD)[n % 2], key=f"op-{n}")
    with town.refuses(Rule.FORWARDED_TOO_OFTEN):
        town.send(number, COORDINATOR, town.ward)
    assert not town.move(number, COORDINATOR, key="op-9").repeated


def test_an_operator_moves_an_open_case_to_its_units_new_system(town, number):
    """DOMAIN B4: it stays where it is being handled, unless it is moved."""
    town.send(number, WARD)
    town.move(number, UNIT)
    text = town.inbox()[-1].text
    assert "från Avdelning 1 till Vårdcentralen Björken" in text
    with town.refuses(Rule.FORWARD_LOOP, "has the case already"):
        town.move(number, UNIT, key="op-2")


def test_a_repeat_by_an_operator_changes_nothing(town, number):
    """DESIGN decision 9: the same key with the same content."""
    first, again = town.move(number, WARD), town.move(number, WARD)
    assert (first.repeated, again.repeated) == (False, True)
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        town.move(number, OTHER_WARD)


def test_only_operators_forward_what_they_do_not_hold(town, number):
    """DOMAIN E1: deny by default."""
    with town.refuses(Rule.NOT_PERMITTED):
        town.forwarding.forward(number, "k", WARD, None, town.ward)
    with town.refuses(Rule.CASE_UNKNOWN):
        town.replies.post(
            make_case_message(case_number=number, kind=K.FORWARD, forward_to=WARD), town.ward
        )


def test_a_closed_case_is_not_forwarded(town, number):
    """DOMAIN D2: closed is the end, for operators too."""
    town.replies.post(make_case_message(case_number=number, kind=K.CLOSED), town.system)
    with town.refuses(Rule.STEP_NOT_LEGAL):
        town.send(number, WARD)
    with town.refuses(Rule.STEP_NOT_LEGAL):
        town.move(number, WARD)


def test_what_the_citizen_adds_goes_to_who_has_the_case(town, number):
    """DOMAIN A10, C3: after the case itself."""
    town.send(number, WARD)
    town.intake.supplement(number, "s-1", make_supplement(), town.e_service)
    [brought] = town.waits("norr/own")
    assert brought.event is CaseEvent.FORWARDED
    records = town.store.deliveries.listed(None, "norr/own", None, 9)
    assert [record.event for record in records] == [CaseEvent.FORWARDED, CaseEvent.SUPPLEMENTED]
    assert town.waits(DESTINATION) == []


def test_staff_of_the_unit_before_cannot_read_it_any_more(town):
    """DOMAIN E1: to them it does not exist."""
    receiver = Receiver(ReceiverType.CARE, WARD)
    number = town.submit(make_case(receiver=receiver)).receipt.case_number
    town.staff.read(number, town.ward)
    town.send(number, COMMITTEE, town.ward)
    with town.refuses(Rule.CASE_UNKNOWN):
        town.staff.read(number, town.ward)


def test_what_a_box_held_of_a_case_that_went_on_is_out_of_it(town, number):
    """INTEROP §5.2, D6: its system had got it, and may delete it, which changes nothing."""
    store, fetched = town.store, lambda _: True
    pickups = Pickups(town.table, store.deliveries, store.destinations, fetched, town.clock)
    box = Messagebox(pickups)
    [boxed] = box.listed(town.system)
    assert len(list(box.get([boxed.number], town.system))) == 1
    town.send(number, WARD)
    assert box.listed(town.system) == []
    assert box.delete([boxed.number], town.system) == Deleted((boxed.number,))
    assert [record.state for record in store.deliveries.listed(None, DESTINATION, None, 9)] == [
        DeliveryState.MOVED
    ]


def test_staff_read_what_the_holders_before_have_said(town, number):
    """DOMAIN D6, E1: and nobody else does."""
    town.replies.post(make_case_message(case_number=number, text="Vi tittar."), town.system)
    with town.refuses(Rule.CASE_UNKNOWN):
        town.staff.said(number, town.ward)
    town.send(number, WARD)
    said = town.staff.said(number, town.ward)
    assert said[0].text == "Vi tittar."
    assert [past.sender.name for past in said] == ["Vårdcentralen Björken"] * 2
    with town.refuses(Rule.CASE_UNKNOWN):
        town.staff.said("2026-0000-000000", town.ward)


def test_a_case_is_assigned_to_nobody_where_it_comes(town, number):
    """DOMAIN E1: its handler works elsewhere."""
    town.send(number, WARD)
    assert town.store.handlings.find(number).assigned_to is None


def test_a_unit_that_sent_it_to_its_own_new_system_has_not_declined(town):
    """DOMAIN B4: the same unit has it, in another place."""
    receiver = Receiver(ReceiverType.CARE, WARD)
    number = town.submit(make_case(receiver=receiver)).receipt.case_number
    system = _destination("norr/new", "rest", CASE_SYSTEM)
    table = town.table()
    moved = {**table.units, **_rows(WARD, "Avdelning 1", "norr", system)}
    replies = replace(town.replies, table=lambda: replace(table, units=moved))
    forward = make_case_message(case_number=number, kind=K.FORWARD, forward_to=WARD, text="")
    replies.post(forward, town.ward)
    case = town.store.cases.find(number)
    assert (case.destination, case.forwards[0].declined) == ("norr/new", False)
    assert town.inbox()[-1].text.startswith(f"Ditt ärende {number} har skickats vidare till Avd")
