"""Which citizen is signed in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from gateway.console.citizen.citizen import Citizen
from gateway.console.cookie_sessions import CookieSessions
from gateway.console.seal import Kept
from gateway.console.site import CITIZENS
from gateway.domain.person import PersonId


@dataclass(frozen=True, slots=True)
class CitizenSession:
    """One sign-in; `written_at` tells when the cookie that it was read from was written."""

    citizen: Citizen
    signed_in_at: int
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    written_at: int | None = field(default=None, compare=False)


class CitizenSessions(CookieSessions[CitizenSession]):
    """The cookies of citizens; times are in seconds."""

    def __init__(
        self, secret: str, idle_s: int, longest_s: int, clock: Callable[[], float] = time
    ) -> None:
        super().__init__(CITIZENS, secret, idle_s, longest_s, clock)

    def begun(self, citizen: Citizen) -> CitizenSession:
        """Begin a session."""
        return CitizenSession(citizen, int(self._clock()))

    def _kept(self, session: CitizenSession) -> Kept:
        person = session.citizen.person_id
        return {
            "id": session.id,
            "at": session.signed_in_at,
            "p": [person.oid, person.number],
            "n": session.citizen.name,
        }

    def _session(self, kept: Kept, written_at: int) -> CitizenSession:
        oid, number = kept["p"]
        citizen = Citizen(PersonId(oid, number), kept["n"])
        return CitizenSession(citizen, kept["at"], kept["id"], written_at)
