"""The pages of people who do not say who they are: open, by code, and bounded."""

import asyncio
import json
import re
from datetime import UTC, datetime

import pytest
import structlog
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.console.anonymous.bound import Bound
from gateway.console.anonymous.desk import AnonymousDesk
from gateway.console.anonymous.door import anonymous_routes
from gateway.console.anonymous.sessions import CodeSessions
from gateway.console.forms import LARGEST_TEXT
from gateway.console.provider import Provider
from gateway.domain.anonymous import NOBODY
from gateway.domain.case import Receiver, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS
from gateway.domain.person import is_anonymous
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.identity import Identity
from gateway.flow.caller import Caller, Role
from gateway.settings.citizen_sign_in import CitizenSignInSettings
from gateway.testing.builders import (
    CASE_SYSTEM,
    E_SERVICE,
    make_attachment,
    make_case,
    make_case_message,
)
from gateway.testing.memory import MemoryStore
from tests.doors import make_doors

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
UNIT, SHUT_UNIT = HsaId("SE2321000016-3C4D"), HsaId("SE2321000024-7G8H")
HOME = "/citizen/anonymous"
SECRET = "only for tests, and long enough for them"  # noqa: S105 opens nothing
SETTINGS = CitizenSignInSettings(
    issuer="https://idp.example",
    client_id="vaxel",
    client_secret=SecretStr("the secret that the provider gave"),
    session_secret=SecretStr(SECRET),
)
WRITTEN = {
    "kind": "COMPLAINT",
    "event": "2026-10-28",
    "text": "Jag fick vänta i sju timmar.",
    "answer": "INBOX",
}
CODE = re.compile(r"<code>([0-9A-Z-]{29})</code>")


class Browser:
    """A browser of somebody who has not signed in."""

    def __init__(self, app):
        self.client = TestClient(app, base_url="https://vaxel.example", follow_redirects=False)

    def get(self, path, **more):
        return self.client.get(f"{HOME}{path}", **more)

    def send(self, page, to, headers=None, **fields):
        """Send a form of a page, with what stands hidden in it."""
        form = self.get(page).text.partition(f'action="{HOME}{to}"')[2].partition("</form>")[0]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        return self.client.post(f"{HOME}{to}", data=hidden | fields, headers=headers)

    def write(self, **changes):
        return self.send(f"/new?unit={UNIT}", "/new", **(WRITTEN | changes))


@pytest.fixture
def store():
    return MemoryStore(lambda: NOW)


@pytest.fixture
def doors(store):
    told = {"name": "test", "hsa_id": HsaId("SE-VAXEL"), "contracts": None}
    told |= {"identity": Identity([], ()), "largest_request": 100_000}
    return make_doors(store, _table(), lambda: NOW, **told)


@pytest.fixture
def desk(doors):
    return AnonymousDesk(
        settings=SETTINGS,
        provider=Provider(SETTINGS, "https://vaxel.example/never"),
        sessions=CodeSessions(SECRET, idle_s=60, longest_s=600, clock=lambda: 1_000_000),
        largest_request=LARGEST_TEXT,
        over_tls=True,
        caller=Caller(HsaId("SE-VAXEL"), "test", Role.E_SERVICE),
        anonymous=doors.anonymous,
        chooser=doors.chooser,
        bound=Bound(9.0, lambda: 0.0),
        clock=lambda: NOW,
    )


@pytest.fixture
def browser(desk):
    return Browser(Starlette(routes=anonymous_routes(desk)))


@pytest.fixture
def code(browser):
    """The code of a case that was sent."""
    return _code(browser.write())


@pytest.fixture
def read(browser, code):
    """Open the case, and give its page."""
    assert browser.send("/code", "/code", code=code).headers["location"] == f"{HOME}/case"
    return browser.get("/case").text


def test_a_case_is_sent_without_signing_in_and_its_code_is_shown(browser, store, doors):
    """DOMAIN A9: nothing is stored of who it is."""
    answer = browser.write()
    code = _code(answer)
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    [message] = store.cases.inbox_messages(doors.anonymous.codes.submitter_of(code), None, 9)
    case = store.cases.content(message.case_number)
    assert is_anonymous(case.submitter.person_id)
    assert (case.submitter.name, case.patient, case.description) == (None, None, WRITTEN["text"])


