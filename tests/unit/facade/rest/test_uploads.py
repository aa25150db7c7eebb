"""Files sent by themselves, and named in messages afterwards (DOMAIN D4)."""

import copy
import hashlib
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gateway.facade.rest import uploads
from gateway.facade.rest.api import make_rest
from gateway.facade.rest.registered_cases import RegistrationBody
from gateway.flow.uploads import KEPT_FOR, MOST_AT_ONCE, MOST_OF_ONE
from gateway.shapes.case_message import CaseMessageBody
from gateway.testing.builders import TOLVAN
from gateway.testing.small_files import JPEG, PDF, PNG
from tests.unit.facade.rest.conftest import CALLERS

KEY = {"Idempotency-Key": "u-1"}


def named(name="röntgen.png", media_type="image/png", key="u-1"):
    """Give the headers of a file."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "Content-Disposition": disposition,
        "Content-Type": media_type,
        "Idempotency-Key": key,
    }


@pytest.fixture
def send(asked):
    """Send a file by itself, as the e-service unless told otherwise."""

    def send(data=PNG, headers=None, caller="e-service"):
        return asked(caller, "POST", "/attachments", headers or named(), content=data)

    return send


@pytest.fixture
def a_day_later(doors):
    """Let what was sent expire, as seen by all who ask."""
    shelf = doors.uploads.shelf

    def later():
        for key, one in list(shelf._uploads.items()):
            shelf._uploads[key] = replace(one, expires_at=one.expires_at - 2 * KEPT_FOR)
        assert not doors.uploads.expire()

    return later


@pytest.fixture
def submit(asked, case):
    """Submit a case that names files by their ids."""

    def submit(*ids, caller="e-service", case_id="e-9"):
        body = case | {"attachments": [{"attachmentId": one} for one in ids], "caseId": case_id}
        return asked(caller, "POST", "/cases", json=body)

    return submit


def told(answer):
    return {(one["rule"], one["where"]) for one in answer.json()["errors"]}


def test_a_file_is_kept_and_its_sender_told_what_came(send):
    """DOMAIN D4: what it weighs, and the digest to compare with one's own."""
    answer = send()
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["size"], kept["mediaType"]) == (len(PNG), "image/png")
    assert kept["digest"] == hashlib.sha256(PNG).hexdigest()


def test_a_file_may_come_as_json(asked, send):
    """INTEROP §7, ARQ.01: as everything else."""
    body = {"fileName": "brev.txt", "mediaType": "text/plain", "content": "SGVq"}
    answer = asked("e-service", "POST", "/attachments", KEY, json=body)
    assert (answer.status_code, answer.json()["size"]) == (201, 3)
    same = send(b"Hej", named("brev.txt", "text/plain"))
    assert (same.status_code, same.json()) == (200, answer.json())


def test_a_case_brings_the_files_that_it_names(send, submit, store):
    """DOMAIN D4: with the names under which they were sent, in the order of the message."""
    ids = [send().json()["attachmentId"]]
    ids += [send(PDF, named("a b.pdf", "application/pdf", "u-2")).json()["attachmentId"]]
    number = submit(*reversed(ids)).json()["caseNumber"]
    files = store.cases.content(number).attachments
    assert [(one.file_name, one.read()) for one in files] == [
        ("a b.pdf", PDF),
        ("röntgen.png", PNG),
    ]


def test_files_may_come_both_ways_in_one_message(send, asked, case, store):
    """DOMAIN D4: and keep their order."""
    sent = {"attachmentId": send().json()["attachmentId"]}
    case["attachments"] = [*case["attachments"], sent]
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    names = [one.file_name for one in store.cases.content(number).attachments]
    assert names == ["brev.txt", "röntgen.png"]


def test_a_case_says_the_same_however_its_files_came(send, asked, case):
    """DOMAIN C2: the same id with the same content gets the same receipt."""
    first = asked("e-service", "POST", "/cases", json=case)
    sent = send(b"Hej", named("brev.txt", "text/plain")).json()["attachmentId"]
    again = asked(
        "e-service", "POST", "/cases", json=case | {"attachments": [{"attachmentId": sent}]}
    )
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_file_may_go_with_several_messages(send, submit):
    """DOMAIN D4: one letter about two visits."""
    one = send().json()["attachmentId"]
    answers = [submit(one, case_id="e-1"), submit(one, one, case_id="e-2")]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_another_caller_has_no_such_file(send, submit):
    """DOMAIN E1: an id of another's does not exist, and no more is told."""
    one = send().json()["attachmentId"]
    theirs, nobodys = submit(one, caller="other-e-service"), submit(KEY["Idempotency-Key"])
    assert told(theirs) == told(nobodys) == {("attachment-unknown", "attachments/1/attachmentId")}


