"""The stand-in staff: answer what is in the inbox, each thing once."""

import hashlib
import io
import json
import zipfile

import httpx
import pytest

from gateway.demo.archiving import checked
from gateway.demo.cases import FOR_A_PERSON, MORE_TO_COME, PICTURE_OFFERED, WRONG_UNIT
from gateway.demo.e_service import HSA_ID
from gateway.demo.record import Record, lines
from gateway.demo.staff import COMMITTEE, Staff

NUMBER = "2026-7F3K-9QWM2X"
UNIT = "SE2321009202-VCHAMN"
ALL_STEPS = ["RECEIVED", "IN_PROGRESS", "PARTIAL_REPLY", "FINAL_REPLY", "CLOSED"]


class Inbox:
    """An inbox with one case, as the API shows it."""

    sender = HSA_ID

    def __init__(self, kind="COMPLAINT", description="Kallt.", status=201, unit=UNIT):
        self.case = {"kind": kind, "description": description}
        self.status = status
        self.told = {"unitHsaId": unit, "case": self.case, "supplements": []}
        self.posted, self.diary, self.fetched = [], [], []

    def __call__(self, request):
        if request.method == "POST":
            self.posted.append((request.headers["Idempotency-Key"], json.loads(request.content)))
            return httpx.Response(self.status, json={})
        if request.method == "PUT":
            self.diary.append(json.loads(request.content))
        if request.url.path.endswith("/package"):
            return httpx.Response(200, content=package())
        if request.url.path.endswith(NUMBER):
            return httpx.Response(200, json=self.told)
        self.fetched.append(request.url.path)
        item = {"caseNumber": NUMBER, "senderHsaId": self.sender}
        return httpx.Response(200, json={"items": [item]})

    def kinds(self):
        return [m["messageKind"] for _, m in self.posted if "messageKind" in m]


def package(content=b"{}"):
    """A case as the archive gets it, with the checksum of two braces."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("case.json", content)
        files.writestr("checksums.txt", f"{hashlib.sha256(b'{}').hexdigest()}  case.json\n")
    return packed.getvalue()


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


@pytest.mark.parametrize(
    ("description", "sender"), [(FOR_A_PERSON, HSA_ID), ("Kallt.", "SE5560000000-VAXEL")]
)
def test_what_is_left_to_people_is_not_answered(path, description, sender):
    """E2: whoever signs in finds something to do, and citizens at the pages a person."""
    inbox = Inbox(description=description)
    inbox.sender = sender
    staff(inbox, path).look()
    assert inbox.posted == []


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


def test_a_picture_is_asked_for_and_the_case_answered_when_it_has_come(path):
    """A10, D4."""
    inbox = Inbox(description=PICTURE_OFFERED)
    worker = staff(inbox, path)
    worker.look()
    assert inbox.posted[-1][1]["attachmentsAllowed"] is True
    inbox.told["supplements"] = [{"text": "Här.", "attachments": [{"number": 2}]}]
    worker.look()
    assert inbox.kinds() == ["RECEIVED", "SUPPLEMENT_REQUEST", "FINAL_REPLY", "CLOSED"]
    assert inbox.fetched[-1].endswith(f"{NUMBER}/attachments/2")
    assert {"what": "supplement", "number": NUMBER, "files": 1} in lines(path)


def test_a_case_of_another_unit_is_sent_on_and_handled_where_it_belongs(path):
    """D6: should it come back to these staff, it stands elsewhere."""
    inbox = Inbox(description=WRONG_UNIT)
    worker = staff(inbox, path)
    worker.look()
    assert inbox.kinds() == ["FORWARD"]
    inbox.told["forwardedTo"] = "SE2321009101-5A1L"
    worker.look()
    assert inbox.kinds() == ["FORWARD", *ALL_STEPS]


def test_a_closed_case_of_the_committee_gets_its_diary_number_and_is_taken_out(path):
    """E3: once, and every file is what its checksum says."""
    inbox = Inbox(unit=COMMITTEE)
    worker = staff(inbox, path)
    worker.look()
    worker.look()
    assert inbox.diary == [{"diaryNumber": f"PN {NUMBER}"}]
    assert lines(path)[-1] == {"what": "archived", "number": NUMBER, "files": 1}


def test_a_package_that_is_not_what_its_checksums_say_is_no_archive():
    """E3."""
    with pytest.raises(ValueError, match="checksums"):
        checked(package(b"[]"))


def test_what_got_no_receipt_is_posted_again_with_the_same_key(path):
    """D2: a repeat changes nothing and gets the same answer."""
    inbox = Inbox(status=503)
    worker = staff(inbox, path)
    worker.look()
    worker.look()
    assert len({key for key, _ in inbox.posted}) == 1
    assert lines(path) == []