def test_a_form_that_is_sent_twice_gives_one_case_and_the_same_code(browser):
    """DOMAIN C1: as when a page is loaded again."""
    form = browser.get(f"/new?unit={UNIT}").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    first, again = (browser.client.post(f"{HOME}/new", data=hidden | WRITTEN) for _ in range(2))
    assert _code(first) == _code(again)


def test_the_code_opens_the_case_in_any_browser(desk, browser, code, doors):
    """DOMAIN A9, D1: with what its holder said, and a file of it."""
    other = Browser(Starlette(routes=anonymous_routes(desk)))
    other.send("/code", "/code", code=code.lower().replace("-", " "))
    shown = other.get("/case").text
    assert "Bekräftelse" in shown
    number = _found(r"Ärende (\d{4}-\w{4}-\w{6})", shown)
    reply = make_case_message(case_number=number, attachments=(make_attachment(),))
    doors.replies.post(reply, Caller(CASE_SYSTEM, "S", Role.CASE_SYSTEM))
    link = _found(rf'href="{HOME}(/case/messages/[^"]+)"', other.get("/case").text)
    assert other.get(link).headers["content-disposition"].startswith("attachment")


def test_a_wrong_code_opens_nothing(browser, code):
    """DOMAIN A9: and is not shown again."""
    answer = browser.send("/code", "/code", code="22222-22222-22222-22222-22222")
    assert (answer.status_code, "Kontrollera varje tecken" in answer.text) == (404, True)
    assert "22222" not in answer.text
    assert browser.get("/case").headers["location"] == f"{HOME}/code"


def test_something_is_added_and_the_case_taken_back(browser, read, doors):
    """DOMAIN A10."""
    done = browser.send("/case", "/case/supplement", text="Det var på kvällen.")
    assert "är skickat" in browser.client.get(done.headers["location"]).text
    done = browser.send("/case", "/case/withdraw")
    assert "Du har tagit tillbaka ärendet." in browser.client.get(done.headers["location"]).text
    assert "/case/supplement" not in browser.get("/case").text


def test_the_case_is_shut(browser, read):
    """DOMAIN A9: on a computer that others use."""
    browser.client.post(f"{HOME}/sign-out", data={"form_token": _token(read)})
    assert browser.get("/case").headers["location"] == f"{HOME}/code"


def test_the_cookie_and_the_addresses_tell_nothing_of_the_code(browser, read, code):
    """DOMAIN A9, G3: sealed, and only in a form."""
    cookie = browser.client.cookies["__Host-vaxel-anonymous-session"]
    assert code not in cookie
    assert code not in read


def test_a_region_that_takes_none_says_so_with_the_way_to_sign_in(browser):
    """DOMAIN A9: before anybody has written anything."""
    shown = browser.get(f"/new?unit={SHUT_UNIT}").text
    assert 'action="/citizen/anonymous/new"' not in shown
    assert 'href="/citizen"' in shown
    found = browser.get("/choose", params={"text": "mottagningen"}).text
    assert f"unit={UNIT}" in found
    assert f"unit={SHUT_UNIT}" not in found


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "", "Berätta vad som hände."),
        ("event", "", "Skriv vilken dag det hände."),
        ("event", "2026-11-03", "Dagen kan inte vara efter i dag."),
        ("event", "0026-03-01", "Skriv vilken dag det hände."),
        ("kind", "", "Välj vad du vill lämna."),
        ("answer", "", "Välj hur du vill ha svar."),
    ],
)
def test_what_is_missing_is_told_and_the_rest_kept(browser, field, value, words):
    """DOMAIN A2 to A5: nothing is written twice."""
    answer = browser.write(desired="En ursäkt.", **{field: value})
    assert (answer.status_code, words in answer.text, "En ursäkt." in answer.text) == (
        422,
        True,
        True,
    )


def test_a_committee_is_told_where_it_happened(browser, doors, store):
    """DOMAIN A3: whoever does not know the unit says it in words."""
    page, to = f"/new?unit={UNIT}-PN", "/new"
    assert "Skriv var det hände." in browser.send(page, to, **WRITTEN).text
    code = _code(browser.send(page, to, place="I ambulansen", **WRITTEN))
    [message] = store.cases.inbox_messages(doors.anonymous.codes.submitter_of(code), None, 9)
    assert store.cases.content(message.case_number).receiver.place == "I ambulansen"


