"""Citizens read their own cases, add to them, and take them back; nobody sees another's."""

import asyncio
from dataclasses import replace

import pytest
import structlog

from gateway.domain.case import Receiver, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.message import MessageKind
from gateway.flow.caller import Caller, Role
from gateway.flow.numbers import new_message_id
from gateway.testing.builders import E_SERVICE, make_attachment, make_case, make_case_message
from tests.unit.console.citizen.conftest import COOKIE, PAGES
from tests.unit.console.conftest import NOW, UNIT

STAFF = Caller(HsaId("SE-P1"), "Maria", Role.CASE_RECEIVER, frozenset({UNIT}))


@pytest.fixture
def number(tolvan):
    return tolvan.sent(text="<script>alert(1)</script>")


@pytest.fixture
def say(doors, store, number):
    """Let the staff of the unit say something about the case."""

    def said(kind, **more):
        message = make_case_message(
            message_id=new_message_id(), kind=kind, case_number=number, sent_at=NOW, **more
        )
        doors.replies.post(message, STAFF)

    return said


def test_a_case_has_its_messages_oldest_first_with_who_sent_them(tolvan, number, say):
    """DOMAIN D1: confirmation, then the reply."""
    say(MessageKind.PARTIAL_REPLY, text="Vi återkommer.")
    shown = tolvan.get(f"/cases/{number}").text
    assert shown.index("Bekräftelse") < shown.index("Vi återkommer.")
    assert "Från Enheten" in shown


def test_what_was_written_is_text_and_no_number_is_in_the_page(tolvan, number):
    """DOMAIN A8: the name stands in the page, and the number nowhere."""
    pages = [tolvan.get(path).text for path in ("/cases", f"/cases/{number}", f"/new?unit={UNIT}")]
    shown = "".join(pages)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "Tolvan Tolvansson" in shown
    assert "1212121212" not in shown


def test_a_file_of_a_message_is_saved_and_never_shown(tolvan, number, say, store):
    """DOMAIN D4: by its submitter."""
    say(MessageKind.FINAL_REPLY, text="Svar.", attachments=(make_attachment(file_name="å.png"),))
    message = store.cases.inbox_messages(store.cases.content(number).submitter.person_id, None, 9)
    answer = tolvan.get(f"/cases/{number}/messages/{message[-1].message_id}/files/1")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("file", ["0", "9223372036854775808", "9" * 5000, "x", "-1"])
def test_a_file_that_no_page_names_is_not_there(tolvan, number, file):
    """DOMAIN D4: however its number is written."""
    assert tolvan.get(f"/cases/{number}/messages/1/files/{file}").status_code == 404


@pytest.mark.parametrize("path", ["", "/sent", "/withdraw", "/messages/x/files/1"])
def test_to_another_citizen_a_case_does_not_exist(agda, number, path):
    """DOMAIN A1: 404, as for a case that there is not."""
    answer = agda.get(f"/cases/{number}{path}")
    assert (answer.status_code, "Enheten" in answer.text) == (404, False)


@pytest.mark.parametrize("what", ["supplement", "withdraw"])
def test_nobody_changes_another_citizens_case(agda, number, store, what):
    """DOMAIN A1: also with a form of one's own."""
    own, before = agda.sent(), len(store.cases.timeline(number))
    form = agda.hidden(f"/cases/{own}") | {"text": "Jag hör inte hit."}
    assert agda.post(f"/cases/{number}/{what}", form).status_code == 404
    assert len(store.cases.timeline(number)) == before


def test_nobody_gets_another_citizens_file(agda, number, say, store):
    """DOMAIN A1: not even who knows the id of the message."""
    say(MessageKind.FINAL_REPLY, text="Svar.", attachments=(make_attachment(),))
    of_tolvan = store.cases.content(number).submitter.person_id
    message = store.cases.inbox_messages(of_tolvan, None, 9)[-1].message_id
    own = agda.sent()
    assert agda.get(f"/cases/{own}/messages/{message}/files/1").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cases", "/cases/2026-AAAA-BBBBBB", f"/new?unit={UNIT}", "/back-to-your-text"]
)
def test_who_has_not_signed_in_is_sent_to_sign_in_and_back(come, path):
    """DOMAIN A1: and nothing is shown before."""
    answer = come().get(path)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (
        303,
        "/citizen/sign-in",
    )


def test_a_citizen_adds_to_a_case_once_however_often_it_is_sent(tolvan, number, store):
    """DOMAIN A10: it takes the way of the case."""
    hidden = tolvan.hidden(f"/cases/{number}") | {"text": "Det var på morgonen."}
    for _ in range(2):
        assert tolvan.post(f"/cases/{number}/supplement", hidden).status_code == 303
    assert [one.text for one in store.cases.supplements(number)] == ["Det var på morgonen."]
    assert "Det var på morgonen." in tolvan.get(f"/cases/{number}?done=supplement").text


def test_files_are_taken_when_the_handler_has_asked_for_them(tolvan, number, say, store):
    """DOMAIN A10, D4: and else the field is not there."""
    assert 'type="file"' not in tolvan.get(f"/cases/{number}").text
    file = {"files": ("brev.txt", b"Hej.", "text/plain")}
    refused = tolvan.add(number, "Se filen.", files=file)
    assert (refused.status_code, "Se filen." in refused.text) == (422, True)
    say(MessageKind.SUPPLEMENT_REQUEST, text="Har du brevet?", attachments_allowed=True)
    assert 'type="file"' in tolvan.get(f"/cases/{number}").text
    assert tolvan.add(number, "Se filen.", files=file).status_code == 303
    assert store.cases.supplements(number)[0].attachments[0].file_name == "brev.txt"


