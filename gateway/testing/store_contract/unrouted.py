"""What a store promises of deliveries that wait where no route leads any more (DOMAIN C2, C4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

from uuid_utils.compat import uuid7

from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import ORIGINAL, TODAY, Aim, Move, Replay, ReplayState, Selection, Stock
from gateway.flow.store import Store
from gateway.flow.timeline import Step
from gateway.testing.builders import DESTINATION, NOW
from gateway.testing.store_contract.acts import LATER, accept, change, deliver_one, supplement

ELSEWHERE, NEW_HOLDER = "soder/b", HsaId("SE2321000016-OTHER")
ALL, ROUTED = Selection(region="norr"), frozenset({ELSEWHERE})


class UnroutedContract:
    """What waits in vain can be moved as it is."""

    def test_what_waits_in_vain_is_counted_with_what_is_parked(self, store: Store) -> None:
        """DOMAIN C2: one for each case; only where no route leads, and made before."""
        change(store, accept(store).number, supplement())
        accept(store)
        assert store.parked.stock(ALL, LATER, ROUTED) == [Stock(DESTINATION, 2, 0)]
        assert store.parked.stock(ALL, LATER, frozenset({DESTINATION})) == []
        assert store.parked.stock(ALL, NOW - timedelta(seconds=1), ROUTED) == []
        assert store.parked.stock(ALL, LATER) == []

    def test_what_waits_in_vain_is_moved_with_its_case(self, store: Store) -> None:
        """DOMAIN B4, C4: it was never parked; what waits behind it goes along."""
        number = accept(store).number
        change(store, number, supplement())
        replay = _start(store, TODAY)
        to = Aim(ELSEWHERE, Move(NEW_HOLDER, "soder"))
        assert store.parked.step(lambda _, __: to, LATER, 9, ROUTED)
        moved = store.deliveries.listed(DeliveryState.WAITING, ELSEWHERE, None, 9)
        assert len(moved) == 2
        assert store.cases.timeline(number)[-1].entry.step is Step.DELIVERY_REDIRECTED
        ended = store.parked.find(replay.id)
        assert ended is not None
        assert (ended.state, ended.done, ended.skipped) == (ReplayState.DONE, 1, 0)

    def test_what_waits_in_vain_of_an_open_case_leaves_the_case_where_it_is(
        self, store: Store
    ) -> None:
        """DOMAIN B4, C3: its supplements go together, in their order."""
        number = accept(store).number
        deliver_one(store)
        for n in (1, 2):
            change(store, number, supplement(), message_id=f"s-{n}")
        _start(store, ELSEWHERE)
        assert store.parked.step(lambda _, __: Aim(ELSEWHERE), LATER, 9, ROUTED)
        assert len(store.deliveries.listed(DeliveryState.WAITING, ELSEWHERE, None, 9)) == 2
        record = store.cases.find(number)
        assert record is not None
        assert record.destination == DESTINATION

    def test_a_replay_to_where_it_was_leaves_what_waits_alone(self, store: Store) -> None:
        """DOMAIN C4: it waits there already."""
        accept(store)
        _start(store, ORIGINAL)
        store.parked.step(lambda _, parked: Aim(parked.destination), LATER, 9, ROUTED)
        [waiting] = store.deliveries.listed(None, None, None, 9)
        assert store.cases.timeline(waiting.case_number)[-1].entry.step is not (
            Step.DELIVERY_REPLAYED
        )


def _start(store: Store, route: str) -> Replay:
    replay = Replay(uuid7(), ReplayState.RUNNING, LATER, "SE5560000000-OPS", route, ALL, 1)
    store.parked.start(replay)
    return replay
