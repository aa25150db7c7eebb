"""What a browser keeps of somebody unknown: that our forms are its own, and at most one code."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from gateway.console.cookie_sessions import CookieSessions
from gateway.console.seal import Kept
from gateway.console.site import ANONYMOUS


@dataclass(frozen=True, slots=True)
class CodeSession:
    """
    One browser; `code` is that of the case that it reads, once one was typed.

    `written_at` tells when the cookie that it was read from was written.
    """

    signed_in_at: int
    code: str | None = field(default=None, repr=False)
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    written_at: int | None = field(default=None, compare=False)


class CodeSessions(CookieSessions[CodeSession]):
    """The cookies of those whom nobody knows; times are in seconds."""

    def __init__(
        self, secret: str, idle_s: int, longest_s: int, clock: Callable[[], float] = time
    ) -> None:
        super().__init__(ANONYMOUS, secret, idle_s, longest_s, clock)

    def begun(self, code: str | None = None) -> CodeSession:
        """Begin a session, with an id that opens no form that was shown before."""
        return CodeSession(int(self._clock()), code)

    def _kept(self, session: CodeSession) -> Kept:
        return {"id": session.id, "at": session.signed_in_at, "c": session.code}

    def _session(self, kept: Kept, written_at: int) -> CodeSession:
        return CodeSession(kept["at"], kept["c"], kept["id"], written_at)
