"""A file that is refused is told by its number, and the text stays in the form (issue 5)."""

import re

import pytest

from gateway.flow.timeline import Step
from gateway.testing.small_files import JPEG, PDF, PNG


@pytest.fixture
def reply(receiver, number):
    """Send a reply with files."""

    def reply(*files):
        shown = receiver.get(f"/cases/{number}").text
        data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
        sent = [("files", (f"{n}.png", one, "image/png")) for n, one in enumerate(files)]
        there = f"/console/cases/{number}/final-reply"
        return receiver.client.post(there, data=data | {"text": "Vårt svar"}, files=sent)

    return reply


def test_the_form_is_shown_again_with_its_text_and_which_file_is_wrong(reply, number, store):
    """ISSUE: refused, the text of the message kept; and nothing changed."""
    answer = reply(PNG, JPEG, PDF)
    assert answer.status_code == 422
    assert ">Vårt svar</textarea>" in answer.text
    told = re.findall(r"Fil (\d): En fil är inte vad den säger sig vara", answer.text)
    assert told == ["2", "3"]
    steps = [link.entry.step for link in store.cases.timeline(number)]
    assert Step.MESSAGE_ACCEPTED not in steps


def test_a_reply_with_files_that_are_what_they_say_is_sent(reply):
    """DOMAIN D4."""
    assert reply(PNG).status_code == 303
