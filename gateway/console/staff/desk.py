"""What stands behind the pages of staff: their verbs, and how they sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gateway.console.reception import Reception
from gateway.console.site import STAFF, Site
from gateway.console.staff.sessions import Session, Sessions
from gateway.flow.archive_package import Archiving
from gateway.flow.chooser import Chooser
from gateway.flow.handling.case_handling import CaseHandling
from gateway.flow.inboxes import StaffInbox
from gateway.flow.keeping import KeepingCases
from gateway.flow.measures import Measures
from gateway.flow.ports import Cases
from gateway.flow.registering import Registering
from gateway.flow.replies import Replies
from gateway.flow.reports import Reports
from gateway.flow.themes import Themes
from gateway.flow.watching import SILENT, Watching
from gateway.settings.sign_in import SignInSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Reception[Session]):
    """Wired in `gateway/app/console.py`."""

    site: ClassVar[Site] = STAFF

    settings: SignInSettings
    sessions: Sessions
    cases: Cases
    staff_inbox: StaffInbox
    handling: CaseHandling
    replies: Replies
    keeping: KeepingCases
    archiving: Archiving
    registering: Registering
    themes: Themes
    measures: Measures
    reports: Reports
    chooser: Chooser
    clock: Callable[[], datetime]
    watching: Watching = SILENT
