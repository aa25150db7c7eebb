"""Everything behind the ways in, wired for tests as the app wires it."""

from gateway.archive.package import write_package
from gateway.domain.case_code import CaseCodes
from gateway.domain.law import Limits
from gateway.facade.doors import Doors
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
from gateway.flow.operating import Operating
from gateway.flow.pickups import Pickups
from gateway.flow.quarantine import Quarantine
from gateway.flow.registering import Registering
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies
from gateway.flow.reports import Reports
from gateway.flow.themes import Themes
from gateway.flow.uploads import Uploads
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing
from gateway.testing.builders import make_publication
from gateway.testing.memory_contents import make_file_intake

CODES = CaseCodes(b"a secret that only tests have: 32 letters")


def make_doors(store, table, clock, *, limits=None, fetched=lambda _: True, live=None, **told):
    """Wire the verbs over a store in memory; `told` are the other fields of Doors."""
    live = live or published(store, table)
    limits, current = limits or Limits(), live.current
    files = make_file_intake()
    operating = Operating(
        current, store.cases, store.deliveries, store.ready, clock, store.destinations
    )
    replies = Replies(current, store.cases, clock, limits, files)
    themes = Themes(current, store.themes, store.cases, replies, clock)
    intake = Intake(current, store.keep, store.kept_before, store.cases, clock, limits, files)
    return Doors(
        intake=intake,
        replies=replies,
        forwarding=Forwarding(current, store.cases, clock),
        registering=Registering(
            current, store.cases, store.registered_cases, clock, limits, files
        ),
        uploads=Uploads(store.uploads, files, clock, limits),
        citizen_inbox=CitizenInbox(store.cases),
        anonymous=Anonymous(intake, store.cases, CODES),
        staff_inbox=StaffInbox(store.cases, store.unit_inboxes, clock),
        clocks=Clocks(store.due_dates, clock),
        themes=themes,
        measures=Measures(store.measures, themes, store.cases, clock),
        handling=CaseHandling(current, store.cases, store.handlings, clock),
        keeping=KeepingCases(store.cases, store.keepings, clock),
        archiving=Archiving(store.cases, store.case_files, write_package, clock),
        pickups=Pickups(current, store.deliveries, store.destinations, fetched, clock),
        quarantine=Quarantine(current, store.cases, store.unmatched, clock),
        operating=operating,
        replaying=Replaying(
            current,
            store.parked,
            operating.check_filter,
            operating.health.held,
            lambda _: True,
            clock,
        ),
        publishing=Publishing(live, store.publications, store.overview.open_cases, clock),
        chooser=Chooser(current, clock),
        reports=Reports(store.statistics, current, clock),
        **{"public_url": "https://vaxel.example"} | told,
    )


def published(store, table):
    """Let a table be the one that is live, whatever its files say."""
    store.publications.publish(make_publication(), {})
    return LiveTable(store.publications, lambda _: table)
