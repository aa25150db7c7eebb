"""How destinations stand, in words that an operator can act on (DOMAIN G1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.breaker import Breaker, BreakerState
from gateway.domain.errors import Refusal, StartRefused
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role
from gateway.flow.health import Health, Standing
from gateway.testing.builders import DESTINATION, NOW, make_new_case
from gateway.testing.memory import MemoryStore
from tests.unit.flow.conftest import Town

S = BreakerState
SOON = NOW + timedelta(minutes=5)


class Board:
    """Health over a store in memory, with one destination in the table."""

    def __init__(self):
        self.store, self.now = MemoryStore(), NOW
        self.operator = Caller(make_new_case().sender, "Driften", Role.OPERATOR)
        self.destinations = {DESTINATION: Town().table().destinations[DESTINATION]}
        self.health = Health(self.table, self.store.destinations, lambda: self.now)

    def table(self):
        """Give the table as it is now."""
        return RouteTable("v1", {}, self.destinations, {})

    def put(self, breaker):
        """Let the breaker stand so."""
        self.store.destinations.move(DESTINATION, Breaker(), breaker)

    def told(self):
        """Tell how the destination stands, and why."""
        [record] = self.health.listed(self.operator)
        return record.standing, record.reason


@pytest.fixture
def board():
    """An operator's board."""
    return Board()


@pytest.mark.parametrize(
    ("breaker", "standing", "words"),
    [
        (Breaker(), Standing.CALLED, "it is called"),
        (
            Breaker(2, S.CLOSED, failures=2, failing_since=NOW),
            Standing.CALLED,
            "it is called; 2 in a row have failed since 2026-11-02T10:00:00+01:00",
        ),
        (
            Breaker(5, S.OPEN, 5, 1, NOW, SOON),
            Standing.NOT_ANSWERING,
            "it does not answer since 2026-11-02T10:00:00+01:00; "
            "one delivery finds out again at 2026-11-02T10:05:00+01:00",
        ),
        (
            Breaker(6, S.PROBING, 5, 1, NOW, SOON),
            Standing.NOT_ANSWERING,
            "it does not answer since 2026-11-02T10:00:00+01:00; "
            "one delivery is finding out now whether it does again",
        ),
        (
            Breaker(7, S.DRAINING, allowed=2),
            Standing.RECOVERING,
            "it answers again, and has at most 2 at once for now",
        ),
    ],
)
def test_each_state_of_a_breaker_is_told_in_words(board, breaker, standing, words):
    """DOMAIN G1: since when, and when again."""
    board.store.cases.add([make_new_case()])
    board.put(breaker)
    assert board.told() == (standing, words)


@pytest.mark.parametrize(("hours", "when"), [(0, ", from 2026-11-02T10:05:00+01:00 on"), (1, "")])
def test_what_nothing_waits_for_is_found_out_by_the_next_delivery(board, hours, when):
    """DOMAIN G1: no probe is promised for a moment when there is nothing to send."""
    board.put(Breaker(5, S.OPEN, 5, 1, NOW, SOON))
    board.now = NOW + timedelta(hours=hours)
    assert board.told()[1] == (
        "it does not answer since 2026-11-02T10:00:00+01:00; nothing waits for it, and the next "
        f"delivery finds out whether it does again{when}"
    )


def test_outside_its_hours_it_is_told_when_it_opens(board):
    """DOMAIN C2: opening hours, in Swedish time."""
    policy = Policy(opening_hours="Mon-Fri 07:00-18:00")
    board.destinations[DESTINATION] = replace(board.destinations[DESTINATION], policy=policy)
    board.now = NOW.replace(hour=20)
    assert board.told() == (
        Standing.OUT_OF_HOURS,
        "it is open Mon-Fri 07:00-18:00, next from 2026-11-03T07:00:00+01:00",
    )


def test_a_destination_that_does_not_answer_tells_also_that_it_is_closed(board):
    """DOMAIN C2, G1: when it is called next, and all that holds it."""
    board.put(Breaker(5, S.OPEN, 5, 1, NOW, SOON))
    policy = Policy(opening_hours="Mon-Fri 07:00-09:00")
    board.destinations[DESTINATION] = replace(board.destinations[DESTINATION], policy=policy)
    board.store.cases.add([make_new_case()])
    standing, words = board.told()
    assert standing is Standing.NOT_ANSWERING
    assert words.startswith("it does not answer since 2026-11-02T10:00:00+01:00; one delivery ")
    assert words.endswith("; it is open Mon-Fri 07:00-09:00, next from 2026-11-03T07:00:00+01:00")
    [told] = board.health.explained(board.store.deliveries.listed(None, None, None, 1))
    assert told.next_at == NOW.replace(day=3, hour=6)


def test_what_was_due_long_ago_is_next_tried_when_its_destination_is_probed(board):
    """DOMAIN G1: no next attempt lies in the past."""
    board.store.cases.add([make_new_case()])
    board.put(Breaker(5, S.OPEN, 5, 1, NOW, SOON))
    for board.now, next_at in ((NOW, SOON), (SOON + timedelta(hours=1),) * 2):
        [told] = board.health.explained(board.store.deliveries.listed(None, None, None, 1))
        assert told.next_at == next_at


def test_who_paused_it_goes_before_that_it_does_not_answer(board):
    """Of several reasons, the one to mend first."""
    board.put(Breaker(5, S.OPEN, 5, 1, NOW, SOON))
    board.health.pause(DESTINATION, "new certificates", board.operator)
    standing, words = board.told()
    assert standing is Standing.PAUSED
    assert words.startswith("it is paused by ")
    assert ": new certificates; it does not answer since " in words


def test_a_paused_destination_that_left_the_table_is_still_listed_and_resumed(board):
    """DOMAIN G1: a pause that nobody sees would wait for the next table."""
    board.health.pause(DESTINATION, "new certificates", board.operator)
    board.destinations.clear()
    assert board.told()[0] is Standing.UNROUTED
    board.health.resume(DESTINATION, board.operator)
    assert board.health.listed(board.operator) == []


def test_when_the_routes_are_broken_what_is_known_is_told_all_the_same(board):
    """Operators must see what waits also when somebody has just broken the routes."""

    def broken():
        raise StartRefused("region.toml: broken")

    board.store.cases.add([make_new_case()])
    board.health = Health(broken, board.store.destinations, lambda: NOW)
    [record] = board.health.listed(board.operator)
    assert (record.key, record.standing, record.title) == (DESTINATION, Standing.CALLED, None)


def test_a_pause_without_a_reason_is_refused(board):
    """Others will read it."""
    with pytest.raises(Refusal, match="say why"):
        board.health.pause(DESTINATION, " ", board.operator)


def test_what_waits_for_a_paused_destination_tells_so_beside_its_last_trouble(board):
    """DOMAIN G1: what waits where, since when and why."""
    board.store.cases.add([make_new_case()])
    board.health.pause(DESTINATION, "new certificates", board.operator)
    [record] = board.store.deliveries.listed(None, None, None, 1)
    [told] = board.health.explained([replace(record, reason="HTTP 503")])
    assert told.why.startswith("the destination is paused by ")
    assert told.why.endswith("; at the last attempt: HTTP 503")
    assert told.next_at is None
    parked = replace(record, state=DeliveryState.PARKED)
    assert board.health.explained([parked]) == [parked]
