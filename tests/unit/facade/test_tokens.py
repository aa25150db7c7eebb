"""OAuth 2 client credentials: a token counts when its issuer signed it, for us, for now."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from ssl import PEM_cert_to_DER_cert
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from gateway.domain.errors import Refusal, Rule
from gateway.facade.signing_keys import SigningKeys
from gateway.facade.tokens import LARGEST_TOKEN, LEEWAY_S, Tokens
from gateway.testing.certificates import make_authority

EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OTHER = ECKey.generate_key("P-256", {"kid": "ec"})
JWKS = json.dumps({"keys": [EC.as_dict(), RSA.as_dict()]}).encode()
US, ISSUER = "https://vaxel.example", "https://issuer.example"


def tokens():
    """Take the tokens of the issuer, whose keys are at hand."""
    return Tokens(ISSUER, US, SigningKeys(lambda: JWKS))


def claims(**changes):
    """Give the claims of a good token; change any, times from now, None leaves it out."""
    good: dict[str, Any] = {"iss": ISSUER, "aud": US, "exp": 60, "client_id": "synergi"}
    told = good | changes
    for name in ("exp", "nbf"):
        if isinstance(told.get(name), int):
            told[name] += int(time.time())
    return {name: value for name, value in told.items() if value is not None}


def signed(told, key=EC, alg="ES256", **header):
    """Sign claims."""
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, told, key, registry=registry)


def client_of(token, certificate=None):
    """Tell whose token it is."""
    return asyncio.run(tokens().client_of(token, certificate))


def refused(token, certificate=None):
    """Tell why a token is refused."""
    with pytest.raises(Refusal) as error:
        client_of(token, certificate)
    assert error.value.faults[0].rule is Rule.TOKEN_NOT_ACCEPTED
    return error.value.faults[0].message


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES256"), (RSA, "RS256"), (RSA, "PS256")])
def test_a_token_that_the_issuer_signed_names_its_client(key, alg):
    """Issue 4.8: the algorithms that are taken."""
    assert client_of(signed(claims(), key, alg)) == "synergi"


@pytest.mark.parametrize(
    ("changes", "client"),
    [
        ({"azp": "other", "sub": "third"}, "synergi"),
        ({"client_id": None, "azp": "platina", "sub": "a-user"}, "platina"),
        ({"client_id": None, "sub": "flexite"}, "flexite"),
        ({"aud": ["https://other.example", US]}, "synergi"),
        ({"exp": 10 - LEEWAY_S}, "synergi"),
        ({"nbf": LEEWAY_S - 10}, "synergi"),
    ],
)
def test_the_claims_of_real_issuers_are_understood(changes, client):
    """RFC 9068 §2.2, and what issuers wrote before it."""
    assert client_of(signed(claims(**changes))) == client


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "https://other.example"},
        {"aud": None},
        {"aud": {US: 1}},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": -LEEWAY_S - 10},
        {"nbf": LEEWAY_S + 10},
        {"client_id": None},
        {"client_id": ["synergi"]},
        {"client_id": {"synergi": 1}},
    ],
)
def test_a_token_of_somebody_else_or_of_another_time_is_refused(changes):
    """Issue 4.8: issuer, audience and time are checked."""
    assert refused(signed(claims(**changes)))


def test_an_expired_token_says_so():
    """The one fault that its owner mends by itself."""
    assert "expired" in refused(signed(claims(exp=-3600)))


def test_a_key_of_the_same_name_does_not_help_a_forger():
    """Issue 4.8: the signature is verified."""
    assert "signature" in refused(signed(claims(), OTHER))


def test_a_token_that_is_not_signed_is_refused():
    """RFC 8725 §3.1: alg none."""
    head, body = (_coded(json.dumps(part)) for part in ({"alg": "none"}, claims()))
    assert "not signed with" in refused(f"{head}.{body}.")


def test_the_public_key_is_no_shared_secret():
    """RFC 8725 §2.1: HS256 with the issuer's public key."""
    said = f"{_coded(json.dumps({'alg': 'HS256', 'kid': 'rsa'}))}.{_coded(json.dumps(claims()))}"
    mac = hmac.digest(RSA.as_pem(private=False), said.encode(), "sha256")
    assert "not signed with" in refused(f"{said}.{base64.urlsafe_b64encode(mac).decode()}")


def test_an_algorithm_must_fit_its_key():
    """RFC 8725 §3.1: what the head says does not choose how a key is used."""
    head = _coded(json.dumps({"alg": "RS256", "kid": "ec"}))
    _, body, signature = signed(claims()).split(".")
    assert refused(f"{head}.{body}.{signature}")


def test_a_key_that_the_issuer_does_not_have_is_refused():
    """Issue 4.8: by the name of the key."""
    stranger = ECKey.generate_key("P-256", {"kid": "stranger"})
    assert "does not have" in refused(signed(claims(), stranger))


def test_a_critical_head_that_is_not_understood_is_refused():
    """RFC 7515 §4.1.11; what is not critical is passed over."""
    token = signed(claims(), nonce="abc")
    head = {"alg": "ES256", "kid": "ec", "crit": ["exotic"], "exotic": True}
    assert client_of(token) == "synergi"
    assert refused(".".join([_coded(json.dumps(head)), *token.split(".")[1:]]))


def test_a_token_that_is_too_large_is_refused():
    """Issue 4.8: before anything is computed."""
    assert str(LARGEST_TOKEN) in refused("a" * (LARGEST_TOKEN + 1))


@given(st.one_of(st.text(max_size=80), st.builds("{}.{}.{}".format, *[st.text(max_size=40)] * 3)))
def test_whatever_is_no_token_is_refused(text):
    """Issue 4.8: a stranger can write anything."""
    assert refused(text)


@pytest.mark.parametrize(
    "head", ["[" * 5000, '["alg"]', '"alg"', "7", '{"alg": ["ES256"]}', '{"alg":"ES256","kid":[]}']
)
def test_a_head_that_is_no_head_is_refused(head):
    """Issue 4.8: a stranger can write anything."""
    assert refused(f"{_coded(head)}.{_coded('{}')}.AAAA")


def test_a_token_bound_to_a_certificate_needs_it(tmp_path):
    """RFC 8705 §3: what was stolen is of no use to the thief."""
    authority = make_authority(tmp_path)
    own, other = (authority.issue(name).certificate.read_text() for name in ("own", "other"))
    digest = hashlib.sha256(PEM_cert_to_DER_cert(own)).digest()
    bound = signed(claims(cnf={"x5t#S256": base64.urlsafe_b64encode(digest).decode().rstrip("=")}))
    assert client_of(bound, own) == "synergi"
    assert "bound" in refused(bound, other)
    assert "bound" in refused(bound)


@pytest.mark.parametrize("confirmed", [{"jkt": "abc"}, {}, "x", None, []])
def test_a_token_bound_in_another_way_is_refused(confirmed):
    """RFC 7800: what cannot be confirmed here is not taken for unbound."""
    assert "bound" in refused(signed(claims() | {"cnf": confirmed}))


def test_no_token_is_repeated():
    """Issue 4.8: it would open the door for whoever reads the log."""
    token = signed(claims(exp=-3600))
    with pytest.raises(Refusal) as error:
        client_of(token)
    assert token not in f"{error.value!r} {error.value}"


def _coded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
