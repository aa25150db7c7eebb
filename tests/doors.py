"""Everything behind the ways in, wired for tests as the app wires it."""

from gateway.domain.law import Limits
from gateway.facade.doors import Doors
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.pickups import Pickups
from gateway.flow.quarantine import Quarantine
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies


def make_doors(store, table, clock, *, limits=None, fetched=lambda _: True, **told):
    """Wire the verbs over a store in memory; `told` are the other fields of Doors."""
    limits, current = limits or Limits(), lambda: table
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
        **told,
    )
