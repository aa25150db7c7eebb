"""Tell operators of what a destination left as a reply, and is none."""

import structlog

from gateway.domain.person import without_numbers

log = structlog.get_logger()


def tell_rejected(destination: str, name: str, reason: str) -> None:
    """
    Log once that what lay under this name is refused, and why.

    The name is a stranger's: what looks like a personal number is blotted out of it, and what a
    log cannot carry is a question mark.
    """
    shown = "".join(character if character.isprintable() else "?" for character in name)
    log.warning(
        "reply.refused",
        destination=destination,
        file=without_numbers(shown),
        reason=without_numbers(reason),
    )
