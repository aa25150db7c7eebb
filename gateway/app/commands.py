"""What commands open: the database alone, with the verbs of operators and integrators."""

from functools import partial

from gateway import plugins
from gateway.app.database import is_there, store_alone
from gateway.app.routes import build_routes, publish_folder
from gateway.domain.publication import Publication
from gateway.domain.routing import RouteTable
from gateway.flow.keeping import KeepingCases
from gateway.flow.operating import Operating
from gateway.flow.replaying import Replaying
from gateway.flow.retention import Retaining
from gateway.flow.unmatched_retention import RetainingUnmatched
from gateway.routes.live import Live, LiveTable
from gateway.routes.publishing import Publishing
from gateway.settings import Settings
from gateway.store.sql_store import SqlStore


def open_outbox(settings: Settings) -> Operating:
    """
    Open the database alone, for the commands of operators.

    They must work also when somebody has just broken the routes; and they never make a database,
    because an empty one would say that nothing waits.
    """
    return _outbox(settings, store_alone(settings))


def open_replaying(settings: Settings) -> Replaying:
    """Open the database alone, for what operators do with parked work."""
    may_repeat = partial(plugins.may_repeat, types=plugins.found())
    store = store_alone(settings)
    outbox = _outbox(settings, store)
    check, held = outbox.check_filter, outbox.health.held
    return Replaying(outbox.table, store.parked, check, held, may_repeat, store.clock)


def open_retaining(settings: Settings) -> Retaining:
    """Open the database alone, for disposal by the rules of the regions."""
    store = store_alone(settings)
    return Retaining(partial(_table_when_asked, settings, store), store.retentions, store.clock)


def open_retaining_unmatched(settings: Settings) -> RetainingUnmatched:
    """Open the database alone, for disposal of messages that never found a case."""
    store = store_alone(settings)
    return RetainingUnmatched(store.unmatched_retention, settings.unmatched_months, store.clock)


def open_keeping(settings: Settings) -> KeepingCases:
    """Open the database alone, for what is recorded about the keeping of cases."""
    store = store_alone(settings)
    return KeepingCases(store.cases, store.keepings, store.clock)


def publish_first_routes(settings: Settings, author: str, reason: str) -> Publication:
    """Publish the routing rules in the folder for the first time, from the command line."""
    return publish_folder(settings, store_alone(settings), author, reason)


def open_publishing(settings: Settings) -> Publishing:
    """Open the database alone, for those who edit routes from the command line."""
    store = store_alone(settings)
    overview, live = store.overview, _live(settings, store, or_empty=True)
    return Publishing(live, store.publications, overview.open_cases, store.clock)


def live_routes(settings: Settings) -> Live | None:
    """Give what is live, when there is a database that anything was published in."""
    if not is_there(settings):
        return None
    store = store_alone(settings)
    return _live(settings, store).live() if store.publications.newest() else None


def _outbox(settings: Settings, store: SqlStore) -> Operating:
    table = partial(_table_when_asked, settings, store)
    return Operating(
        table, store.cases, store.deliveries, store.ready, store.clock, store.destinations
    )


def _table_when_asked(settings: Settings, store: SqlStore) -> RouteTable:
    return _live(settings, store).current()


def _live(settings: Settings, store: SqlStore, *, or_empty: bool = False) -> LiveTable:
    made = partial(build_routes, settings, plugins.found())
    return LiveTable(store.publications, made, or_empty=or_empty)
