"""The ways in, wired to what stands behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.types import ASGIApp

from gateway import plugins
from gateway.app.anonymous import anonymous_pages_of
from gateway.app.citizen import citizen_pages_of
from gateway.app.console import console_of
from gateway.app.gateway import CONTRACTS, Gateway
from gateway.archive.package import write_package
from gateway.domain.case_code import CaseCodes
from gateway.domain.hsa import HsaId
from gateway.facade.doors import Doors
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.tokens import tokens_of
from gateway.flow.anonymous import Anonymous
from gateway.flow.archive_package import Archiving
from gateway.flow.caller import Caller
from gateway.flow.chooser import Chooser
from gateway.flow.forwarding import Forwarding
from gateway.flow.handling.case_handling import CaseHandling
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.keeping import KeepingCases
from gateway.flow.pickups import Pickups
from gateway.flow.ports import Receipt
from gateway.flow.registering import Registering
from gateway.flow.reports import Reports
from gateway.loops import running
from gateway.settings import CallerSettings, Settings
from gateway.store.committer import Committer
from gateway.worker import Worker


def make_facade(gateway: Gateway, worker: Worker | None = None) -> ASGIApp:
    """Make the ways in; they start the committer, and the worker if there is one."""
    limit = gateway.settings.waiting_limit
    on_kept = worker.wake if worker else _nobody_to_wake
    store, watching = gateway.store, gateway.metrics
    committer = Committer(
        store.cases.add, store.quick_cases(), limit=limit, on_kept=on_kept, watching=watching
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            idle = running(gateway.store.clock, *gateway.following())
            with gateway.delivering(worker) if worker else idle:
                yield
        finally:
            await committer.stop()

    doors = _doors(gateway, committer)
    more = [gateway.metrics_route(), *console_of(gateway, doors)]
    # Before those of citizens, whose path theirs begins with.
    more += anonymous_pages_of(gateway, doors)
    more += citizen_pages_of(gateway, doors)
    return make_app(doors, lifespan, more)


def _doors(gateway: Gateway, committer: Committer) -> Doors:
    settings, cases, clock = gateway.settings, gateway.store.cases, gateway.store.clock

    async def kept_before(sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        return await run_sync(cases.kept_before, sender, case_id, fingerprint)

    intake = Intake(
        gateway.live.current,
        committer.keep,
        kept_before,
        cases,
        clock,
        settings.limits,
        gateway.file_intake(),
    )
    return Doors(
        intake=intake,
        replies=gateway.replies(),
        forwarding=Forwarding(gateway.live.current, cases, clock),
        registering=Registering(
            gateway.live.current,
            cases,
            gateway.store.registered_cases,
            clock,
            settings.limits,
            gateway.file_intake(),
        ),
        uploads=gateway.uploads(),
        citizen_inbox=CitizenInbox(cases),
        anonymous=Anonymous(intake, cases, _codes(settings)),
        staff_inbox=StaffInbox(cases, gateway.store.unit_inboxes, clock, gateway.remind_within),
        clocks=gateway.clocks(),
        themes=gateway.themes(),
        measures=gateway.measures(),
        handling=CaseHandling(gateway.live.current, cases, gateway.store.handlings, clock),
        keeping=KeepingCases(cases, gateway.store.keepings, clock),
        archiving=Archiving(cases, gateway.store.case_files, write_package, clock),
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
        chooser=Chooser(gateway.live.current, clock),
        publishing=gateway.publishing(),
        reports=Reports(gateway.store.statistics, gateway.live.current, clock),
        identity=Identity(
            [_known(c) for c in settings.callers],
            settings.trusted_proxies,
            settings.certificate_headers,
        ),
        name=settings.name,
        hsa_id=HsaId(settings.hsa_id),
        public_url=settings.address,
        largest_request=settings.largest_request,
        contracts=CONTRACTS,
        notices=gateway.store.notices.standing if settings.notices.are_sent else None,
        watching=gateway.metrics,
        tokens=tokens_of(settings.oauth),
    )


def _codes(settings: Settings) -> CaseCodes | None:
    secret = settings.anonymous_secret
    return CaseCodes(secret.get_secret_value().encode()) if secret else None


def _known(settings: CallerSettings) -> KnownCaller:
    units = frozenset(HsaId(unit) for unit in settings.units)
    caller = Caller(
        HsaId(settings.hsa_id),
        settings.name,
        settings.role,
        units,
        regions=frozenset(settings.regions),
        may_tell_original_consumer=settings.may_tell_original_consumer,
    )
    return KnownCaller(caller, frozenset(settings.keys_sha256), settings.oauth_client)


def _nobody_to_wake() -> None:
    """Workers in other processes look for themselves."""
