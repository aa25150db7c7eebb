"""Cases of people who do not say who they are, over REST: a code once, and nothing without it."""

import json
from uuid import uuid4

import pytest
import structlog

from gateway.domain.person import is_anonymous
from gateway.facade.rest.anonymous_cases import AnonymousCaseBody
from tests.doors import CODES

MESSAGES, SUPPLEMENTS = "/anonymous-inbox-messages", "/anonymous-cases/supplements"


@pytest.fixture
def written():
    """A case that names nobody."""
    return AnonymousCaseBody.EXAMPLE | {"caseId": str(uuid4())}


@pytest.fixture
def submit(asked, written):
    """Submit it through the e-service; change any part by its name."""

    def post(caller="e-service", headers=None, **changes):
        return asked(caller, "POST", "/anonymous-cases", headers, json=written | changes)

    return post


@pytest.fixture
def by_code(asked):
    """Ask for something with a code."""

    def ask(code, method="GET", path=MESSAGES, headers=None, **more):
        return asked(
            "e-service", method, path, {"Vaxel-Case-Code": code, **(headers or {})}, **more
        )

    return ask


def test_a_case_is_taken_once_and_its_code_given_again_to_a_repeat(submit, store):
    """DOMAIN A9, C1: nothing is stored of the code, so it is made anew."""
    first, again = submit(), submit()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert len(store.cases.of_citizen(CODES.submitter_of(first.json()["code"]), None, None)) == 1


def test_the_code_reads_what_the_submitter_is_told(submit, by_code):
    """DOMAIN A9, D1: however it is typed."""
    sent = submit().json()
    read = by_code(sent["code"].lower().replace("-", " ")).json()["items"]
    assert [one["messageKind"] for one in read] == ["CASE_CONFIRMATION"]
    assert read[0]["caseNumber"] == sent["caseNumber"]


def test_the_code_supplements_and_withdraws(submit, by_code, claim):
    """DOMAIN A9, A10: the same way as the case."""
    code = submit().json()["code"]
    added = by_code(code, "POST", SUPPLEMENTS, {"Idempotency-Key": "s-1"}, json={"text": "Mer."})
    path, key = "/anonymous-cases/withdrawals", {"Idempotency-Key": "w-1"}
    assert added.status_code == 201
    assert by_code(code, "POST", path, key).status_code == 201
    assert by_code(code, "POST", path, key).status_code == 200


def test_files_are_taken_only_when_the_handler_has_asked_for_them(submit, by_code):
    """DOMAIN A10: as of anybody."""
    file = {"fileName": "brev.txt", "mediaType": "text/plain", "content": "SGVq"}
    body, key = {"text": "Mer.", "attachments": [file]}, {"Idempotency-Key": "s-1"}
    answer = by_code(submit().json()["code"], "POST", SUPPLEMENTS, key, json=body)
    assert answer.json()["title"] == "Attachments not allowed"


@pytest.mark.parametrize("code", ["22222-22222-22222-22222-22222", "hej", "2"])
def test_a_code_that_was_never_given_is_told_nothing(submit, by_code, code):
    """DOMAIN A9: the same for every such code."""
    submit()
    answer = by_code(code)
    assert (answer.status_code, answer.json()["title"]) == (404, "Case unknown")
    assert by_code("22222").json()["detail"] == answer.json()["detail"]


def test_what_is_stored_opens_no_inbox(submit, asked, by_code, claim):
    """DOMAIN A9: who holds the case sees a number, and cannot read with it."""
    submit()
    [message] = [one.message for one in claim()]
    submitter = message.case.submitter
    assert is_anonymous(submitter.person_id)
    citizen = {
        "X-Citizen-Id-Oid": submitter.person_id.oid,
        "X-Citizen-Id": submitter.person_id.number,
    }
    answer = asked("e-service", "GET", "/inbox-messages", citizen)
    assert (answer.status_code, answer.json()["title"]) == (422, "Person id invalid")
    assert by_code(submitter.person_id.number).status_code == 404


def test_nobody_submits_as_an_anonymous_submitter_of_their_own_making(asked, case, submit):
    """DOMAIN A8, A9: only the gateway makes one."""
    submitter = CODES.submitter_of(submit().json()["code"])
    assert submitter
    body = case | {"submitter": {"personId": {"oid": submitter.oid, "number": submitter.number}}}
    answer = asked("e-service", "POST", "/cases", json=body)
    assert answer.json()["title"] == "Person id invalid"


@pytest.mark.parametrize(
    "change",
    [
        {"caseId": "e-1029"},
        {"answerWanted": "PHONE"},
        {"submitter": {"name": "Tolvan Tolvansson"}},
        {"patient": {}},
        {"attachments": []},
    ],
)
def test_what_tells_who_it_is_is_refused(submit, change):
    """DOMAIN A9: no identity is stored, so none is taken."""
    answer = submit(**change)
    assert (answer.status_code, "Tolvan" in answer.text) == (400, False)


def test_units_tell_whether_they_take_such_cases(asked):
    """DOMAIN A9, B2: before anybody writes."""
    unit = AnonymousCaseBody.EXAMPLE["receiver"]["hsaId"]
    assert asked("e-service", "GET", f"/units/{unit}/capability").json()["anonymous"] is True


def test_no_line_of_the_log_has_the_code(submit, by_code):
    """DOMAIN A9, G3."""
    with structlog.testing.capture_logs() as lines:
        code = submit().json()["code"]
        by_code(code)
        by_code(code, "POST", SUPPLEMENTS, {"Idempotency-Key": "s-1"}, json={"text": "Mer."})
    assert len(lines) == 3
    assert code not in json.dumps(lines, default=str)
