"""Call an adapter once and judge what came of it; nothing here waits, stores or repeats."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from gateway.adapter import Adapter, Delivered, Finds, Outcome, Refused, TryLater, Unclear
from gateway.domain.errors import ContentAway, ContentLost, Unavailable
from gateway.domain.lifecycle import DELIVERY_STEPS, DeliveryState, DeliveryStep
from gateway.domain.message import Message
from gateway.domain.person import without_numbers
from gateway.domain.policy import Policy
from gateway.flow.ports import Abandoned, Attempted, Claimed

# A system may ask us to wait, but not for ever.
LONGEST_ASKED_WAIT_S = 24 * 3600.0

# An outcome is judged of a delivery that is being sent.
_AFTER = DELIVERY_STEPS[DeliveryState.SENDING]


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What decides how an outcome is judged, beside the outcome itself.

    Patience runs from `waiting_since` and `attempt` counts from there: a replay sets both anew.
    `luck` is in 0..1.
    `safe_to_repeat` tells whether sending again can make nothing double there.
    """

    policy: Policy
    safe_to_repeat: bool
    attempt: int
    waiting_since: datetime
    now: datetime
    luck: float


def terms(
    policy: Policy,
    kind: type[Adapter],
    claim: Claimed | Abandoned,
    now: datetime,
    luck: float,
) -> Terms:
    """Give the terms of an attempt by an adapter of that kind."""
    return Terms(
        policy=policy,
        safe_to_repeat=is_safe_to_repeat(kind),
        attempt=claim.attempt - claim.attempts_before,
        waiting_since=claim.waiting_since,
        now=now,
        luck=luck,
    )


class FileAway(TryLater):
    """Nothing was sent: the files that go along cannot be read now."""


class FileLost(Refused):
    """Nothing was sent: a file that goes along is lost until operators bring it back."""


class TooLate(TryLater):
    """Nothing was sent: the claim is so old that others may have taken over."""


def tells_of_them(outcome: Outcome) -> bool:
    """Tell whether an outcome says anything of the system that was to be called."""
    return not isinstance(outcome, FileAway | FileLost | TooLate)


def is_safe_to_repeat(kind: type[Adapter]) -> bool:
    """Tell whether such systems recognise repeats, or can be asked before anything is repeated."""
    return kind.can.recognises_repeats or issubclass(kind, Finds)


def attempt(adapter: Adapter, message: Message, number: int = 1) -> Outcome:
    """
    Deliver once; an adapter that raises or answers nonsense is Unclear (DOMAIN C6).

    An attempt after the first asks what they have before it sends, where they can be asked. The
    words of a stranger's exception may carry personal data, so only its type is told. Adapters
    read files before they send anything, so what cannot be read was not sent.
    """
    if number > 1 and isinstance(adapter, Finds):
        found = _find(adapter, message)
        if found is not None:
            return found
    try:
        outcome = _naming_nobody(adapter.deliver(message))
    except ContentAway as error:
        return FileAway(f"our own files cannot be read: {error}", error.retry_after)
    except ContentLost as error:
        return FileLost(str(error))
    except Exception as error:  # noqa: BLE001 an adapter must never take the worker down
        return Unclear(f"{type(adapter).__name__} raised {type(error).__name__}")
    if isinstance(outcome, Delivered | Refused | TryLater | Unclear):
        return outcome
    return Unclear(f"{type(adapter).__name__} answered {type(outcome).__name__}, no outcome")


def judge(outcome: Outcome, terms: Terms) -> Attempted:
    """Tell where the delivery stands after this outcome, and when it is tried again."""
    match outcome:
        case Delivered(remote_id):
            return Attempted(_AFTER[DeliveryStep.SUCCEED], "delivered", remote_id=remote_id)
        case Refused(reason):
            return Attempted(_AFTER[DeliveryStep.PARK], "refused", reason)
        case TryLater(reason, after):
            return _again("try-later", reason, terms, after)
        case Unclear(reason) if terms.safe_to_repeat:
            return _again("unclear", reason, terms)
        case Unclear(reason):
            words = f"{reason}; not repeated, because the system does not recognise repeats"
            return Attempted(_AFTER[DeliveryStep.PARK], "unclear", words)
        case _ as never:
            assert_never(never)


def _naming_nobody(outcome: object) -> object:
    """Give an outcome as operators may see it: a partner's words are a partner's (DOMAIN A8)."""
    match outcome:
        case Refused(reason) | TryLater(reason) | Unclear(reason):
            return replace(outcome, reason=without_numbers(reason))
        case _:
            return outcome


def _find(adapter: Finds, message: Message) -> Delivered | TryLater | None:
    """Ask what they have; while they cannot tell, nothing is sent."""
    try:
        found = _naming_nobody(adapter.find(message))
    except Unavailable as error:
        words = f"it cannot be asked now whether it has the message: {error}"
        return TryLater(without_numbers(words), error.retry_after)
    except Exception as error:  # noqa: BLE001 an adapter must never take the worker down
        return TryLater(f"{type(adapter).__name__}.find raised {type(error).__name__}")
    if found is None or isinstance(found, Delivered):
        return found
    return TryLater(f"{type(adapter).__name__}.find gave {type(found).__name__}, no outcome")


def _again(outcome: str, reason: str, terms: Terms, asked: float | None = None) -> Attempted:
    patience_ends = terms.waiting_since + timedelta(days=terms.policy.patience_days)
    if terms.now >= patience_ends:
        words = f"{reason}; given up after {terms.policy.patience_days:g} days"
        return Attempted(_AFTER[DeliveryStep.PARK], "expired", words)
    delay_s = terms.policy.delay_s(terms.attempt, terms.luck)
    if asked is not None:
        delay_s = max(delay_s, min(asked, LONGEST_ASKED_WAIT_S))
    # Whatever the wait, and whatever was asked for: it is tried once more before it is given up.
    due_at = min(terms.now + timedelta(seconds=delay_s), patience_ends)
    return Attempted(_AFTER[DeliveryStep.POSTPONE], outcome, reason, due_at)
