"""Everything behind the ways in, wired for tests as the app wires it."""

from gateway.domain.law import Limits
from gateway.facade.doors import Doors
from gateway.flow.chooser import Chooser
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.pickups import Pickups
from gateway.flow.quarantine import Quarantine
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing
from gateway.testing.builders import make_publication


def make_doors(store, table, clock, *, limits=None, fetched=lambda _: True, live=None, **told):
    """Wire the verbs over a store in memory; `told` are the other fields of Doors."""
    live = live or published(store, table)
    limits, current = limits or Limits(), live.current
    return Doors(
        intake=Intake(current, store.keep, store.kept_before, store.cases, clock, limits),
        replies=Replies(store.cases, clock, limits),
        citizen_inbox=CitizenInbox(store.cases),
        staff_inbox=StaffInbox(store.cases, store.unit_inboxes, clock),
        pickups=Pickups(current, store.deliveries, store.destinations, fetched, clock),
        quarantine=Quarantine(store.cases, store.unmatched, clock),
        operating=Operating(
            current, store.cases, store.deliveries, store.ready, clock, store.destinations
        ),
        replaying=Replaying(current, store.parked, lambda _: True, clock),
        publishing=Publishing(live, store.publications, store.overview.open_cases, clock),
        chooser=Chooser(current, clock),
        **{"public_url": "https://vaxel.example"} | told,
    )


def published(store, table):
    """Let a table be the one that is live, whatever its files say."""
    store.publications.publish(make_publication(), {})
    return LiveTable(store.publications, lambda _: table)
