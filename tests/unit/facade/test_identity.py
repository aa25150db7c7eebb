"""Who is calling: deny by default, believe only what a trusted proxy says."""

import base64
import hashlib
from datetime import UTC, datetime
from ipaddress import ip_network
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.head import read_head
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.peer import Peer
from gateway.flow.caller import Caller, Role

E_SERVICE = Caller(HsaId("SE5560000000-E177"), "1177", Role.E_SERVICE)
SYSTEM = Caller(HsaId("SE2321000016-AVV1"), "Avvikelse", Role.CASE_SYSTEM)
PROXIES = [ip_network("127.0.0.0/30"), ip_network("2001:db8::/64")]


def _digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


IDENTITY = Identity(
    [
        KnownCaller(E_SERVICE, frozenset({_digest("old"), _digest("new")})),
        KnownCaller(SYSTEM, frozenset()),
    ],
    PROXIES,
)


def _certificate(*serial_numbers):
    names = [x509.NameAttribute(NameOID.COMMON_NAME, "Avvikelse")]
    kind = _ASN1Type.UTF8String
    names += [x509.NameAttribute(NameOID.SERIAL_NUMBER, s, kind) for s in serial_numbers]
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name(names)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = builder.not_valid_before(day).not_valid_after(day.replace(year=2027))
    return builder.sign(key, hashes.SHA256())


CERTIFICATE = _certificate("SE2321000016-AVV1")
PEM = CERTIFICATE.public_bytes(Encoding.PEM).decode()
DER = base64.b64encode(CERTIFICATE.public_bytes(Encoding.DER)).decode()


def _by_soap_peer(headers, peer):
    return IDENTITY.by_soap_peer({name: [value] for name, value in headers.items()}, Peer(peer))


def _refused(rule, headers, peer="127.0.0.1"):
    with pytest.raises(Refusal) as refused:
        _by_soap_peer(headers, peer)
    return refused.value.faults[0].rule is rule


@pytest.mark.parametrize("key", ["old", "new"])
def test_any_key_of_a_caller_tells_who_it_is(key):
    """Two keys at once, so that one can be changed without a stop."""
    assert IDENTITY.by_api_key(key) == E_SERVICE


def test_a_key_that_has_been_changed_opens_nothing():
    """Issue 4.8: when only the digest of the new one is left."""
    identity = Identity([KnownCaller(E_SERVICE, frozenset({_digest("new")}))], PROXIES)
    assert identity.by_api_key("new") == E_SERVICE
    with pytest.raises(Refusal):
        identity.by_api_key("old")


@pytest.mark.parametrize("key", ["", "other", "OLD", "å"])
def test_an_unknown_key_is_refused(key):
    """VP002 over SOAP, 401 over REST."""
    with pytest.raises(Refusal) as refused:
        IDENTITY.by_api_key(key)
    assert refused.value.faults[0].rule is Rule.NOT_AUTHENTICATED


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.3", "2001:db8::1", "::ffff:127.0.0.2"])
def test_a_trusted_proxy_speaks_for_its_caller(peer):
    """INTEROP §2.5: the sender's HSA-id in a header, in any letter case."""
    assert _by_soap_peer({"x-vp-sender-id": "se5560000000-e177"}, peer) == E_SERVICE


@pytest.mark.parametrize(
    "peer",
    ["127.0.0.4", "127.0.0.10", "10.0.0.1", "2001:db8:0:1::1", "::1", "testclient", "", None],
)
def test_nobody_else_is_believed(peer):
    """INTEROP §2.5: networks, and never the start of the text of an address."""
    assert _refused(Rule.UNTRUSTED_PEER, {"x-vp-sender-id": E_SERVICE.hsa_id.text}, peer)


def test_x_forwarded_for_is_not_believed():
    """INTEROP §2.5: anybody can write it."""
    headers = {"x-vp-sender-id": E_SERVICE.hsa_id.text, "x-forwarded-for": "127.0.0.1"}
    assert _refused(Rule.UNTRUSTED_PEER, headers, "10.0.0.1")


