"""Who is calling: told by a key, a token or a certificate, or by what a trusted proxy says."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.certificate import certificate_owner, certificate_senders
from gateway.facade.head import Head, first
from gateway.facade.peer import Peer
from gateway.flow.caller import Caller
from gateway.settings import CERTIFICATE_HEADERS

SENDER_HEADER = "x-vp-sender-id"


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """
    A caller and how it is known beside its HSA-id.

    There are the SHA-256 digests (hex) of its API keys, the keys themselves are nowhere; and what
    the issuer of tokens calls it.
    """

    caller: Caller
    key_digests: frozenset[str] = field(repr=False)
    oauth_client: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Everybody we know, and the proxies that we let speak for them.

    Everybody else is refused: deny by default. A certificate that a proxy passes on is read in
    `certificate_headers` only, names in lower case.
    """

    known: Sequence[KnownCaller]
    trusted_proxies: Sequence[IPv4Network | IPv6Network]
    certificate_headers: Sequence[str] = CERTIFICATE_HEADERS
    _by_hsa_id: Mapping[HsaId, Caller] = field(init=False, repr=False, compare=False)
    _by_client: Mapping[str, Caller] = field(init=False, repr=False, compare=False)
    _trusts: Callable[[str], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the callers."""
        index = {known.caller.hsa_id: known.caller for known in self.known}
        object.__setattr__(self, "_by_hsa_id", index)
        clients = {known.oauth_client: known.caller for known in self.known if known.oauth_client}
        object.__setattr__(self, "_by_client", clients)
        # A proxy sends many requests, and to read its address takes longer than all else here.
        trusts = lru_cache(maxsize=1024)(partial(is_in, self.trusted_proxies))
        object.__setattr__(self, "_trusts", trusts)

    def by_api_key(self, key: str) -> Caller:
        """Tell whose key this is, in the same time for every key; raises Refusal."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        found = None
        for known in self.known:
            for candidate in known.key_digests:
                if hmac.compare_digest(candidate, digest):
                    found = known.caller
        if not key or found is None:
            words = "send a known API key; ask the operators of this gateway for one"
            raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
        return found

    def by_oauth_client(self, client: str) -> Caller:
        """Tell who this client of the issuer of tokens is; raises Refusal."""
        caller = self._by_client.get(client)
        if caller is None:
            words = "is of a client that is not known here; ask the operators to add it"
            raise Refusal(Fault(Rule.TOKEN_NOT_ACCEPTED, "token", words))
        return caller

    def by_certificate(self, head: Head, peer: Peer) -> Caller:
        """Tell whose certificate comes with a request that has nothing else; raises Refusal."""
        _check_no_other_site(head)
        if self.trusts(peer.ip):
            self._check_single(head)
            told = certificate_senders(head, self.certificate_headers)
        else:
            told = _shown(peer)
        caller = self._by_hsa_id.get(_one_of(told)) if told else None
        if caller is None:
            words = "send a known API key, token or client certificate; ask the operators for one"
            raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
        return caller

    def by_soap_peer(self, head: Head, peer: Peer) -> Caller:
        """
        Tell who sent a request, by its certificate or by a trusted proxy (INTEROP §2.5).

        A trusted proxy speaks for others, never for itself; what anybody else says about who is
        calling is not heard. Raises Refusal.
        """
        self.check_peer(head, peer)
        _check_no_other_site(head)
        sender = _one_of(self._told(head) if self.trusts(peer.ip) else _shown(peer))
        caller = self._by_hsa_id.get(sender)
        if caller is None:
            words = f"{sender} is not known here; ask the operators of this gateway to add it"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))
        return caller

    def check_peer(self, head: Head, peer: Peer) -> None:
        """Let only trusted proxies, and those with a certificate, go on; raises Refusal."""
        if peer.certificate or self.trusts(peer.ip):
            return
        if peer.over_tls and not self._claims(head):
            raise _nobody("show a client certificate")
        words = f"{peer.ip or 'a peer without an IP address'} is no trusted proxy of this gateway; go through one"  # noqa: E501 one sentence
        raise Refusal(Fault(Rule.UNTRUSTED_PEER, "connection", words))

    def trusts(self, peer_ip: str | None) -> bool:
        """Tell whether what this peer says about others is believed."""
        return self._trusts(peer_ip or "")

    def _told(self, head: Head) -> list[str]:
        self._check_single(head)
        sender = first(head, SENDER_HEADER)
        told = certificate_senders(head, self.certificate_headers)
        if not (sender or told):
            raise _nobody(f"neither {SENDER_HEADER} nor a client certificate says who is calling")
        return [sender, *told] if sender else told

    def _check_single(self, head: Head) -> None:
        # A proxy that adds its header to what a client sent would let the client be anybody.
        for name in self._claims(head):
            if len(head[name]) > 1:
                words = "stands there twice; the proxy must overwrite what came in"
                raise Refusal(Fault(Rule.NOT_AUTHENTICATED, name, words))

    def _claims(self, head: Head) -> list[str]:
        return [name for name in (SENDER_HEADER, *self.certificate_headers) if name in head]


def is_in(networks: Sequence[IPv4Network | IPv6Network], address: str) -> bool:
    """Tell whether an address is in one of these networks; what is no address is in none."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return any(peer in network for network in networks)


def _check_no_other_site(head: Head) -> None:
    # A browser shows its certificate also when a page of somebody else makes it ask.
    if "sec-fetch-site" in head and first(head, "sec-fetch-site") not in ("none", "same-origin"):
        raise _nobody("a page of another site asks, and a certificate does not count there")


def _shown(peer: Peer) -> list[str]:
    owner = certificate_owner(peer.certificate) if peer.certificate else None
    return [owner] if owner else []


def _one_of(told: Sequence[str]) -> HsaId:
    senders = {HsaId(text) for text in told}
    if not senders:
        raise _nobody("the client certificate has no serialNumber, which is the HSA-id")
    if len(senders) > 1:
        # A proxy that lets its clients set the header would let them be anybody.
        raise _nobody(f"{SENDER_HEADER} and the client certificates name different callers")
    return senders.pop()


def _nobody(words: str) -> Refusal:
    return Refusal(Fault(Rule.NOT_AUTHENTICATED, "caller", words))
