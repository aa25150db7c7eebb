"""Who is calling over REST: by a token, by a key, or by a client certificate."""

from starlette.datastructures import Headers
from starlette.types import Scope

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.doors import Doors
from gateway.facade.head import read_head
from gateway.facade.peer import peer_of
from gateway.flow.caller import Caller

API_KEY = "X-API-Key"


async def caller_of(doors: Doors, headers: Headers, scope: Scope) -> Caller:
    """
    Tell who sent a request; raises Refusal.

    What the request itself carries goes before the certificate of its connection, which may be
    that of a whole organisation. What shows that something is not as it was meant is refused,
    and not passed over.
    """
    shown, key = _only(headers, "Authorization"), _only(headers, API_KEY)
    if shown is not None:
        return await _by_token(doors, _token(shown), scope)
    if key is not None:
        return doors.identity.by_api_key(key)
    return doors.identity.by_certificate(read_head(scope["headers"]), peer_of(scope))


def _only(headers: Headers, name: str) -> str | None:
    values = headers.getlist(name)
    if len(values) > 1:
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, name, "stands there twice; send it once"))
    return values[0] if values else None


def _token(shown: str) -> str:
    scheme, _, token = shown.partition(" ")
    if scheme.lower() != "bearer":
        words = f"only Bearer is taken; send a token so, or leave it out and send {API_KEY}"
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, "Authorization", words))
    return token.strip()


async def _by_token(doors: Doors, token: str, scope: Scope) -> Caller:
    if doors.tokens is None:
        words = "tokens are not taken here; send a known API key"
        raise Refusal(Fault(Rule.TOKEN_NOT_ACCEPTED, "token", words))
    client = await doors.tokens.client_of(token, peer_of(scope).certificate)
    return doors.identity.by_oauth_client(client)