@pytest.mark.parametrize(
    "sent",
    [
        {"answer": "PHONE", "phone": "070-1740605"},
        {"who": "other", "patient": "191212121212", "relation": "GUARDIAN"},
    ],
)
def test_what_no_form_of_ours_can_say_is_refused(browser, sent):
    """DOMAIN A9: no other person, and nobody to ring up."""
    answer = browser.write(**sent)
    assert (answer.status_code, CODE.search(answer.text)) == (400, None)


def test_a_form_that_another_site_sends_does_nothing(browser):
    """DOMAIN G4: also before there is any code."""
    browser.get("/")
    sent = WRITTEN | {"unit": UNIT.text, "form_token": "forged"}
    assert browser.client.post(f"{HOME}/new", data=sent).status_code == 403
    assert browser.client.post(f"{HOME}/code", data={"code": "x"}).status_code == 403


def test_what_was_written_is_still_there_when_the_page_was_open_too_long(browser, read):
    """DOMAIN A1: the text is the citizen's."""
    ours = {"sec-fetch-site": "same-origin"}
    browser.client.cookies.clear()
    sent = WRITTEN | {"unit": UNIT.text, "form_token": "old"}
    kept = browser.client.post(f"{HOME}/new", data=sent, headers=ours)
    assert (kept.status_code, WRITTEN["text"] in kept.text) == (403, True)
    added = {"text": "Mer.", "form_token": "old"}
    kept = browser.client.post(f"{HOME}/case/supplement", data=added, headers=ours)
    assert (kept.status_code, "Mer." in kept.text) == (403, True)


def test_a_receiver_that_is_gone_meanwhile_leaves_the_text(browser):
    """DOMAIN A9: or that takes no such cases any more."""
    token = _token(browser.get(f"/new?unit={UNIT}").text)
    for unit, status in ((f"{UNIT}-GONE", 404), (SHUT_UNIT.text, 422)):
        sent = WRITTEN | {"unit": unit, "form_token": token, "who": "me"}
        kept = browser.client.post(f"{HOME}/new", data=sent)
        assert (kept.status_code, WRITTEN["text"] in kept.text) == (status, True)


def test_what_is_added_is_still_there_when_the_case_cannot_be_read(browser, read, store):
    """DOMAIN A10: nothing can be kept now, and nothing that was written is lost."""
    added = {"text": "Mer.", "form_token": _token(read)}
    store.gone = True
    kept = browser.client.post(f"{HOME}/case/supplement", data=added)
    assert (kept.status_code, ">Mer.</textarea>" in kept.text) == (503, True)


def test_what_is_added_is_still_there_when_the_case_is_taken_back(browser, read):
    """DOMAIN A10: in another window, meanwhile."""
    sent = {"text": "Mer.", "form_token": _token(read)}
    assert browser.client.post(f"{HOME}/case/withdraw", data=sent).is_redirect
    kept = browser.client.post(f"{HOME}/case/supplement", data=sent)
    assert (kept.status_code, ">Mer.</textarea>" in kept.text) == (409, True)


def test_a_flood_is_bounded_and_loses_nobodys_text(browser):
    """DOMAIN A9: so that it never delays those who have signed in."""
    taken = [browser.write().status_code for _ in range(9)]
    over = browser.write()
    assert (set(taken), over.status_code) == ({200}, 503)
    assert WRITTEN["text"] in over.text


def test_wrong_codes_shut_the_pages_for_nobody(browser, code):
    """DOMAIN A9: one that was made up is told so before it is counted."""
    made_up = [browser.send("/code", "/code", code="2" * 25).status_code for _ in range(20)]
    assert set(made_up) == {404}
    assert browser.send("/code", "/code", code=code).status_code == 303
    assert browser.write().status_code == 200


@pytest.mark.parametrize("form", ["supplement", "withdraw"])
def test_forms_of_no_case_shut_the_pages_for_nobody(browser, form):
    """DOMAIN A9: no code was typed, so there is nothing that they could be let in to."""
    sent = {"form_token": _token(browser.get("/code").text), "text": "Mer."}
    for _ in range(20):
        assert browser.client.post(f"{HOME}/case/{form}", data=sent).status_code == 401
    assert browser.write().status_code == 200


