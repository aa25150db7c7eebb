"""Who is signed in, kept in sealed cookies: bounded in time, and made by nobody but us."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from typing import Generic, Protocol, TypeVar

from itsdangerous import Signer

from gateway.console.provider import Attempt
from gateway.console.seal import Kept, Seal
from gateway.console.site import Site

# Signing in at the provider may take this long, in seconds.
ATTEMPT_S = 900
# A cookie is written anew when it is this old, in seconds, or half as old as an idle one may be.
_FRESH_S = 60


class AnySession(Protocol):
    """
    One sign-in, of whomever.

    `written_at` tells when the cookie that it was read from was written.
    """

    @property
    def id(self) -> str:
        """What nobody else knows; forms are made for it."""

    @property
    def signed_in_at(self) -> int:
        """When the person signed in, in seconds."""

    @property
    def written_at(self) -> int | None:
        """When the cookie was written; None of a session that has no cookie yet."""


S = TypeVar("S", bound=AnySession)


class CookieSessions(ABC, Generic[S]):
    """The cookies of one gateway, or of several with the same secret; times are in seconds."""

    def __init__(
        self, site: Site, secret: str, idle_s: int, longest_s: int, clock: Callable[[], float]
    ) -> None:
        """Seal with `secret`; a session ends when it is idle, and always after the longest."""
        self._clock = clock
        self._idle_s, self._longest_s = idle_s, longest_s
        self._seal = Seal(secret, f"{site.cookies}.session", clock)
        self._attempts = Seal(secret, f"{site.cookies}.attempt", clock)
        self._forms = Signer(secret, salt=f"{site.cookies}.form", digest_method=sha256)
        self._fresh_s = min(_FRESH_S, idle_s // 2)
        self._ended: dict[str, float] = {}

    @abstractmethod
    def _kept(self, session: S) -> Kept:
        """Write what a cookie keeps of a session."""

    @abstractmethod
    def _session(self, kept: Kept, written_at: int) -> S:
        """Read a session; raises KeyError or ValueError for what another version wrote."""

    def written(self, session: S) -> str:
        """Give the cookie of a session."""
        return self._seal.written(self._kept(session))

    def read(self, cookie: str | None) -> S | None:
        """Give the session of a cookie; None for one that is not ours, or has ended."""
        written_at, kept = self._seal.read(cookie, self._idle_s)
        try:
            session = self._session(kept, written_at) if kept else None
        except (KeyError, ValueError):  # ours, of a version that wrote it otherwise
            return None
        if session is None or self._clock() - session.signed_in_at >= self._longest_s:
            return None
        return session

    def end(self, session: S) -> None:
        """End a session: no answer that is still under way brings its cookie back."""
        now = self._clock()
        self._ended[session.id] = now
        for other, at in list(self._ended.items()):
            if now - at >= self._longest_s:
                self._ended.pop(other, None)

    def is_to_be_written(self, session: S) -> bool:
        """Tell whether an answer carries the session's cookie: it is new, or no longer fresh."""
        if session.id in self._ended:
            return False
        return session.written_at is None or self._clock() - session.written_at >= self._fresh_s

    def attempt_written(self, attempt: Attempt) -> str:
        """Give the cookie of a sign-in under way."""
        return self._attempts.written(
            {"s": attempt.state, "n": attempt.nonce, "v": attempt.verifier, "t": attempt.then}
        )

    def attempt_read(self, cookie: str | None) -> Attempt | None:
        """Give the sign-in that this browser began."""
        _, kept = self._attempts.read(cookie, ATTEMPT_S)
        return Attempt(kept["t"], kept["s"], kept["n"], kept["v"]) if kept else None

    def form_token(self, session: S) -> str:
        """Give what a form of this session carries, and no other site knows."""
        return self._forms.get_signature(session.id).decode()

    def is_own_form(self, session: S, token: str) -> bool:
        """Tell whether a form was made by us for this very session."""
        return compare_digest(self.form_token(session).encode(), token.encode())
