"""What a store promises of the health of destinations: one writer at a time, shared (C2)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from gateway.domain.breaker import Breaker, BreakerState, probing
from gateway.flow.ports import Backlog, DestinationState, Paused
from gateway.flow.store import Store
from gateway.testing.builders import DESTINATION, NOW, make_delivery
from gateway.testing.store_contract.acts import LATER, accept, claim_one, deliver_one

OPEN = Breaker(
    version=5,
    state=BreakerState.OPEN,
    failures=5,
    openings=1,
    failing_since=NOW,
    next_at=LATER,
)
PAUSED = Paused("new certificates on Sunday", "SE5560000000-OPS", NOW)


class DestinationsContract:
    """Breakers and pauses, as all nodes see them."""

    def test_of_a_destination_that_was_always_well_nothing_is_kept(self, store: Store) -> None:
        """What costs nothing is nothing."""
        accept(store)
        deliver_one(store)
        assert store.destinations.all() == {}

    def test_a_breaker_is_kept_as_it_is(self, store: Store) -> None:
        """DOMAIN C2: what one node has found out, the others know."""
        assert store.destinations.move(DESTINATION, Breaker(), OPEN)
        assert store.destinations.all() == {DESTINATION: DestinationState(OPEN)}
        draining = Breaker(6, BreakerState.DRAINING, allowed=2)
        assert store.destinations.move(DESTINATION, OPEN, draining)
        assert store.destinations.all()[DESTINATION].breaker == draining

    def test_a_breaker_that_another_has_written_since_is_not_written(self, store: Store) -> None:
        """DESIGN decision 4: the version is the fence."""
        assert store.destinations.move(DESTINATION, Breaker(), OPEN)
        assert not store.destinations.move(DESTINATION, Breaker(), Breaker(version=1))
        assert not store.destinations.move(DESTINATION, replace(OPEN, version=4), Breaker(6))
        assert not store.destinations.move("norr/b", OPEN, Breaker(6))
        assert store.destinations.all()[DESTINATION].breaker == OPEN

    def test_of_many_nodes_that_would_probe_one_does(self, store: Store) -> None:
        """DOMAIN C2: one probe in all."""
        store.destinations.move(DESTINATION, Breaker(), OPEN)
        probe = probing(OPEN, LATER, timedelta(seconds=40))
        with ThreadPoolExecutor(8) as nodes:
            won = list(
                nodes.map(lambda _: store.destinations.move(DESTINATION, OPEN, probe), range(8))
            )
        assert sorted(won) == [False] * 7 + [True]
        assert store.destinations.all()[DESTINATION].breaker == probe

    def test_of_many_nodes_that_see_the_first_failure_one_writes_it(self, store: Store) -> None:
        """Also when there is no row yet."""
        first = Breaker(1, failures=1, failing_since=NOW)
        with ThreadPoolExecutor(8) as nodes:
            won = list(
                nodes.map(
                    lambda _: store.destinations.move(DESTINATION, Breaker(), first), range(8)
                )
            )
        assert won.count(True) == 1

    def test_a_pause_is_kept_with_its_reason_and_by_whom(self, store: Store) -> None:
        """DOMAIN C2, G1: and the breaker goes on beside it."""
        assert store.destinations.pause(DESTINATION, PAUSED)
        assert store.destinations.all() == {DESTINATION: DestinationState(paused=PAUSED)}
        assert store.destinations.move(DESTINATION, Breaker(), OPEN)
        assert store.destinations.all() == {DESTINATION: DestinationState(OPEN, PAUSED)}

    def test_a_pause_stands_until_it_is_resumed(self, store: Store) -> None:
        """Who paused first is who is asked."""
        store.destinations.pause(DESTINATION, PAUSED)
        assert not store.destinations.pause(DESTINATION, replace(PAUSED, reason="mine"))
        assert store.destinations.all()[DESTINATION].paused == PAUSED
        assert store.destinations.resume(DESTINATION)
        assert not store.destinations.resume(DESTINATION)
        assert not store.destinations.resume("norr/b")
        assert store.destinations.all()[DESTINATION].paused is None

    def test_what_is_under_way_waits_too(self, store: Store) -> None:
        """DOMAIN G1: the same number as metrics and alerts tell."""
        accept(store)
        claim_one(store)
        accept(store, delivery=make_delivery(created_at=LATER))
        assert store.destinations.backlogs() == {DESTINATION: Backlog(2, NOW)}
        assert store.overview.queues()[DESTINATION].waiting == 2

    def test_what_waits_is_counted_for_each_destination(self, store: Store) -> None:
        """DOMAIN G1: how many, and since when."""
        accept(store)
        deliver_one(store)
        for made in (LATER, NOW):
            accept(store, delivery=make_delivery(created_at=made))
        accept(store, delivery=make_delivery(destination="norr/b", created_at=LATER))
        assert store.destinations.backlogs() == {
            DESTINATION: Backlog(2, NOW),
            "norr/b": Backlog(1, LATER),
        }
