"""How staff sign in to the pages: whose word is taken, and what its words mean (DOMAIN E1)."""

from ipaddress import ip_address
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from gateway.flow.caller import INBOX_ROLES, Role

_Filled = Annotated[str, StringConstraints(min_length=1)]
_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#/@]+(/[^\s?#]*)?$")]
# As long as the digest that signs cookies; shorter ones can be guessed from one cookie.
_SHORTEST_SECRET = 32

# The roles that a person may have in the pages.
CONSOLE_ROLES = INBOX_ROLES


class ClaimNames(BaseModel):
    """
    What the identity provider calls what we need to know of a person.

    `assignments` is a claim that holds a list of objects; the names under it are those of their
    members. A whole claim may stand deeper: `a.b` is the member b of the claim a.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hsa_id: _Filled = "hsa_id"
    name: _Filled = "name"
    assignments: _Filled = "assignments"
    assignment_name: _Filled = "name"
    role: _Filled = "role"
    units: _Filled = "units"
    regions: _Filled = "regions"


class SignInSettings(BaseModel):
    """
    Sign-in by OpenID Connect; without it the pages do not exist.

    `roles` tells which of our roles the provider's words for them are; a word that does not stand
    there gives nothing. Whoever does nothing for `idle_minutes` is signed out, and everybody is
    after `session_hours`. `stand_in` is for the demo alone: see `is_loopback`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: _Address
    client_id: _Filled
    client_secret: SecretStr
    session_secret: Annotated[SecretStr, Field(min_length=_SHORTEST_SECRET)]
    scopes: tuple[_Filled, ...] = ("openid", "profile")
    claims: ClaimNames = ClaimNames()
    roles: Annotated[dict[_Filled, Role], Field(min_length=1)] = {
        role.value: role for role in sorted(CONSOLE_ROLES)
    }
    idle_minutes: Annotated[int, Field(ge=1, le=12 * 60)] = 60
    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    stand_in: bool = False

    @model_validator(mode="after")
    def _only_a_stand_in_is_heard_in_the_clear(self) -> Self:
        if self.stand_in and not is_loopback(self.issuer):
            raise ValueError("a stand-in is at http://127.0.0.1; leave stand_in out for others")
        if not self.stand_in and not self.issuer.startswith("https://"):
            raise ValueError("the issuer is an address that begins with https://")
        return self

    @model_validator(mode="after")
    def _secrets_are_of_their_own(self) -> Self:
        if not self.client_secret.get_secret_value():
            raise ValueError("client_secret is empty; the provider gives one with the client id")
        if self.client_secret == self.session_secret:
            raise ValueError("session_secret is ours alone; make it another than client_secret")
        return self

    @model_validator(mode="after")
    def _asks_for_an_identity(self) -> Self:
        if "openid" not in self.scopes:
            raise ValueError("scopes has no openid, without which nobody's identity is told")
        return self

    @model_validator(mode="after")
    def _roles_are_for_people(self) -> Self:
        if other := sorted({r.value for r in self.roles.values()} - CONSOLE_ROLES):
            words = f"nobody signs in to the pages as {', '.join(other)}; roles are for people:"
            raise ValueError(f"{words} {', '.join(sorted(CONSOLE_ROLES))}")
        return self


def is_loopback(address: str) -> bool:
    """Tell whether an http address never leaves this machine: only there a stand-in may be."""
    parts = urlsplit(address)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _a_stand_in_stays_at_home(
    settings: SignInSettings | None, info: ValidationInfo
) -> SignInSettings | None:
    """Let nobody but a demo on this machine, which no other can reach, have a stand-in."""
    reachable = info.data.get("public_url") or not is_loopback(f"http://{info.data.get('bind')}")
    if settings is not None and settings.stand_in and reachable:
        raise ValueError("stand_in is for a demo at 127.0.0.1 that has no public_url")
    return settings


def _pages_are_reached_over_tls(
    settings: SignInSettings | None, info: ValidationInfo
) -> SignInSettings | None:
    """Let no session be read on the way; at 127.0.0.1 nobody else is on it, or a proxy's TLS."""
    given, ours = info.data.get("public_url"), info.data.get("tls")
    over_tls = given.startswith("https://") if given else ours is not None
    at_home = is_loopback(f"http://{info.data.get('bind')}")
    if settings is not None and not over_tls and not at_home:
        words = "a public_url that begins with https://, or tls, or a bind at 127.0.0.1"
        raise ValueError(f"whoever signs in would be heard in the clear; set {words}")
    return settings


# After `bind`, `public_url` and `tls`, which these look at.
SignIn = Annotated[
    SignInSettings | None,
    AfterValidator(_a_stand_in_stays_at_home),
    AfterValidator(_pages_are_reached_over_tls),
]
