"""Pickups as the standard's message box: numbers, what is listed, got and deleted."""

from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.adapter import Refused
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.flow import messagebox as module
from gateway.flow.messagebox import Deleted, Messagebox, number_of
from gateway.flow.parked import Aim, Replay, ReplayState, Selection
from gateway.flow.pickups import LEASE, Pickups, lapsed, was_fetched
from gateway.flow.ports import Attempted, Paused
from gateway.testing.builders import DESTINATION, make_case, make_supplement


@pytest.fixture
def box(town):
    """The box of the town's system."""
    store = town.store
    return Messagebox(
        Pickups(town.table, store.deliveries, store.destinations, lambda _: True, town.clock)
    )


@pytest.fixture
def numbers(town, box):
    """Submit some cases; tell the numbers of their messages, in order."""
    for _ in range(3):
        town.submit(make_case())
    return [boxed.number for boxed in box.listed(town.system)]


def got(box, town, numbers):
    """Get messages; tell the numbers of those that came."""
    return [got.boxed.number for got in box.get(numbers, town.system)]


def states(box, town):
    """Tell how the messages in the box stand."""
    return [boxed.record.state.value for boxed in box.listed(town.system)]


def test_a_number_is_a_long_that_goes_on_with_time():
    """INTEROP §5.2: xs:long, and at once in 2089 still."""
    ids = [UUID("01890a5d-ac96-7000-8000-000000000001"), uuid7()]
    late = UUID(int=(3_700_000_000_000 << 80) + 5)
    told = [number_of(one) for one in (*ids, late)]
    assert told == sorted(told)
    assert all(0 <= number < 2**63 for number in told)


def test_what_is_got_stays_in_the_box_until_it_is_deleted(box, town, numbers):
    """INTEROP §5.2: RECEIVED, RETRIEVED, and then not there."""
    assert got(box, town, numbers[:2]) == numbers[:2]
    assert sorted(states(box, town)) == ["SENDING", "SENDING", "WAITING"]
    assert got(box, town, numbers[:1]) == numbers[:1]
    assert box.delete(numbers[:1], town.system) == Deleted((numbers[0],))
    assert [boxed.number for boxed in box.listed(town.system)] == numbers[1:]


def test_a_repeat_of_a_deletion_gets_the_same_answer(box, town, numbers):
    """DOMAIN C1."""
    got(box, town, numbers)
    first = box.delete(numbers, town.system)
    assert box.delete([*numbers, *numbers], town.system) == first == Deleted(tuple(numbers))


def test_what_was_not_got_cannot_be_deleted(box, town, numbers):
    """INTEROP §5.2: UNREAD_DELETE; nothing is deleted, also not what was got."""
    got(box, town, numbers[:1])
    assert box.delete(numbers, town.system) == Deleted(unread=True)
    assert len(box.listed(town.system)) == 3


def test_what_was_got_is_got_also_when_its_lease_has_ended(box, town, numbers):
    """INTEROP §5.2: RETRIEVED until it is deleted."""
    got(box, town, numbers[:1])
    end_leases(town)
    listed = {boxed.number: boxed.is_got for boxed in box.listed(town.system)}
    assert listed == {numbers[0]: True, numbers[1]: False, numbers[2]: False}
    assert box.delete(numbers[:1], town.system) == Deleted((numbers[0],))


@pytest.mark.parametrize("reason", ["HTTP 503", "its system did not fetch it"])
def test_an_attempt_of_another_kind_is_no_getting(box, town, numbers, reason):
    """INTEROP §5.2: a system that was called before, or took too long, has not got anything."""
    for claimed in town.claim():
        attempted = Attempted(DeliveryState.WAITING, "try-later", reason, town.now)
        assert town.store.deliveries.record(claimed, attempted, town.now)
    assert not any(boxed.is_got for boxed in box.listed(town.system))
    assert box.delete(numbers, town.system) == Deleted(unread=True)


def test_what_was_moved_to_another_system_is_not_got(box, town, numbers):
    """INTEROP §5.2, DOMAIN C4: the one that got it kept no receipt, and is not the one here."""
    got(box, town, numbers[:1])
    end_leases(town)
    parked, elsewhere = town.store.parked, "soder/b"
    selected = Selection(destination=DESTINATION)
    parked.start(Replay(uuid7(), ReplayState.RUNNING, town.now, "SE1", elsewhere, selected, 3))
    assert parked.step(lambda *_: Aim(elsewhere), town.now, 9, frozenset({elsewhere}))
    moved = town.store.deliveries.listed(DeliveryState.WAITING, elsewhere, None, 9)
    assert [(record.attempts, was_fetched(record)) for record in moved] == [
        (1, False),
        (0, False),
        (0, False),
    ]


def end_leases(town):
    """Let time pass until the worker takes over what was left."""
    town.wait(seconds=LEASE.total_seconds() + 1)
    for left in town.store.deliveries.abandoned(town.now):
        attempted = lapsed(left, Policy(), town.now)
        assert town.store.deliveries.record(left, attempted, town.now)


def test_what_is_not_there_is_not_got_and_not_deleted(box, town, numbers):
    """A number that somebody made up, another's, or one that a human looks at now."""
    got(box, town, numbers[:1])
    parked = box.listed(town.system)[0].record.id
    box.pickups.receive(parked, Refused("closed"), town.system)
    strange = [numbers[0], numbers[1] + 1, 0, -(2**63), 2**63 - 1]
    assert got(box, town, strange) == []
    assert box.delete(strange, town.system) == Deleted()


def test_a_supplement_comes_into_the_box_when_its_case_is_deleted(box, town):
    """DOMAIN C3: order per case, also for who asks by number."""
    case = town.submit(make_case()).receipt.case_number
    town.intake.supplement(case, "s-1", make_supplement(), town.e_service)
    [first] = box.listed(town.system)
    [later] = town.store.deliveries.listed(None, None, first.record.id, 9)
    assert got(box, town, [number_of(later.id)]) == []
    got(box, town, [first.number])
    box.delete([first.number], town.system)
    assert [boxed.record.id for boxed in box.listed(town.system)] == [later.id]


def test_what_waits_behind_others_does_not_hide_the_rest(box, town, monkeypatch):
    """DOMAIN C2, C3: a case that stands still stands alone."""
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    case = town.submit(make_case()).receipt.case_number
    for key in ("s-1", "s-2", "s-3"):
        town.intake.supplement(case, key, make_supplement(), town.e_service)
    town.submit(make_case())
    assert [boxed.record.event.value for boxed in box.listed(town.system)] == ["SUBMITTED"] * 2


def test_a_message_that_was_got_and_not_deleted_is_held_as_long_as_a_lease(box, town, numbers):
    """DOMAIN C1: then the worker lets it wait again."""
    got(box, town, numbers[:1])
    after = town.now + LEASE + timedelta(seconds=1)
    assert len(town.store.deliveries.abandoned(after)) == 1
    town.wait(minutes=5)
    got(box, town, numbers[:1])
    assert town.store.deliveries.abandoned(after) == []


def test_the_box_is_empty_while_the_destination_is_paused(box, town, numbers):
    """DOMAIN C2; what was got before can still be deleted."""
    got(box, town, numbers[:1])
    town.store.destinations.pause(DESTINATION, Paused("a new server", "SE1", town.now))
    assert box.listed(town.system) == []
    assert got(box, town, numbers) == []
    assert box.delete(numbers[:1], town.system) == Deleted((numbers[0],))
    [record] = town.store.deliveries.listed(DeliveryState.DELIVERED, None, None, 9)
    assert number_of(record.id) == numbers[0]
