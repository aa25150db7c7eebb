"""What a notice says is the same to everybody."""

from gateway.notifier.words import TITLE, long_text, short_text

LINK = "https://inkorg.example/"


def test_a_notice_says_where_to_read_and_nothing_of_care():
    """DOMAIN D5: it never contains the reply, nor whom it is from."""
    assert short_text(LINK) == f"Du har ett nytt meddelande. Logga in för att läsa det: {LINK}"
    assert TITLE in long_text(LINK)
    assert "Sign in to read it" in long_text(LINK)


def test_a_text_message_is_one():
    """A text message has room for 160 characters."""
    assert len(short_text(LINK)) < 160
