"""The one file that names concrete things and wires them into a gateway."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway import plugins
from gateway.adapter import Adapter, AdapterTypes, Tools
from gateway.alerts import Alerts, channels_of
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.facade.doors import Doors
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.metrics import metrics_route
from gateway.flow.caller import Caller
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.pickups import Pickups
from gateway.flow.ports import Receipt
from gateway.flow.quarantine import Quarantine
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies
from gateway.flow.steps import SavedSteps
from gateway.lookout import Lookout
from gateway.loops import running
from gateway.metrics import Metrics
from gateway.poller import Poller
from gateway.rematcher import Rematcher
from gateway.replayer import Replayer
from gateway.routes import load
from gateway.routes.finding import Finding
from gateway.routes.live import LiveTable
from gateway.settings import CallerSettings, Settings
from gateway.store import schema
from gateway.store.committer import Committer
from gateway.store.engine import Database
from gateway.store.sql_store import SqlStore, open_store
from gateway.store.wakes import Wakes
from gateway.wire import lent_client
from gateway.worker import Worker

# Beside the packages, in a checkout and in an installed wheel alike.
CONTRACTS = Path(__file__).parent.parent / "wsdl"


def load_routes(settings: Settings, types: AdapterTypes) -> RouteTable | list[Finding]:
    """Read and check `routing_rules/`: a table, or every fault in it."""
    return load(
        settings.routing_rules, partial(plugins.faults, types=types, secrets=settings.secrets)
    )


@dataclass(frozen=True, slots=True)
class Gateway:
    """Settings, route table and store: what every command needs."""

    settings: Settings
    live: LiveTable
    store: SqlStore
    types: AdapterTypes
    metrics: Metrics = field(default_factory=Metrics)

    def operating(self) -> Operating:
        """The verbs of operators."""
        return Operating(
            self.live.current,
            self.store.cases,
            self.store.deliveries,
            self.store.ready,
            self.store.clock,
            self.store.destinations,
        )

    def worker(self) -> Worker:
        """A worker on this gateway's outbox."""
        return Worker(
            self.store.deliveries,
            self.store.destinations,
            self.live.current,
            self._adapter,
            self.store.clock,
            watching=self.metrics,
        )

    def lookout(self, alerts: Alerts) -> Lookout:
        """What measures queues, and tells `alerts` what goes wrong and right again."""
        wanted = self.settings.alerts
        days = wanted.receipt_within_days
        return Lookout(
            overview=self.store.overview,
            states=self.store.destinations.all,
            alarms=self.store.alarms,
            table=self.live.current,
            clock=self.store.clock,
            watching=self.metrics,
            tell=alerts.tell,
            delivered_within=timedelta(seconds=wanted.delivered_within_s),
            receipt_within=timedelta(days=days) if days else None,
        )

    def delivering(self, worker: Worker) -> AbstractContextManager[None]:
        """Let the worker deliver until the block ends, with all that works beside it."""
        alerts = Alerts(channels_of(self.settings.alerts))
        # Ended from the last to the first: what is told last is still sent.
        replayer = Replayer(self.replaying().step)
        rematcher = Rematcher(self.quarantine())
        wakes = Wakes(self.settings.database_url.get_secret_value(), worker.wake)
        return running(
            self.store.clock,
            alerts,
            self.lookout(alerts),
            worker,
            wakes,
            self.poller(),
            replayer,
            rematcher,
        )

    def quarantine(self) -> Quarantine:
        """The ways out for replies that named no known case."""
        return Quarantine(self.store.cases, self.store.unmatched, self.store.clock, self.metrics)

    def metrics_route(self) -> Route:
        """Where monitors read what is measured in this process."""
        return metrics_route(self.metrics.exposition, self.settings.metrics_peers)

    def replaying(self) -> Replaying:
        """The verbs of operators about what is parked."""
        return Replaying(
            self.live.current,
            self.store.parked,
            partial(plugins.recognises_repeats, types=self.types),
            self.store.clock,
        )

    def poller(self) -> Poller:
        """What fetches replies from the destinations of this gateway."""
        return Poller(
            rounds=self.store.polls,
            replies=Replies(
                self.store.cases, self.store.clock, self.settings.limits, self.metrics
            ),
            table=self.live.current,
            types=self.types,
            build=self._adapter,
            clock=self.store.clock,
        )

    @contextmanager
    def _adapter(self, destination: Destination) -> Iterator[Adapter]:
        """Lend the adapter of a destination, with its connections closed at the end."""
        with lent_client(destination.policy) as http:
            tools = Tools(
                http,
                self.store.unit_inboxes,
                CONTRACTS,
                SavedSteps(self.store.steps, destination.key, self.store.clock),
            )
            yield plugins.build(destination, self.types, self.settings.secrets, tools)


