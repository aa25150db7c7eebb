"""What the citizen reads that no handler wrote."""

from gateway.domain.message import KINDS_WITH_TEXT, InboxKind, MessageKind
from gateway.flow.words import INBOX_KIND, STANDARD_TEXTS


def test_every_message_of_a_holder_has_its_kind_in_the_citizens_inbox():
    """DOMAIN D1, D2; A7: the confirmation alone comes from us."""
    assert set(INBOX_KIND) == set(MessageKind)
    assert set(INBOX_KIND.values()) == set(InboxKind) - {InboxKind.CASE_CONFIRMATION}


def test_what_may_be_said_without_words_has_a_standard_text():
    """DOMAIN D3: fixed texts; a FORWARD tells the new unit's name instead."""
    speechless = set(MessageKind) - KINDS_WITH_TEXT - {MessageKind.FORWARD}
    assert set(STANDARD_TEXTS) == speechless
    assert all(text.startswith("Ditt ärende") for text in STANDARD_TEXTS.values())
