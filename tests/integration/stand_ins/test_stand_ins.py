"""The stand-in case systems, called by our adapters and answering at our doors."""

import os
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.adapter import Delivered, TryLater
from gateway.demo.cases import MORE_TO_COME, PICTURE_OFFERED
from gateway.demo.record import lines
from gateway.demo.rest_system import KEY_VARIABLE, SECRET_VARIABLE
from gateway.domain.case import Attachment, CaseEvent, Kind
from gateway.domain.content import InMemory
from gateway.domain.lifecycle import CaseState
from gateway.testing.builders import (
    TOLVAN,
    make_case,
    make_message,
    make_supplement,
)
from gateway.testing.ports import free_port

ALL = ["RECEIVED", "IN_PROGRESS", "PARTIAL_REPLY", "FINAL_REPLY", "CLOSED"]


def said(account):
    return [kind for _, kind in account["said"]]


def test_a_case_is_taken_once_and_answered_to_the_end(gateway, stand_in):
    """DOMAIN C1, D1, D2: out through an adapter, and back into the citizen's inbox."""
    system, message = stand_in(gateway), make_message()
    gateway.holds(message)
    first, again = system.deliver(message), system.deliver(message)
    assert first == again == Delivered(f"CASES-{message.case_number}")
    account = system.settled()
    assert account["received"] == {message.message_id: 2}
    assert account["held"] == {message.case_number: 1}
    assert said(account) == ALL
    assert gateway.store.cases.find(message.case_number).state is CaseState.CLOSED


def test_the_citizen_reads_what_the_system_said(gateway, stand_in):
    """DOMAIN D1, D4: words and files."""
    system, message = stand_in(gateway), make_message(case_number="26-000002")
    gateway.holds(message)
    system.deliver(message)
    system.settled()
    inbox = gateway.store.cases.inbox_messages(TOLVAN, None, 100)
    final = next(m for m in inbox if m.kind == "FINAL_REPLY" and m.case_number == "26-000002")
    assert "rutiner" in final.text
    assert [a.file_name for a in final.attachments] == ["svar.txt"]


def test_feedback_gets_no_individual_reply(gateway, stand_in):
    """DOMAIN A11."""
    case = make_case(kind=Kind.FEEDBACK)
    system, message = stand_in(gateway), make_message(case=case)
    gateway.holds(message)
    system.deliver(message)
    assert said(system.settled()) == ["RECEIVED", "CLOSED"]


def test_a_case_stays_open_for_what_the_citizen_still_has_to_say(gateway, stand_in):
    """DOMAIN A10: a supplement comes to an open case."""
    case = make_case(description=f"Det gick fel. {MORE_TO_COME}")
    system, message = stand_in(gateway), make_message(case=case)
    gateway.holds(message)
    system.deliver(message)
    more: Any = {"message_id": "s-1", "event": CaseEvent.SUPPLEMENTED}
    system.deliver(replace(message, supplement=make_supplement(), **more))
    account = system.settled()
    assert said(account) == ALL[:-1]
    assert account["cases"] == 1


def test_a_file_is_asked_for_and_the_case_answered_when_it_has_come(gateway, stand_in, tmp_path):
    """DOMAIN A10, D4: the citizen may send files when the holder has said so."""
    case, log = make_case(description=f"Det gick fel. {PICTURE_OFFERED}"), tmp_path / "log"
    system, message = stand_in(gateway, log=log), make_message(case=case)
    gateway.holds(message)
    system.deliver(message)
    assert said(system.settled()) == ["RECEIVED", "SUPPLEMENT_REQUEST"]
    assert gateway.store.handlings.find(message.case_number).attachments_allowed
    more: Any = {"message_id": "s-1", "event": CaseEvent.SUPPLEMENTED}
    picture = Attachment("bild.png", "image/png", InMemory(b"a picture"))
    system.deliver(replace(message, supplement=make_supplement(attachments=(picture,)), **more))
    assert said(system.settled())[2:] == ["FINAL_REPLY", "CLOSED"]
    assert [line["files"] for line in lines(log) if line["what"] == "received"] == [0, 1]


def test_a_repeated_reply_is_no_second_message(gateway, stand_in):
    """DOMAIN D2: a repeat changes nothing and gets the same answer."""
    system, message = stand_in(gateway, repeat_replies=True), make_message()
    gateway.holds(message)
    system.deliver(message)
    assert said(system.settled()) == ALL
    inbox = gateway.store.cases.inbox_messages(TOLVAN, None, 100)
    assert [m.kind for m in inbox].count("FINAL_REPLY") == 1


def test_replies_wait_for_a_gateway_that_is_down(closed_gateway, stand_in):
    """DOMAIN C1 in the other direction: the system repeats until it is answered."""
    system, message = stand_in(closed_gateway), make_message()
    closed_gateway.holds(message)
    system.deliver(message)
    assert system.account()["replies_accepted"] == 0
    closed_gateway.open()
    try:
        assert said(system.settled()) == ALL
    finally:
        closed_gateway.close()


def test_a_reply_that_is_refused_for_good_does_not_stop_the_others(gateway, stand_in):
    """DOMAIN D2: a case that the gateway does not know."""
    system, message = stand_in(gateway), make_message()
    system.deliver(make_message(case_number="26-999999"))
    gateway.holds(message)
    system.deliver(message)
    account = system.settled()
    assert account["replies_refused"] == len(ALL)
    assert said(account) == ALL


def test_a_withdrawn_case_is_only_closed(closed_gateway, stand_in):
    """What was owed on it is no longer said."""
    system, message = stand_in(closed_gateway), make_message()
    system.deliver(message)
    system.deliver(replace(message, message_id="w-1", event=CaseEvent.WITHDRAWN))
    assert system.account()["replies_waiting"] == 1


def test_a_stand_in_can_be_busy_at_first(closed_gateway, stand_in):
    """DOMAIN C2: what the outbox's patience is for."""
    system = stand_in(closed_gateway, fail_first_seconds=60.0)
    assert isinstance(system.deliver(make_message()), TryLater)
    assert system.account()["received"] == {}


def test_a_stand_in_goes_on_after_a_restart(gateway, stand_in, tmp_path):
    """DOMAIN C1: who gives a receipt has written it down first."""
    message, log = make_message(), tmp_path / "log"
    gateway.holds(message)
    before = stand_in(gateway, log=log)
    before.deliver(message)
    told = before.settled()
    assert stand_in(gateway, log=log).account() == told


@pytest.mark.parametrize("kind", ["rest_system", "soap_system"])
def test_a_stand_in_is_a_process_of_its_own(kind, tmp_path):
    """CONTRACT, Commands: the demo's systems are separate processes."""
    port, secret = free_port(), b64encode(bytes(32)).decode()
    keys = {KEY_VARIABLE: "a key", SECRET_VARIABLE: secret}
    command = [sys.executable, "-m", f"gateway.demo.{kind}", "--port", str(port)]
    command += ["--gateway-url", "http://127.0.0.1:9", "--hsa-id", "SE1-X"]
    with subprocess.Popen(command, env=os.environ | keys, cwd=tmp_path) as process:
        try:
            account = answer_of(f"http://127.0.0.1:{port}/")
        finally:
            process.kill()
    assert account["received"] == {}
    assert (account["cases"], account["replies_sent"], account["replies_accepted"]) == (0, 0, 0)


def answer_of(url):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            return httpx.get(url).json()
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(url)
