"""What stands behind the pages of people who do not say who they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gateway.console.anonymous.bound import Bound
from gateway.console.anonymous.sessions import CodeSession, CodeSessions
from gateway.console.reception import Reception
from gateway.console.site import ANONYMOUS, Site
from gateway.flow.anonymous import Anonymous
from gateway.flow.caller import Caller
from gateway.flow.chooser import Chooser
from gateway.settings.citizen_sign_in import CitizenSignInSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousDesk(Reception[CodeSession]):
    """
    Wired in `gateway/app/anonymous.py`, where citizens have pages and there is a secret for codes.

    `caller` is the gateway itself: to the verbs, these pages are one e-service among others.
    """

    site: ClassVar[Site] = ANONYMOUS

    settings: CitizenSignInSettings
    sessions: CodeSessions
    caller: Caller
    anonymous: Anonymous
    chooser: Chooser
    bound: Bound
    clock: Callable[[], datetime]
