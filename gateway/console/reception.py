"""What every set of pages has behind it: how people sign in, and what their browsers keep."""

from dataclasses import dataclass
from typing import ClassVar, Generic

from gateway.console.cookie_sessions import CookieSessions, S
from gateway.console.provider import Provider
from gateway.console.site import Site
from gateway.settings.provider import ProviderSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception(Generic[S]):
    """`largest_request` is in bytes; `over_tls` tells whether browsers reach us by https."""

    site: ClassVar[Site]

    settings: ProviderSettings
    provider: Provider
    sessions: CookieSessions[S]
    largest_request: int
    over_tls: bool

    @property
    def session_cookie(self) -> str:
        """The name of the cookie of who has signed in; over TLS no other host can set it."""
        return f"{self._bound_to_host}{self.site.cookies}-session"

    @property
    def attempt_cookie(self) -> str:
        """The name of the cookie of a sign-in under way."""
        return f"{self._bound_to_host}{self.site.cookies}-attempt"

    @property
    def _bound_to_host(self) -> str:
        return "__Host-" if self.over_tls else ""
