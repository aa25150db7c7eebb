"""Tokens of OAuth 2 client credentials: signed by the issuer, made out to us, and valid now."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from ssl import PEM_cert_to_DER_cert
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.signing_keys import SigningKeys, keys_at
from gateway.settings import OauthSettings

ALGORITHMS = ("RS256", "PS256", "ES256")
# In characters; those of real issuers have one or two thousand.
LARGEST_TOKEN = 8 * 1024
# What clocks may differ, in seconds.
LEEWAY_S = 30

# A header that is not known is passed over (RFC 7515 §4), unless it is marked as critical.
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
# Where issuers write whose token it is, the surest first (RFC 9068 §2.2).
_CLIENT_CLAIMS = ("client_id", "azp", "sub")

Claims = dict[str, Any]  # any JSON value


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one issuer, made out to one audience."""

    issuer: str
    audience: str
    keys: SigningKeys

    async def client_of(self, token: str, certificate: str | None = None) -> str:
        """
        Tell whose token this is; `certificate` (PEM) is the peer's, to which it may be bound.

        Raises Refusal, which never repeats the token, and Unavailable.
        """
        claims = await self._verified(token)
        if _bound_to(claims) not in (None, _thumbprint(certificate)):
            raise _refused("is bound to another certificate than the one of this connection")
        client = next((claims[name] for name in _CLIENT_CLAIMS if claims.get(name)), None)
        if not isinstance(client, str):
            raise _refused("names no client: client_id, azp or sub")
        return client

    async def _verified(self, token: str) -> Claims:
        try:
            key = await self.keys.find(_key_name(token))
            if key is None:
                raise _refused("is signed with a key that the issuer does not have")
            claims = jwt.decode(token, key, registry=_REGISTRY).claims
            self._rules().validate(claims)
        except ExpiredTokenError:
            raise _refused("has expired; get a new one") from None
        except BadSignatureError:
            raise _refused("has a signature that does not fit") from None
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            raise _refused(_NO_TOKEN) from None
        return claims

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )


def tokens_of(settings: OauthSettings | None) -> Tokens | None:
    """Take the tokens that are set, if any; raises StartRefused for a file that has no keys."""
    if settings is None:
        return None
    return Tokens(settings.issuer, settings.audience, keys_at(settings.jwks))


def _key_name(token: str) -> str | None:
    """Read the name of the key in a head that nobody has verified."""
    if len(token) > LARGEST_TOKEN:
        raise _refused(f"has more than {LARGEST_TOKEN} characters")
    head = jws.extract_compact(token.encode("ascii")).headers()
    if head.get("alg") not in ALGORITHMS:
        raise _refused(f"is not signed with {', '.join(ALGORITHMS)}")
    name: str | None = head.get("kid")
    return name


def _bound_to(claims: Claims) -> str | None:
    """Tell the thumbprint of the certificate that a token is bound to (RFC 8705 §3.1)."""
    if "cnf" not in claims:
        return None
    confirmed = claims["cnf"]
    return str(confirmed.get("x5t#S256")) if isinstance(confirmed, dict) else ""


def _thumbprint(certificate: str | None) -> str:
    if certificate is None:
        return "there is none"
    digest = sha256(PEM_cert_to_DER_cert(certificate)).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _refused(words: str) -> Refusal:
    return Refusal(Fault(Rule.TOKEN_NOT_ACCEPTED, "token", words))


_NO_TOKEN = "is no token for this gateway: not a JWT, or another issuer, audience or time"  # noqa: S105 words about tokens
