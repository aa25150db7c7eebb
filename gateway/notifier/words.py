"""What a notice says: the same to everybody, so that it tells nothing of care (DOMAIN D5)."""

TITLE = "Du har ett nytt meddelande"


def short_text(link: str) -> str:
    """Say it in Swedish alone, as short as a text message is."""
    return f"{TITLE}. Logga in för att läsa det: {link}"


def long_text(link: str) -> str:
    """Say it in Swedish, and in English."""
    return f"{short_text(link)}\n\nYou have a new message. Sign in to read it: {link}\n"
