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
    that of a whole organisation.
    """
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _by_token(doors, token.strip(), scope)
    if (key := headers.get(API_KEY)) is not None:
        return doors.identity.by_api_key(key)
    return doors.identity.by_certificate(read_head(scope["headers"]), peer_of(scope))


async def _by_token(doors: Doors, token: str, scope: Scope) -> Caller:
    if doors.tokens is None:
        words = "tokens are not taken here; send a known API key"
        raise Refusal(Fault(Rule.TOKEN_NOT_ACCEPTED, "token", words))
    client = await doors.tokens.client_of(token, peer_of(scope).certificate)
    return doors.identity.by_oauth_client(client)
