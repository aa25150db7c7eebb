"""What stands behind the pages of citizens: their verbs, and how they sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gateway.console.citizen.sessions import CitizenSession, CitizenSessions
from gateway.console.reception import Reception
from gateway.console.site import CITIZENS, Site
from gateway.domain.law import Limits
from gateway.flow.caller import Caller
from gateway.flow.chooser import Chooser
from gateway.flow.intake import Intake
from gateway.flow.own_cases import OwnCases
from gateway.settings.citizen_sign_in import CitizenSignInSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenDesk(Reception[CitizenSession]):
    """
    Wired in `gateway/app/citizen.py`.

    `caller` is the gateway itself: to the verbs, these pages are one e-service among others.
    `anonymous` tells whether there are pages for those who do not say who they are, too.
    """

    site: ClassVar[Site] = CITIZENS

    settings: CitizenSignInSettings
    sessions: CitizenSessions
    caller: Caller
    intake: Intake
    own_cases: OwnCases
    chooser: Chooser
    limits: Limits
    clock: Callable[[], datetime]
    anonymous: bool = False
