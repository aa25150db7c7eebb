"""Who is signed in, kept in signed cookies: bounded in time, and changed by nobody but us."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import compare_digest
from time import time
from typing import Any

from itsdangerous import BadData, Signer, URLSafeSerializer

from gateway.console.people import Assignment, Person
from gateway.console.provider import Attempt
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role

# What browsers keep of one cookie, in bytes, with room for its name and attributes.
LARGEST_COOKIE = 3800
# Signing in at the provider may take this long, in seconds.
ATTEMPT_S = 900
# A cookie is written anew when it is this old, in seconds, or half as old as an idle one may be.
_FRESH_S = 60

Kept = dict[str, Any]  # any JSON value: what is kept in a cookie


class TooManyAssignments(Exception):
    """A person has more assignments than a cookie can hold."""


@dataclass(frozen=True, slots=True)
class Session:
    """
    One sign-in; `chosen` is the assignment that the person works under, once there is one.

    `written_at` tells when the cookie that it was read from was written.
    """

    person: Person
    signed_in_at: int
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    chosen: int | None = None
    written_at: int | None = field(default=None, compare=False)

    @property
    def assignment(self) -> Assignment | None:
        """What the person works under now."""
        return None if self.chosen is None else self.person.assignments[self.chosen]

    @property
    def caller(self) -> Caller | None:
        """Who calls, once an assignment is chosen."""
        return self.person.caller(self.assignment) if self.assignment else None


class Sessions:
    """The cookies of one gateway, or of several with the same secret; times are in seconds."""

    def __init__(
        self, secret: str, idle_s: int, longest_s: int, clock: Callable[[], float] = time
    ) -> None:
        """Sign with `secret`; a session ends when it is idle, and always after the longest."""
        self._clock = clock
        self._idle_s, self._longest_s = idle_s, longest_s
        self._signed = _Signed(secret, "vaxel.session", clock)
        self._attempts = _Signed(secret, "vaxel.attempt", clock)
        self._forms = Signer(secret, salt="vaxel.form", digest_method=sha256)
        self._fresh_s = min(_FRESH_S, idle_s // 2)
        self._ended: dict[str, float] = {}

    def begun(self, person: Person) -> Session:
        """Begin a session; a person with one assignment works under it at once."""
        only = 0 if len(person.assignments) == 1 else None
        return Session(person, int(self._clock()), chosen=only)

    def chosen(self, session: Session, number: int) -> Session:
        """Let the person work under another assignment, with an id that opens no older form."""
        return replace(session, chosen=number, id=secrets.token_urlsafe(18), written_at=None)

    def written(self, session: Session) -> str:
        """Give the cookie of a session; raises TooManyAssignments."""
        text = self._signed.written(_kept(session))
        if len(text) > LARGEST_COOKIE:
            raise TooManyAssignments
        return text

    def read(self, cookie: str | None) -> Session | None:
        """Give the session of a cookie; None for one that is not ours, or has ended."""
        written_at, kept = self._signed.read(cookie, self._idle_s)
        session = _session(kept, written_at) if kept else None
        if session is None or self._clock() - session.signed_in_at >= self._longest_s:
            return None
        return session

    def end(self, session: Session) -> None:
        """End a session: no answer that is still under way brings its cookie back."""
        now = self._clock()
        self._ended[session.id] = now
        for other, at in list(self._ended.items()):
            if now - at >= self._longest_s:
                self._ended.pop(other, None)

    def is_to_be_written(self, session: Session) -> bool:
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

    def form_token(self, session: Session) -> str:
        """Give what a form of this session carries, and no other site knows."""
        return self._forms.get_signature(session.id).decode()

    def is_own_form(self, session: Session, token: str) -> bool:
        """Tell whether a form was made by us for this very session."""
        return compare_digest(self.form_token(session).encode(), token.encode())


class _Signed:
    """Signs and reads small values with the time of their signing; what is not ours is None."""

    def __init__(self, secret: str, salt: str, clock: Callable[[], float]) -> None:
        options = {"digest_method": sha256}
        self._signed = URLSafeSerializer(secret, salt=salt, signer_kwargs=options)
        self._clock = clock

    def written(self, kept: Kept) -> str:
        return str(self._signed.dumps([int(self._clock()), kept]))

    def read(self, cookie: str | None, longest_s: int) -> tuple[int, Kept | None]:
        try:
            signed_at, kept = self._signed.loads(cookie or "")
        except BadData:
            return 0, None
        return signed_at, kept if self._clock() - signed_at < longest_s else None


def _kept(session: Session) -> Kept:
    return {
        "id": session.id,
        "at": session.signed_in_at,
        "h": session.person.hsa_id.text,
        "n": session.person.name,
        "a": [[a.name, a.role.value, a.units, a.regions] for a in session.person.assignments],
        "c": session.chosen,
    }


def _session(kept: Kept, written_at: int) -> Session | None:
    try:
        listed = tuple(
            Assignment(name, Role(role), tuple(units), tuple(regions))
            for name, role, units, regions in kept["a"]
        )
        person = Person(HsaId(kept["h"]), kept["n"], listed)
        return Session(person, kept["at"], kept["id"], kept["c"], written_at)
    except (KeyError, ValueError):  # ours, of a version that wrote it otherwise
        return None
