"""TLS that ends with us: who a caller is, is told by the certificate it has shown."""

import base64
import ssl
import time
from datetime import timedelta

import httpx
import pytest
import requests
import zeep

from gateway.testing.certificates import in_hex, make_authority

GATEWAY, SYSTEM, OTHER = "SE5560000000-VAXEL", "SE2321000016-AVV1", "SE2321000016-AVV2"
ENVELOPE = f"""
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">
<e:Header><r:LogicalAddress xmlns:r="urn:riv:itintegration:registry:1">{GATEWAY}</r:LogicalAddress>
</e:Header><e:Body><ListMessages
xmlns="urn:riv:infrastructure:itintegration:messagebox:ListMessagesResponder:1"/></e:Body>
</e:Envelope>"""


def listed(client, **headers):
    """Call over SOAP, and give the status with what was answered."""
    answer = client.post("/soap", content=ENVELOPE, headers=headers)
    return answer.status_code, answer.text


def fetched(client, **headers):
    """Call over REST, and give the status."""
    return client.get("/api/v1/pickups", headers=headers).status_code


@pytest.mark.parametrize("serial_number", [SYSTEM, SYSTEM.lower(), in_hex(SYSTEM)])
def test_a_certificate_opens_both_doors(served, serial_number):
    """INTEROP §1.1, §2.5: the HSA-id is the subject's serialNumber, hex form included."""
    shown = served.authority.issue("system", serial_number=serial_number)
    with served.client(shown) as client:
        assert listed(client)[0] == 200
        assert fetched(client) == 200


def test_zeep_with_a_certificate_knows_us_by_the_contracts_alone(served):
    """INTEROP §1.1: HTTPS with mutual authentication."""
    shown = served.authority.issue("system", serial_number=SYSTEM)
    session = requests.Session()
    session.trust_env = False
    session.verify = str(served.authority.certificate)
    session.cert = (str(shown.certificate), str(shown.key))
    wsdl = f"{served.url}/soap/ListMessages/1/rivtabp21?wsdl"
    client = zeep.Client(wsdl, transport=zeep.Transport(session=session))
    answer = client.service.ListMessages(_soapheaders={"LogicalAddress": GATEWAY})
    assert answer.result.code == "OK"


def test_without_a_certificate_nobody_is_anybody(served):
    """INTEROP §2.6: VP002; over REST 401. A key is as good there as elsewhere."""
    with served.client() as client:
        status, told = listed(client)
        assert (status, "VP002" in told) == (500, True)
        assert fetched(client) == 401
        assert fetched(client, **{"X-API-Key": "a key"}) == 200


@pytest.mark.parametrize("made", ["of another authority", "expired"])
def test_a_certificate_that_cannot_be_verified_is_not_let_in(served, tmp_path, made):
    """INTEROP §2.5: not even to be refused, and never taken for none."""
    if made == "expired":
        life = timedelta(minutes=-5)
        shown = served.authority.issue("old", serial_number=SYSTEM, lasts=life)
    else:
        shown = make_authority(tmp_path / "other").issue("other", serial_number=SYSTEM)
    with served.client(shown) as client, pytest.raises(httpx.TransportError):
        listed(client)


def test_a_certificate_of_somebody_unknown_opens_nothing(served):
    """INTEROP §2.6: VP007 over SOAP; 401 over REST."""
    shown = served.authority.issue("stranger", serial_number="SE0000000000-X")
    with served.client(shown) as client:
        assert "VP007" in listed(client)[1]
        assert fetched(client) == 401


def test_a_certificate_without_an_hsa_id_opens_nothing(served):
    """INTEROP §2.6: VP002."""
    with served.client(served.authority.issue("nameless")) as client:
        assert "VP002" in listed(client)[1]
        assert fetched(client) == 401


@pytest.mark.parametrize("header", ["x-vp-sender-id", "x-vp-auth-cert", "client-cert"])
def test_what_a_stranger_says_about_itself_is_not_believed(served, header):
    """Issue 4: header spoofing by an untrusted peer is VP011 or 401, also over TLS."""
    said = _said(served, header)
    with served.client() as client:
        assert "VP011" in listed(client, **{header: said})[1]
        assert fetched(client, **{header: said}) == 401


@pytest.mark.parametrize("header", ["x-vp-sender-id", "x-vp-auth-cert", "client-cert"])
def test_what_a_caller_with_a_certificate_says_about_itself_is_not_heard(served, header):
    """Issue 4: whoever it claims to be, it is the one of its certificate."""
    shown = served.authority.issue("stranger", serial_number="SE0000000000-X")
    with served.client(shown) as client:
        told = listed(client, **{header: _said(served, header)})[1]
        assert "SE0000000000-X is not known" in told


def test_one_connection_is_the_same_caller_to_its_end(served):
    """INTEROP §2.5: asked of TLS once, for every request that comes over it."""
    shown = served.authority.issue("system", serial_number=SYSTEM)
    with served.client(shown) as client, served.client() as nobody:
        assert [fetched(client), fetched(nobody), fetched(client)] == [200, 401, 200]


def test_files_that_change_count_for_new_connections(served, tmp_path):
    """Issue 4.8: certificates are renewed without a stop, with a bad file nothing changes."""
    shown = served.authority.issue("system", serial_number=SYSTEM)
    served.own.key.rename(tmp_path / "key")
    served.tls.reload()
    with served.client(shown) as client:
        assert fetched(client) == 200
    new = make_authority(tmp_path / "new")
    for old, fresh in zip(_files(served.own, served.authority), _renewed(new), strict=True):
        old.write_bytes(fresh.read_bytes())
    served.tls.reload()
    renewed = new.issue("system", serial_number=SYSTEM)
    for host in ("localhost", "127.0.0.1"):  # TLS is told the name of a server, and no address
        with served.client(renewed, host) as client:
            assert fetched(client) == 200
    with served.client(shown) as client, pytest.raises(httpx.TransportError):
        fetched(client)


def test_a_client_that_says_no_good_bye_holds_up_no_stop(served):
    """DOMAIN G5: TLS waits half a minute for it, an operator does not."""
    with served.client() as client:
        assert client.get("/health/live").is_success
        began = time.monotonic()
        served.stop()
        assert time.monotonic() - began < 20


def _said(served, header):
    if header == "x-vp-sender-id":
        return SYSTEM
    pem = served.authority.issue("victim", serial_number=SYSTEM).certificate.read_text()
    der = base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode()
    return f":{der}:" if header == "client-cert" else der


def _files(own, authority):
    return own.certificate, own.key, authority.certificate


def _renewed(authority):
    return _files(authority.issue("server", hosts=["localhost", "127.0.0.1"]), authority)
