"""The identity provider: OpenID Connect by authorization code, PKCE, state and nonce."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from authlib.common.security import generate_token
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.domain.errors import Unavailable
from gateway.domain.policy import Policy
from gateway.settings.provider import ProviderSettings, is_loopback
from gateway.wire import lent_client

# What clocks may differ, in seconds.
LEEWAY_S = 30
# What the provider tells of itself is read anew after this, in seconds …
_OLD_AFTER_S = 3600.0
# … and at most this often when a token is signed with a key that is not known.
_AGAIN_AFTER_S = 30.0
# One that did not answer is left alone for so long: those who wait for it would be many.
_DOWN_S = 5.0
# What a stand-in says of itself, and no real provider does.
STAND_IN_MARK = "vaxel_stand_in"

_REGISTRY = jws.JWSRegistry(algorithms=["RS256", "PS256", "ES256"], strict_check_header=False)
_POLICY = Policy(connect_timeout_s=2.0, read_timeout_s=5.0)
_LOG = structlog.get_logger()

Json = dict[str, Any]  # any JSON value


class SignInRefused(Exception):
    """This sign-in cannot end well: begin it again. The words are for the log, and no value."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way, known to the browser that began it alone; `then` is where it goes."""

    then: str
    state: str = field(default_factory=lambda: generate_token(32), repr=False)
    nonce: str = field(default_factory=lambda: generate_token(32), repr=False)
    verifier: str = field(default_factory=lambda: generate_token(64), repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider tells of itself, and its keys."""

    authorization: str
    token: str
    user_info: str | None
    keys: KeySet
    read_at: float


class Provider:
    """
    The provider of the settings; safe for threads.

    `back` is our own address that the provider sends people back to. Of `asked_for` something is
    asked for at the provider's UserInfo endpoint when the token has none of it (OpenID Connect
    Core §5.3, where claims of scopes stand unless a provider puts them in the token too).
    """

    def __init__(
        self,
        settings: ProviderSettings,
        back: str,
        client: Callable[[], httpx.Client] = lambda: lent_client(_POLICY),
        clock: Callable[[], float] = monotonic,
        asked_for: frozenset[str] = frozenset(),
    ) -> None:
        self._settings = settings
        self._back = back
        self._client = client
        self._clock = clock
        self._asked_for = asked_for
        self._lock = Lock()
        self._known: _Known | None = None
        self._down_at = -_DOWN_S

    def address_to_sign_in(self, attempt: Attempt) -> str:
        """Tell where the browser is sent to; raises Unavailable."""
        address: str = prepare_grant_uri(
            self._now_known().authorization,
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=self._back,
            scope=" ".join(self._settings.scopes),
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return address

    def claims(self, code: str, attempt: Attempt) -> Json:
        """Change a code for what the provider says of the person, verified; raises SignInRefused.

        Raises Unavailable while the provider does not answer.
        """
        known = self._now_known()
        answer = self._exchanged(known, code, attempt)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused("the provider gave no id_token")
        claims = self._verified(token, answer.get("access_token"), attempt.nonce)
        if known.user_info is None or not self._asked_for.isdisjoint(claims):
            return claims
        access_token = answer.get("access_token")
        # What is signed is not replaced by what is not.
        return self._user_info(known.user_info, access_token, claims["sub"]) | claims

    def _exchanged(self, known: _Known, code: str, attempt: Attempt) -> Json:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": attempt.verifier,
        }
        secret = self._settings.client_secret.get_secret_value()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        signing = ClientAuth(self._settings.client_id, secret)
        url, headers, body = signing.prepare("POST", known.token, headers, urlencode(form))
        answer = self._asked("POST", url, headers=headers, content=body)
        if answer.status_code != HTTPStatus.OK:
            raise SignInRefused(f"the provider refused the code with HTTP {answer.status_code}")
        return _object(answer)

    def _user_info(self, address: str, access_token: object, subject: str) -> Json:
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = self._asked("GET", address, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            raise SignInRefused(f"the provider's UserInfo answers HTTP {answer.status_code}")
        told = _object(answer)
        if told.get("sub") != subject:
            raise SignInRefused("the provider's UserInfo is of somebody else")
        return told

    def _verified(self, token: str, access_token: object, nonce: str) -> Json:
        try:
            return self._read(token, access_token, nonce)
        except JoseError as error:
            if self._reread_for_new_keys():
                return self._verified(token, access_token, nonce)
            raise SignInRefused(f"the id_token is not accepted: {type(error).__name__}") from None
        except (ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"the id_token cannot be read: {type(error).__name__}") from None

    def _read(self, token: str, access_token: object, nonce: str) -> Json:
        read = jwt.decode(token, self._now_known().keys, registry=_REGISTRY)
        client_id = self._settings.client_id
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": client_id},
            },
            params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
        )
        claims.validate(leeway=LEEWAY_S)
        if bool(claims.get(STAND_IN_MARK)) != self._settings.stand_in:
            raise SignInRefused("a stand-in signs people in to a demo, and to nothing else")
        return dict(claims)

    def _reread_for_new_keys(self) -> bool:
        with self._lock:
            known = self._known
            if known is None or self._clock() - known.read_at < _AGAIN_AFTER_S:
                return False
            self._known = None
            return True

    def _now_known(self) -> _Known:
        with self._lock:
            known = self._known
            if known is None or self._clock() - known.read_at >= _OLD_AFTER_S:
                self._known = known = self._discovered_unless_down()
            return known

    def _discovered_unless_down(self) -> _Known:
        if self._clock() - self._down_at < _DOWN_S:
            raise Unavailable("the provider did not answer a moment ago")
        try:
            return self._discovered()
        except Unavailable:
            self._down_at = self._clock()
            raise

    def _discovered(self) -> _Known:
        issuer = self._settings.issuer
        told = self._read_from(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise _unavailable("the provider calls itself something else than the issuer set")
        keys = self._read_from(self._endpoint(told, "jwks_uri"))
        asks = self._asked_for and "userinfo_endpoint" in told
        try:
            known = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # checked by the library
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise _unavailable("the provider's keys cannot be read") from None
        return _Known(
            self._endpoint(told, "authorization_endpoint"),
            self._endpoint(told, "token_endpoint"),
            self._endpoint(told, "userinfo_endpoint") if asks else None,
            known,
            self._clock(),
        )

    def _endpoint(self, told: Json, name: str) -> str:
        address = told.get(name)
        in_the_clear = self._settings.stand_in and is_loopback(str(address))
        if not isinstance(address, str) or not (address.startswith("https://") or in_the_clear):
            raise _unavailable(f"the provider's {name} is no address that begins with https://")
        return address

    def _read_from(self, url: str) -> Json:
        answer = self._asked("GET", url)
        if answer.status_code != HTTPStatus.OK:
            raise _unavailable(f"the provider answers HTTP {answer.status_code}")
        return _object(answer)

    def _asked(
        self,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        content: str | None = None,
    ) -> httpx.Response:
        try:
            with self._client() as client:
                return client.request(method, url, headers=headers, content=content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unavailable(f"the provider does not answer: {type(error).__name__}") from None


def _object(answer: httpx.Response) -> Json:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _unavailable("the provider's answer is no JSON object")
    return told


def _unavailable(words: str) -> Unavailable:
    _LOG.warning("console.provider_unusable", fault=words)
    return Unavailable(words)
