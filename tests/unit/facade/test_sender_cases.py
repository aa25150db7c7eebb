"""
VP's own cases of who is calling, one row each (INTEROP §2.11), as they are at this door.

Our list of proxies is 127.0.0.1 and 1.2.3.4. What does not apply, and why:

HttpSenderIdExtractorProcessorImplTest
- "only X-Forwarded-For 1.2.3.4 → sender": anybody can write it, so here it is VP011.
- "sender header with a foreign instance id, and a certificate → the certificate's": a platform in
  front says both with its own instance id; here two who differ are refused (VP002).
- the three with a routing history: they are not about the sender; see soap/test_chain.py.

IPWhitelistHandlerTest
- "127.0.0 matches 127.0.0.1": the start of a text is no network; here they are CIDR.
- "blanks after a comma are trimmed": the setting is a list, not a text with commas.

CertificateReaderTest
- certificates whose OU is the id: here it is the serialNumber, as in production.
"""

import base64
from ipaddress import ip_network
from ssl import PEM_cert_to_DER_cert
from urllib.parse import quote

import pytest

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.identity import Identity, KnownCaller, is_in
from gateway.facade.peer import Peer
from gateway.flow.caller import Caller, Role
from gateway.testing.certificates import in_hex, make_authority

TP, OWNER = "TSTNMT2321000156-TP", "SE5565594230-BCQ"
HEXED = "TSTNMT2321000156-B02"
LISTED = [ip_network("127.0.0.1"), ip_network("1.2.3.4")]
IDENTITY = Identity(
    [
        KnownCaller(Caller(HsaId(one), one, Role.E_SERVICE), frozenset())
        for one in (TP, OWNER, HEXED)
    ],
    LISTED,
)
INTERNAL = {"x-vp-sender-id": TP, "x-vp-instance-id": "dev_env"}
FORWARDED = "x-forwarded-tls-client-cert"
VP002, VP011 = Rule.NOT_AUTHENTICATED, Rule.UNTRUSTED_PEER

ROWS = {
    "HttpSenderId: sender and instance, listed peer": (INTERNAL, "1.2.3.4", TP),
    "HttpSenderId: sender and instance, other peer": (INTERNAL, "10.20.30.40", VP011),
    "HttpSenderId: only X-Forwarded-For, not listed": (
        INTERNAL | {"x-forwarded-for": "10.20.30.40"},
        None,
        VP011,
    ),
    "HttpSenderId: certificate, listed peer": ({"x-vp-auth-cert": "{der}"}, "1.2.3.4", OWNER),
    "HttpSenderId: certificate, other peer": ({"x-vp-auth-cert": "{der}"}, "10.20.30.40", VP011),
    "HttpSenderId: unknown certificate type": (
        {"x-vp-auth-cert": "Hash=468ed3"},
        "1.2.3.4",
        VP002,
    ),
    "IPWhitelist: listed": (INTERNAL, "127.0.0.1", TP),
    "IPWhitelist: not listed": (INTERNAL, "127.0.0.2", VP011),
    "IPWhitelist: no address": (INTERNAL, None, VP011),
    "IPWhitelist: empty address": (INTERNAL, "", VP011),
    "CertificateReader: SERIALNUMBER": ({"x-vp-auth-cert": "{pem}"}, "1.2.3.4", OWNER),
    "CertificateReader: 2.5.4.5 in hex": ({"x-vp-auth-cert": "{hex}"}, "1.2.3.4", HEXED),
    "CertificateReader: no id in it": ({"x-vp-auth-cert": "{nobody}"}, "1.2.3.4", VP002),
    "CertificateReader: null": ({}, "1.2.3.4", VP002),
    "HeaderCertificateHelper: Traefik's header": ({FORWARDED: "{der}"}, "1.2.3.4", OWNER),
    "HeaderCertificateHelper: Traefik's header with a chain": (
        {FORWARDED: "{der},{nobody}"},
        "1.2.3.4",
        OWNER,
    ),
    "HeaderCertificateHelper: wrong format": ({FORWARDED: "[B@5d9d277e"}, "1.2.3.4", VP002),
    "HeaderCertificateHelper: parse error": ({FORWARDED: "MIIDAAAA"}, "1.2.3.4", VP002),
    "PemConverter: with whitespace": ({"x-vp-auth-cert": "{blanks}"}, "1.2.3.4", OWNER),
    "PemConverter: escaped": ({"x-vp-auth-cert": "{escaped}"}, "1.2.3.4", OWNER),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The certificates as they stand in headers."""
    authority = make_authority(tmp_path_factory.mktemp("certificates"))
    owner = authority.issue("owner", serial_number=OWNER).certificate.read_text()
    hexed = authority.issue("hexed", serial_number=in_hex(HEXED)).certificate.read_text()
    nobody = authority.issue("nobody").certificate.read_text()
    return {
        "pem": owner,
        "blanks": owner.replace("\n", " \t "),
        "escaped": quote(owner),
        "der": _base64(owner),
        "hex": hexed,
        "nobody": _base64(nobody),
    }


@pytest.mark.parametrize(("headers", "peer", "expected"), ROWS.values(), ids=ROWS)
def test_a_sender_is_told_as_the_platform_tells_it(written, headers, peer, expected):
    """INTEROP §2.11: the row is the name of the case."""
    head = {name: [value.format_map(written)] for name, value in headers.items()}
    if isinstance(expected, Rule):
        with pytest.raises(Refusal) as refused:
            IDENTITY.by_soap_peer(head, Peer(peer))
        assert refused.value.faults[0].rule is expected
    else:
        assert IDENTITY.by_soap_peer(head, Peer(peer)).hsa_id.text == expected


@pytest.mark.parametrize(
    ("networks", "address"),
    [([], "127.0.0.1"), (["127.0.0.0/24", "127.0.1.0/24"], "127.0.2.1")],
    ids=["IPWhitelist: empty list", "IPWhitelist: neither of two"],
)
def test_who_is_in_no_network_is_not_listed(networks, address):
    """INTEROP §2.11, IPWhitelistHandlerTest."""
    assert not is_in([ip_network(network) for network in networks], address)


def _base64(pem):
    return base64.b64encode(PEM_cert_to_DER_cert(pem)).decode()
