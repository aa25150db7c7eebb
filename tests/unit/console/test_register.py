"""Register what began by phone, at a visit or with a letter, on a page (DOMAIN A12)."""

import pytest

from gateway.domain.person import KIND_BY_OID, PersonIdKind
from gateway.flow.caller import Role
from tests.unit.console.conftest import COMMITTEE, OTHER_UNIT, UNIT

FILLED = {
    "channel": "LETTER",
    "received": "2026-11-02T10:00",
    "unit": UNIT.text,
    "kind": "COMPLAINT",
    "person": "19121212-1212",
    "answer": "INBOX",
    "relation": "GUARDIAN",
    "event": "2026-10-30",
    "text": "Brevet säger att …",
}


def test_a_letter_is_registered_and_lies_in_the_inbox(receiver, store):
    """A12: due from when it came, and confirmed to the citizen."""
    answer = receiver.fill("/register", "/register", **FILLED)
    there = answer.headers["location"].removeprefix("/console")
    shown = receiver.get(there).text
    assert "anmälaren har fått en bekräftelse" in shown
    assert "Brevet säger att …" in shown
    assert "2026-11-30" in shown


def test_a_form_sent_twice_registers_one_case(receiver, store):
    """D2: a double click is a repeat."""
    shown = receiver.get("/register").text
    answers = [receiver.fill_shown(shown, "/register", **FILLED) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1


def test_what_is_missing_is_told_field_by_field_and_the_rest_is_kept(receiver):
    """Nothing has to be written twice."""
    answer = receiver.fill("/register", "/register", **FILLED | {"person": "", "event": ""})
    assert answer.status_code == 422
    assert 'href="#register-person"' in answer.text
    assert 'href="#register-event">Ange händelsens datum.</a>' in answer.text
    assert "Brevet säger att …" in answer.text


@pytest.mark.parametrize(
    ("field", "half"),
    [
        ("event", "0026-03-01"),
        ("event", "1899-12-31"),
        ("received", "0001-01-01T00:00"),
        ("received", "0026-03-01T10:00"),
        ("received", "1900-01-01T00:00"),
    ],
)
def test_a_day_that_was_typed_half_is_told_at_its_field(receiver, field, half):
    """A4, A12: no contract could send it on."""
    answer = receiver.fill("/register", "/register", **FILLED | {field: half})
    assert (answer.status_code, f'href="#register-{field}"' in answer.text) == (400, True)


@pytest.mark.parametrize(("field", "longest"), [("name", 216), ("email", 254)])
def test_no_more_is_taken_than_the_contracts_can_say(receiver, field, longest):
    """CONTRACT NameType, EmailType."""
    taken = FILLED | {field: "a" * longest}
    assert receiver.fill("/register", "/register", **taken).status_code == 303
    refused = FILLED | {field: "a" * (longest + 1)}
    assert receiver.fill("/register", "/register", **refused).status_code == 400


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("191212121212", PersonIdKind.PERSONNUMMER),
        ("19121212-1212", PersonIdKind.PERSONNUMMER),
        ("19121212\u20131212", PersonIdKind.PERSONNUMMER),
        ("121212+1212", PersonIdKind.PERSONNUMMER),
        ("191212721219", PersonIdKind.SAMORDNINGSNUMMER),
        ("99abcdef1234", PersonIdKind.RESERVE),
    ],
)
def test_a_number_says_itself_what_it_is(receiver, store, number, kind):
    """A8: as people write it."""
    answer = receiver.fill("/register", "/register", **FILLED | {"person": number})
    registered = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    person = store.cases.content(registered).submitter.person_id
    assert KIND_BY_OID[person.oid] is kind


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.CASE_RECEIVER, UNIT, 303),
        (Role.CASE_RECEIVER, OTHER_UNIT, 403),
        (Role.COMMITTEE_STAFF, COMMITTEE, 303),
        (Role.CASE_DISTRIBUTOR, UNIT, 403),
        (Role.FOLLOW_UP, UNIT, 403),
    ],
)
def test_only_who_would_have_got_the_case_registers_it(browse, role, unit, status):
    """A12, E1: and who may not is told so."""
    browser = browse(role, COMMITTEE if unit is COMMITTEE else UNIT)
    answer = browser.fill("/follow-up", "/register", **FILLED | {"unit": unit.text})
    assert answer.status_code == status


def test_a_coordinator_finds_the_unit_by_its_words(browse):
    """B3: only units whose cases come to them."""
    other = browse(Role.COORDINATOR, COMMITTEE)
    assert "Ingen enhet hittades" in other.get("/register?find=enh").text
    assert f"?unit={UNIT}" in browse(Role.COORDINATOR).get("/register?find=enh").text
