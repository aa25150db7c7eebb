"""Only what the right provider says, to us and now, signs anybody in (OpenID Connect Core)."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from gateway.console.provider import STAND_IN_MARK, Attempt, Provider, SignInRefused
from gateway.domain.errors import Unavailable
from gateway.settings.sign_in import SignInSettings

ISSUER, CLIENT, BACK = "https://idp.example", "vaxel", "https://vaxel.example/console/signed-in"
SETTINGS = SignInSettings(
    issuer=ISSUER,
    client_id=CLIENT,
    client_secret=SecretStr("the secret that the provider gave"),
    session_secret=SecretStr("only for tests, and long enough for them"),
)
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("one", "two"))
ATTEMPT = Attempt("/console/cases")


class Idp:
    """A provider that says what a test wants."""

    def __init__(self):
        self.told = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        self.keys = [KEY]
        self.signed_with = KEY
        self.claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "p1",
            "nonce": ATTEMPT.nonce,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
        }
        self.user_info = {"sub": "p1", "number": "told there", "iss": "unsigned"}
        self.asked = []

    def __call__(self, request):
        self.asked.append(request)
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self.told)
            case "/userinfo":
                return httpx.Response(200, json=self.user_info)
            case "/jwks":
                public = [key.as_dict(private=False) for key in self.keys]
                return httpx.Response(200, json={"keys": public})
            case _:
                header = {"alg": "RS256", "kid": self.signed_with.kid}
                token = jwt.encode(header, self.claims, self.signed_with)
                return httpx.Response(200, json={"id_token": token, "access_token": "a"})


@pytest.fixture
def idp():
    return Idp()


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def provider(idp, now):
    client = lambda: httpx.Client(transport=httpx.MockTransport(idp))  # noqa: E731
    return Provider(SETTINGS, BACK, client, lambda: now[0])


def test_the_browser_is_sent_there_with_state_nonce_and_challenge(provider):
    """PKCE by S256, so that a stolen code is worth nothing (RFC 7636)."""
    query = parse_qs(urlsplit(provider.address_to_sign_in(ATTEMPT)).query)
    assert query["code_challenge"] == [create_s256_code_challenge(ATTEMPT.verifier)]
    assert (query["state"], query["nonce"]) == ([ATTEMPT.state], [ATTEMPT.nonce])
    assert query["redirect_uri"] == [BACK]
    assert ATTEMPT.verifier not in str(query)


def test_a_code_is_changed_for_claims(provider, idp):
    """The verifier goes along, and so does our secret, in the header (RFC 6749 §2.3.1)."""
    assert provider.claims("c", ATTEMPT)["sub"] == "p1"
    sent = idp.asked[-1]
    assert parse_qs(sent.content.decode())["code_verifier"] == [ATTEMPT.verifier]
    assert sent.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "another"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"sub": None},
        {STAND_IN_MARK: True},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_and_now_signs_nobody_in(provider, idp, wrong):
    """Issuer, audience, nonce and times are looked at; and a stand-in is for demos only."""
    merged = idp.claims | wrong
    idp.claims = {name: value for name, value in merged.items() if value is not None}
    with pytest.raises(SignInRefused):
        provider.claims("c", ATTEMPT)


def test_a_token_with_a_strange_signature_signs_nobody_in(provider, idp):
    """A key that the provider does not have signs nothing of it."""
    idp.signed_with = OTHER_KEY
    with pytest.raises(SignInRefused):
        provider.claims("c", ATTEMPT)


def test_a_new_key_is_fetched_when_a_token_is_signed_with_it(provider, idp, now):
    """Providers change their keys, and nobody restarts anything."""
    provider.claims("c", ATTEMPT)
    idp.keys, idp.signed_with = [OTHER_KEY], OTHER_KEY
    with pytest.raises(SignInRefused):
        provider.claims("c", ATTEMPT)
    now[0] += 31
    assert provider.claims("c", ATTEMPT)["sub"] == "p1"


def test_a_provider_that_is_down_is_asked_again_after_a_while(provider, idp, now):
    """Those who want to sign in do not queue up behind each other's time-outs."""
    right, idp.told = idp.told, {}
    for _ in range(3):
        with pytest.raises(Unavailable):
            provider.address_to_sign_in(ATTEMPT)
    assert len(idp.asked) == 1
    now[0], idp.told = 6.0, right
    assert provider.address_to_sign_in(ATTEMPT)


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://other.example"}, {"token_endpoint": "http://idp.example/token"}],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(provider, idp, told):
    """Another name, or a secret sent in the clear."""
    idp.told |= told
    with pytest.raises(Unavailable):
        provider.address_to_sign_in(ATTEMPT)


@pytest.fixture
def asking(idp):
    """A provider that is asked for a claim that tokens may not have."""
    idp.told["userinfo_endpoint"] = f"{ISSUER}/userinfo"
    client = lambda: httpx.Client(transport=httpx.MockTransport(idp))  # noqa: E731
    return Provider(SETTINGS, BACK, client, asked_for=frozenset({"number"}))


def test_what_the_token_does_not_tell_is_asked_for_at_user_info(asking, idp):
    """OpenID Connect Core §5.3; what is signed is not replaced by what is not."""
    told = asking.claims("c", ATTEMPT)
    assert (told["number"], told["iss"]) == ("told there", ISSUER)
    assert idp.asked[-1].headers["authorization"] == "Bearer a"


def test_what_the_token_tells_is_not_asked_for_again(asking, idp):
    """One call less, and signed."""
    idp.claims["number"] = "in the token"
    assert asking.claims("c", ATTEMPT)["number"] == "in the token"
    assert "/userinfo" not in {request.url.path for request in idp.asked}


def test_user_info_of_somebody_else_signs_nobody_in(asking, idp):
    """OpenID Connect Core §5.3.2: the sub must be the token's."""
    idp.user_info["sub"] = "p2"
    with pytest.raises(SignInRefused):
        asking.claims("c", ATTEMPT)