def test_files_that_are_too_large_together_leave_the_text(tolvan, number, say):
    """DOMAIN A10: and others can be chosen."""
    say(MessageKind.SUPPLEMENT_REQUEST, text="Har du bilden?", attachments_allowed=True)
    file = {"files": ("bild.png", b"x" * 120_000, "image/png")}
    answer = tolvan.add(number, "Se bilden.", files=file)
    assert (answer.status_code, "Se bilden." in answer.text) == (413, True)
    assert 'type="file"' in answer.text


def test_nothing_is_sent_empty(tolvan, number):
    """DOMAIN A10: a supplement says something, or brings a file."""
    answer = tolvan.add(number, "  ")
    assert (answer.status_code, 'href="#supplement-text"' in answer.text) == (422, True)


def test_who_was_signed_out_meanwhile_finds_the_text_and_not_the_case(come, number):
    """What was written comes back from the browser; the case is for who signs in."""
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = come().post(f"/cases/{number}/supplement", {"text": "Min text."}, headers=own)
    assert (answer.status_code, "Min text." in answer.text) == (401, True)
    assert "alert(1)" not in answer.text


def test_who_was_signed_out_with_large_files_finds_the_text_and_chooses_them_again(come, number):
    """DOMAIN A10: of whom nobody knows the files are not taken in, and all is heard."""
    own = {"Sec-Fetch-Site": "same-origin"}
    files = {"files": ("bild.png", b"x" * 120_000, "image/png")}
    sent = {"text": "Min text."}
    answer = come().post(f"/cases/{number}/supplement", sent, headers=own, files=files)
    assert (answer.status_code, "Min text." in answer.text) == (401, True)
    assert "Filer måste du välja på nytt" in answer.text


def test_a_supplement_that_cannot_be_kept_stays_in_its_form(tolvan, number, store):
    """A database that is away loses nobody's text."""
    hidden = tolvan.hidden(f"/cases/{number}") | {"text": "Min text."}
    store.gone = True
    answer = tolvan.post(f"/cases/{number}/supplement", hidden)
    assert (answer.status_code, "Min text." in answer.text) == (503, True)


def test_a_case_is_taken_back_after_one_more_question(tolvan, number):
    """DOMAIN A10: and then nothing more can be done to it."""
    form = tolvan.hidden(f"/cases/{number}/withdraw")
    assert tolvan.post(f"/cases/{number}/withdraw", form).status_code == 303
    shown = tolvan.get(f"/cases/{number}").text
    assert "Du har tagit tillbaka det" in shown
    assert 'action="/citizen/cases' not in shown
    assert tolvan.get(f"/cases/{number}/withdraw").status_code == 303


def test_a_case_that_another_e_service_sent_is_read_here_and_changed_there(tolvan, doors):
    """DOMAIN A1: e-services answer for what they sent; the inbox is the citizen's own."""
    case = make_case(receiver=Receiver(ReceiverType.CARE, UNIT))
    sender = replace(PAGES, hsa_id=E_SERVICE)
    number = asyncio.run(doors.intake.submit(case, sender)).receipt.case_number
    assert "genom en annan e-tjänst" in tolvan.get(f"/cases/{number}").text
    hidden = tolvan.hidden(f"/cases/{tolvan.sent()}") | {"text": "Mer."}
    assert tolvan.post(f"/cases/{number}/supplement", hidden).status_code == 404


def test_the_list_is_in_pages_with_the_newest_first(tolvan):
    """Each case once, in words that say where it stands."""
    numbers = [tolvan.sent() for _ in range(21)]
    first = tolvan.get("/cases").text
    assert first.index(numbers[20]) < first.index(numbers[1])
    assert numbers[0] not in first
    following = first.split('rel="next" href="/citizen')[1].split('"')[0]
    assert numbers[0] in tolvan.get(following).text
    assert tolvan.get("/cases?before=x").text.count("Skickat, inte öppnat än") == 20


@pytest.mark.parametrize("path", ["/supplement", "/withdraw"])
def test_a_form_that_was_made_elsewhere_is_refused(tolvan, number, store, path):
    """Another site cannot act for who has signed in (CSRF)."""
    before = len(store.cases.timeline(number))
    answer = tolvan.post(f"/cases/{number}{path}", {"form_token": "made up", "text": "x"})
    assert (answer.status_code, len(store.cases.timeline(number))) == (403, before)


def test_the_log_tells_nothing_of_the_citizen(tolvan, number):
    """DOMAIN A8, G3: which page, which case, and through whom; neither name nor number."""
    with structlog.testing.capture_logs() as lines:
        tolvan.get(f"/cases/{number}")
    (line,) = [one for one in lines if one["event"] == "console.answered"]
    assert (line["route"], line["case_number"]) == ("/citizen/cases/{number}", number)
    assert (line["caller"], line["role"]) == ("SE-VAXEL", "e-service")
    assert "Tolvan" not in str(lines)
    assert "191212121212" not in str(lines).replace(number, "")


def test_signing_out_ends_it(tolvan):
    """The cookie is taken away, and the pages are closed."""
    form = {"form_token": tolvan.hidden("/cases")["form_token"]}
    answer = tolvan.post("/sign-out", form)
    assert answer.headers["location"] == "/citizen/signed-out"
    assert answer.headers["set-cookie"].startswith(f'{COOKIE}=""; ')


def test_the_pages_are_in_english_for_who_wants_it(tolvan, number):
    """Swedish first, English second."""
    shown = tolvan.get(f"/cases/{number}", headers={"Accept-Language": "en"})
    assert shown.headers["content-language"] == "en"
    assert "Messages to you" in shown.text
