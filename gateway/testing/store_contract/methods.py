"""Every method of the ports, for what must hold of all of them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from uuid_utils.compat import uuid7

from gateway.domain.breaker import Breaker
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.alarms import Alarm, AlarmKind
from gateway.flow.parked import Replay, ReplayState, ReplayStep, Selection
from gateway.flow.polls import Poll
from gateway.flow.ports import CaseName, Claimed, Paused, UnmatchedMessage
from gateway.flow.steps import DoneStep
from gateway.flow.store import Store
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    TOLVAN,
    UNIT,
    make_case_message,
    make_entry,
    make_new_case,
    make_publication,
)
from gateway.testing.store_contract.acts import DELIVERED, LEASE, answer, make_received


def every_method(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    """Give each method by name, ready to be called; `claimed` is a delivery under way."""
    return (
        _of_cases(store, claimed)
        | _of_inboxes(store, claimed)
        | _of_outbox(store, claimed)
        | _of_parked(store)
        | _of_destinations(store)
        | _of_adapters(store, claimed)
        | _of_watching(store)
        | _of_publications(store)
    )


def _of_cases(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    cases, number = store.cases, claimed.message.case_number
    unmatched = UnmatchedMessage(CASE_SYSTEM, make_case_message(), NOW, "why")
    by_number, by_id = CaseName(number=number), CaseName(external=(CASE_SYSTEM, "A-1"))
    return {
        "add": partial(cases.add, [make_new_case()]),
        "add again": partial(cases.add, [make_new_case(claimed.message.case)]),
        "change": partial(cases.change, by_number, make_received(), answer()),
        "change by id": partial(cases.change, by_id, make_received(), answer()),
        "keep_unmatched": partial(cases.keep_unmatched, unmatched),
        "unmatched": partial(cases.unmatched, None, 1),
        "matching": partial(store.unmatched.matching, 1),
        "one unmatched": partial(store.unmatched.one, str(uuid7())),
        "find": partial(cases.find, number),
        "content": partial(cases.content, number),
        "content read": partial(cases.content, number, make_entry()),
        "kept_before": partial(cases.kept_before, CASE_SYSTEM, "A-1", "digest"),
        "awaits_name": partial(cases.awaits_name, CASE_SYSTEM),
        "supplements": partial(cases.supplements, number),
        "timeline": partial(cases.timeline, number),
    }


def _of_inboxes(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    cases, units = store.cases, store.unit_inboxes
    number, owners = claimed.message.case_number, frozenset({UNIT, CASE_SYSTEM})
    return {
        "of_citizen": partial(cases.of_citizen, TOLVAN, number, NOW),
        "inbox_messages": partial(cases.inbox_messages, TOLVAN, str(uuid7()), 1),
        "inbox_attachment": partial(cases.inbox_attachment, TOLVAN, str(uuid7()), 1),
        "put": partial(units.put, claimed.message),
        "items": partial(units.items, owners, number, 1),
    }


def _of_parked(store: Store) -> dict[str, Callable[[], object]]:
    parked, one = store.parked, uuid7()
    replay = Replay(one, ReplayState.PAUSED, NOW, "operator", "original", Selection(one), 1)
    return {
        "groups": partial(parked.groups, DESTINATION, None, 1),
        "stock": partial(parked.stock, Selection(delivery=one), NOW),
        "start replay": partial(parked.start, replay),
        "find replay": partial(parked.find, one),
        "move replay": partial(parked.move, one, ReplayStep.CANCEL),
        "step": partial(parked.step, lambda _, __: None, NOW, 1),
    }


def _of_outbox(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    outbox, after = store.deliveries, NOW + timedelta(days=1)
    return {
        "due": partial(outbox.due, NOW),
        "claim": partial(outbox.claim, DESTINATION, 1, NOW, LEASE),
        "take_up": partial(outbox.take_up, claimed.id, NOW, LEASE),
        "message": partial(outbox.message, claimed.id),
        "abandoned": partial(outbox.abandoned, after),
        "listed": partial(outbox.listed, DeliveryState.PARKED, None, claimed.id, 1),
        "find delivery": partial(outbox.find, claimed.id),
        "bring_forward": partial(outbox.bring_forward, DESTINATION, after, 1),
        "renew": partial(outbox.renew, [claimed], after),
        "record": partial(outbox.record, claimed, DELIVERED, after),
        "replay": partial(outbox.replay, claimed.id, make_entry(), after),
        "hurry": partial(outbox.hurry, claimed.id, make_entry(), after),
    }


def _of_watching(store: Store) -> dict[str, Callable[[], object]]:
    alarm = Alarm(AlarmKind.FAILING, DESTINATION)
    return {
        "standing": partial(store.alarms.standing),
        "begin alarm": partial(store.alarms.begin, alarm, NOW),
        "end alarm": partial(store.alarms.end, alarm),
        "queues": partial(store.overview.queues),
        "open_cases": partial(store.overview.open_cases),
        "unanswered_since": partial(store.overview.unanswered_since, DESTINATION, NOW),
    }


def _of_destinations(store: Store) -> dict[str, Callable[[], object]]:
    states, paused = store.destinations, Paused("why", "who", NOW)
    return {
        "all": states.all,
        "move": partial(states.move, DESTINATION, Breaker(), Breaker(version=1)),
        "pause": partial(states.pause, DESTINATION, paused),
        "resume": partial(states.resume, DESTINATION),
        "backlogs": states.backlogs,
    }


def _of_adapters(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    steps, polls = store.steps, store.polls
    step = DoneStep(claimed.id, DESTINATION, "reserve", {"number": "1"}, NOW)
    return {
        "find step": partial(steps.find, claimed.id, DESTINATION, "reserve"),
        "keep step": partial(steps.keep, step),
        "begin": partial(polls.begin, DESTINATION, NOW, NOW),
        "end": partial(polls.end, Poll(DESTINATION, 1), NOW),
    }


def _of_publications(store: Store) -> dict[str, Callable[[], object]]:
    publications, new = store.publications, make_publication()
    return {
        "newest": publications.newest,
        "find publication": partial(publications.find, 1),
        "files": partial(publications.files, 1),
        "publications": partial(publications.listed, None, 1),
        "publish": partial(publications.publish, new, {"norr/units.csv": b""}),
    }