def test_the_longest_texts_are_taken_in_any_letters(browser):
    """DOMAIN A2, A5: whatever form they come in is not larger than what is taken in."""
    longest = "\U0001f642" * 20_000
    page = f"/new?unit={UNIT}"
    assert 'enctype="multipart/form-data"' in browser.get(page).text
    sent = WRITTEN | {"unit": UNIT.text, "form_token": _token(browser.get(page).text)}
    texts = {"text": longest, "desired": longest, "who": "me"}
    parts = {name: (None, value) for name, value in (sent | texts).items()}
    _code(browser.client.post(f"{HOME}/new", files=parts))


@pytest.mark.parametrize("path", ["/new", "/case/supplement"])
@pytest.mark.parametrize("own", [True, False])
def test_no_page_grows_with_what_is_sent_to_it(browser, path, own):
    """DOMAIN A9: what is too long is told, and where the text still is."""
    token = _token(browser.get("/").text + browser.get("/code").text) if own else "made up"
    sent = {"unit": UNIT.text, "form_token": token, "text": "<" * 300_000}
    answer = browser.client.post(
        f"{HOME}{path}", data=sent, headers={"sec-fetch-site": "same-origin"}
    )
    assert (answer.status_code, len(answer.content) < 20_000) == (413, True)
    assert "Gå tillbaka i webbläsaren" in answer.text


@pytest.mark.parametrize("own", [True, False])
def test_a_text_that_is_too_long_is_shown_again_to_whom_the_form_is_for(browser, own):
    """DOMAIN A9: where they shorten it; others go back to it in their browser."""
    token, long = _token(browser.get("/code").text) if own else "made up", "å" * 20_001
    sent = WRITTEN | {"unit": UNIT.text, "who": "me", "form_token": token, "text": long}
    ours = {"sec-fetch-site": "same-origin"}
    answer = browser.client.post(f"{HOME}/new", data=sent, headers=ours)
    assert (answer.status_code, long in answer.text) == ((400, True) if own else (413, False))


@pytest.mark.parametrize("file", ["0", "9223372036854775808", "9" * 5000, "x", "-1"])
def test_a_file_that_no_page_names_is_not_there(browser, read, file):
    """DOMAIN D4: however its number is written."""
    assert browser.get(f"/case/messages/1/files/{file}").status_code == 404


def test_so_many_a_second_are_let_in():
    """DOMAIN A9: and more when the second is over."""
    now = [0.0]
    bound = Bound(2.0, lambda: now[0])
    bound.let_in()
    bound.let_in()
    with pytest.raises(Unavailable):
        bound.let_in()
    now[0] = 1.0
    bound.let_in()


def test_no_line_of_the_log_has_the_code(browser):
    """DOMAIN A9, G3."""
    with structlog.testing.capture_logs() as lines:
        code = _code(browser.write())
        browser.send("/code", "/code", code=code)
        browser.get("/case")
    assert code not in json.dumps(lines, default=str)


def test_what_came_through_another_e_service_is_read_here_and_added_to_there(browser, doors):
    """DOMAIN A9, A10: the code is the key wherever it was given."""
    case = make_case(submitter=NOBODY, receiver=Receiver(ReceiverType.CARE, UNIT))
    e_service = Caller(E_SERVICE, "1177", Role.E_SERVICE)
    _, code = asyncio.run(doors.anonymous.submit(case, e_service))
    browser.send("/code", "/code", code=code)
    shown = browser.get("/case").text
    assert ("genom en annan e-tjänst" in shown, "/case/supplement" in shown) == (True, False)


def _token(page):
    return _found(r'name="form_token" value="([^"]+)"', page)


def _code(answer):
    return _found(CODE, answer.text)


def _found(pattern, text):
    found = re.search(pattern, text)
    assert found, text
    return found.group(1)


def _table():
    rows, regions, destinations = {}, {}, {}
    for unit, key, anonymous in ((UNIT, "norr", True), (SHUT_UNIT, "syd", False)):
        to = Destination(
            f"{key}/system", key, "system", "rest", {}, Policy(), CASE_SYSTEM, "Systemet"
        )
        row = Row(Unit(unit, f"Mottagningen {key}", "Luleå", key), to, ALWAYS, "units.csv", 2)
        committee = Committee(HsaId(f"{unit}-PN"), f"Nämnden {key}", to)
        rows[unit.key], destinations[to.key] = (row,), to
        regions[key] = Region(key, key.title(), "25", committee, anonymous=anonymous)
    return RouteTable("v1", regions, destinations, rows)
