"""Several fetchers of one system on one database: each delivery is one fetcher's (DOMAIN C5)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.adapter import Delivered
from gateway.domain.destination import Destination
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role
from gateway.flow.pickups import Pickups
from gateway.flow.timeline import Step, first_break
from gateway.store.sql_store import open_store
from gateway.testing.builders import CASE_SYSTEM, DESTINATION, make_new_case
from gateway.testing.store_contract.acts import LATER, accept, change, supplement

pytest_plugins = ["gateway.testing.postgres"]

SYSTEM = Caller(CASE_SYSTEM, "Diariet", Role.CASE_SYSTEM)
TO = Destination(DESTINATION, "norr", "cases", "pickup", {}, Policy(), CASE_SYSTEM, "Diariet")
TABLE = RouteTable("v1", {}, {TO.key: TO}, {})


@pytest.fixture
def nodes(url):
    """Four doors on one database, as four nodes have them."""
    stores = [open_store(url) for _ in range(4)]
    yield [
        Pickups(lambda: TABLE, s.deliveries, s.destinations, lambda _: True, lambda: LATER)
        for s in stores
    ]
    for store in stores:
        store.close()


def at_once(nodes, do):
    """Let every node do the same at the same time; gives what each got."""
    with ThreadPoolExecutor(len(nodes)) as pool:
        return list(pool.map(do, nodes))


def fetch_all(node):
    """Fetch until there is nothing more."""
    got = []
    while page := node.fetch(SYSTEM, 3):
        got += page
    return got


def test_two_fetchers_never_get_the_same_delivery(nodes, store):
    """DESIGN decision 4: and together they get all."""
    store.cases.add([make_new_case() for _ in range(40)])
    fetched = [one.id for of_node in at_once(nodes, fetch_all) for one in of_node]
    assert len(fetched) == len(set(fetched)) == 40


def test_the_order_of_a_case_is_kept_between_fetchers(nodes, store):
    """DOMAIN C3: the next comes after the receipt, whichever node takes that."""
    number, texts = accept(store).number, [None, "ett", "två"]
    for text in texts[1:]:
        change(store, number, supplement(text=text))
    got = []
    for turn in range(3):
        [claimed] = [one for of_node in at_once(nodes, fetch_all) for one in of_node]
        got.append(claimed.message.supplement and claimed.message.supplement.text)
        nodes[turn].receive(claimed.id, Delivered(), SYSTEM)
    assert got == texts


def test_a_receipt_sent_to_every_node_is_kept_once(nodes, store):
    """DOMAIN C1: each answers the same, and the case's timeline tells it once."""
    number = accept(store).number
    [claimed] = nodes[0].fetch(SYSTEM, 9)
    answers = at_once(nodes, lambda node: node.receive(claimed.id, Delivered("DIA-1"), SYSTEM))
    assert {(one.state, one.remote_id) for one in answers} == {(DeliveryState.DELIVERED, "DIA-1")}
    steps = [link.entry.step for link in store.cases.timeline(number)]
    assert steps.count(Step.DELIVERY_DELIVERED) == 1
    assert first_break(store.cases.timeline(number)) is None