@pytest.mark.parametrize("name", ["x-vp-auth-cert", "x-forwarded-tls-client-cert"])
@pytest.mark.parametrize(
    "value",
    [PEM.replace("\n", " "), PEM.replace("\n", "\t"), quote(PEM), DER, quote(DER), f"{DER},{DER}"],
    ids=["pem", "pem with tabs", "escaped pem", "base64", "escaped base64", "chain"],
)
def test_a_certificate_names_its_owner(name, value):
    """INTEROP §2.5: as VP, Traefik and nginx pass it on; serialNumber is the HSA-id."""
    assert _by_soap_peer({name: value}, "127.0.0.1") == SYSTEM


def test_a_certificate_in_the_standard_header_names_its_owner():
    """RFC 9440: the bytes in base64 between colons."""
    assert _by_soap_peer({"client-cert": f":{DER}:"}, "127.0.0.1") == SYSTEM


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-vp-sender-id": ""},
        {"x-vp-auth-cert": "Hash=468ed3"},
        {"x-vp-auth-cert": "MIIDAAAA"},
        {"x-vp-auth-cert": "-----BEGIN CERTIFICATE-----å-----END CERTIFICATE-----"},
        {"x-vp-auth-cert": DER[:-8]},
    ],
)
def test_a_caller_that_cannot_be_told_is_refused(headers):
    """INTEROP §2.5: VP002 when there is nothing, or nothing that can be read."""
    assert _refused(Rule.NOT_AUTHENTICATED, headers)


@pytest.mark.parametrize("serial_numbers", [(), ("SE2321000016-AVV1", "SE5560000000-E177")])
def test_a_certificate_must_name_one_owner(serial_numbers):
    """INTEROP §2.5: VP002 when no HSA-id is in it; two would be a choice of ours."""
    der = _certificate(*serial_numbers).public_bytes(Encoding.DER)
    assert _refused(Rule.NOT_AUTHENTICATED, {"client-cert": f":{base64.b64encode(der).decode()}:"})


def test_a_header_that_says_other_than_the_certificate_is_refused():
    """A proxy that lets its clients set the header must not let them be anybody."""
    headers = {"x-vp-sender-id": E_SERVICE.hsa_id.text, "x-vp-auth-cert": DER}
    assert _refused(Rule.NOT_AUTHENTICATED, headers)


@pytest.mark.parametrize("sender", ["SE0000000000-X", " SE5560000000-E177"])
def test_an_unknown_caller_is_not_permitted(sender):
    """INTEROP §2.6: VP007; and an HSA-id is never trimmed (§6.1)."""
    assert _refused(Rule.NOT_PERMITTED, {"x-vp-sender-id": sender})


def test_keys_are_not_shown():
    """Not even their digests are put in a log by accident."""
    assert _digest("old") not in repr(IDENTITY)


def test_certificates_that_name_different_callers_are_refused():
    """INTEROP §2.5: a proxy that passes on what came in would let anybody be anybody."""
    other = base64.b64encode(_certificate("SE5560000000-E177").public_bytes(Encoding.DER)).decode()
    headers = {"x-vp-auth-cert": DER, "x-forwarded-tls-client-cert": other}
    with pytest.raises(Refusal, match="different callers"):
        _by_soap_peer(headers, "127.0.0.1")


@pytest.mark.parametrize("name", ["x-vp-sender-id", "client-cert"])
def test_a_header_that_stands_there_twice_is_refused(name):
    """INTEROP §2.5: the proxy must overwrite, not add."""
    raw = [(name.encode(), b"SE2321000016-AVV1"), (name.encode(), b"SE5560000000-E177")]
    with pytest.raises(Refusal, match="twice"):
        IDENTITY.by_soap_peer(read_head(raw), Peer("127.0.0.1"))


def test_an_empty_key_is_nobodys():
    """Deny by default, also when its digest was written into the settings."""
    identity = Identity([KnownCaller(E_SERVICE, frozenset({_digest("")}))], PROXIES)
    with pytest.raises(Refusal):
        identity.by_api_key("")


