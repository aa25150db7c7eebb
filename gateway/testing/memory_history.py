"""What was said about a case, as the store in memory has it."""

from collections.abc import Iterable, Iterator

from gateway.domain.forwarding import Past, PastKind, Place
from gateway.domain.message import InboxKind, InboxMessage
from gateway.flow.ports import NewDelivery


def past(inbox: Iterable[InboxMessage], told: Iterable[NewDelivery]) -> tuple[Past, ...]:
    """Tell what was said by both sides, in the order of time."""
    return tuple(sorted((*_said(inbox), *_added(told)), key=lambda one: one.at))


def _said(inbox: Iterable[InboxMessage]) -> Iterator[Past]:
    for message in inbox:
        if message.kind is not InboxKind.CASE_CONFIRMATION:
            sender = Place(message.sender, message.sender_name)
            kind, files = PastKind(message.kind.value), message.attachments
            yield Past(kind, message.sent_at, message.text, sender, files)


def _added(told: Iterable[NewDelivery]) -> Iterator[Past]:
    for one in told:
        if one.supplement is not None:
            text, files = one.supplement.text, one.supplement.attachments
            yield Past(PastKind.SUPPLEMENTED, one.created_at, text, None, files)
