"""A citizen chooses, writes and gets a confirmation; nothing that was written is lost."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from gateway.console.citizen.door import citizen_routes
from gateway.domain.case import AnswerWanted, Kind, Relation
from gateway.domain.hsa import HsaId
from gateway.domain.permission import Permissions
from gateway.domain.person import PersonId
from gateway.domain.person_number import COORDINATION_OID
from gateway.flow.file_intake import MOST_AT_ONCE
from tests.unit.console.citizen.conftest import (
    COOKIE,
    FILLED,
    FOR_HER,
    TO_COMMITTEE,
    TOLVAN_TOLVANSSON,
    Browser,
)
from tests.unit.console.conftest import COMMITTEE, UNIT


def test_a_case_is_sent_and_confirmed_with_its_number(tolvan, store):
    """DOMAIN A2, A7: through the same verb as every e-service's, and signed by who signed in."""
    number = tolvan.sent()
    assert number in tolvan.get(f"/cases/{number}/sent").text
    case = store.cases.content(number)
    assert (case.kind, case.answer_wanted) == (Kind.COMPLAINT, AnswerWanted.INBOX)
    assert case.submitter.name == "Tolvan Tolvansson"


def test_a_form_sent_twice_is_one_case_with_one_confirmation(tolvan):
    """DOMAIN A1: an impatient second click sends nothing."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    first, second = (tolvan.post("/new", form).headers["location"] for _ in range(2))
    assert first == second
    assert tolvan.get("/cases").text.count("/citizen/cases/2026-") == 1


def test_a_form_that_was_changed_after_it_was_sent_is_told(tolvan):
    """DOMAIN A1: the same form is not two cases."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    tolvan.post("/new", form)
    answer = tolvan.post("/new", form | {"text": "Något annat."})
    assert answer.status_code == 409
    assert "Det du skickade först har kommit fram" in answer.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind-COMPLAINT"),
        ({"kind": "X"}, "kind-COMPLAINT"),
        ({"event": ""}, "event"),
        ({"event": "2026-11-03"}, "event"),
        ({"who": ""}, "who-me"),
        ({"text": " "}, "text"),
        ({"answer": ""}, "answer-INBOX"),
        ({"answer": "PHONE"}, "phone"),
        (FOR_HER | {"patient": "12"}, "patient"),
        (FOR_HER | {"relation": ""}, "relation-GUARDIAN"),
        (FOR_HER | {"relation": "REPRESENTATIVE"}, "power"),
        (TO_COMMITTEE | {"place": ""}, "place"),
        ({"desired": "a" * 20_001}, "desired"),
    ],
    ids=str,
)
def test_what_is_missing_is_told_with_a_link_to_it_and_all_is_kept(tolvan, wrong, field):
    """DOMAIN A2–A6: what was filled in still stands there."""
    answer = tolvan.write(**({"email": "tolvan@example.com"} | wrong))
    assert answer.status_code in (400, 422)
    assert f'href="#new-{field}"' in answer.text
    assert f'id="new-{field}"' in answer.text
    assert "tolvan@example.com" in answer.text


def test_everything_that_is_wrong_is_told_at_once(tolvan):
    """Nobody sends a form five times to learn of five faults."""
    answer = tolvan.write(kind="", event="", who="", text="", answer="")
    assert answer.text.count('href="#new-') == 5


def test_feedback_is_asked_for_no_answer(tolvan, store):
    """DOMAIN A11: general feedback gets no individual reply."""
    number = tolvan.sent(kind="FEEDBACK", answer="")
    assert store.cases.content(number).answer_wanted is AnswerWanted.NONE
    assert "inget enskilt svar" in tolvan.get(f"/cases/{number}/sent").text


def test_a_parent_writes_for_a_child(tolvan, agda, store):
    """DOMAIN A6: the submitter reads the answers, and the patient does not."""
    number = tolvan.sent(**FOR_HER, patient_name="Agda")
    patient = store.cases.content(number).patient
    assert (patient.relation, patient.name) == (Relation.GUARDIAN, "Agda")
    assert tolvan.get(f"/cases/{number}").status_code == 200
    assert agda.get(f"/cases/{number}").status_code == 404


def test_a_coordination_number_of_a_patient_is_told_by_its_day(tolvan, store):
    """DOMAIN A8: the register follows from the number, which nobody is asked for."""
    number = tolvan.sent(**FOR_HER | {"patient": "701063-2391"})
    told = store.cases.content(number).patient.person_id
    assert told == PersonId(COORDINATION_OID, "197010632391")


def test_a_number_that_looks_wrong_is_asked_about_once(tolvan, store):
    """DOMAIN A8: a slip is noticed, and a number that fails its check is taken all the same."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED | FOR_HER | {"patient": "188803099369"}
    asked = tolvan.post("/new", form)
    assert (asked.status_code, "ser inte rätt ut" in asked.text) == (422, True)
    sent = tolvan.post("/new", form | {"checked": "188803099369"})
    number = sent.headers["location"].split("/")[-2]
    assert store.cases.content(number).patient.person_id.number == "188803099369"


def test_what_was_filled_in_of_a_patient_is_passed_over_when_it_is_about_oneself(tolvan, store):
    """The fields are hidden then, and may hold what was meant before."""
    number = tolvan.sent(**FOR_HER | {"who": "me"})
    assert store.cases.content(number).patient is None


def test_the_committee_takes_a_place_in_words(tolvan, store):
    """DOMAIN A3: where no unit is known."""
    receiver = store.cases.content(tolvan.sent(**TO_COMMITTEE)).receiver
    assert (receiver.hsa_id, receiver.place, receiver.care_unit) == (
        COMMITTEE,
        "I ambulansen",
        None,
    )


def test_the_committee_takes_a_unit_that_was_found(tolvan, store):
    """DOMAIN A3: who found the unit does not describe it."""
    where = f"/new?unit={COMMITTEE}&about={UNIT}"
    answer = tolvan.post("/new", FILLED | tolvan.hidden(where))
    receiver = store.cases.content(answer.headers["location"].split("/")[-2]).receiver
    assert (receiver.hsa_id, receiver.care_unit) == (COMMITTEE, UNIT)


def test_a_file_goes_along_and_one_that_is_wrong_leaves_the_text(tolvan):
    """DOMAIN D4: files have to be chosen again, and it says so."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    for kind, status in (("text/html", 415), ("text/plain", 303)):
        answer = tolvan.post("/new", form, files={"files": ("brev.txt", b"Hej.", kind)})
        assert answer.status_code == status
        if status == 415:
            assert FILLED["text"] in answer.text
            assert "Filer måste du välja på nytt" in answer.text