def open_gateway(settings: Settings) -> Gateway:
    """Open what the settings name; raises StartRefused with everything that is wrong."""
    types = plugins.found()
    live = LiveTable(partial(load_routes, settings, types))
    url = settings.database_url.get_secret_value()
    _bring_up_to_date(url)
    store = open_store(url)
    store.clock.look()
    return Gateway(settings, live, store, types)


def check_database(settings: Settings) -> None:
    """Tell whether `database_url` can be one, without connecting; raises StartRefused."""
    Database(settings.database_url.get_secret_value()).close()


def open_outbox(settings: Settings) -> Operating:
    """
    Open the database alone, for the commands of operators.

    They must work also when somebody has just broken the routes; and they never make a database,
    because an empty one would say that nothing waits.
    """
    store = _store_alone(settings)
    table = partial(_table_when_asked, settings)
    return Operating(
        table, store.cases, store.deliveries, store.ready, store.clock, store.destinations
    )


def open_replaying(settings: Settings) -> Replaying:
    """Open the database alone, for what operators do with parked work."""
    knows = partial(plugins.recognises_repeats, types=plugins.found())
    table = partial(_table_when_asked, settings)
    store = _store_alone(settings)
    return Replaying(table, store.parked, knows, store.clock)


def _store_alone(settings: Settings) -> SqlStore:
    url = settings.database_url.get_secret_value()
    if not schema.is_current(url):
        raise StartRefused(_NO_DATABASE)
    return open_store(url)


def _table_when_asked(settings: Settings) -> RouteTable:
    return LiveTable(partial(load_routes, settings, plugins.found())).current()


def make_facade(gateway: Gateway, worker: Worker | None = None) -> ASGIApp:
    """Make the ways in; they start the committer, and the worker if there is one."""
    limit = gateway.settings.waiting_limit
    on_kept = worker.wake if worker else _nobody_to_wake
    add, watching = gateway.store.cases.add, gateway.metrics
    committer = Committer(add, limit=limit, on_kept=on_kept, watching=watching)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            with gateway.delivering(worker) if worker else running(gateway.store.clock):
                yield
        finally:
            committer.stop()

    return make_app(_doors(gateway, committer), lifespan, [gateway.metrics_route()])


def _doors(gateway: Gateway, committer: Committer) -> Doors:
    settings, cases, clock = gateway.settings, gateway.store.cases, gateway.store.clock

    async def kept_before(sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        return await run_sync(cases.kept_before, sender, case_id, fingerprint)

    return Doors(
        intake=Intake(
            gateway.live.current,
            committer.keep,
            kept_before,
            cases,
            clock,
            settings.limits,
        ),
        replies=Replies(cases, clock, settings.limits, gateway.metrics),
        citizen_inbox=CitizenInbox(cases),
        staff_inbox=StaffInbox(cases, gateway.store.unit_inboxes, clock),
        pickups=Pickups(
            gateway.live.current,
            gateway.store.deliveries,
            gateway.store.destinations,
            partial(plugins.is_fetched, types=gateway.types),
            clock,
            gateway.metrics,
        ),
        quarantine=gateway.quarantine(),
        operating=gateway.operating(),
        replaying=gateway.replaying(),
        identity=Identity([_known(c) for c in settings.callers], settings.trusted_proxies),
        name=settings.name,
        hsa_id=HsaId(settings.hsa_id),
        largest_request=settings.largest_request,
        contracts=CONTRACTS,
        watching=gateway.metrics,
    )


def _known(settings: CallerSettings) -> KnownCaller:
    units = frozenset(HsaId(unit) for unit in settings.units)
    caller = Caller(HsaId(settings.hsa_id), settings.name, settings.role, units)
    return KnownCaller(caller, frozenset(settings.keys_sha256))


def _bring_up_to_date(url: str) -> None:
    """Upgrade the embedded database; with a server, an operator does (docs/decisions/0007)."""
    if url.startswith("sqlite"):
        schema.upgrade(url)
    elif not schema.is_current(url):
        raise StartRefused(_NO_DATABASE)


_NO_DATABASE = (
    "database: there is none of this version at database_url. Is that the gateway's own setting? "
    "If it is, run `vaxel db upgrade`"
)


def _nobody_to_wake() -> None:
    """Workers in other processes look for themselves."""
