"""What the citizen reads that no handler wrote."""

import pytest

from gateway.domain.case import AnswerWanted, Kind
from gateway.domain.message import KINDS_WITH_TEXT, InboxKind, MessageKind
from gateway.flow.words import INBOX_KIND, STANDARD_TEXTS, confirmation_text, told_text
from gateway.testing.builders import make_case, make_case_message


def test_every_message_of_a_holder_has_its_kind_in_the_citizens_inbox():
    """DOMAIN D1, D2; A7: the confirmation alone comes from us."""
    assert set(INBOX_KIND) == set(MessageKind)
    assert set(INBOX_KIND.values()) == set(InboxKind) - {InboxKind.CASE_CONFIRMATION}


def test_what_may_be_said_without_words_has_a_standard_text():
    """DOMAIN D3: fixed texts; a FORWARD tells the new unit's name instead."""
    speechless = set(MessageKind) - KINDS_WITH_TEXT - {MessageKind.FORWARD}
    assert set(STANDARD_TEXTS) == speechless
    assert all(text.startswith("Ditt ärende") for text in STANDARD_TEXTS.values())


@pytest.mark.parametrize(
    ("kind", "wanted", "words"),
    [
        (Kind.COMPLAINT, AnswerWanted.INBOX, "inom fyra veckor"),
        (Kind.FEEDBACK, AnswerWanted.INBOX, "hanteras samlat"),
        (Kind.COMPLAINT, AnswerWanted.NONE, "valt att inte få något svar"),
    ],
)
def test_the_confirmation_tells_what_to_expect(kind, wanted, words):
    """DOMAIN A5, A7, A11."""
    case = make_case(kind=kind, answer_wanted=wanted)
    assert words in confirmation_text(case, "2026-1", "Vårdcentralen Björken")


@pytest.mark.parametrize("said", [None, "", " \n"])
def test_a_citizen_never_reads_blanks(said):
    """DOMAIN D3: the fixed text stands in."""
    message = make_case_message(kind=MessageKind.RECEIVED, text=said)
    assert told_text(message) == STANDARD_TEXTS[MessageKind.RECEIVED]