def test_a_message_of_a_system_brings_the_files_that_it_names(asked, case, send, store):
    """DOMAIN D2, D4."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    sent = {"attachmentId": send(caller="system").json()["attachmentId"]}
    body = CaseMessageBody.EXAMPLE | {"caseNumber": number, "attachments": [sent]}
    assert asked("system", "POST", "/case-messages", json=body).status_code == 201
    [mine] = store.cases.of_citizen(TOLVAN, number, None)
    assert [one.read() for one in mine.messages[-1].attachments] == [PNG]


def test_a_registered_case_brings_the_files_that_it_names(asked, send, store):
    """DOMAIN A12."""
    sent = {"attachmentId": send(caller="system").json()["attachmentId"]}
    body = copy.deepcopy(RegistrationBody.EXAMPLE)
    body["case"]["attachments"] = [sent]
    number = asked("system", "POST", "/registered-cases", json=body).json()["caseNumber"]
    assert [one.read() for one in store.cases.content(number).attachments] == [PNG]
    body["case"] |= {"attachments": [sent, {"attachmentId": "no"}], "caseId": "e-2"}
    refused = asked("system", "POST", "/registered-cases", json=body)
    assert told(refused) == {("attachment-unknown", "case/attachments/2/attachmentId")}


def test_a_repeat_gets_the_first_answer(send):
    """DOMAIN C2."""
    first, again = send(), send()
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("other", [named("annan.png"), named() | {"Content-Type": "image/PNG"}])
def test_a_key_stands_for_one_file(send, other):
    """DOMAIN C2: with its name and its type."""
    send()
    assert told(send(PNG, other)) == {("idempotency-conflict", "id")}


def test_a_file_is_there_for_a_day(send, submit, doors, a_day_later):
    """ISSUE: then it is not, and goes by itself."""
    one = send().json()["attachmentId"]
    a_day_later()
    assert told(submit(one)) == {("attachment-unknown", "attachments/1/attachmentId")}
    assert doors.uploads.shelf.files() == []


def test_a_case_that_was_kept_is_recognised_when_its_files_have_expired(send, submit, a_day_later):
    """DOMAIN C2, D2: its sender tries for days; nothing new goes with such a file."""
    one = send().json()["attachmentId"]
    first = submit(one)
    a_day_later()
    again, new = submit(one), submit(one, case_id="e-10")
    assert (again.status_code, again.json()) == (200, first.json())
    assert told(new) == {("attachment-unknown", "attachments/1/attachmentId")}


def test_a_message_that_was_kept_is_recognised_when_its_files_have_expired(
    asked, case, send, a_day_later
):
    """DOMAIN D2: the same for a reply."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    sent = {"attachmentId": send(caller="system").json()["attachmentId"]}
    body = CaseMessageBody.EXAMPLE | {"caseNumber": number, "attachments": [sent]}
    first = asked("system", "POST", "/case-messages", json=body)
    a_day_later()
    again = asked("system", "POST", "/case-messages", json=body)
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("data", "headers", "status", "rule"),
    [
        (JPEG, named(), 422, "media-type-disputed"),
        (b"", named(), 422, "media-type-disputed"),
        (b"MZ", named("a.exe", "application/x-msdownload"), 415, "media-type-not-accepted"),
        (b"Hej", named("a.txt", ""), 415, "media-type-not-accepted"),
        (b"Hej", named("a.txt", "text/plain; charset"), 415, "media-type-not-accepted"),
        (b"H" * 1001, named("a.txt", "text/plain"), 413, "attachment-too-large"),
        (b"Hej", named("../a.txt", "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("..", "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("a\r\nb.txt", "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("a\x00.txt", "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("gpj.\u202etxt", "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("a" * 256, "text/plain"), 422, "file-name-not-accepted"),
        (b"Hej", named("", "text/plain"), 422, "file-name-not-accepted"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(send, data, headers, status, rule):
    """ISSUE: whose type lies, is too large, or has a name that would be more than a name."""
    answer = send(data, headers)
    assert answer.status_code == status
    assert {name for name, _ in told(answer)} == {rule}


@pytest.mark.parametrize(
    "disposition",
    [
        None,
        "attachment",
        "attachment; filename=å.txt",
        "attachment; filename*=UTF-8''%ff%fe.txt",
        "attachment; filename*=no-such-set''a%",
        "attachment; filename*=hex''%",
        '"',
    ],
)
def test_a_name_that_is_not_written_as_agreed_is_refused_or_read_plainly(send, disposition):
    """RFC 6266: whatever stands there, it is never a fault of ours."""
    headers = named("a", "text/plain")
    if disposition is None:
        del headers["Content-Disposition"]
    else:
        headers["Content-Disposition"] = disposition.encode()
    assert send(b"Hej", headers).status_code in {201, 422}


@pytest.mark.parametrize(
    "form", ['filename="a b.txt"', "filename=brev.txt", "filename*=iso-8859-1''%e5.txt"]
)
def test_a_name_may_be_written_in_every_form(send, form):
    """RFC 6266."""
    headers = named(media_type="text/plain") | {"Content-Disposition": f"attachment; {form}"}
    assert send(b"Hej", headers).status_code == 201


def test_a_body_without_a_length_is_counted_while_it_comes(send):
    """DOMAIN G3: nobody is believed who says nothing."""
    body = (b"H" * 400 for _ in range(1000))
    answer = send(body, named("a.txt", "text/plain"))
    assert (answer.status_code, told(answer)) == (413, {("attachment-too-large", "body")})


def test_a_file_may_be_larger_than_any_other_request(doors):
    """ISSUE: up to what a file may be."""
    app = Starlette(routes=[Mount("/api/v1", make_rest(replace(doors, largest_request=100)))])
    headers = {"X-API-Key": "e-service", **named("a.txt", "text/plain")}
    with TestClient(app) as client:
        answer = client.post("/api/v1/attachments", content=b"H" * 900, headers=headers)
    assert answer.status_code == 201


def test_a_file_that_takes_too_long_is_let_go_of(send, monkeypatch):
    """DOMAIN G3: a byte now and then holds its place no longer than that."""
    monkeypatch.setattr(uploads, "LONGEST_S", -1.0)
    assert {name for name, _ in told(send())} == {"unreadable"}
    monkeypatch.undo()
    assert send().status_code == 201


def test_a_file_that_comes_too_slowly_is_let_go_of(send, monkeypatch):
    """DOMAIN G3: a place is for those who send."""
    monkeypatch.setattr(uploads, "PATIENCE_S", 0.0)
    assert send().status_code == 201
    monkeypatch.setattr(uploads, "SLOWEST", 10**12)
    assert {name for name, _ in told(send())} == {"unreadable"}


@pytest.mark.parametrize("rest", [";\r\nX-Evil: 1", ";€"])
def test_a_media_type_that_no_header_can_carry_is_refused(asked, case, rest):
    """DOMAIN D4: by itself, and in a message."""
    body = {"fileName": "brev.txt", "mediaType": f"text/plain{rest}", "content": "SGVq"}
    alone = asked("e-service", "POST", "/attachments", KEY, json=body)
    within = asked("e-service", "POST", "/cases", json=case | {"attachments": [body]})
    assert told(alone) == {("media-type-not-accepted", "file")}
    assert told(within) == {("media-type-not-accepted", "attachments/1")}


def test_a_compressed_body_is_refused(send):
    """DOMAIN G3: a few bytes can unfold to gigabytes."""
    headers = named() | {"Content-Encoding": "gzip"}
    assert {name for name, _ in told(send(PNG, headers))} == {"unreadable"}


def test_no_more_files_come_at_once_than_there_are_places(send, doors):
    """DOMAIN G3: who sends files keeps nobody else waiting."""
    places = doors.uploads._places
    with ExitStack() as held:
        for number in range(MOST_AT_ONCE):
            held.enter_context(places.taken(f"sender {number}"))
        answer = send()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert send().status_code == 201


def test_one_caller_does_not_have_all_the_places(send, doors):
    """DOMAIN G3: others may send meanwhile."""
    places = doors.uploads._places
    with ExitStack() as held:
        for _ in range(MOST_OF_ONE):
            held.enter_context(places.taken(CALLERS["e-service"].hsa_id.key))
        answer, other = send(), send(caller="other-e-service")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert other.status_code == 201
    assert send().status_code == 201


def test_a_place_is_free_again_after_a_refusal(send, doors):
    """DOMAIN G3."""
    for _ in range(20):
        send(JPEG)
    assert send().status_code == 201


def test_what_is_wrong_with_a_file_in_a_body_is_told_at_its_place(asked, case):
    """DOMAIN G3: lists are counted from 1, and a file has one of two forms."""
    case["attachments"] = [{"fileName": "a.txt", "mediaType": "text/plain"}, {"attachmentId": 7}]
    answer = asked("e-service", "POST", "/cases", json=case)
    assert told(answer) == {
        ("schema", "attachments/1/content"),
        ("schema", "attachments/2/attachmentId"),
    }
