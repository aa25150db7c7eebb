"""What stands behind the ways in: the verbs, who may call them, and who we are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.domain.hsa import HsaId
from gateway.facade.identity import Identity
from gateway.facade.tokens import Tokens
from gateway.flow.anonymous import Anonymous
from gateway.flow.archive_package import Archiving
from gateway.flow.chooser import Chooser
from gateway.flow.clock import Clocks
from gateway.flow.forwarding import Forwarding
from gateway.flow.handling.case_handling import CaseHandling
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.keeping import KeepingCases
from gateway.flow.measures import Measures
from gateway.flow.notices import NoticeStanding
from gateway.flow.operating import Operating
from gateway.flow.pickups import Pickups
from gateway.flow.quarantine import Quarantine
from gateway.flow.registering import Registering
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies
from gateway.flow.reports import Reports
from gateway.flow.themes import Themes
from gateway.flow.uploads import Uploads
from gateway.flow.watching import SILENT, Watching
from gateway.routes.publishing import Publishing


@dataclass(frozen=True, slots=True)
class Doors:
    """
    Wired in `gateway/app/facade.py` and lent to every way in.

    `name` stands in the brackets of fault texts, `hsa_id` is the gateway's own logical address,
    `public_url` is where others reach it, `largest_request` is in bytes, and `contracts` is the
    folder of the WSDL files. Without `tokens` those of OAuth are not taken.
    """

    intake: Intake
    replies: Replies
    forwarding: Forwarding
    registering: Registering
    uploads: Uploads
    citizen_inbox: CitizenInbox
    anonymous: Anonymous
    staff_inbox: StaffInbox
    clocks: Clocks
    themes: Themes
    measures: Measures
    handling: CaseHandling
    keeping: KeepingCases
    archiving: Archiving
    pickups: Pickups
    quarantine: Quarantine
    operating: Operating
    replaying: Replaying
    chooser: Chooser
    publishing: Publishing
    reports: Reports
    identity: Identity
    name: str
    hsa_id: HsaId
    public_url: str
    largest_request: int
    contracts: Path
    notices: Callable[[], NoticeStanding] | None = None
    watching: Watching = SILENT
    tokens: Tokens | None = None
