"""Everything that is measured, and that nothing else and nothing personal is told."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from gateway.domain.case import Kind
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import MessageKind
from gateway.flow.ports import Abandoned, Attempted, Claimed
from gateway.flow.watching import Queue
from gateway.metrics import Metrics
from gateway.testing.builders import NOW, make_message

AFTER = timedelta(seconds=2)
DELIVERED = Attempted(DeliveryState.DELIVERED, "delivered")


@pytest.fixture
def metrics():
    """Metrics of a moment."""
    return Metrics(lambda: NOW)


@pytest.fixture
def value(metrics):
    """Read one number."""

    def read(name, **labels):
        return metrics.registry.get_sample_value(name, labels)

    return read


def claim(destination="norr/a"):
    return Claimed(
        id=uuid4(),
        destination=destination,
        attempt=1,
        claimed_at=NOW,
        waiting_since=NOW - AFTER,
        message=make_message(),
    )


def test_cases_are_counted_by_door_and_kind(metrics, value):
    """DOMAIN G1: what comes in, and how."""
    for door in ("soap", "soap", "rest"):
        metrics.case_accepted(door, Kind.COMPLAINT)
    assert value("vaxel_cases_accepted_total", door="soap", kind="COMPLAINT") == 2
    assert value("vaxel_cases_accepted_total", door="rest", kind="COMPLAINT") == 1


def test_refused_requests_and_replies_are_counted(metrics, value):
    """DOMAIN G1: what was not done and why, and what came back."""
    metrics.request_refused("rest", "unknown-unit")
    metrics.reply_accepted(MessageKind.FINAL_REPLY)
    assert value("vaxel_requests_refused_total", door="rest", problem="unknown-unit") == 1
    assert value("vaxel_replies_accepted_total", kind="FINAL_REPLY") == 1


def test_files_are_counted_by_what_was_found_in_them(metrics, value):
    """DOMAIN D4: a scanner that is away is seen in the numbers too."""
    for outcome in ("clean", "failed", "clean"):
        metrics.file_scanned(outcome)
    assert value("vaxel_files_scanned_total", outcome="clean") == 2
    assert value("vaxel_files_scanned_total", outcome="failed") == 1


def test_a_batch_is_noted_with_its_size_and_time(metrics, value):
    """Issue 3, 10: one note a batch, however many cases."""
    metrics.batch_kept(3, 0.004)
    assert value("vaxel_commit_batch_cases_sum") == 3
    assert value("vaxel_commit_duration_seconds_bucket", le="0.005") == 1


def test_a_delivery_is_counted_with_its_attempt_and_its_whole_way(metrics, value):
    """DOMAIN C1: from when it was accepted until its holder has it."""
    metrics.attempted(claim(), DELIVERED, NOW + AFTER, 1.5)
    where = {"destination": "norr/a"}
    assert value("vaxel_delivery_attempts_total", **where, outcome="delivered") == 1
    assert value("vaxel_deliveries_finished_total", **where, state="delivered") == 1
    assert value("vaxel_delivery_attempt_duration_seconds_sum", **where) == 1.5
    assert value("vaxel_delivery_latency_seconds_sum", **where) == 4


def test_an_attempt_that_is_to_be_repeated_finishes_nothing(metrics, value):
    """DOMAIN C2: a wait is no end."""
    metrics.attempted(claim(), Attempted(DeliveryState.WAITING, "try-later"), NOW + AFTER)
    where = {"destination": "norr/a"}
    assert value("vaxel_delivery_attempts_total", **where, outcome="try-later") == 1
    assert value("vaxel_deliveries_finished_total", **where, state="waiting") is None
    assert value("vaxel_delivery_latency_seconds_count", **where) is None


@pytest.mark.parametrize(
    ("claimed", "outcome"),
    [(claim(), "expired"), (Abandoned(uuid4(), "norr/a", 1, NOW, NOW), "unclear")],
    ids=["not fetched", "abandoned"],
)
def test_what_nobody_timed_has_no_time(metrics, value, claimed, outcome):
    """DOMAIN C6: of an abandoned attempt nobody knows; what was not fetched was not tried."""
    metrics.attempted(claimed, Attempted(DeliveryState.PARKED, outcome), NOW + AFTER)
    where = {"destination": "norr/a"}
    assert value("vaxel_deliveries_finished_total", **where, state="parked") == 1
    assert value("vaxel_delivery_attempt_duration_seconds_count", **where) is None


def test_clocks_that_differ_never_give_a_negative_time(metrics, value):
    """DOMAIN C1: nodes' clocks differ."""
    metrics.attempted(claim(), DELIVERED, NOW - timedelta(hours=1))
    assert value("vaxel_delivery_latency_seconds_sum", destination="norr/a") == 0


def test_queues_are_told_with_the_age_of_the_oldest(metrics, value):
    """DOMAIN G1: what waits where, since when."""
    metrics.queues({"norr/a": Queue(7, NOW - timedelta(minutes=1), {"x": 2, "y": 3})})
    where = {"destination": "norr/a"}
    assert value("vaxel_deliveries_waiting", **where) == 7
    assert value("vaxel_deliveries_parked", **where) == 5
    assert value("vaxel_deliveries_oldest_waiting_age_seconds", **where) == 60


def test_a_queue_that_is_empty_again_is_told_so(metrics, value):
    """DOMAIN G2: the end is told as well as the beginning."""
    metrics.queues({"norr/a": Queue(7, NOW - AFTER, {"x": 2})})
    metrics.queues({})
    gauges = ("waiting", "parked", "oldest_waiting_age_seconds")
    names = [f"vaxel_deliveries_{gauge}" for gauge in gauges]
    assert [value(name, destination="norr/a") for name in names] == [0, 0, 0]


def test_a_breaker_stands_in_one_state_at_a_time(metrics, value):
    """DOMAIN C2: the state that it left is told as 0."""
    for states in ({"norr/a": "CLOSED"}, {"norr/a": "OPEN"}):
        metrics.destination_states(states)
    assert value("vaxel_destination_state", destination="norr/a", state="closed") == 0
    assert value("vaxel_destination_state", destination="norr/a", state="open") == 1
    metrics.destination_states({})
    assert value("vaxel_destination_state", destination="norr/a", state="open") == 0


def test_nothing_personal_is_told(metrics):
    """DOMAIN G4: labels are doors, kinds, problems, destinations, outcomes and states."""
    metrics.attempted(claim(), DELIVERED, NOW)
    metrics.queues({"norr/a": Queue(1, NOW)})
    labels = {
        label
        for family in metrics.registry.collect()
        for s in family.samples
        for label in s.labels
    }
    assert labels <= {"destination", "outcome", "state", "le"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/plain"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics"),
    ],
)
def test_a_monitor_gets_the_format_that_it_asks_for(metrics, accept, media_type):
    """Prometheus and OpenMetrics."""
    text, told = metrics.exposition(accept)
    assert told.startswith(media_type)
    assert b"vaxel_commit_batch_cases" in text


@pytest.mark.parametrize("name", ["prometheus-rules.yaml", "grafana-dashboard.json"])
def test_what_is_deployed_asks_only_for_numbers_that_are_told(metrics, name):
    """A rule about a number that is not there never alerts."""
    text = (Path(__file__).parents[2] / "deploy" / name).read_text()
    asked = {re.sub("_(total|bucket|sum|count)$", "", found) for found in _NAMES.findall(text)}
    assert asked
    assert asked <= {family.name for family in metrics.registry.collect()}


_NAMES = re.compile(r"\bvaxel_\w+")
