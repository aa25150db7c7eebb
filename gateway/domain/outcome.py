"""What came of one attempt to deliver: one of four outcomes (docs/decisions/0002)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLError


@dataclass(frozen=True, slots=True)
class Delivered:
    """They have it; `remote_id` is what they call the case, when they said."""

    remote_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """They never will take this; a human looks. `reason` carries no personal data."""

    reason: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was taken; `after` is the seconds that they asked us to wait, when they said."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It was sent and no answer came: repeated only where repeats are recognised (DOMAIN C6)."""

    reason: str


Outcome = Delivered | Refused | TryLater | Unclear

# What an HTTP status says about one message. Where our own settings are wrong, nothing was taken
# and nothing is wrong with the message: it waits, and goes out by itself when they are mended.
_TRY_LATER = {
    401: "our credentials are not accepted there; see the destination's secrets",
    403: "we are not permitted there",
    404: "nothing has this address there; see settings.url",
    405: "this address takes no POST; see settings.url",
    407: "a proxy there wants credentials",
    408: "it did not get the whole message in time",
    421: "the host at this address answers for others; see settings.url",
    425: "it asks us to come back",
    429: "we call too often",
    501: "this address takes no such calls; see settings.url",
    503: "it cannot take anything now",
}


def nothing_sent(error: Exception) -> TryLater:
    """
    Tell that no connection came about, and why, as far as it is known.

    Of the words of the error those that TLS says are told: certificates hold no personal data.
    """
    told: list[str] = [type(error).__name__]
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, SSLError):
        # A pool of connections takes away the cause; the context is still there.
        cause = cause.__cause__ or cause.__context__
    if cause:
        told += [cause.reason, getattr(cause, "verify_message", "")]
    return TryLater(f"nothing was sent: {', '.join(filter(None, told))}")


def outcome_of_status(status: int, retry_after: str | None = None) -> Refused | TryLater | Unclear:
    """
    Tell what an HTTP status that is no success means for the message.

    `retry_after` is the header of that name. A server's fault in the 500s may have come after the
    message was taken, except where the status itself denies it.
    """
    if status in _TRY_LATER:
        return TryLater(f"HTTP {status}: {_TRY_LATER[status]}", _seconds_asked(retry_after))
    if 300 <= status < 400:
        return TryLater(f"HTTP {status}: it has moved; put its new address in settings.url")
    if 400 <= status < 500:
        return Refused(f"HTTP {status}: it will not take this message")
    return Unclear(f"HTTP {status}: whether it took the message is not known")


def _seconds_asked(retry_after: str | None) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110 §10.2.3); what cannot be read is no wish."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
