"""The stand-in staff: answer what is in the inbox, each thing once."""

import json

import httpx
import pytest

from gateway.demo.cases import MORE_TO_COME
from gateway.demo.record import Record, lines
from gateway.demo.staff import Staff

NUMBER = "2026-7F3K-9QWM2X"
ALL_STEPS = ["RECEIVED", "IN_PROGRESS", "PARTIAL_REPLY", "FINAL_REPLY", "CLOSED"]


class Inbox:
    """An inbox with one case, as the API shows it."""

    def __init__(self, kind="COMPLAINT", description="Kallt.", status=201):
        self.case = {"kind": kind, "description": description}
        self.status = status
        self.posted = []

    def __call__(self, request):
        if request.method == "POST":
            self.posted.append((request.headers["Idempotency-Key"], json.loads(request.content)))
            return httpx.Response(self.status, json={})
        if request.url.path.endswith(NUMBER):
            return httpx.Response(200, json={"case": self.case})
        return httpx.Response(200, json={"items": [{"caseNumber": NUMBER}]})

    def kinds(self):
        return [m["messageKind"] for _, m in self.posted if "messageKind" in m]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "staff.jsonl"


def staff(inbox, path):
    http = httpx.Client(base_url="http://gateway.test", transport=httpx.MockTransport(inbox))
    return Staff(http, Record(path), set())


def test_a_complaint_gets_a_partial_reply_a_final_one_and_is_closed(path):
    """A11, D1, E2."""
    inbox = Inbox()
    staff(inbox, path).look()
    assert inbox.kinds() == ALL_STEPS
    assert [line["kind"] for line in lines(path)] == ALL_STEPS


def test_feedback_gets_no_individual_reply(path):
    """A11: it is handled together, by theme."""
    inbox = Inbox(kind="FEEDBACK")
    staff(inbox, path).look()
    assert inbox.kinds() == ["RECEIVED", "CLOSED"]


def test_a_case_with_more_to_come_stays_open(path):
    """A10: the citizen can supplement until it is closed."""
    inbox = Inbox(description=f"Kallt. {MORE_TO_COME}")
    staff(inbox, path).look()
    assert "CLOSED" not in inbox.kinds()


def test_the_final_reply_has_a_letter_with_it(path):
    """D4."""
    inbox = Inbox()
    staff(inbox, path).look()
    assert [a["fileName"] for a in inbox.posted[3][1]["attachments"]] == ["svar.txt"]


def test_what_has_a_receipt_is_not_posted_again(path):
    """D2."""
    inbox = Inbox()
    worker = staff(inbox, path)
    worker.look()
    worker.look()
    assert inbox.kinds() == ALL_STEPS


def test_what_got_no_receipt_is_posted_again_with_the_same_key(path):
    """D2: a repeat changes nothing and gets the same answer."""
    inbox = Inbox(status=503)
    worker = staff(inbox, path)
    worker.look()
    worker.look()
    assert len({key for key, _ in inbox.posted}) == 1
    assert lines(path) == []
