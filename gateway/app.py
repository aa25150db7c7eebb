"""The one file that names concrete things and wires them into a gateway."""

import gc
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.types import ASGIApp

from gateway import log, plugins
from gateway.adapter import Adapter, AdapterTypes, Tools
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.facade.doors import Doors
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.protocol import BoundedHead
from gateway.flow.caller import Caller
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.ports import Receipt
from gateway.flow.replies import Replies
from gateway.routes import load
from gateway.routes.finding import Finding
from gateway.routes.live import LiveTable
from gateway.settings import CallerSettings, Settings
from gateway.store import schema
from gateway.store.committer import Committer
from gateway.store.engine import Database
from gateway.store.sql_store import SqlStore, open_store
from gateway.wire import lent_client
from gateway.worker import Worker

# Beside the packages, in a checkout and in an installed wheel alike.
CONTRACTS = Path(__file__).parent.parent / "wsdl"


# Those that are connected have this long to end when we are told to stop (seconds).
GRACE_S = 10


def now() -> datetime:
    """Tell the time; everything inside is in UTC."""
    return datetime.now(UTC)


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

    def operating(self) -> Operating:
        """The verbs of operators."""
        return Operating(
            self.live.current, self.store.cases, self.store.deliveries, self.store.ready, now
        )

    def worker(self) -> Worker:
        """A worker on this gateway's outbox."""
        return Worker(self.store.deliveries, self.live.current, self._adapter, now)

    def _adapter(self, destination: Destination) -> Adapter:
        tools = Tools(lent_client(destination.policy), self.store.unit_inboxes, CONTRACTS)
        return plugins.build(destination, self.types, self.settings.secrets, tools)


def open_gateway(settings: Settings) -> Gateway:
    """Open what the settings name; raises StartRefused with everything that is wrong."""
    types = plugins.found()
    live = LiveTable(partial(load_routes, settings, types))
    url = settings.database_url.get_secret_value()
    _bring_up_to_date(url)
    return Gateway(settings, live, open_store(url), types)


def check_database(settings: Settings) -> None:
    """Tell whether `database_url` can be one, without connecting; raises StartRefused."""
    Database(settings.database_url.get_secret_value()).close()


def open_outbox(settings: Settings) -> Operating:
    """
    Open the database alone, for the commands of operators.

    They must work also when somebody has just broken the routes; and they never make a database,
    because an empty one would say that nothing waits.
    """
    url = settings.database_url.get_secret_value()
    if not schema.is_current(url):
        raise StartRefused(_NO_DATABASE)
    store = open_store(url)
    return Operating(
        lambda: LiveTable(partial(load_routes, settings, plugins.found())).current(),
        store.cases,
        store.deliveries,
        store.ready,
        now,
    )


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Open the doors until told to stop, with a worker in the same process or without."""
    log.configure()
    _hold({signal.SIGHUP})
    gateway = open_gateway(settings)
    worker = gateway.worker() if with_worker else None
    threading.Thread(target=_reload_at_hangups, args=(gateway.live,), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            make_facade(gateway, worker),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=BoundedHead,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    _tune_the_interpreter()
    server.run()


def work(settings: Settings) -> None:
    """Deliver until told to stop."""
    log.configure()
    told = {signal.SIGHUP, signal.SIGTERM, signal.SIGINT}
    _hold(told)
    gateway = open_gateway(settings)
    with _working(gateway.worker()):
        while signal.sigwait(told) is signal.SIGHUP:
            gateway.live.reload()


def make_facade(gateway: Gateway, worker: Worker | None = None) -> ASGIApp:
    """Make the ways in; they start the committer, and the worker if there is one."""
    limit = gateway.settings.waiting_limit
    on_kept = worker.wake if worker else _nobody_to_wake
    committer = Committer(gateway.store.cases.add, limit=limit, on_kept=on_kept)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            with _working(worker):
                yield
        finally:
            committer.stop()

    return make_app(_doors(gateway, committer), lifespan)


def _doors(gateway: Gateway, committer: Committer) -> Doors:
    settings, cases = gateway.settings, gateway.store.cases

    async def kept_before(sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        return await run_sync(cases.kept_before, sender, case_id, fingerprint)

    return Doors(
        intake=Intake(
            gateway.live.current,
            committer.keep,
            kept_before,
            cases,
            now,
            settings.limits,
        ),
        replies=Replies(cases, now, settings.limits),
        citizen_inbox=CitizenInbox(cases),
        staff_inbox=StaffInbox(cases, gateway.store.unit_inboxes, now),
        operating=gateway.operating(),
        identity=Identity([_known(c) for c in settings.callers], settings.trusted_proxies),
        name=settings.name,
        hsa_id=HsaId(settings.hsa_id),
        largest_request=settings.largest_request,
        contracts=CONTRACTS,
    )


def _known(settings: CallerSettings) -> KnownCaller:
    units = frozenset(HsaId(unit) for unit in settings.units)
    caller = Caller(HsaId(settings.hsa_id), settings.name, settings.role, units)
    return KnownCaller(caller, frozenset(settings.keys_sha256))


def _tune_the_interpreter() -> None:
    """
    Spend the time on requests: measured, these two together give about a fifth more of them.

    What was built at start (routes, schemas, libraries) stays to the end, so the garbage collector
    need not look through it again; and the two threads that take turns, the event loop and the
    committer, hand over sooner than the default of five milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)


def _hold(signals: set[signal.Signals]) -> None:
    """
    Keep signals for those that wait for them, in this thread and all it starts.

    A handler would run in the middle of anything, and wait for ever for a lock that is held there.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)


def _reload_at_hangups(live: LiveTable) -> None:
    """Read the routes anew at each SIGHUP, beside the work: a large table takes seconds."""
    while signal.sigwait({signal.SIGHUP}):
        live.reload()


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


@contextmanager
def _working(worker: Worker | None) -> Iterator[None]:
    """Run the worker, if there is one, beside the doors."""
    if worker is None:
        yield
        return
    thread = threading.Thread(target=worker.run, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
