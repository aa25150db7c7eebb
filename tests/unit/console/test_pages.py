"""What every page promises, whoever comes: who is let in, what is told, and what never is."""

import re

import pytest
import structlog

from gateway.flow.caller import Role
from gateway.flow.timeline import Step
from tests.unit.console.conftest import OTHER_UNIT


@pytest.fixture
def logged():
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_every_page_forbids_scripts_frames_caches_and_referrers(receiver, number):
    """Nothing runs in a page, and nothing of it is kept or told on."""
    headers = receiver.get(f"/cases/{number}").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_what_a_citizen_wrote_is_text_and_nothing_else(receiver, number):
    """A script in a complaint is read, and does not run."""
    assert "&lt;script&gt;" in receiver.get(f"/cases/{number}").text
    assert "<script" not in receiver.get(f"/cases/{number}").text


def test_who_has_not_signed_in_is_sent_to_sign_in_and_back(browse):
    """A link to a case works for who has to sign in first (E1)."""
    answer = browse().get("/cases?kind=COMPLAINT")
    where = "/console/sign-in?next=%2Fconsole%2Fcases%3Fkind%3DCOMPLAINT"
    assert (answer.status_code, answer.headers["location"]) == (303, where)


def test_the_cookie_is_for_this_host_over_tls_and_no_script(receiver, watch):
    """Whoever reads a page's script or another host gets no session."""
    watch.now += 30
    cookie = receiver.get("/cases").headers["set-cookie"]
    assert cookie.startswith("__Host-vaxel-session=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))


def test_an_answer_that_comes_after_signing_out_brings_nobody_back(receiver, watch):
    """DOMAIN E1: whoever was asked for a page before is not signed in by its answer."""
    before = {"Cookie": f"__Host-vaxel-session={receiver.client.cookies['__Host-vaxel-session']}"}
    (token,) = set(re.findall(r'name="form_token" value="([^"]*)"', receiver.get("/cases").text))
    receiver.client.post("/console/sign-out", data={"form_token": token})
    watch.now += 40
    assert "set-cookie" not in receiver.get("/cases", headers=before).headers


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"])
def test_a_place_in_the_list_that_no_page_has_given_is_passed_over(receiver, after):
    """DOMAIN A11: also a time that there is not in UTC."""
    place = {"after": f"{after}_0198f0a47c1e7d3a9b523f6f0c0a1b2c"}
    assert receiver.get("/cases", params=place).status_code == 200


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_form_that_was_made_elsewhere_is_refused(receiver, number, store, token):
    """Another site cannot act for who has signed in (CSRF)."""
    before = len(store.cases.timeline(number))
    answer = receiver.client.post(
        f"/console/cases/{number}/assign", data={"form_token": token, "me": "yes"}
    )
    assert (answer.status_code, len(store.cases.timeline(number))) == (403, before)


def test_a_form_of_nobody_is_refused_with_what_to_do(browse, number):
    """A session that has ended loses no text unsaid."""
    answer = browse().client.post(f"/console/cases/{number}/assign", data={"me": "yes"})
    assert answer.status_code == 401
    assert "kopiera din text" in answer.text


def test_the_log_tells_who_saw_which_case_and_nothing_personal(receiver, number, logged):
    """One wide line a visit, as at the other doors (G3, A8)."""
    receiver.get(f"/cases/{number}?find=Maria")
    (line,) = [one for one in logged if one["event"] == "console.answered"]
    assert line["route"] == "/console/cases/{number}"
    assert (line["case_number"], line["status"]) == (number, 200)
    assert (line["caller"], line["role"]) == ("SE-CASE_RECEIVER", "case-receiver")
    assert "Maria" not in str(logged)


def test_there_is_no_such_page(browse):
    """What is not there is told in a page, in the reader's language."""
    answer = browse().get("/nowhere", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


@pytest.mark.parametrize("address", ["/cases/%00", "/cases?find=%00", "/register?unit=a%00"])
def test_an_address_that_no_database_can_look_for_leads_nowhere(receiver, logged, address):
    """PostgreSQL refuses such text, and that is no fault of ours to tell."""
    assert receiver.get(address).status_code == 404
    assert "console.failed" not in [line["event"] for line in logged]


def test_more_than_a_form_may_hold_is_refused(receiver, number):
    """Whoever sends too much is told, and nothing is kept."""
    answer = receiver.send(number, "final-reply", text="a" * 20_000)
    assert answer.status_code == 413


def test_a_line_that_is_too_long_is_told_and_kept(receiver, number):
    """The same lengths as over REST: nothing is cut off, and what was written is still there."""
    answer = receiver.send(number, "assign", handler="a" * 256)
    assert answer.status_code == 400
    assert 'href="#assign-handler"' in answer.text
    assert "a" * 256 in answer.text


def test_what_xml_cannot_carry_is_left_out(receiver, number, store):
    """A text that is pasted may hold what nobody sees."""
    assert receiver.send(number, "partial-reply", text="Rad\x0bett\x00").status_code == 303
    assert "Rad ett" in receiver.get(f"/cases/{number}").text


def test_a_style_sheet_sets_no_cookie(receiver):
    """What may be kept on the way does not tell who has signed in."""
    style = receiver.get("/static/console.css")
    assert style.headers["cache-control"].startswith("public")
    assert "set-cookie" not in style.headers


def test_a_file_is_saved_and_never_shown(receiver, number):
    """A browser runs nothing that a citizen sent (issue 5: never inline-executable)."""
    answer = receiver.get(f"/cases/{number}/attachments/1")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''bild%20")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_is_not_there_is_told(receiver, number):
    """Files are counted from 1."""
    assert receiver.get(f"/cases/{number}/attachments/2").status_code == 404


@pytest.mark.parametrize("file", ["0", "9223372036854775808", "9" * 5000, "x", "-1"])
def test_a_file_that_no_page_names_is_not_there(receiver, number, file):
    """DOMAIN D4: however its number is written."""
    assert receiver.get(f"/cases/{number}/attachments/{file}").status_code == 404


def test_a_distributor_gets_no_file(browse, number):
    """Who assigns does not read (E1)."""
    answer = browse(Role.CASE_DISTRIBUTOR).get(f"/cases/{number}/attachments/1")
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.CASE_RECEIVER, Role.CASE_DISTRIBUTOR, Role.COORDINATOR])
def test_to_another_unit_a_case_does_not_exist(browse, number, role):
    """404, as for a case that there is not (E1)."""
    stranger = browse(role, OTHER_UNIT)
    assert stranger.get(f"/cases/{number}").status_code == 404
    assert number not in stranger.get("/cases").text


