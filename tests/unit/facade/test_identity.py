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
from cryptography.x509.oid import NameOID

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.head import read_head
from gateway.facade.identity import Identity, KnownCaller
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
    names += [x509.NameAttribute(NameOID.SERIAL_NUMBER, s) for s in serial_numbers]
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name(names)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = builder.not_valid_before(day).not_valid_after(day.replace(year=2027))
    return builder.sign(key, hashes.SHA256())


CERTIFICATE = _certificate("SE2321000016-AVV1")
PEM = CERTIFICATE.public_bytes(Encoding.PEM).decode()
DER = base64.b64encode(CERTIFICATE.public_bytes(Encoding.DER)).decode()


def _by_soap_peer(headers, peer):
    return IDENTITY.by_soap_peer({name: [value] for name, value in headers.items()}, peer)


def _refused(rule, headers, peer="127.0.0.1"):
    with pytest.raises(Refusal) as refused:
        _by_soap_peer(headers, peer)
    return refused.value.faults[0].rule is rule


@pytest.mark.parametrize("key", ["old", "new"])
def test_any_key_of_a_caller_tells_who_it_is(key):
    """Two keys at once, so that one can be changed without a stop."""
    assert IDENTITY.by_api_key(key) == E_SERVICE


@pytest.mark.parametrize("key", [None, "", "other", "OLD", "å"])
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
        IDENTITY.by_soap_peer(read_head(raw), "127.0.0.1")


def test_an_empty_key_is_nobodys():
    """Deny by default, also when its digest was written into the settings."""
    identity = Identity([KnownCaller(E_SERVICE, frozenset({_digest("")}))], PROXIES)
    with pytest.raises(Refusal):
        identity.by_api_key("")