def test_files_that_are_too_large_together_leave_the_text(tolvan):
    """Telephones take large pictures; the fields come before them."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    files = {"files": ("bild.png", b"x" * 120_000, "image/png")}
    answer = tolvan.post("/new", form, files=files)
    assert (answer.status_code, FILLED["text"] in answer.text) == (413, True)
    assert 'href="#new-files">Filerna är för stora tillsammans.' in answer.text


def test_a_receiver_that_cannot_be_chosen_is_told(tolvan):
    """DOMAIN A14: before anything is written."""
    answer = tolvan.get("/new?unit=SE-NOBODY")
    assert answer.status_code == 404
    assert "patientnämnden" in answer.text


def test_a_receiver_that_the_region_has_not_permitted_is_told_before_anything_is_written(
    desk, sessions, doors
):
    """INTEROP §2.4: these pages are an e-service like every other."""
    closed = replace(doors.intake.table(), permissions=Permissions(()))
    own = replace(desk.own_cases, intake=replace(doors.intake, table=lambda: closed))
    app = Starlette(routes=citizen_routes(replace(desk, own_cases=own)))
    answer = Browser(app, sessions, TOLVAN_TOLVANSSON).get(f"/new?unit={UNIT}")
    assert (answer.status_code, "Det går inte att skriva" in answer.text) == (403, True)


def test_without_a_receiver_one_is_chosen_first(tolvan):
    """DOMAIN A2."""
    assert tolvan.get("/new").headers["location"] == "/citizen/choose"


def test_when_nothing_can_be_kept_the_text_is_still_there(tolvan, store):
    """A database that is away loses nobody's text."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    store.gone = True
    answer = tolvan.post("/new", form)
    assert answer.status_code == 503
    assert FILLED["text"] in answer.text


def test_when_files_cannot_be_taken_it_is_said_and_the_text_is_still_there(tolvan, desk):
    """DOMAIN D4: without files it can be sent."""
    form = tolvan.hidden(f"/new?unit={UNIT}") | FILLED
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(desk.intake.files.place())
        answer = tolvan.post("/new", form, files={"files": ("a.txt", b"Hej.", "text/plain")})
    assert (answer.status_code, FILLED["text"] in answer.text) == (503, True)
    assert "Skicka utan filer" in answer.text


def test_who_was_signed_out_meanwhile_finds_the_text_and_sends_it_after_signing_in(come, tolvan):
    """Nothing is kept here: the browser sends what it has, and gets it back in a form."""
    own = {"Sec-Fetch-Site": "same-origin"}
    form, nobody = tolvan.hidden(f"/new?unit={UNIT}") | FILLED, come()
    shown = nobody.post("/new", form, headers=own)
    assert (shown.status_code, FILLED["text"] in shown.text) == (401, True)
    nobody.client.cookies.set(COOKIE, tolvan.client.cookies[COOKIE])
    again = nobody.post("/new", form | {"form_token": ""}, headers=own)
    assert (again.status_code, FILLED["text"] in again.text) == (403, True)
    assert f'name="form_token" value="{form["form_token"]}"' in again.text
    assert nobody.post("/new", form).status_code == 303


def test_of_whom_nobody_knows_no_more_is_taken_than_a_form_without_files(desk, sessions):
    """What is too long is told, with where the text still is; nobody fills the memory."""
    app = Starlette(routes=citizen_routes(replace(desk, largest_request=15_000_000)))
    own, nobody = {"Sec-Fetch-Site": "same-origin"}, Browser(app, sessions, None)
    for files in ({}, {"files": ("brev.txt", b"Hej.", "text/plain")}):
        long = FILLED | {"text": "<" * 300_000}
        answer = nobody.post("/new", long, headers=own, files=files)
        assert (answer.status_code, len(answer.content) < 20_000) == (413, True)
        assert "Gå tillbaka i webbläsaren" in answer.text
    large = {"files": ("bild.png", b"x" * 3_000_000, "image/png")}
    kept = nobody.post("/new", FILLED, headers=own, files=large)
    assert (kept.status_code, FILLED["text"] in kept.text) == (401, True)


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_what_another_site_has_written_is_not_shown(tolvan, site):
    """A form that was made elsewhere is refused, with its text (CSRF)."""
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = tolvan.post("/new", FILLED | {"form_token": "made up"}, headers=headers)
    assert (answer.status_code, FILLED["text"] in answer.text) == (403, False)


def test_a_case_goes_to_a_unit_by_whatever_letters_its_id_has(tolvan, store):
    """INTEROP §4.1: HSA-ids are the same in any letters, also in a link on paper."""
    number = tolvan.sent(unit=UNIT.text.lower())
    assert store.cases.find(number).unit == HsaId(UNIT.text)
