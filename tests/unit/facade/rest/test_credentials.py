"""Who is calling over REST: a token, a key or a certificate, and the first of these counts."""

import dataclasses
import json
import time
from ipaddress import ip_network

import pytest
import structlog
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from gateway.facade.http import make_app
from gateway.facade.identity import Identity
from gateway.facade.signing_keys import SigningKeys
from gateway.facade.tokens import Tokens
from gateway.flow.caller import Role
from gateway.testing.certificates import make_authority

KEY = ECKey.generate_key("P-256", {"kid": "one"})
ISSUER, US = "https://issuer.example", "vaxel"


def token(**changes):
    """Sign a token of the client `synergi`."""
    claims = {"iss": ISSUER, "aud": US, "exp": time.time() + 60, "client_id": "synergi"}
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims | changes, KEY)


@pytest.fixture
def known(doors):
    """Everybody who is known; the case system also as a client of the issuer."""
    return [
        dataclasses.replace(one, oauth_client="synergi")
        if one.caller.role is Role.CASE_SYSTEM and "AVV1" in one.caller.hsa_id.text
        else one
        for one in doors.identity.known
    ]


@pytest.fixture
def taking_tokens(doors, known):
    """Doors that take tokens, and certificates from a proxy."""
    jwks = json.dumps({"keys": [KEY.as_dict()]}).encode()
    tokens = Tokens(ISSUER, US, SigningKeys(lambda: jwks))
    identity = Identity(known, [ip_network("10.0.0.1")])
    return dataclasses.replace(doors, identity=identity, tokens=tokens)


@pytest.fixture
def api(taking_tokens):
    """The proxy, asking for whoever stands behind it."""
    with TestClient(make_app(taking_tokens), client=("10.0.0.1", 1)) as client:
        yield client


def caller(api, **headers):
    """Tell who we are taken for, by the line in the log."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with structlog.testing.capture_logs() as lines:
        answer = api.get("/api/v1/pickups", headers=named)
    return answer, lines[-1]["caller"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_token_tells_who_its_client_is(api, scheme):
    """Issue 4.8: client credentials, found by `oauth_client`."""
    answer, who = caller(api, Authorization=f"{scheme} {token()}")
    assert (answer.status_code, who) == (200, "SE2321000016-AVV1")


@pytest.mark.parametrize(
    "shown", ["", "x", token(exp=1), token(aud="other"), token(client_id="unknown")]
)
def test_a_bad_token_is_refused_and_told_nowhere(api, shown):
    """RFC 6750 §3.1; the key beside it does not help."""
    with structlog.testing.capture_logs() as lines:
        headers = {"Authorization": f"Bearer {shown}", "X-API-Key": "system"}
        answer = api.get("/api/v1/pickups", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["type"] == "urn:vaxel:problem:token-not-accepted"
    assert len(shown) < 2 or shown not in f"{answer.text}{lines}"


def test_where_no_tokens_are_taken_none_is(asked):
    """Issue 4.8: deny by default."""
    answer = asked("system", "GET", "/pickups", {"Authorization": f"Bearer {token()}"})
    assert (answer.status_code, "not taken here" in answer.json()["detail"]) == (401, True)


@pytest.mark.parametrize("shown", ["Basic dTpw", "", "system"])
def test_another_scheme_is_refused_whatever_stands_beside_it(api, shown):
    """RFC 9110 §11.6.2: the first thing shown counts, and it is not passed over."""
    answer, who = caller(api, Authorization=shown, X_API_Key="system")
    assert (answer.status_code, who) == (401, None)
    assert answer.json()["type"] == "urn:vaxel:problem:not-authenticated"


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key"])
def test_what_is_shown_twice_is_refused(api, name):
    """RFC 9110 §5.3: which of the two was meant is not for us to guess."""
    shown = {"Authorization": f"Bearer {token()}", "X-API-Key": "system"}[name]
    answer = api.get("/api/v1/pickups", headers=[(name, shown), (name, shown)])
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["where"] == name


def test_a_certificate_that_a_trusted_proxy_passes_on_tells_who_it_is(api, tmp_path):
    """INTEROP §2.5, for REST: found by HSA-id."""
    issued = make_authority(tmp_path).issue("system", serial_number="SE2321000016-AVV1")
    pem = issued.certificate.read_text().replace("\n", " ")
    answer, who = caller(api, X_Forwarded_Tls_Client_Cert=pem)
    assert (answer.status_code, who) == (200, "SE2321000016-AVV1")
    answer, who = caller(api, X_Forwarded_Tls_Client_Cert=pem, X_API_Key="picking-system")
    assert (answer.status_code, who) == (200, "SE2321000016-DIA1")
