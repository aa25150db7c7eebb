"""Nothing that citizens write is lost: what cannot be taken is shown back, whatever went wrong."""

import pytest

from tests.unit.console.citizen.conftest import FILLED, TO_COMMITTEE
from tests.unit.console.conftest import UNIT

OURS = {"Sec-Fetch-Site": "same-origin"}
GONE = {"unit": "SE2321000016-GONE"}


@pytest.mark.parametrize("gone", [GONE, TO_COMMITTEE | {"about": GONE["unit"]}])
def test_a_unit_that_is_gone_meanwhile_leaves_the_text(tolvan, gone):
    """A2: there is no form for it any more; what was written can be copied."""
    sent = tolvan.hidden(f"/new?unit={UNIT}") | FILLED | {"desired": "En ursäkt."} | gone
    kept = tolvan.post("/new", sent)
    assert kept.status_code == 404
    assert f"readonly>{FILLED['text']}" in kept.text
    assert "readonly>En ursäkt." in kept.text


def test_a_unit_that_is_gone_leaves_the_text_also_of_who_was_signed_out(come):
    """A1, A2: whichever comes first."""
    kept = come().post("/new", FILLED | GONE, headers=OURS)
    assert (kept.status_code, FILLED["text"] in kept.text) == (404, True)


def test_a_case_that_was_taken_back_meanwhile_leaves_the_text(tolvan):
    """A10: in another window, while this one was open."""
    number = tolvan.sent()
    added = tolvan.hidden(f"/cases/{number}") | {"text": "Det var på morgonen."}
    tolvan.post(f"/cases/{number}/withdraw", tolvan.hidden(f"/cases/{number}/withdraw"))
    kept = tolvan.post(f"/cases/{number}/supplement", added)
    assert kept.status_code == 409
    assert "readonly>Det var på morgonen." in kept.text
    assert "avslutat eller återtaget" in kept.text


def test_where_nothing_was_written_nothing_is_shown_back(tolvan):
    """A button that cannot be pressed has its reason, and no empty form."""
    number = tolvan.sent()
    form = tolvan.hidden(f"/cases/{number}/withdraw")
    tolvan.post(f"/cases/{number}/withdraw", form)
    answer = tolvan.post(f"/cases/{number}/withdraw", form | {"key": ""})
    assert (answer.status_code, "<textarea" in answer.text) == (409, False)
