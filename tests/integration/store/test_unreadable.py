"""What we cannot read ourselves is parked as ours to mend, and stops nothing else (DOMAIN C4)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from gateway.domain.blame import Blame
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.notices import Citizen
from gateway.flow.timeline import Step, first_break
from gateway.store.tables import case_events
from gateway.testing.builders import NOW, TOLVAN, make_entry
from gateway.testing.store_contract.acts import LATER, accept, claim, found

pytest_plugins = ["gateway.testing.postgres"]


@pytest.fixture(params=["{", "[]", '{"case": 7}', "null", '"191212121212"'])
def broken(request, store):
    """A case whose content cannot be read."""
    new = accept(store)
    spoil = update(case_events).where(case_events.c.case_id == new.id)
    with store.database.writing() as connection:
        connection.execute(spoil.values(content=request.param))
    return new


def parked(store):
    """Read what is parked; there is one."""
    [record] = store.deliveries.listed(DeliveryState.PARKED, None, None, 9)
    return record


def test_a_row_that_cannot_be_read_is_parked_and_the_others_go_on(store, broken):
    """DOMAIN C2: one bad row is no reason for others to wait."""
    well = accept(store)
    assert [claimed.message.case_number for claimed in claim(store)] == [well.number]
    assert parked(store).case_number == broken.number
    assert claim(store) == []


def test_it_is_ours_to_mend_and_says_so_without_what_it_holds(store, broken):
    """DOMAIN C4, G3: seen by operators, and on the timeline."""
    claim(store)
    record = parked(store)
    assert record.blame is Blame.OURS
    assert record.reason.startswith("our own record of it cannot be read: ")
    assert "1912" not in record.reason
    timeline = store.cases.timeline(broken.number)
    assert timeline[-1].entry.step is Step.DELIVERY_PARKED
    assert first_break(timeline) is None


def test_it_is_delivered_when_it_is_mended_and_replayed(store, broken):
    """DOMAIN C4: parked is not the end."""
    claim(store)
    delivery = parked(store).id
    store.deliveries.replay(delivery, make_entry(), LATER)
    assert claim(store) == []
    _, attempts = found(store, parked(store))
    assert [attempt.outcome for attempt in attempts] == ["unreadable", "unreadable"]


def test_a_notice_whose_case_cannot_be_read_stops_no_other(store, broken):
    """DOMAIN D5: it reaches nobody, and the next one goes out."""
    well = accept(store)
    assert store.notices.make(NOW, NOW - timedelta(days=3)) == 2
    claimed = [store.notices.claim(LATER, timedelta(days=9)) for _ in range(2)]
    citizens = {str(one.id): one.citizen for one in claimed}
    assert citizens[well.confirmation.message_id] is not None
    assert citizens[broken.confirmation.message_id] in (None, Citizen(TOLVAN, None, None))
