"""The pages of staff, wired to what stands behind them."""

from starlette.routing import BaseRoute

from gateway.app.gateway import Gateway
from gateway.console.provider import Provider
from gateway.console.site import STAFF
from gateway.console.staff.desk import Desk
from gateway.console.staff.door import console_routes
from gateway.console.staff.sessions import Sessions
from gateway.facade.doors import Doors


def console_of(gateway: Gateway, doors: Doors) -> list[BaseRoute]:
    """Give the pages; none when nobody can sign in."""
    wanted = gateway.settings.sign_in
    if wanted is None:
        return []
    address = gateway.settings.address
    sessions = Sessions(
        wanted.session_secret.get_secret_value(),
        idle_s=wanted.idle_minutes * 60,
        longest_s=wanted.session_hours * 3600,
    )
    desk = Desk(
        settings=wanted,
        provider=Provider(wanted, f"{address}{STAFF.callback}"),
        sessions=sessions,
        cases=gateway.store.cases,
        staff_inbox=doors.staff_inbox,
        handling=doors.handling,
        replies=doors.replies,
        keeping=doors.keeping,
        archiving=doors.archiving,
        registering=doors.registering,
        themes=doors.themes,
        measures=doors.measures,
        reports=doors.reports,
        watching=doors.watching,
        chooser=doors.chooser,
        clock=gateway.store.clock,
        largest_request=gateway.settings.largest_request,
        over_tls=address.startswith("https://"),
    )
    return console_routes(desk)
