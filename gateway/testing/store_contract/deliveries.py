"""What a store promises of deliveries: claimed by one, and recorded behind a fence."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.flow.ports import Abandoned, Attempt, Attempted
from gateway.flow.store import Store
from gateway.flow.timeline import GATEWAY, Step
from gateway.testing.builders import (
    DESTINATION,
    NOW,
    UNIT,
    make_attachment,
    make_case,
    make_delivery,
    make_new_case,
)
from gateway.testing.store_contract.acts import (
    DELIVERED,
    LATER,
    LEASE,
    PARKED,
    accept,
    change,
    claim,
    claim_one,
    deliver_one,
    found,
    name_it,
    postponed,
    steps,
    supplement,
)


class DeliveriesContract:
    """Deliveries from the outbox to wherever they end."""

    def test_a_claim_carries_the_whole_message(self, store: Store) -> None:
        """DOMAIN C1: the destination gets the case whole, with its attachments."""
        new = accept(store, make_case(attachments=(make_attachment(),)))
        claimed = claim_one(store)
        message_id = new.delivery.message_id
        message = Message(message_id, CaseEvent.SUBMITTED, new.number, NOW, UNIT, new.case)
        assert claimed.message == message
        assert str(claimed.id) == message_id

    def test_a_claim_tells_where_it_goes_and_since_when_it_waits(self, store: Store) -> None:
        """DOMAIN C2: patience is measured from there."""
        accept(store)
        claimed = claim_one(store)
        assert claimed.destination == DESTINATION
        assert (claimed.attempt, claimed.waiting_since, claimed.claimed_at) == (1, NOW, LATER)

    def test_what_is_claimed_is_not_claimed_again(self, store: Store) -> None:
        """DESIGN decision 4: one worker alone has it until its lease ends."""
        accept(store)
        claim_one(store)
        assert claim(store) == []
        assert store.deliveries.due(LATER) == []

    def test_a_claim_takes_no_more_than_asked_for(self, store: Store) -> None:
        """DESIGN decision 6: as many as there are free slots."""
        store.cases.add([make_new_case() for _ in range(5)])
        assert [len(claim(store, limit=2)) for _ in range(4)] == [2, 2, 1, 0]

    def test_the_one_that_has_been_due_longest_is_claimed_first(self, store: Store) -> None:
        """What came first goes first."""
        moments = [NOW + timedelta(minutes=minute) for minute in (2, 0, 1)]
        store.cases.add([make_new_case(received_at=at) for at in moments])
        waited = [claimed.waiting_since for claimed in claim(store)]
        assert waited == sorted(moments)

    def test_nothing_is_claimed_before_it_is_due(self, store: Store) -> None:
        """DOMAIN C2: back-off is a time to wait for."""
        accept(store)
        deliver_one(store, postponed(LATER + timedelta(minutes=5)))
        assert claim(store, at=LATER + timedelta(minutes=4)) == []
        assert store.deliveries.due(LATER + timedelta(minutes=4)) == []
        assert len(claim(store, at=LATER + timedelta(minutes=5))) == 1

    def test_destinations_do_not_share_a_queue(self, store: Store) -> None:
        """DOMAIN C2: one slow or dead system never delays another."""
        for destination in ("norr/b", "norr/a", "norr/b"):
            accept(store, delivery=make_delivery(destination=destination))
        assert sorted(store.deliveries.due(LATER)) == ["norr/a", "norr/b"]
        assert len(claim(store, destination="norr/a")) == 1
        assert store.deliveries.due(LATER) == ["norr/b"]

    def test_claimers_at_the_same_time_never_get_the_same_delivery(self, store: Store) -> None:
        """DESIGN decision 4: many workers, each delivery with one of them."""
        store.cases.add([make_new_case() for _ in range(40)])
        with ThreadPoolExecutor(4) as pool:
            claims = [one for got in pool.map(lambda _: claim(store, 3), range(40)) for one in got]
        assert len(claims) == 40
        assert len({claimed.id for claimed in claims}) == 40

    def test_a_delivered_one_is_done(self, store: Store) -> None:
        """DOMAIN G1: an operator sees how it went, and with which attempt."""
        accept(store)
        claimed = deliver_one(
            store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="7")
        )
        record, attempts = found(store, claimed)
        assert (record.state, record.attempts, record.remote_id) == (
            DeliveryState.DELIVERED,
            1,
            "7",
        )
        assert attempts == [Attempt(1, LATER, LATER, "delivered", None)]
        assert claim(store) == []

    def test_a_delivery_is_put_on_the_timeline(self, store: Store) -> None:
        """DOMAIN G3: every step of a case."""
        number = accept(store).number
        deliver_one(store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="A-7"))
        entry = store.cases.timeline(number)[-1].entry
        assert (entry.step, entry.at, entry.actor) == (Step.DELIVERY_DELIVERED, LATER, GATEWAY)
        assert entry.details == {
            "destination": DESTINATION,
            "attempt": 1,
            "external_case_id": "A-7",
        }

    def test_the_case_gets_the_id_that_its_holder_told(self, store: Store) -> None:
        """CONTRACT: the holder may name the case by its own id from now on."""
        number = accept(store).number
        deliver_one(store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="A-7"))
        record = store.cases.find(number)
        assert record is not None
        assert record.external_case_id == "A-7"

    def test_what_it_answers_to_the_case_is_its_id_from_then_on(self, store: Store) -> None:
        """CONTRACT: a message that came before the answer may have said something else."""
        number = accept(store).number
        change(store, number, name_it("A-1"))
        deliver_one(store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="A-7"))
        record = store.cases.find(number)
        assert record is not None
        assert record.external_case_id == "A-7"

    def test_what_it_answers_to_a_supplement_changes_nothing(self, store: Store) -> None:
        """What a case is called does not change."""
        number = accept(store).number
        deliver_one(store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="A-7"))
        change(store, number, supplement())
        deliver_one(store, Attempted(DeliveryState.DELIVERED, "delivered", remote_id="A-8"))
        record = store.cases.find(number)
        assert record is not None
        assert record.external_case_id == "A-7"

    def test_a_postponed_one_is_the_same_message_again(self, store: Store) -> None:
        """DOMAIN C1: delivered at least once, recognised as the same by its id."""
        number = accept(store).number
        first = deliver_one(store, postponed(LATER))
        again = claim_one(store)
        assert (again.id, again.message, again.attempt) == (first.id, first.message, 2)
        assert again.waiting_since == NOW
        assert steps(store, number) == [Step.CASE_ACCEPTED]

    def test_what_cannot_be_delivered_is_parked_with_its_reason(self, store: Store) -> None:
        """DOMAIN C4: parked with its reason, and seen."""
        number = accept(store).number
        record, _ = found(store, deliver_one(store, PARKED))
        entry = store.cases.timeline(number)[-1].entry
        assert (record.state, record.reason) == (DeliveryState.PARKED, PARKED.reason)
        assert (entry.step, entry.actor) == (Step.DELIVERY_PARKED, GATEWAY)
        assert entry.details == {
            "destination": DESTINATION,
            "attempt": 1,
            "reason": PARKED.reason,
        }
        assert claim(store) == []

    def test_a_result_is_recorded_once(self, store: Store) -> None:
        """DESIGN decision 4: only the latest claim may record, and only once."""
        number = accept(store).number
        claimed = deliver_one(store)
        assert not store.deliveries.record(claimed, PARKED, LATER)
        assert steps(store, number)[1:] == [Step.DELIVERY_DELIVERED]

    def test_a_claim_that_was_lost_records_nothing(self, store: Store) -> None:
        """DESIGN decision 4: fencing; a worker that was taken for dead comes too late."""
        accept(store)
        lost = deliver_one(store, postponed(LATER))
        latest = claim_one(store)
        assert not store.deliveries.record(lost, PARKED, LATER)
        assert store.deliveries.record(latest, DELIVERED, LATER)

    def test_an_attempt_whose_lease_has_ended_is_abandoned(self, store: Store) -> None:
        """DOMAIN C6: the worker stopped on the way, and what came of it is unknown."""
        accept(store)
        claimed = claim_one(store)
        assert store.deliveries.abandoned(LATER + LEASE) == []
        [abandoned] = store.deliveries.abandoned(LATER + LEASE + timedelta(seconds=1))
        number = claimed.message.case_number
        assert abandoned == Abandoned(claimed.id, DESTINATION, 1, LATER, NOW, 0, number)

    def test_an_abandoned_attempt_is_recorded_in_the_place_of_its_worker(
        self, store: Store
    ) -> None:
        """DOMAIN C1 and C6: it is judged, and the worker's own result comes too late."""
        accept(store)
        claimed = claim_one(store)
        at = LATER + timedelta(hours=1)
        [abandoned] = store.deliveries.abandoned(at)
        assert store.deliveries.record(abandoned, PARKED, at)
        assert not store.deliveries.record(claimed, DELIVERED, at)
        assert store.deliveries.abandoned(at) == []
        assert found(store, claimed)[1] == [Attempt(1, LATER, at, "refused", PARKED.reason)]
