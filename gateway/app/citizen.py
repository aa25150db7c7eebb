"""The pages of citizens, wired to what stands behind them."""

from starlette.routing import BaseRoute

from gateway.app.gateway import Gateway
from gateway.console.citizen.desk import CitizenDesk
from gateway.console.citizen.door import citizen_routes
from gateway.console.citizen.sessions import CitizenSessions
from gateway.console.provider import Provider
from gateway.console.site import CITIZENS
from gateway.domain.hsa import HsaId
from gateway.facade.doors import Doors
from gateway.flow.caller import Caller, Role
from gateway.flow.own_cases import OwnCases


def citizen_pages_of(gateway: Gateway, doors: Doors) -> list[BaseRoute]:
    """Give the pages; none when no citizen can sign in."""
    settings, store = gateway.settings, gateway.store
    wanted = settings.citizen_sign_in
    if wanted is None:
        return []
    names = wanted.claims
    desk = CitizenDesk(
        settings=wanted,
        provider=Provider(
            wanted,
            f"{settings.address}{CITIZENS.callback}",
            asked_for=frozenset({names.personal_number, names.coordination_number}),
        ),
        sessions=CitizenSessions(
            wanted.session_secret.get_secret_value(),
            idle_s=wanted.idle_minutes * 60,
            longest_s=wanted.session_hours * 3600,
        ),
        # To the verbs these pages are one e-service more, with the gateway's own HSA-id.
        caller=Caller(HsaId(settings.hsa_id), settings.name, Role.E_SERVICE),
        intake=doors.intake,
        own_cases=OwnCases(
            store.citizen_cases, doors.citizen_inbox, store.cases, store.handlings, doors.intake
        ),
        chooser=doors.chooser,
        limits=settings.limits,
        clock=store.clock,
        largest_request=settings.largest_request,
        anonymous=doors.anonymous.is_open,
        over_tls=settings.address.startswith("https://"),
    )
    return citizen_routes(desk)
