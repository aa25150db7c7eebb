"""Who stands behind the sender, and which platforms a call has passed (INTEROP §1.6)."""

import re
from dataclasses import replace

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId, is_loose
from gateway.facade.head import Head
from gateway.flow.caller import Caller

ORIGINAL_CONSUMER_HEADER = "x-rivta-original-serviceconsumer-hsaid"
ON_BEHALF_HEADER = "x-rivta-acting-on-behalf-of-hsaid"
ROUTING_HISTORY_HEADER = "x-rivta-routing-history"


def with_those_behind(sender: Caller, head: Head) -> Caller:
    """
    Give the sender with those that it names as behind it; it stays who it is.

    Only a trusted neighbour may name another than itself as the original consumer. Raises Refusal
    (VP013), and for a header that holds no HSA-id (VP015).
    """
    if ORIGINAL_CONSUMER_HEADER not in head and ON_BEHALF_HEADER not in head:
        return sender
    began, principal = _named(head, ORIGINAL_CONSUMER_HEADER), _named(head, ON_BEHALF_HEADER)
    if began not in (None, sender.hsa_id) and not sender.may_tell_original_consumer:
        words = (
            f"{sender.hsa_id} may name no other than itself; leave the header out, "
            "or ask the operators of this gateway"
        )
        rule = Rule.ORIGINAL_CONSUMER_NOT_PERMITTED
        raise Refusal(Fault(rule, ORIGINAL_CONSUMER_HEADER, words))
    return replace(sender, original_consumer=began, on_behalf_of=principal)


def check_route(head: Head, own: HsaId) -> None:
    """Refuse a call that has been here before (VP014); `own` is our HSA-id. Raises Refusal."""
    told = head.get(ROUTING_HISTORY_HEADER)
    if told is None:
        return
    # RFC 9110 §5.3 puts a comma between lines of the same name, and no HSA-id has one.
    passed = ",".join(told)
    if not _HISTORY.fullmatch(passed):
        words = "names platforms with # between, in at most 4096 plain characters"
        raise Refusal(Fault(Rule.UNREADABLE, ROUTING_HISTORY_HEADER, words))
    if any(HsaId(one.strip()) == own for one in _BETWEEN.split(passed)):
        words = "this gateway has been passed already"
        raise Refusal(Fault(Rule.ROUTING_LOOP, ROUTING_HISTORY_HEADER, words))


_HISTORY = re.compile(r"[ -~\t]{0,4096}")
_BETWEEN = re.compile("[#,]")


def _named(head: Head, header: str) -> HsaId | None:
    told = head.get(header, ())
    text = ",".join(told).strip()
    if not text:
        return None
    if not is_loose(text):
        words = "holds one HSA-id: letters, digits, '-' and '_' only"
        raise Refusal(Fault(Rule.UNREADABLE, header, words))
    return HsaId(text)