def test_the_second_of_two_handlers_is_told_and_keeps_the_text(browse, number):
    """Nothing was changed, and what was written is still there (E2)."""
    first, second = browse(Role.CASE_RECEIVER), browse(Role.COORDINATOR)
    shown = second.get(f"/cases/{number}").text
    first.send(number, "partial-reply", text="Den första")
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    there = f"/console/cases/{number}/final-reply"
    answer = second.client.post(there, data=hidden | {"text": "Den andra"})
    assert answer.status_code == 409
    assert "Någon annan har ändrat ärendet" in answer.text
    assert ">Den andra</textarea>" in answer.text


def test_a_form_sent_twice_is_done_once(receiver, number, store):
    """A double click is a repeat (D2)."""
    shown = receiver.get(f"/cases/{number}").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    there, data = f"/console/cases/{number}/partial-reply", hidden | {"text": "En gång"}
    answers = [receiver.client.post(there, data=data).status_code for _ in range(2)]
    steps = [link.entry.step for link in store.cases.timeline(number)]
    assert (answers, steps.count(Step.MESSAGE_ACCEPTED)) == ([303, 303], 1)


def test_a_case_that_is_sent_on_leads_back_to_the_inbox(receiver, number):
    """Whoever sends a case on cannot see it any more (D6)."""
    answer = receiver.send(number, "forward", to=OTHER_UNIT.text, text="Fel enhet")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases?done=forward")
    assert receiver.get(f"/cases/{number}").status_code == 404


def test_a_receiver_to_forward_to_is_found_by_its_words(receiver, number):
    """Nobody knows HSA-ids by heart (A14, D6)."""
    assert OTHER_UNIT.text in receiver.get(f"/cases/{number}?find=enh").text


def test_what_is_searched_for_is_as_short_as_over_rest(receiver, number):
    """DOMAIN A14: the first 100 letters count, whatever comes in the address."""
    shown = receiver.get(f"/cases/{number}?find={'enheten ' * 12}{'ö' * 10_000}").text
    assert "ö" * 4 in shown
    assert "ö" * 5 not in shown
