"""What stands behind the pages: the verbs of staff, and how they sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.console.provider import Provider
from gateway.console.sessions import Sessions
from gateway.flow.chooser import Chooser
from gateway.flow.handling.case_handling import CaseHandling
from gateway.flow.inboxes import StaffInbox
from gateway.flow.ports import Cases
from gateway.flow.replies import Replies
from gateway.settings.sign_in import SignInSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """
    Wired in `gateway/app/console.py`.

    `largest_request` is in bytes; `over_tls` tells whether browsers reach us by https.
    """

    settings: SignInSettings
    provider: Provider
    sessions: Sessions
    cases: Cases
    staff_inbox: StaffInbox
    handling: CaseHandling
    replies: Replies
    chooser: Chooser
    clock: Callable[[], datetime]
    largest_request: int
    over_tls: bool

    @property
    def session_cookie(self) -> str:
        """The name of the cookie of who has signed in; over TLS no other host can set it."""
        return f"{self._bound_to_host}vaxel-session"

    @property
    def attempt_cookie(self) -> str:
        """The name of the cookie of a sign-in under way."""
        return f"{self._bound_to_host}vaxel-attempt"

    @property
    def _bound_to_host(self) -> str:
        return "__Host-" if self.over_tls else ""
