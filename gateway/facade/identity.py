"""Who is calling: told by an API key, or over SOAP by what a trusted proxy says."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.certificate import CERTIFICATE_HEADERS, certificate_senders
from gateway.facade.head import Head, first
from gateway.flow.caller import Caller

SENDER_HEADER = "x-vp-sender-id"


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller and the SHA-256 digests (hex) of its API keys; the keys themselves are nowhere."""

    caller: Caller
    key_digests: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Everybody we know, and the proxies that we let speak for them.

    Everybody else is refused: deny by default.
    """

    known: Sequence[KnownCaller]
    trusted_proxies: Sequence[IPv4Network | IPv6Network]
    _by_hsa_id: Mapping[HsaId, Caller] = field(init=False, repr=False, compare=False)
    _trusts: Callable[[str], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the callers by HSA-id."""
        index = {known.caller.hsa_id: known.caller for known in self.known}
        object.__setattr__(self, "_by_hsa_id", index)
        # A proxy sends many requests, and to read its address takes longer than all else here.
        trusts = lru_cache(maxsize=1024)(partial(is_in, self.trusted_proxies))
        object.__setattr__(self, "_trusts", trusts)

    def by_api_key(self, key: str | None) -> Caller:
        """Tell whose key this is, in the same time for every key; raises Refusal."""
        digest = hashlib.sha256((key or "").encode()).hexdigest()
        found = None
        for known in self.known:
            for candidate in known.key_digests:
                if hmac.compare_digest(candidate, digest):
                    found = known.caller
        if not key or found is None:
            words = "send a known API key; ask the operators of this gateway for one"
            raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
        return found

    def by_soap_peer(self, head: Head, peer_ip: str | None) -> Caller:
        """
        Tell who sent a request that came through a trusted proxy (INTEROP §2.5).

        `peer_ip` is the other end of the connection; X-Forwarded-For is never believed. Raises
        Refusal.
        """
        self.check_peer(peer_ip)
        sender = _sender(head)
        caller = self._by_hsa_id.get(sender)
        if caller is None:
            words = f"{sender} is not known here; ask the operators of this gateway to add it"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))
        return caller

    def check_peer(self, peer_ip: str | None) -> None:
        """Let only trusted proxies go on; raises Refusal."""
        if not self.trusts(peer_ip):
            words = f"{peer_ip or 'a peer without an IP address'} is no trusted proxy of this gateway; go through one"  # noqa: E501 one sentence
            raise Refusal(Fault(Rule.UNTRUSTED_PEER, "connection", words))

    def trusts(self, peer_ip: str | None) -> bool:
        """Tell whether what this peer says about others is believed."""
        return self._trusts(peer_ip or "")


def is_in(networks: Sequence[IPv4Network | IPv6Network], address: str) -> bool:
    """Tell whether an address is in one of these networks; what is no address is in none."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return any(peer in network for network in networks)


def _sender(head: Head) -> HsaId:
    _check_single(head)
    told = (first(head, SENDER_HEADER), *certificate_senders(head))
    senders = {HsaId(text) for text in told if text}
    if not senders:
        words = f"neither {SENDER_HEADER} nor a client certificate says who is calling"
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
    if len(senders) > 1:
        # A proxy that lets its clients set the header would let them be anybody.
        words = f"{SENDER_HEADER} and the client certificates name different callers"
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
    return senders.pop()


def _check_single(head: Head) -> None:
    # A proxy that adds its header to what a client sent would let the client be anybody.
    for name in (SENDER_HEADER, *CERTIFICATE_HEADERS):
        if len(head.get(name, ())) > 1:
            words = "stands there twice; the proxy must overwrite what came in"
            raise Refusal(Fault(Rule.NOT_AUTHENTICATED, name, words))
