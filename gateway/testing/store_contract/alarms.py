"""What a store promises of alarms: each turn is told once, and brought by every channel (G2)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from collections.abc import Iterator
from datetime import timedelta

from gateway.flow.alarms import Alarm, AlarmKind, Seen
from gateway.flow.alert_outbox import AlertFor
from gateway.flow.store import Store
from gateway.testing.builders import DESTINATION, NOW, make_alert
from gateway.testing.store_contract.acts import LATER, LEASE

_FAILING = Alarm(AlarmKind.FAILING, DESTINATION)
_BEGAN, _ENDED = make_alert(_FAILING), make_alert(_FAILING, began=False, at=LATER)
_SEEN = Seen("node-1", NOW)
_LOG, _MAIL = "log", "e-mail"
_MICROSECOND = timedelta(microseconds=1)


class AlarmsContract:
    """Which alarms stand, and the alerts of their turns."""

    def test_an_alarm_begins_once_and_ends_once(self, store: Store) -> None:
        """DOMAIN G2: two nodes that see the same tell it once."""
        begun = [store.alarms.begin(make_alert(_FAILING), _SEEN, [_LOG]) for _ in range(2)]
        standing = store.alarms.standing()
        ended = [store.alarms.end(_ENDED, [_LOG]) for _ in range(2)]
        assert (begun, standing, ended) == ([True, False], {_FAILING: _SEEN}, [True, False])
        assert store.alarms.standing() == {}
        assert [one.alert.began for one in _brought(store, _LOG)] == [True, False]

    def test_alarms_are_told_apart_by_kind_destination_and_group(self, store: Store) -> None:
        """DOMAIN C4: each cause for which something is parked is told."""
        others = {
            Alarm(AlarmKind.LATE, DESTINATION),
            Alarm(AlarmKind.FAILING, "norr/b"),
            Alarm(AlarmKind.PARKED, DESTINATION, "a"),
            Alarm(AlarmKind.PARKED, DESTINATION, "b"),
        }
        for alarm in {_FAILING, *others}:
            assert store.alarms.begin(make_alert(alarm), _SEEN, [])
        assert store.alarms.end(_ENDED, [])
        assert store.alarms.standing() == dict.fromkeys(others, _SEEN)

    def test_who_saw_an_alarm_last_is_known_until_that_one_stops(self, store: Store) -> None:
        """DOMAIN G2: another that does not see it must not end it."""
        late = Alarm(AlarmKind.LATE, DESTINATION)
        for alarm in (_FAILING, late):
            store.alarms.begin(make_alert(alarm), _SEEN, [])
        again = Seen("node-2", LATER)
        store.alarms.see([_FAILING, Alarm(AlarmKind.LATE, "norr/b")], again)
        assert store.alarms.standing() == {_FAILING: again, late: _SEEN}
        store.alarms.let_go("node-2")
        assert store.alarms.standing() == {_FAILING: Seen(None, LATER), late: _SEEN}

    def test_each_channel_brings_every_alert(self, store: Store) -> None:
        """DOMAIN G2: one that fails holds up no other, and all of an alert is kept."""
        told = make_alert(_FAILING, detail="since 09:00")
        store.alarms.begin(told, _SEEN, [_LOG, _MAIL])
        assert [*_brought(store, _LOG)] == [AlertFor(_LOG, told)]
        assert [*_brought(store, _LOG)] == []
        assert [*_brought(store, _MAIL)] == [AlertFor(_MAIL, told)]

    def test_an_alert_is_brought_by_one_node_until_its_lease_ends(self, store: Store) -> None:
        """DOMAIN G2: what a node died with is brought by another."""
        store.alarms.begin(_BEGAN, _SEEN, [_LOG])
        outbox, ends = store.alert_outbox, NOW + LEASE
        times = (NOW - _MICROSECOND, NOW, ends - _MICROSECOND, ends)
        claims = [outbox.claim(_LOG, at, LEASE) for at in times]
        assert [claimed and claimed.attempt for claimed in claims] == [None, 1, None, 2]

    def test_one_that_was_postponed_lets_other_alarms_go_first(self, store: Store) -> None:
        """DOMAIN G2: in their order, but for what fails by itself."""
        other = make_alert(Alarm(AlarmKind.LATE, DESTINATION), at=LATER)
        store.alarms.begin(_BEGAN, _SEEN, [_LOG])
        store.alarms.begin(other, _SEEN, [_LOG])
        first = store.alert_outbox.claim(_LOG, LATER, LEASE)
        assert first
        store.alert_outbox.postpone(first, LATER + LEASE)
        assert [one.alert for one in _brought(store, _LOG)] == [other, _BEGAN]

    def test_no_turn_goes_before_an_earlier_one_of_its_alarm(self, store: Store) -> None:
        """DOMAIN G2: told that it began after it has ended, somebody would believe that it is."""
        store.alarms.begin(_BEGAN, _SEEN, [_LOG, _MAIL])
        store.alarms.end(_ENDED, [_LOG, _MAIL])
        outbox = store.alert_outbox
        assert outbox.claim(_LOG, LATER, LEASE)
        assert outbox.claim(_LOG, LATER, LEASE) is None
        again = outbox.claim(_LOG, LATER + LEASE, LEASE)
        assert again
        outbox.postpone(again, LATER + 3 * LEASE)
        assert outbox.claim(_LOG, LATER + 2 * LEASE, LEASE) is None
        outbox.brought(again)
        assert [one.alert for one in _brought(store, _LOG)] == [_ENDED]
        assert [one.alert for one in _brought(store, _MAIL)] == [_BEGAN, _ENDED]

    def test_a_node_that_wakes_up_late_postpones_nothing(self, store: Store) -> None:
        """DOMAIN C1: somebody else has it, who is not to be disturbed."""
        store.alarms.begin(_BEGAN, _SEEN, [_LOG])
        late = store.alert_outbox.claim(_LOG, NOW, LEASE)
        assert late
        assert store.alert_outbox.claim(_LOG, NOW + LEASE, LEASE)
        store.alert_outbox.postpone(late, NOW)
        assert store.alert_outbox.claim(_LOG, NOW + LEASE, LEASE) is None

    def test_what_no_channel_brings_is_given_up_once(self, store: Store) -> None:
        """DOMAIN G2: also of a channel that nobody has any more."""
        store.alarms.begin(_BEGAN, _SEEN, [_LOG, _MAIL])
        assert [*_brought(store, _LOG)] == [AlertFor(_LOG, _BEGAN)]
        outbox = store.alert_outbox
        given_up = [[*outbox.give_up(at)] for at in (NOW, NOW + _MICROSECOND, LATER)]
        assert given_up == [[], [AlertFor(_MAIL, _BEGAN)], []]
        assert [*_brought(store, _MAIL)] == []


def _brought(store: Store, channel: str) -> Iterator[AlertFor]:
    """Bring all that waits for a channel, and give it in that order."""
    while claimed := store.alert_outbox.claim(channel, LATER + LEASE, LEASE):
        store.alert_outbox.brought(claimed)
        yield claimed.waiting
