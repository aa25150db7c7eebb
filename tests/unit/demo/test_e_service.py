"""The stand-in e-service: the same again until there is a receipt, and a record of it all."""

from datetime import date

import pytest

from gateway.demo.cases import Path, planned
from gateway.demo.e_service import Carrier, Inboxes
from gateway.demo.record import Record, lines
from gateway.demo.sending import Again, Door, Read, Receipt, Refused, Unread

CASES = planned(date(2026, 3, 2))
WITH_ALL = next(case for case in CASES if case.again and case.supplement)
PLAIN = next(case for case in CASES if not (case.again or case.supplement))
ASKED = next(case for case in CASES if case.asked)
UNKNOWN = next(case for case in CASES if case.path is Path.UNKNOWN)


class Gateway:
    """A door that gives prepared answers, then receipts, and keeps what it was sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def submit(self, case):
        self.sent.append(case.case_id)
        return self.answers.pop(0) if self.answers else Receipt("2026-7F3K-9QWM2X")

    def supplement(self, number, message_id, supplement):
        self.sent.append((number, message_id))
        return Receipt(number)

    def inbox(self, person):
        if self.answers:
            raise Unread("shut")
        return [Read("m-1", "2026-7F3K-9QWM2X", "FINAL_REPLY", files=1)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "e-service.jsonl"


def carrier(path, gateway, known=None):
    return Carrier(
        {Door.SOAP: gateway, Door.REST: gateway}, Record(path), known or {}, lambda _: None
    )


def test_a_case_is_sent_again_with_the_same_id_until_there_is_a_receipt(path):
    """C1: who has no receipt sends the same again."""
    gateway = Gateway(Again("HTTP 503"), Again("ConnectError"))
    carrier(path, gateway).carry_one(PLAIN)
    assert gateway.sent == [PLAIN.case.case_id] * 3
    assert [(line["id"], line["tries"]) for line in lines(path)] == [(PLAIN.case.case_id, 3)]


def test_the_repeat_and_the_supplement_come_after_the_receipt(path):
    """A1, A10: the same case through another door, then what the citizen adds."""
    carrier(path, Gateway()).carry_one(WITH_ALL)
    assert [line["what"] for line in lines(path)] == ["case", "repeat", "supplement"]
    assert lines(path)[1]["door"] == WITH_ALL.again


def test_what_a_holder_has_asked_for_is_sent_once(path):
    """A10, D4: not before it is asked for, and not again."""
    gateway, numbers = Gateway(), {ASKED.case.case_id: "2026-7F3K-9QWM2X"}
    sender = carrier(path, gateway)
    sender.answer(CASES, [], numbers)
    sender.answer(CASES, ["2026-7F3K-9QWM2X"], numbers)
    sender.answer(CASES, ["2026-7F3K-9QWM2X"], numbers)
    assert gateway.sent == [("2026-7F3K-9QWM2X", f"{ASKED.case.case_id}-asked")]
    assert [(line["what"], line["files"]) for line in lines(path)] == [("supplement", 1)]


def test_a_refused_case_is_written_down_and_not_sent_again(path):
    """INTEROP §2.6: a fault of the client is the same the next time."""
    gateway = Gateway(Refused("unknown-unit"))
    carrier(path, gateway).carry_one(UNKNOWN)
    assert [line["rule"] for line in lines(path)] == ["unknown-unit"]
    assert len(gateway.sent) == 1


def test_what_has_its_answer_is_not_sent_after_a_restart(path):
    """C1: the record is on disk before a receipt counts."""
    gateway, known = Gateway(), {("case", PLAIN.case.case_id): "2026-7F3K-9QWM2X"}
    carrier(path, gateway, known).carry([PLAIN], pace_s=0)
    assert gateway.sent == []


def test_an_inbox_that_is_shut_leaves_what_was_read_before(tmp_path):
    """D1: half a reading must not look like lost replies."""
    shut = Gateway("shut")
    path = tmp_path / "inboxes.json"
    Inboxes({Door.SOAP: shut, Door.REST: shut}, path).read()
    assert not path.exists()


def test_a_torn_line_is_no_receipt_and_the_next_one_is_whole(path):
    """C1: a kill in the middle of writing loses that line only."""
    path.write_bytes(b'{"what": "case", "id": "demo-0')
    Record(path).write("case", id="demo-02")
    assert [line["id"] for line in lines(path)] == ["demo-02"]
