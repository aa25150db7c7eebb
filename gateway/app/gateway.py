"""Settings, route table and store, and all that works on them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.routing import Route

from gateway import plugins
from gateway.adapter import Adapter, AdapterTypes, Tools
from gateway.alerts import Channel, bringers, channels_of
from gateway.app.contents import claim_contents, contents_of
from gateway.app.database import bring_up_to_date
from gateway.app.rejected import tell_rejected
from gateway.app.routes import AT_FIRST_START, build_routes, publish_folder
from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal, Unavailable
from gateway.domain.pace import Pace
from gateway.facade.metrics import metrics_route
from gateway.flow.areas import area_of
from gateway.flow.clock import Clocks
from gateway.flow.contents import Contents
from gateway.flow.file_intake import FileIntake
from gateway.flow.measures import Measures
from gateway.flow.operating import Operating
from gateway.flow.quarantine import Quarantine
from gateway.flow.replaying import Replaying
from gateway.flow.replies import Replies
from gateway.flow.steps import SavedSteps
from gateway.flow.sweeping import Sweeping
from gateway.flow.themes import Themes
from gateway.flow.uploads import Uploads
from gateway.lookout import Lookout
from gateway.loops import Loop, running
from gateway.metrics import Metrics
from gateway.notifier import Notifier, ways_of
from gateway.poller import Poller
from gateway.rematcher import Rematcher
from gateway.routes.following import Following
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing
from gateway.routes.snapshot import Snapshot
from gateway.scanner import Clamd, recognise
from gateway.settings import Settings
from gateway.stepper import Stepper
from gateway.store.sql_store import SqlStore, open_store
from gateway.store.wakes import ROUTES, Wakes
from gateway.wire import Network, lent_client
from gateway.worker import Worker

# Beside the packages, in a checkout and in an installed wheel alike.
CONTRACTS = Path(__file__).parent.parent.parent / "wsdl"
# A new replay begins, and a due date is noticed, within this time.
_REPLAYS_EVERY_S = 1.0
_REMINDERS_EVERY_S = 30.0
# What has expired is not there any more, whenever its row goes.
_EXPIRY_EVERY_S = 60.0
# All shelves of the place of attachments in about an hour.
_A_SHELF_EVERY_S = 14.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """Settings, route table and store: what every command needs."""

    settings: Settings
    live: LiveTable
    store: SqlStore
    types: AdapterTypes
    contents: Contents
    metrics: Metrics = field(default_factory=Metrics)
    _file_intake: FileIntake = field(init=False)

    def __post_init__(self) -> None:
        """Make what all doors share."""
        files = FileIntake(self.contents, recognise, self._scanner(), self.metrics)
        object.__setattr__(self, "_file_intake", files)

    def following(self) -> tuple[Loop, ...]:
        """What keeps the table up to what is published by other nodes."""
        url = self.settings.database_url.get_secret_value()
        following = Following(self.live)
        # A file shows every write of every case; there, looking now and then is enough.
        told = () if url.startswith("sqlite") else (Wakes(url, following.wake, ROUTES),)
        return following, *told

    def publishing(self) -> Publishing:
        """The verbs of those who edit routes."""
        open_cases = self.store.overview.open_cases
        return Publishing(self.live, self.store.publications, open_cases, self.store.clock)

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
        store, table = self.store, self.live.current
        outbox, states = store.deliveries, store.destinations
        kind_of = partial(plugins.kind_of, types=self.types)
        return Worker(
            outbox, states, table, self._adapter, kind_of, store.clock, watching=self.metrics
        )

    def lookout(self, channels: Sequence[Channel], worker: Worker) -> Lookout:
        """What measures queues, and tells by `channels` what goes wrong and right again."""
        wanted, scanner = self.settings.alerts, self._scanner()
        days = wanted.receipt_within_days
        return Lookout(
            overview=self.store.overview,
            states=self.store.destinations.all,
            alarms=self.store.alarms,
            table=self.live.current,
            clock=self.store.clock,
            watching=self.metrics,
            channels=[channel.name for channel in channels],
            delivered_within=timedelta(seconds=wanted.delivered_within_s),
            unfetched=self.store.polls.failing,
            overdue=self.store.due_dates.overdue,
            shut=lambda: worker.shut,
            receipt_within=timedelta(days=days) if days else None,
            scan_trouble=scanner.trouble if scanner else _no_trouble,
        )

    def delivering(self, worker: Worker) -> AbstractContextManager[None]:
        """Let the worker deliver until the block ends, with all that works beside it."""
        channels = channels_of(self.settings.alerts)
        replays = Stepper(self.replaying().step, "replay.step_failed", _REPLAYS_EVERY_S)
        rematcher = Rematcher(self.quarantine())
        expiry = Stepper(self.uploads().expire, "uploads.expiry_failed", _EXPIRY_EVERY_S)
        reminders = Stepper(self.clocks().remind, "reminders.failed", _REMINDERS_EVERY_S)
        sweeping = Sweeping(self.contents, self.store.references, self.store.clock)
        sweeper = Stepper(sweeping.step, "attachments.sweep_failed", _A_SHELF_EVERY_S)
        wakes = Wakes(self.settings.database_url.get_secret_value(), worker.wake)
        return running(
            self.store.clock,
            *self.following(),
            *bringers(channels, self.store.alert_outbox, self.store.clock),
            self.lookout(channels, worker),
            worker,
            wakes,
            self.poller(),
            replays,
            rematcher,
            reminders,
            expiry,
            sweeper,
            *self._notifiers(),
        )

    def _notifiers(self) -> tuple[Notifier, ...]:
        """What tells citizens of their messages; nothing where no way is set."""
        wanted = self.settings.notices
        if not wanted.are_sent:
            return ()
        notifier = Notifier(
            notices=self.store.notices,
            ways=ways_of(wanted, self.settings.hsa_id),
            clock=self.store.clock,
            watching=self.metrics,
            patience=timedelta(days=wanted.patience_days),
            pace=Pace(wanted.rate_per_s),
        )
        return (notifier,)

    def quarantine(self) -> Quarantine:
        """The ways out for replies that named no known case."""
        return Quarantine(
            self.live.current,
            self.store.cases,
            self.store.unmatched,
            self.store.clock,
            self.metrics,
        )

    def themes(self) -> Themes:
        """The verbs on themes."""
        store, replies = self.store, self.replies()
        return Themes(self.live.current, store.themes, store.cases, replies, store.clock)

    def measures(self) -> Measures:
        """The verbs on improvement measures."""
        store = self.store
        return Measures(store.measures, self.themes(), store.cases, store.clock)

    def clocks(self) -> Clocks:
        """The clock of complaints."""
        return Clocks(self.store.due_dates, self.store.clock, self.remind_within)

    @property
    def remind_within(self) -> timedelta:
        """How long before its due date a complaint is soon due."""
        return timedelta(days=self.settings.clock.remind_days)

    def replies(self) -> Replies:
        """The verb of those who hold cases."""
        return Replies(
            self.live.current,
            self.store.cases,
            self.store.clock,
            self.settings.limits,
            self.file_intake(),
            self.metrics,
        )

    def file_intake(self) -> FileIntake:
        """What lets files in: one for all doors, since its places are for them all."""
        return self._file_intake

    def uploads(self) -> Uploads:
        """The verb of those who send files by themselves."""
        store = self.store
        return Uploads(store.uploads, self.file_intake(), store.clock, self.settings.limits)

    def _scanner(self) -> Clamd | None:
        address = self.settings.malware_scan
        return Clamd(address) if address else None

    def metrics_route(self) -> Route:
        """Where monitors read what is measured in this process."""
        return metrics_route(self.metrics.exposition, self.settings.metrics_peers)

    def replaying(self) -> Replaying:
        """The verbs of operators about what is parked."""
        store, operating = self.store, self.operating()
        check, held = operating.check_filter, operating.health.held
        may_repeat = partial(plugins.may_repeat, types=self.types)
        return Replaying(self.live.current, store.parked, check, held, may_repeat, store.clock)

    def poller(self) -> Poller:
        """What fetches replies from the destinations of this gateway."""
        return Poller(
            rounds=self.store.polls,
            replies=self.replies(),
            table=self.live.current,
            types=self.types,
            build=self._adapter,
            clock=self.store.clock,
        )

    @contextmanager
    def _adapter(self, destination: Destination) -> Iterator[Adapter]:
        """Lend the adapter of a destination, with its connections closed at the end."""
        tls = plugins.tls_of(destination, self.types, self.settings.secrets)
        with lent_client(destination.policy, partial(Network, tls=tls)) as http:
            tools = Tools(
                http,
                self.store.unit_inboxes,
                CONTRACTS,
                SavedSteps(self.store.steps, destination.key, self.store.clock),
                self.settings.hsa_id,
                partial(tell_rejected, destination.key),
            )
            yield plugins.build(destination, self.types, self.settings.secrets, tools)


def open_gateway(settings: Settings) -> Gateway:
    """Open what the settings name; raises StartRefused with everything that is wrong."""
    types = plugins.found()
    contents = contents_of(settings)
    metrics = Metrics()
    store = open_store(settings.database_url.get_secret_value(), contents.open, metrics)
    snapshot = Snapshot(settings.routes_snapshot)
    try:
        _prepare(settings, store)
    except Unavailable:
        # The doors open all the same, and say that nothing can be kept now.
        if snapshot.read() is None:
            raise
    claim_contents(contents, store.references)
    store.clock.look()
    made = partial(build_routes, settings, types)
    live = LiveTable(store.publications, made, snapshot)
    counting = store.placed_by(lambda unit: area_of(live.current(), unit))
    return Gateway(settings, live, counting, types, contents, metrics)


def _no_trouble() -> None:
    """Nobody looks for malware, so nobody fails to."""


def _prepare(settings: Settings, store: SqlStore) -> None:
    bring_up_to_date(settings)
    if store.publications.newest() is None:
        # Another node may be doing the same; one of them does it.
        with suppress(Refusal):
            publish_folder(settings, store, settings.hsa_id, AT_FIRST_START)
