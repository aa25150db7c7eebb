"""What a system that fetches gets, keeps and is given again (DOMAIN C1, C3, C4, C5)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.adapter import Delivered, Refused
from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.flow import pickups as module
from gateway.flow.pickups import LEASE, Pickups, expired, lapsed, overdue
from gateway.flow.ports import Paused
from gateway.testing.builders import DESTINATION, make_attachment, make_case, make_supplement

KEPT = Delivered("DIA-1")


@pytest.fixture
def pickups(town):
    """The verbs of the town's system, which fetches."""
    store = town.store
    return Pickups(town.table, store.deliveries, store.destinations, lambda _: True, town.clock)


@pytest.fixture
def fetched(town, pickups):
    """The delivery of a case that the system has just fetched."""
    town.submit(make_case())
    [claimed] = pickups.fetch(town.system, 9)
    return claimed.id


def let_lapse(town):
    """Let the leases end without receipts, as the worker sees it."""
    town.wait(seconds=LEASE.total_seconds() + 1)
    for left in town.store.deliveries.abandoned(town.now):
        attempted = lapsed(left, Policy(), town.now)
        assert town.store.deliveries.record(left, attempted, town.now)


def stands(town, delivery):
    """Tell where a delivery stands, and what the system calls it."""
    record, _ = town.store.deliveries.find(delivery)
    return record.state, record.remote_id


def test_a_lease_that_ends_without_a_receipt_gives_the_same_message_again(town, pickups, fetched):
    """DOMAIN C1: nothing is lost with a fetcher that stopped; the id tells the repeat."""
    let_lapse(town)
    [again] = pickups.fetch(town.system, 9)
    assert (again.id, again.message.message_id) == (fetched, str(fetched))
    assert again.attempt == 2


def test_a_receipt_that_comes_after_its_lease_is_as_good(town, pickups, fetched):
    """DOMAIN C1: they have it, so it is not given again."""
    let_lapse(town)
    record = pickups.receive(fetched, KEPT, town.system)
    assert (record.state, record.remote_id) == (DeliveryState.DELIVERED, "DIA-1")
    assert pickups.fetch(town.system, 9) == []


def test_a_receipt_counts_also_when_it_was_fetched_again_meanwhile(town, pickups, fetched):
    """DOMAIN C1: two fetchers are one system, and it has it."""
    let_lapse(town)
    pickups.fetch(town.system, 9)
    first = pickups.receive(fetched, KEPT, town.system)
    assert pickups.receive(fetched, KEPT, town.system) == first


def test_a_receipt_that_says_something_else_than_the_first_is_refused(town, pickups, fetched):
    """DOMAIN C1: the first one holds."""
    pickups.receive(fetched, KEPT, town.system)
    for other in (Delivered("DIA-2"), Delivered(), Refused("closed")):
        with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
            pickups.receive(fetched, other, town.system)
    assert stands(town, fetched) == (DeliveryState.DELIVERED, "DIA-1")


def test_what_is_parked_is_a_humans_until_it_is_replayed(town, pickups, fetched):
    """DOMAIN C4: then it can be fetched again, and have another receipt."""
    pickups.receive(fetched, Refused("closed"), town.system)
    with town.refuses(Rule.STEP_NOT_LEGAL):
        pickups.receive(fetched, KEPT, town.system)
    town.operating.replay(fetched, town.operator)
    [again] = pickups.fetch(town.system, 9)
    assert pickups.receive(again.id, KEPT, town.system).state is DeliveryState.DELIVERED


def test_what_was_not_fetched_has_no_receipt(town, pickups):
    """DOMAIN C1: nobody can have it."""
    town.submit(make_case())
    [record] = town.store.deliveries.listed(None, None, None, 1)
    with town.refuses(Rule.STEP_NOT_LEGAL, "fetch it first"):
        pickups.receive(record.id, KEPT, town.system)


def test_another_system_gets_nothing_and_learns_nothing(town, pickups, fetched):
    """DOMAIN D2, E1: whose it is says the route table."""
    other = replace(town.system, hsa_id=HsaId("SE2321000016-OTHER"))
    town.submit(make_case())
    assert pickups.fetch(other, 9) == []
    for delivery in (fetched, UUID(int=0)):
        with town.refuses(Rule.CASE_UNKNOWN, "no delivery of that id is for you"):
            pickups.receive(delivery, KEPT, other)


def test_nothing_is_given_while_the_destination_is_paused(town, pickups, fetched):
    """DOMAIN C2: it waits for the operators, and a receipt of what was given before is taken."""
    town.submit(make_case())
    town.store.destinations.pause(DESTINATION, Paused("a new server", "SE1", town.now))
    assert pickups.fetch(town.system, 9) == []
    assert pickups.receive(fetched, KEPT, town.system).state is DeliveryState.DELIVERED
    town.store.destinations.resume(DESTINATION)
    assert len(pickups.fetch(town.system, 9)) == 1


def test_a_destination_that_is_called_is_not_fetched_from(town, pickups):
    """DESIGN decision 4: one way out only, or it would be delivered twice."""
    called = replace(pickups, fetched=lambda _: False)
    town.submit(make_case())
    assert called.fetch(town.system, 9) == []


def test_an_answer_ends_when_it_is_large(town, pickups, monkeypatch):
    """DESIGN decision 11: what one answer holds is bounded, whatever was asked for."""
    monkeypatch.setattr(module, "LARGEST_FETCH", 100)
    for _ in range(5):
        town.submit(make_case(attachments=(make_attachment(b"x" * 60, media_type="text/plain"),)))
    assert [len(pickups.fetch(town.system, 9)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_refusal_names_nobody(town, pickups, fetched):
    """DOMAIN A8: operators and timelines show the reason."""
    refused = Refused("191212 12-1212 is not ours")
    record = pickups.receive(fetched, refused, town.system)
    assert (record.state, record.reason) == (DeliveryState.PARKED, "<number> is not ours")
    assert pickups.receive(fetched, refused, town.system) == record


def test_a_supplement_waits_for_the_receipt_of_its_case(town, pickups, fetched):
    """DOMAIN C3: order per case."""
    number = town.store.deliveries.find(fetched)[0].case_number
    town.intake.supplement(number, "s-1", make_supplement(), town.e_service)
    assert pickups.fetch(town.system, 9) == []
    let_lapse(town)
    pickups.receive(fetched, KEPT, town.system)
    [added] = pickups.fetch(town.system, 9)
    assert added.message.supplement == make_supplement()


def test_what_nobody_fetches_is_given_up_when_patience_ends(town):
    """DOMAIN C4: parked, for a human."""
    town.submit(make_case())
    to = town.table().destinations[DESTINATION]
    assert overdue(town.store.deliveries, to, 9, town.now + timedelta(days=2.9)) == []
    town.wait(days=3.1)
    [claimed] = overdue(town.store.deliveries, to, 9, town.now)
    assert town.store.deliveries.record(claimed, expired(to.policy), town.now)
    record, _ = town.store.deliveries.find(claimed.id)
    assert record.state is DeliveryState.PARKED
    assert record.reason == "its system did not fetch it; given up after 3 days"


def test_what_is_fetched_for_ever_and_never_kept_is_given_up_too(town, pickups, fetched):
    """DOMAIN C4: patience is from the beginning."""
    town.wait(days=3.1)
    let_lapse(town)
    assert stands(town, fetched)[0] is DeliveryState.PARKED
