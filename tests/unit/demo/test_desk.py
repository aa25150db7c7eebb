"""What a stand-in case system keeps and says: it asks, forwards, and goes on after a restart."""

from datetime import date

import pytest

from gateway.demo.cases import FOR_A_PERSON, NEXT_UNIT, PICTURE_OFFERED, WRONG_UNIT
from gateway.demo.desk import Came, Desk, Posted, owed_kinds
from gateway.demo.phone import calls, register_all
from gateway.demo.record import Record, lines

NUMBER, UNIT = "2026-7F3K-9QWM2X", "SE2321009101-HCBJ"


def came(event="SUBMITTED", description="Kallt.", message_id="m-1", files=0):
    return Came(message_id, event, NUMBER, UNIT, "COMPLAINT", description, files)


def answered(desk, count):
    """Let the gateway accept so many replies; gives them."""
    replies = []
    for _ in range(count):
        replies.append(desk.next_reply())
        desk.settle(replies[-1], Posted.ACCEPTED)
    return replies


def test_a_case_of_another_unit_is_forwarded_and_not_held_any_more():
    """D6: whoever has sent a case on does not have it."""
    desk = Desk("SE1-SYSTEM")
    desk.take(came(description=WRONG_UNIT))
    assert desk.account()["held"] == {NUMBER: 1}
    (forward,) = answered(desk, 1)
    assert (forward.kind, forward.forward_to) == ("FORWARD", NEXT_UNIT[UNIT])
    assert desk.account()["held"] == {}


def test_a_forward_is_remembered_after_a_restart(tmp_path):
    """C1: who gives a receipt has written it down first."""
    log = tmp_path / "log"
    desk = Desk("SE1-SYSTEM", Record(log))
    desk.take(came(description=WRONG_UNIT))
    answered(desk, 1)
    assert Desk("SE1-SYSTEM", known=lines(log)).account() == desk.account()


def test_a_picture_is_asked_for_and_answered_when_it_has_come():
    """A10, D4."""
    desk = Desk("SE1-SYSTEM")
    desk.take(came(description=PICTURE_OFFERED))
    assert [reply.allows_files for reply in answered(desk, 2)] == [False, True]
    desk.take(came("SUPPLEMENTED", PICTURE_OFFERED, "m-2", files=1))
    assert [reply.kind for reply in answered(desk, 2)] == ["FINAL_REPLY", "CLOSED"]


@pytest.mark.parametrize(
    ("event", "description"), [("SUBMITTED", FOR_A_PERSON), ("SUPPLEMENTED", "Kallt.")]
)
def test_on_some_things_nothing_is_said(event, description):
    """E2: what people shall answer, and what was only added."""
    assert owed_kinds(event, "COMPLAINT", description, UNIT) == []


def test_what_began_by_phone_is_registered_until_there_is_a_receipt_and_then_held():
    """A12: no case comes to who has registered it."""
    desk, answers = Desk("SE1-SYSTEM"), iter([None, NUMBER])
    (call, *_) = calls(UNIT, date(2026, 3, 2))
    register_all(desk, [call], lambda _: next(answers))
    assert desk.account()["held"] == {NUMBER: 1}
    assert next(answers, "asked twice") == "asked twice"
    assert desk.next_reply().kind == "IN_PROGRESS"
