"""Several nodes on one database never keep, change or claim the same thing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from gateway.flow.ports import Kept
from gateway.flow.timeline import first_break
from gateway.store.sql_store import open_store
from gateway.testing.builders import DESTINATION, make_new_case
from gateway.testing.store_contract.acts import LATER, accept, answer, change

pytest_plugins = ["gateway.testing.postgres"]


@pytest.fixture
def nodes(url):
    """Four stores on one database, as four nodes have them."""
    stores = [open_store(url) for _ in range(4)]
    yield stores
    for store in stores:
        store.close()


def at_once(nodes, do):
    """Let every node do the same at the same time; gives what each got."""
    with ThreadPoolExecutor(len(nodes)) as pool:
        return list(pool.map(do, nodes))


@pytest.mark.parametrize("_", range(3))
def test_the_same_cases_sent_to_every_node_are_kept_once(nodes, _):
    """DESIGN decision 9: repeats are recognised also while the first is being written."""
    sent = [make_new_case().case for _ in range(20)]
    answers = at_once(nodes, lambda node: node.cases.add([make_new_case(case) for case in sent]))
    receipts = [[kept.receipt for kept in of_node] for of_node in answers]
    kept_anew = [kept for of_node in answers for kept in of_node if not kept.repeated]
    assert all(of_node == receipts[0] for of_node in receipts)
    assert len(kept_anew) == 20
    assert len(nodes[0].deliveries.listed(None, None, None, 99)) == 20


def test_the_same_message_sent_to_every_node_is_taken_once(nodes):
    """DOMAIN D2: a repeat changes nothing and gets the same answer."""
    number = accept(nodes[0]).number
    kept = at_once(nodes, lambda node: change(node, number, answer(), message_id="1"))
    assert all(isinstance(one, Kept) for one in kept)
    assert sorted(one.repeated for one in kept) == [False, True, True, True]
    assert first_break(nodes[0].cases.timeline(number)) is None


def test_every_delivery_is_claimed_by_one_node(nodes):
    """DESIGN decision 4: claimed in batches, by whoever comes first."""
    nodes[0].cases.add([make_new_case() for _ in range(60)])

    def claim_all(node):
        lease, claims = timedelta(seconds=60), []
        while got := node.deliveries.claim(DESTINATION, 3, LATER, lease):
            claims += got
        return [claimed.id for claimed in claims]

    claimed = [one for of_node in at_once(nodes, claim_all) for one in of_node]
    assert len(claimed) == len(set(claimed)) == 60
