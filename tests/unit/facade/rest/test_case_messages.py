"""Messages of external case systems over REST: from the holder only, and once."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.shapes.case_message import CaseMessageBody
from gateway.testing.builders import TOLVAN


@pytest.fixture
def message(asked, case):
    """A message on a case that the system holds."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    return CaseMessageBody.EXAMPLE | {"caseNumber": number}


@pytest.fixture
def post(asked):
    """Post as the system."""
    return lambda message: asked("system", "POST", "/case-messages", json=message)


def test_a_message_is_taken_once(post, message, store):
    """DOMAIN D2: a repeat changes nothing and gets the same answer."""
    first, second = post(message), post(message)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert len(store.cases.inbox_messages(TOLVAN, None, 10)) == 2


def test_an_idempotency_key_must_be_the_message_id(asked, message):
    """CONTRACT: one key for one request; two that differ would be a riddle."""

    def post(key):
        headers = {"Idempotency-Key": key}
        return asked("system", "POST", "/case-messages", headers, json=message)

    assert post(message["messageId"]).status_code == 201
    (told,) = post("another").json()["errors"]
    words = "messageId is the key here; send the same in both, or leave this header out"
    assert told == {"where": "Idempotency-Key", "rule": "schema", "message": words}


def test_only_the_holder_may_post(asked, unit_case):
    """DOMAIN D2: only the system that holds the case."""
    number = asked("e-service", "POST", "/cases", json=unit_case).json()["caseNumber"]
    message = CaseMessageBody.EXAMPLE | {"caseNumber": number}
    answer = asked("system", "POST", "/case-messages", json=message)
    assert (answer.status_code, answer.json()["title"]) == (403, "Not the holder")


def test_a_message_for_no_case_is_refused_and_kept(asked, post, store):
    """DESIGN decision 10: unmatched is kept, visible, and told without what it said."""
    assert post(CaseMessageBody.EXAMPLE).status_code == 404
    assert len(store.cases.unmatched(None, 10)) == 1
    told = asked("operator", "GET", "/unmatched-messages").json()["items"]
    assert [stray["messageId"] for stray in told] == ["m-77"]
    assert "Vi har talat" not in repr(told)


def test_a_name_that_may_be_known_soon_is_told_as_such(post, message, store):
    """DOMAIN D2: a mistyped name is found by who reads the answer, and not after days."""
    [waiting] = store.deliveries.listed(None, None, None, 9)
    store.deliveries.claim(waiting.destination, 1, datetime.now(UTC), timedelta(minutes=1))
    named = {key: value for key, value in message.items() if key != "caseNumber"}
    answer = post(named | {"externalCaseId": "FEL-ID"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    problem = answer.json()
    assert problem["type"] == "urn:vaxel:problem:unavailable"
    assert "no case is called that yet" in problem["detail"]
    assert "by its caseNumber" in problem["detail"]


def test_an_id_is_not_used_for_two_messages_that_name_no_case(post):
    """DESIGN decision 9: other content is a conflict, and not dropped."""
    assert post(CaseMessageBody.EXAMPLE).status_code == 404
    assert post(CaseMessageBody.EXAMPLE | {"text": "Något annat."}).status_code == 409


def test_unmatched_messages_are_read_a_page_at_a_time(asked, post):
    """DOMAIN D2: newest first; none is out of the operators' sight."""
    for number in range(3):
        post(CaseMessageBody.EXAMPLE | {"messageId": f"m-{number}"})
    first = asked("operator", "GET", "/unmatched-messages?limit=2").json()
    more = f"/unmatched-messages?limit=2&after={first['next']}"
    rest = asked("operator", "GET", more).json()
    told = [[one["messageId"] for one in page["items"]] for page in (first, rest)]
    assert told == [["m-2", "m-1"], ["m-0"]]
    assert "next" not in rest


def test_a_page_begins_after_an_id(asked):
    """FNS: what is no id of a page is told, not searched for."""
    answer = asked("operator", "GET", "/unmatched-messages?after=m-77")
    assert answer.json()["errors"][0]["where"] == "query/after"


def test_a_reply_needs_words(post, message):
    """DOMAIN D2: an empty reply would tell the citizen nothing."""
    answer = post(message | {"text": None})
    assert (answer.status_code, answer.json()["title"]) == (422, "Text missing")


@pytest.mark.parametrize("time", ["2026-03-02T09:30:00", "2026-03-02 09:30:00Z", "1772440200",
        "2026-03-02T09:30:00+14:01", "2026-03-02T09:30:00-15:00", "2026-03-02T09:30:00+13:60"],
)  # fmt: skip
def test_a_time_has_an_offset(post, message, time):
    """Digg DOT.04: a time without one is nobody's time."""
    answer = post(message | {"sentTime": time})
    words = (
        "must be a time such as 2026-03-01T08:30:00Z; "
        "the time zone is mandatory, at most 14:00 from UTC"
    )
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, words)


@pytest.mark.parametrize("time", ["2026-02-30T09:30:00Z", "2026-03-02T24:30:00Z"])
def test_a_time_exists(post, message, time):
    """RFC 3339: the form is not enough."""
    answer = post(message | {"sentTime": time})
    assert answer.json()["errors"][0]["message"] == "must be a time that exists"


@pytest.mark.parametrize("offset", ["Z", "+14:00", "-14:00", "+13:59", "-00:00"])
def test_every_offset_of_the_soap_contracts_is_taken(post, message, offset):
    """XML Schema: fourteen hours, and no more."""
    assert post(message | {"sentTime": f"2026-03-02T09:30:00{offset}"}).status_code == 201


def test_an_operator_puts_a_message_on_the_case_it_belongs_to(asked, post, message):
    """DOMAIN D2: the citizen gets it, and the timeline tells who found the case."""
    post(CaseMessageBody.EXAMPLE)
    (stray,) = asked("operator", "GET", "/unmatched-messages").json()["items"]
    path = f"/unmatched-messages/{stray['unmatchedMessageId']}/matches"
    match = {"caseNumber": message["caseNumber"]}
    first = asked("operator", "POST", path, json=match)
    assert first.status_code == 201
    assert asked("operator", "GET", "/unmatched-messages").json()["items"] == []
    again = asked("operator", "POST", path, json=match)
    assert (again.status_code, again.json()) == (200, first.json())