def test_a_verified_certificate_of_the_connection_names_its_owner():
    """INTEROP §2.5: TLS that ends here; no proxy is needed."""
    assert IDENTITY.by_soap_peer({}, _over_tls(PEM)) == SYSTEM
    assert IDENTITY.by_certificate({}, _over_tls(PEM)) == SYSTEM


def test_what_a_caller_with_a_certificate_says_about_itself_is_not_heard():
    """INTEROP §2.5: only a trusted proxy is believed, over TLS as elsewhere."""
    head = {"x-vp-sender-id": [E_SERVICE.hsa_id.text]}
    assert IDENTITY.by_soap_peer(head, _over_tls(PEM)) == SYSTEM


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ({}, Rule.NOT_AUTHENTICATED),
        ({"x-vp-sender-id": ["SE5560000000-E177"]}, Rule.UNTRUSTED_PEER),
        ({"client-cert": [f":{DER}:"]}, Rule.UNTRUSTED_PEER),
    ],
)
def test_over_tls_a_stranger_without_a_certificate_is_refused(head, rule):
    """INTEROP §2.6: VP002 for who shows none, VP011 for who pretends to be a proxy."""
    with pytest.raises(Refusal) as refused:
        IDENTITY.by_soap_peer(head, _over_tls(None))
    assert refused.value.faults[0].rule is rule


def test_a_trusted_proxy_never_speaks_for_itself():
    """INTEROP §2.5: else whoever comes through it without a certificate would be the proxy."""
    with pytest.raises(Refusal, match="says who is calling"):
        IDENTITY.by_soap_peer({}, Peer("127.0.0.1", over_tls=True, certificate=PEM))
    with pytest.raises(Refusal):
        IDENTITY.by_certificate({}, Peer("127.0.0.1", over_tls=True, certificate=PEM))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_cannot_use_the_certificate_of_a_browser(site):
    """Issue 4.8: a browser shows it whoever makes it ask."""
    for by in (IDENTITY.by_certificate, IDENTITY.by_soap_peer):
        assert by({"sec-fetch-site": ["same-origin"]}, _over_tls(PEM)) == SYSTEM
        with pytest.raises(Refusal, match="another site"):
            by({"sec-fetch-site": [site]}, _over_tls(PEM))


def test_a_header_that_is_switched_off_is_not_read():
    """INTEROP §2.5: an operator says which header its proxy overwrites."""
    identity = Identity(IDENTITY.known, PROXIES, ("ssl-client-cert",))
    proxy = Peer("127.0.0.1")
    assert identity.by_soap_peer({"ssl-client-cert": [PEM]}, proxy) == SYSTEM
    with pytest.raises(Refusal):
        identity.by_soap_peer({"client-cert": [f":{DER}:"]}, proxy)


def test_over_rest_a_trusted_proxy_passes_on_certificates_only():
    """INTEROP §2.5: the sender header is a matter between platforms."""
    proxy = Peer("127.0.0.1")
    assert IDENTITY.by_certificate({"client-cert": [f":{DER}:"]}, proxy) == SYSTEM
    with pytest.raises(Refusal):
        IDENTITY.by_certificate({"x-vp-sender-id": [SYSTEM.hsa_id.text]}, proxy)


@pytest.mark.parametrize("text", ["#", "#13", "#1305abcd", "#02024142", "#13zz", "#0c02fffe"])
def test_a_serial_number_in_broken_hex_names_nobody(text):
    """INTEROP §2.5: VP002, never half of an HSA-id."""
    pem = _certificate(text).public_bytes(Encoding.PEM).decode()
    with pytest.raises(Refusal) as refused:
        IDENTITY.by_soap_peer({}, _over_tls(pem))
    assert refused.value.faults[0].rule is Rule.NOT_AUTHENTICATED


def _over_tls(certificate):
    return Peer("10.0.0.1", over_tls=True, certificate=certificate)
