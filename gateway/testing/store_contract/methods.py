"""Every method of the ports, for what must hold of all of them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from uuid_utils.compat import uuid7

from gateway.domain.breaker import Breaker
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.registration import Channel
from gateway.domain.statistics import Counter
from gateway.domain.theme import (
    Measure,
    MeasureLevel,
    MeasureNote,
    MeasureStep,
    Theme,
    ThemeLevel,
)
from gateway.flow.alarms import Alarm, AlarmKind, Seen
from gateway.flow.alert_outbox import AlertFor, ClaimedAlert
from gateway.flow.board import Counting
from gateway.flow.clock import Span
from gateway.flow.notices import ClaimedNotice, EndedAttempt, NoticeState
from gateway.flow.parked import Replay, ReplayState, ReplayStep
from gateway.flow.parked import Selection as ReplaySelection
from gateway.flow.polls import Poll
from gateway.flow.ports import CaseName, Claimed, Paused, UnmatchedMessage
from gateway.flow.registering import RegisteredCase
from gateway.flow.steps import DoneStep
from gateway.flow.store import Store
from gateway.flow.themes import Sight
from gateway.flow.unit_list import Bookmark, Due, Order, Selection
from gateway.flow.uploads import Upload
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    TOLVAN,
    UNIT,
    make_alert,
    make_attachment,
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
        | _of_themes(store, claimed.message.case_number)
        | _of_notices(store)
        | _of_statistics(store)
    )


def _of_cases(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    cases, number = store.cases, claimed.message.case_number
    unmatched = UnmatchedMessage(CASE_SYSTEM, make_case_message(), NOW, "why")
    by_number, by_id = CaseName(number=number), CaseName(external=(CASE_SYSTEM, "A-1"))
    return {
        "add": partial(cases.add, [make_new_case()]),
        "add again": partial(cases.add, [make_new_case(claimed.message.case)]),
        "change": partial(cases.change, by_number, make_received(), answer()),
        "answered_before": partial(cases.answered_before, make_received()),
        "change by id": partial(cases.change, by_id, make_received(), answer()),
        "keep_unmatched": partial(cases.keep_unmatched, unmatched),
        "unmatched": partial(cases.unmatched, None, 1),
        "matching": partial(store.unmatched.matching, 1),
        "older": partial(store.unmatched_retention.older, NOW, None, 1),
        "one unmatched": partial(store.unmatched.one, str(uuid7())),
        "find": partial(cases.find, number),
        "handling": partial(store.handlings.find, number),
        "content": partial(cases.content, number),
        "content read": partial(cases.content, number, make_entry()),
        "kept_before": partial(cases.kept_before, CASE_SYSTEM, "A-1", "digest"),
        "awaits_name": partial(cases.awaits_name, CASE_SYSTEM),
        "supplements": partial(cases.supplements, number),
        "history": partial(cases.history, number),
        "timeline": partial(cases.timeline, number),
    }


def _of_inboxes(store: Store, claimed: Claimed) -> dict[str, Callable[[], object]]:
    cases, units = store.cases, store.unit_inboxes
    number, owners = claimed.message.case_number, frozenset({UNIT, CASE_SYSTEM})
    due_dates, span = store.due_dates, Span(NOW, NOW + timedelta(days=99))
    return {
        "remind": partial(due_dates.remind, Due.SOON, span, make_entry(), 1),
        "overdue": due_dates.overdue,
        "of_regions": partial(due_dates.of_regions, frozenset({"norr"}), span),
        "of_inboxes": partial(due_dates.of_inboxes, owners, span),
        "of_citizen": partial(cases.of_citizen, TOLVAN, number, NOW),
        "inbox_messages": partial(cases.inbox_messages, TOLVAN, str(uuid7()), 1),
        "inbox_attachment": partial(cases.inbox_attachment, TOLVAN, str(uuid7()), 1),
        "put": partial(units.put, claimed.message),
        "items": partial(units.items, owners, Bookmark(NOW, uuid7()), 1),
        "board": partial(units.board, owners, Counting(NOW, NOW)),
        "due items": partial(units.items, owners, None, 1, Selection(order=Order.DUE)),
    }


def _of_statistics(store: Store) -> dict[str, Callable[[], object]]:
    return {
        "counted": partial(store.statistics.counted, Counter.CASES, [None], 2026),
        "seen": partial(store.statistics.seen, "norr"),
    }


def _of_parked(store: Store) -> dict[str, Callable[[], object]]:
    parked, one = store.parked, uuid7()
    replay = Replay(one, ReplayState.PAUSED, NOW, "operator", "original", ReplaySelection(one), 1)
    return {
        "groups": partial(parked.groups, DESTINATION, None, 1),
        "stock": partial(parked.stock, ReplaySelection(delivery=one), NOW),
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
    alarms, alerts = store.alarms, store.alert_outbox
    alert = make_alert(Alarm(AlarmKind.FAILING, DESTINATION))
    ended = make_alert(alert.alarm, began=False)
    alert_claimed = ClaimedAlert(AlertFor("log", alert), 1)
    upload = Upload(uuid7(), CASE_SYSTEM, "u-1", make_attachment(), NOW)
    return {
        "add upload": partial(store.uploads.add, upload, NOW),
        "find uploads": partial(store.uploads.find, CASE_SYSTEM, [upload.id]),
        "expire uploads": partial(store.uploads.expire, NOW, NOW, 1),
        "standing": alarms.standing,
        "begin alarm": partial(alarms.begin, alert, Seen("node-1", NOW), ["log"]),
        "end alarm": partial(alarms.end, ended, ["log"]),
        "see alarm": partial(alarms.see, [alert.alarm], Seen("node-1", NOW)),
        "let go of alarms": partial(alarms.let_go, "node-1"),
        "claim alert": partial(alerts.claim, "log", NOW, LEASE),
        "alert brought": partial(alerts.brought, alert_claimed),
        "postpone alert": partial(alerts.postpone, alert_claimed, NOW),
        "give up alerts": partial(alerts.give_up, NOW),
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
        "failing polls": polls.failing,
    }


def _of_themes(store: Store, number: str) -> dict[str, Callable[[], object]]:
    themes, measures, one = store.themes, store.measures, uuid7()
    theme = Theme(one, "Stolarna", ThemeLevel.UNIT, UNIT, "norr", NOW, "who")
    sight, owners = Sight(frozenset({UNIT}), frozenset({"norr"})), frozenset({UNIT})
    what, note = ("Stolar", MeasureLevel.UNIT, "who"), MeasureNote("text", NOW, "who")
    measure = Measure(one, one, None, *what, None, NOW, "who")
    return {
        "add theme": partial(themes.add, theme),
        "find theme": partial(themes.find, one),
        "list themes": partial(themes.listed, sight, one, 1, closed=False),
        "put in theme": partial(themes.put, one, number, make_entry(), 9),
        "cases of theme": partial(themes.cases, one, owners, number, 1),
        "take out of theme": partial(themes.take_out, one, number, make_entry()),
        "close theme": partial(themes.close, one, NOW, "who", None),
        "record measure": partial(measures.record, measure, None),
        "find measure": partial(measures.find, one),
        "measures of theme": partial(measures.of_theme, one),
        "measures of case": partial(measures.of_case, number),
        "note measure": partial(measures.note, one, MeasureStep.FOLLOW_UP, note),
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


def _of_notices(store: Store) -> dict[str, Callable[[], object]]:
    notices = store.notices
    claimed = ClaimedNotice(uuid7(), 1, NOW, None)
    registered = RegisteredCase(make_new_case(), Channel.LETTER, None, lies_in_inbox=True)
    return {
        "register": partial(store.registered_cases.add, registered),
        "make notices": partial(notices.make, NOW, NOW),
        "claim a notice": partial(notices.claim, NOW, LEASE),
        "end a notice": partial(notices.end, claimed, EndedAttempt(NoticeState.SENT)),
        "standing of notices": notices.standing,
    }
