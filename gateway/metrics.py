"""What is measured, kept in memory for Prometheus; a scrape reads memory and nothing else (G2)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from gateway.domain.case import Kind
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import MessageKind
from gateway.flow.notices import NoticeStanding, NoticeState
from gateway.flow.records import Abandoned, Attempted, Claimed
from gateway.flow.watching import Queue

# In seconds: a commit, a call to a system, and from the receipt until the holder has the case.
COMMITS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
CALLS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
WAYS_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 600, 3600, 14_400, 86_400, 259_200)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)

_FINISHED = frozenset({DeliveryState.DELIVERED, DeliveryState.PARKED})


def _now() -> datetime:
    return datetime.now(UTC)


class Metrics:
    """
    Counts and times in a registry of its own.

    Labels are doors, kinds, problems, destinations, outcomes and states: their number is bounded,
    and none of them tells of a person or a unit.
    """

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        """Begin at nothing."""
        self._clock = clock
        self.registry = registry = CollectorRegistry()
        count = partial(Counter, registry=registry)
        level = partial(Gauge, registry=registry)
        spread = partial(Histogram, registry=registry)
        accepted = count("vaxel_cases_accepted", "Cases that are on disk.", ["door", "kind"])
        # Each case pays for it: to find the labels takes longer than to count.
        self._accepted = cache(lambda door, kind: accepted.labels(door, kind.value))
        self._refused = count(
            "vaxel_requests_refused", "Requests that were not done.", ["door", "problem"]
        )
        self._replies = count(
            "vaxel_replies_accepted", "Messages from those who hold cases.", ["kind"]
        )
        self._scanned = count(
            "vaxel_files_scanned", "Files in which malware was looked for.", ["outcome"]
        )
        self._batch_size = spread(
            "vaxel_commit_batch_cases", "Cases in one transaction.", buckets=BATCHES
        )
        self._commit = spread(
            "vaxel_commit_duration_seconds", "Time of one transaction.", buckets=COMMITS_S
        )
        self._attempts = count(
            "vaxel_delivery_attempts", "Deliveries tried.", ["destination", "outcome"]
        )
        self._call = spread(
            "vaxel_delivery_attempt_duration_seconds",
            "Time of one call to a system.",
            ["destination"],
            buckets=CALLS_S,
        )
        self._finished = count(
            "vaxel_deliveries_finished", "Deliveries that ended.", ["destination", "state"]
        )
        self._way = spread(
            "vaxel_delivery_latency_seconds",
            "Time from when it was accepted, or replayed, until it was delivered.",
            ["destination"],
            buckets=WAYS_S,
        )
        self._waiting = level(
            "vaxel_deliveries_waiting", "Deliveries not ended yet.", ["destination"]
        )
        self._oldest = level(
            "vaxel_deliveries_oldest_waiting_age_seconds",
            "Age of the oldest delivery not ended yet.",
            ["destination"],
        )
        self._parked = level(
            "vaxel_deliveries_parked", "Deliveries that wait for a human.", ["destination"]
        )
        self._state = level(
            "vaxel_destination_state",
            "1 for how the destination stands, 0 for how it stood before.",
            ["destination", "state"],
        )
        self._notices = count("vaxel_notices_tried", "Notices that were tried.", ["state", "way"])
        self._notices_waiting = level("vaxel_notices_waiting", "Notices not sent yet.")
        self._notices_parked = level("vaxel_notices_parked", "Notices that were given up.")
        oldest = level(
            "vaxel_notices_oldest_waiting_age_seconds", "Age of the oldest notice not sent yet."
        )
        oldest.set_function(self._notice_age_s)
        self._notices_since: datetime | None = None
        self._queues: Mapping[str, Queue] = {}
        self._states: Mapping[str, str] = {}

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Write everything in the format that the header Accept asks for; gives its type too."""
        write, content_type = choose_encoder(accept)
        return write(self.registry), content_type

    def case_accepted(self, door: str, kind: Kind) -> None:
        """Count a case."""
        self._accepted(door, kind).inc()

    def request_refused(self, door: str, problem: str) -> None:
        """Count a request that was not done."""
        self._refused.labels(door, problem).inc()

    def reply_accepted(self, kind: MessageKind) -> None:
        """Count a holder's message."""
        self._replies.labels(kind.value).inc()

    def file_scanned(self, outcome: str) -> None:
        """Count a file."""
        self._scanned.labels(outcome).inc()

    def batch_kept(self, cases: int, seconds: float) -> None:
        """Note the size and the time of a transaction."""
        self._batch_size.observe(cases)
        self._commit.observe(seconds)

    def attempted(
        self,
        claim: Claimed | Abandoned,
        attempted: Attempted,
        at: datetime,
        took_s: float | None = None,
    ) -> None:
        """Count an attempt, how long its call took if it made one, and how it ended."""
        where, state = claim.destination, attempted.state
        self._attempts.labels(where, attempted.outcome).inc()
        if took_s is not None:
            self._call.labels(where).observe(took_s)
        if state in _FINISHED:
            self._finished.labels(where, state.value.lower()).inc()
        if state is DeliveryState.DELIVERED:
            self._way.labels(where).observe(_seconds(claim.waiting_since, at))

    def destination_states(self, states: Mapping[str, str]) -> None:
        """Note how the breakers stand."""
        for destination, state in self._states.items() - states.items():
            self._state.labels(destination, state.lower()).set(0)
        for destination, state in states.items():
            self._state.labels(destination, state.lower()).set(1)
        self._states = states

    def queues(self, queues: Mapping[str, Queue]) -> None:
        """Note what waits where; a destination that was there before and is not now has none."""
        gone = {destination: Queue() for destination in self._queues if destination not in queues}
        self._queues = gone | dict(queues)
        for destination, queue in self._queues.items():
            self._waiting.labels(destination).set(queue.waiting)
            self._parked.labels(destination).set(sum(queue.parked.values()))
            self._oldest.labels(destination).set_function(partial(self._age_s, destination))

    def notices_stand(self, standing: NoticeStanding) -> None:
        """Note how many notices wait and are parked."""
        self._notices_waiting.set(standing.waiting)
        self._notices_parked.set(standing.parked)
        self._notices_since = standing.since

    def notice_tried(self, state: NoticeState, way: str | None) -> None:
        """Count what was done about a notice."""
        self._notices.labels(state.value.lower(), way or "none").inc()

    def _notice_age_s(self) -> float:
        since = self._notices_since
        return _seconds(since, self._clock()) if since else 0.0

    def _age_s(self, destination: str) -> float:
        since = self._queues[destination].since
        return _seconds(since, self._clock()) if since else 0.0


def _seconds(since: datetime, until: datetime) -> float:
    # Two machines' clocks may differ by more than it took.
    return max(0.0, (until - since).total_seconds())
