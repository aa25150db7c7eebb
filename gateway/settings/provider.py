"""An OpenID Connect provider whose word is taken when somebody signs in to pages."""

from ipaddress import ip_address
from typing import Annotated, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

Filled = Annotated[str, StringConstraints(min_length=1)]
_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#/@]+(/[^\s?#]*)?$")]
# As long as the digest that cookies' keys are made with; shorter ones can be guessed.
_SHORTEST_SECRET = 32


class ProviderSettings(BaseModel):
    """
    Sign-in by OpenID Connect to one set of pages; without it those pages do not exist.

    Whoever does nothing for `idle_minutes` is signed out, and everybody is after `session_hours`.
    `stand_in` is for the demo alone: see `is_loopback`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: _Address
    client_id: Filled
    client_secret: SecretStr
    session_secret: Annotated[SecretStr, Field(min_length=_SHORTEST_SECRET)]
    scopes: tuple[Filled, ...] = ("openid", "profile")
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


_Provider = TypeVar("_Provider", bound=ProviderSettings | None)


def is_loopback(address: str) -> bool:
    """Tell whether an http address never leaves this machine: only there a stand-in may be."""
    parts = urlsplit(address)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def a_stand_in_stays_at_home(settings: _Provider, info: ValidationInfo) -> _Provider:
    """Let nobody but a demo on this machine, which no other can reach, have a stand-in."""
    reachable = info.data.get("public_url") or not is_loopback(f"http://{info.data.get('bind')}")
    if settings is not None and settings.stand_in and reachable:
        raise ValueError("stand_in is for a demo at 127.0.0.1 that has no public_url")
    return settings


def pages_are_reached_over_tls(settings: _Provider, info: ValidationInfo) -> _Provider:
    """Let no session be read on the way; at 127.0.0.1 nobody else is on it, or a proxy's TLS."""
    given, ours = info.data.get("public_url"), info.data.get("tls")
    over_tls = given.startswith("https://") if given else ours is not None
    at_home = is_loopback(f"http://{info.data.get('bind')}")
    if settings is not None and not over_tls and not at_home:
        words = "a public_url that begins with https://, or tls, or a bind at 127.0.0.1"
        raise ValueError(f"whoever signs in would be heard in the clear; set {words}")
    return settings
