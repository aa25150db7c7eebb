"""Cases that began outside, registered over REST by those who hold them."""

import pytest

from gateway.domain.lifecycle import CaseState
from gateway.facade.rest.registered_cases import RegistrationBody
from gateway.testing.builders import TOLVAN


@pytest.fixture
def registration():
    """A case that began by phone, at a unit with an external system."""
    return RegistrationBody.EXAMPLE | {"receivedTime": "2026-03-02T09:00:00+01:00"}


@pytest.fixture
def register(asked, registration):
    """Register it as the system, or as somebody else; change any part by its name."""

    def post(caller="system", headers=None, **changes):
        return asked(caller, "POST", "/registered-cases", headers, json=registration | changes)

    return post


def test_a_case_is_registered_once(register, store):
    """DOMAIN A12: a repeat changes nothing and gets the same receipt."""
    first, again = register(), register()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert first.json()["receivedTime"] == "2026-03-02T08:00:00Z"
    assert len(store.cases.inbox_messages(TOLVAN, None, 9)) == 1
    assert store.cases.find(first.json()["caseNumber"]).state is CaseState.RECEIVED


def test_it_is_delivered_to_nobody(register, claim):
    """DOMAIN A12: who registers it has it."""
    register()
    assert claim() == []


def test_staff_register_for_their_own_unit_and_find_it_in_their_inbox(register, asked, unit_case):
    """DOMAIN A12, E1."""
    number = register("staff", case=unit_case).json()["caseNumber"]
    [item] = asked("staff", "GET", "/unit-inbox").json()["items"]
    assert (item["caseNumber"], item["caseState"]) == (number, "RECEIVED")
    assert item["channel"] == "PHONE"


def test_staff_register_for_no_other_unit(register):
    """DOMAIN E1."""
    answer = register("staff")
    assert (answer.status_code, answer.json()["title"]) == (403, "Not the holder")


def test_an_e_service_registers_nothing(register):
    """DOMAIN A12: what a citizen sends is submitted."""
    assert register("e-service").status_code == 403


def test_an_idempotency_key_must_be_the_case_id(register):
    """CONTRACT: one key for one request."""
    assert register(headers={"Idempotency-Key": "another"}).status_code == 400
    assert register(headers={"Idempotency-Key": "e-1029"}).status_code == 201


def test_a_case_that_will_come_in_later_is_refused(register):
    """DOMAIN A12."""
    answer = register(receivedTime="2026-03-03T09:00:00+01:00")
    assert (answer.status_code, answer.json()["title"]) == (422, "Received in future")


def test_the_citizens_e_service_reads_and_supplements_it(register, asked):
    """DOMAIN A10, A12: none has sent it, so any speaks for the citizen."""
    number = register().json()["caseNumber"]
    assert asked("e-service", "GET", f"/cases/{number}").json()["caseState"] == "RECEIVED"
    path, key = f"/cases/{number}/supplements", {"Idempotency-Key": "s-1"}
    added = asked("other-e-service", "POST", path, key, json={"text": "Det var på kvällen."})
    assert added.status_code == 201
