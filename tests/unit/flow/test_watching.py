"""What the verbs tell those who measure."""

from dataclasses import replace

import pytest

from gateway.adapter import Delivered
from gateway.domain.errors import Refusal
from gateway.flow.pickups import Pickups
from gateway.metrics import Metrics
from gateway.testing.builders import DESTINATION, make_case, make_case_message


@pytest.fixture
def metrics():
    """Nothing measured yet."""
    return Metrics()


def test_a_reply_is_counted_once_and_not_when_it_is_refused(town, metrics):
    """DOMAIN D2, G1: whatever way it came."""
    replies = replace(town.replies, watching=metrics)
    number = town.submit(make_case()).receipt.case_number
    message = make_case_message(case_number=number)
    for _ in range(2):
        replies.post(message, town.system)
    with pytest.raises(Refusal):
        replies.post(make_case_message(case_number="2026-0000-000000"), town.system)
    count = metrics.registry.get_sample_value
    assert count("vaxel_replies_accepted_total", {"kind": "FINAL_REPLY"}) == 1


def test_the_receipt_of_what_was_fetched_is_counted_once(town, metrics):
    """DOMAIN C5, G1: a delivery is one, however it comes to its system."""
    store = town.store
    pickups = Pickups(
        town.table, store.deliveries, store.destinations, lambda _: True, town.clock, metrics
    )
    town.submit(make_case())
    [claimed] = pickups.fetch(town.system, 9)
    for _ in range(2):
        pickups.receive(claimed.id, Delivered("DIA-1"), town.system)
    labels = {"destination": DESTINATION, "state": "delivered"}
    assert metrics.registry.get_sample_value("vaxel_deliveries_finished_total", labels) == 1
