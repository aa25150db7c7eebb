"""Which member of staff is signed in, and under which assignment (DOMAIN E1)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import time

from gateway.console.cookie_sessions import CookieSessions
from gateway.console.seal import Kept
from gateway.console.site import STAFF
from gateway.console.staff.people import Assignment, Person
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role

# What browsers keep of one cookie, in bytes, with room for its name and attributes.
LARGEST_COOKIE = 3800


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


class Sessions(CookieSessions[Session]):
    """The cookies of staff; times are in seconds."""

    def __init__(
        self, secret: str, idle_s: int, longest_s: int, clock: Callable[[], float] = time
    ) -> None:
        super().__init__(STAFF, secret, idle_s, longest_s, clock)

    def begun(self, person: Person) -> Session:
        """Begin a session; a person with one assignment works under it at once."""
        only = 0 if len(person.assignments) == 1 else None
        return Session(person, int(self._clock()), chosen=only)

    def chosen(self, session: Session, number: int) -> Session:
        """Let the person work under another assignment, with an id that opens no older form."""
        return replace(session, chosen=number, id=secrets.token_urlsafe(18), written_at=None)

    def written(self, session: Session) -> str:
        """Give the cookie of a session; raises TooManyAssignments."""
        text = super().written(session)
        if len(text) > LARGEST_COOKIE:
            raise TooManyAssignments
        return text

    def _kept(self, session: Session) -> Kept:
        return {
            "id": session.id,
            "at": session.signed_in_at,
            "h": session.person.hsa_id.text,
            "n": session.person.name,
            "a": [[a.name, a.role.value, a.units, a.regions] for a in session.person.assignments],
            "c": session.chosen,
        }

    def _session(self, kept: Kept, written_at: int) -> Session:
        listed = tuple(
            Assignment(name, Role(role), tuple(units), tuple(regions))
            for name, role, units, regions in kept["a"]
        )
        person = Person(HsaId(kept["h"]), kept["n"], listed)
        return Session(person, kept["at"], kept["id"], kept["c"], written_at)
