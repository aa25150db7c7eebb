"""Nothing that staff write is lost: what cannot be taken is shown back, whatever went wrong."""

import re

import pytest

from gateway.flow.caller import Caller, Role
from gateway.flow.numbers import new_message_id
from gateway.testing.builders import E_SERVICE
from tests.unit.console.conftest import UNIT
from tests.unit.console.test_register import FILLED

OURS = {"Sec-Fetch-Site": "same-origin"}
WRITTEN = "Det vi skrev."


@pytest.fixture
def theme(receiver):
    made = receiver.fill("/themes", "/themes", title="Stolarna", level="UNIT", owner=UNIT.text)
    return made.headers["location"].removeprefix("/console").partition("?")[0]


@pytest.fixture
def places(number, theme):
    return {"case": f"/cases/{number}", "theme": theme}


@pytest.fixture
def withdrawn(doors, number):
    e_service = Caller(E_SERVICE, "1177", Role.E_SERVICE)
    return lambda: doors.intake.withdraw(number, new_message_id(), e_service)


def hidden(shown):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))


@pytest.mark.parametrize(
    ("there", "form", "fields"),
    [
        ("case", "/final-reply", {"text": WRITTEN}),
        ("theme", "/record-measure", {"text": WRITTEN, "level": "UNIT", "responsible": "Chefen"}),
        ("/themes", "", {"title": WRITTEN, "level": "UNIT", "owner": UNIT.text}),
        ("/register", "", FILLED | {"text": WRITTEN, "desired": "Ring."}),
    ],
)
def test_when_nothing_can_be_kept_all_is_still_there(receiver, places, store, there, form, fields):
    """E2: it can be sent again from the page as it stands, with what was chosen."""
    page = places.get(there, there)
    sent = hidden(receiver.get(page).text) | fields
    store.gone = True
    kept = receiver.client.post(f"/console{page}{form}", data=sent)
    store.gone = False
    assert (kept.status_code, WRITTEN in kept.text) == (503, True)
    again = hidden(kept.text) | {
        name: fields[name] for name in ("text", "title") if name in fields
    }
    shown = {name: value for name, value in fields.items() if f'id="kept-{name}"' in kept.text}
    assert receiver.client.post(f"/console{page}{form}", data=again | shown).status_code == 303


@pytest.mark.parametrize("form", ["partial-reply", "counter-question", "reopen"])
def test_a_case_that_was_taken_back_meanwhile_leaves_the_text(browse, number, form, withdrawn):
    """E2: its page has no such form any more, and the text can be copied."""
    receiver = browse(Role.CASE_RECEIVER)
    sent = hidden(receiver.get(f"/cases/{number}").text) | {"text": WRITTEN}
    withdrawn()
    kept = receiver.client.post(f"/console/cases/{number}/{form}", data=sent)
    assert (kept.status_code, f"readonly>{WRITTEN}" in kept.text) == (409, True)


def test_who_was_signed_out_finds_the_text_and_sends_it_after_signing_in(browse, number):
    """E1: nothing is sent in the name of somebody who did not press the button."""
    receiver, nobody = browse(Role.CASE_RECEIVER), browse()
    there = f"/console/cases/{number}/final-reply"
    sent = hidden(receiver.get(f"/cases/{number}").text) | {"text": WRITTEN}
    kept = nobody.client.post(there, data=sent, headers=OURS)
    assert (kept.status_code, WRITTEN in kept.text) == (401, True)
    assert 'href="/console/sign-in"' in kept.text
    stale = hidden(kept.text) | {"text": WRITTEN}
    anew = receiver.client.post(there, data=stale, headers=OURS)
    assert (anew.status_code, WRITTEN in anew.text) == (403, True)
    assert receiver.client.post(there, data=hidden(anew.text) | {"text": WRITTEN}).is_redirect


def test_files_that_are_too_large_leave_the_text(receiver, number):
    """D4: and others can be chosen."""
    sent = hidden(receiver.get(f"/cases/{number}").text) | {"text": WRITTEN}
    file = {"files": ("stor.png", b"x" * 12_000, "image/png")}
    there = f"/console/cases/{number}/final-reply"
    kept = receiver.client.post(there, data=sent, files=file)
    assert (kept.status_code, WRITTEN in kept.text) == (413, True)
    assert 'type="file"' in kept.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_what_another_site_has_written_is_not_shown(receiver, number, site):
    """G4: nobody puts words on a page of ours."""
    there = f"/console/cases/{number}/final-reply"
    sent = {"form_token": "forged", "text": WRITTEN}
    answer = receiver.client.post(there, data=sent, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, WRITTEN in answer.text) == (403, False)
