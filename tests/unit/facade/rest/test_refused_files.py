"""A message whose file is refused is refused whole, and its sender hears which file (issue 5)."""

import copy
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gateway.domain.errors import FilesAway
from gateway.facade.rest.api import make_rest
from gateway.facade.rest.registered_cases import RegistrationBody
from gateway.flow.file_intake import MOST_AT_ONCE
from gateway.shapes.case_message import CaseMessageBody
from gateway.testing.small_files import JPEG, PNG


class Learned:
    """A scanner that finds something in every file, or raises `away`."""

    def __init__(self, away=None):
        self.away = away

    @contextmanager
    def begin(self):
        """Begin with a file."""
        if self.away:
            raise self.away
        yield self

    def see(self, part):
        """Look at nothing."""

    def found(self):
        """Find it."""
        return "New-1"


AWAY = Learned(FilesAway("away", 60))


@pytest.fixture
def send_by(doors):
    """Post something at a gateway that has this scanner."""

    def send(scanner, caller, path, body, **more):
        files = replace(doors.intake.files, scanner=scanner)
        scanned = replace(
            doors,
            intake=replace(doors.intake, files=files),
            replies=replace(doors.replies, files=files),
            registering=replace(doors.registering, files=files),
        )
        headers = {"X-API-Key": caller, **more}
        with TestClient(Starlette(routes=[Mount("/api/v1", make_rest(scanned))])) as client:
            return client.post(f"/api/v1{path}", json=body, headers=headers)

    return send


@pytest.fixture
def submit_by(send_by):
    """Submit a case at a gateway that has this scanner."""
    return lambda scanner, case: send_by(scanner, "e-service", "/cases", case)


def test_a_case_whose_file_lies_is_not_kept(asked, case, store):
    """ISSUE: its number is told, and a better one may be sent under the same id."""
    lie = {"fileName": "b.png", "mediaType": "image/png", "content": b64encode(JPEG).decode()}
    refused = asked("e-service", "POST", "/cases", json=case | {"attachments": [lie]})
    [error] = refused.json()["errors"]
    assert (error["rule"], error["where"]) == ("media-type-disputed", "attachments/1")
    better = case | {"attachments": [lie | {"content": b64encode(PNG).decode()}]}
    assert asked("e-service", "POST", "/cases", json=better).status_code == 201


def test_an_infected_case_is_refused(submit_by, case):
    """ISSUE: with the name of what was found."""
    [error] = submit_by(Learned(), case).json()["errors"]
    assert (error["rule"], error["where"]) == ("attachment-infected", "attachments/1")
    assert "New-1" in error["message"]


def test_what_was_kept_keeps_its_receipt_whatever_a_scanner_learns(asked, submit_by, case):
    """DOMAIN C2: its sender lost the answer, and asks again."""
    first = asked("e-service", "POST", "/cases", json=case)
    again = submit_by(Learned(), case)
    assert (again.status_code, again.json()) == (200, first.json())


def test_while_nobody_can_look_only_messages_with_files_wait(submit_by, case):
    """ISSUE, DOMAIN G3: they may be sent again; those without go on."""
    later = submit_by(AWAY, case)
    assert (later.status_code, later.headers["Retry-After"]) == (503, "60")
    assert later.json()["type"] == "urn:vaxel:problem:files-away"
    assert "without them" in later.json()["detail"]
    del case["attachments"]
    assert submit_by(AWAY, case).status_code == 201


@pytest.mark.parametrize("scanner", [Learned(), AWAY])
def test_a_case_that_was_kept_keeps_its_receipt_whoever_can_look(asked, send_by, case, scanner):
    """DOMAIN C2: nobody looks again, and no file is put again."""
    first = asked("e-service", "POST", "/cases", json=case)
    again = send_by(scanner, "e-service", "/cases", case)
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("scanner", [Learned(), AWAY])
def test_a_reply_that_was_kept_keeps_its_receipt_whoever_can_look(asked, send_by, case, scanner):
    """DOMAIN D2: a repeat changes nothing, and gets the same answer."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    body = CaseMessageBody.EXAMPLE | {"caseNumber": number, "attachments": case["attachments"]}
    first = asked("system", "POST", "/case-messages", json=body)
    assert first.status_code == 201
    again = send_by(scanner, "system", "/case-messages", body)
    assert (again.status_code, again.json()) == (200, first.json())
    other = send_by(scanner, "system", "/case-messages", body | {"text": "Annat."})
    assert other.json()["errors"][0]["rule"] == "idempotency-conflict"


@pytest.mark.parametrize("scanner", [Learned(), AWAY])
def test_a_supplement_that_was_kept_keeps_its_receipt_whoever_can_look(
    asked, send_by, case, scanner
):
    """DOMAIN A10, D2."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    wish = {"caseNumber": number, "messageKind": "SUPPLEMENT_REQUEST", "attachmentsAllowed": True}
    asked("system", "POST", "/case-messages", json=CaseMessageBody.EXAMPLE | wish)
    there = f"/cases/{number}/supplements"
    body = {"text": "Mer.", "attachments": case["attachments"]}
    key = {"Idempotency-Key": "k-1"}
    first = asked("e-service", "POST", there, key, json=body)
    assert first.status_code == 201
    again = send_by(scanner, "e-service", there, body, **key)
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("scanner", [Learned(), AWAY])
def test_a_registered_case_keeps_its_receipt_whoever_can_look(asked, send_by, case, scanner):
    """DOMAIN A12, C2."""
    body = copy.deepcopy(RegistrationBody.EXAMPLE)
    body["case"]["attachments"] = case["attachments"]
    first = asked("system", "POST", "/registered-cases", json=body)
    assert first.status_code == 201
    again = send_by(scanner, "system", "/registered-cases", body)
    assert (again.status_code, again.json()) == (200, first.json())


def test_when_every_place_is_taken_only_messages_with_files_wait(asked, doors, case):
    """DOMAIN G3: they stand in no line, and a repeat needs no place."""
    asked("e-service", "POST", "/cases", json=case)
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(doors.intake.files.place())
        later = asked("e-service", "POST", "/cases", json=case | {"caseId": "e-9"})
        again = asked("e-service", "POST", "/cases", json=case)
        del case["attachments"]
        plain = asked("e-service", "POST", "/cases", json=case | {"caseId": "e-10"})
    assert (later.status_code, again.status_code, plain.status_code) == (503, 200, 201)
    assert later.json()["type"] == "urn:vaxel:problem:files-away"
