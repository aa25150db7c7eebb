"""The pages of people who do not say who they are, wired to what stands behind them."""

from starlette.routing import BaseRoute

from gateway.app.gateway import Gateway
from gateway.console.anonymous.bound import Bound
from gateway.console.anonymous.desk import AnonymousDesk
from gateway.console.anonymous.door import anonymous_routes
from gateway.console.anonymous.sessions import CodeSessions
from gateway.console.forms import LARGEST_TEXT
from gateway.console.provider import Provider
from gateway.console.site import ANONYMOUS
from gateway.domain.hsa import HsaId
from gateway.facade.doors import Doors
from gateway.flow.caller import Caller, Role

# Cases, supplements and codes that were made here, together, through one process. The disk takes
# hundreds of times as many, so those of people who have signed in notice nothing.
MOST_PER_S = 5.0


def anonymous_pages_of(gateway: Gateway, doors: Doors) -> list[BaseRoute]:
    """Give the pages; none where citizens have no pages, or no code can be made."""
    settings = gateway.settings
    wanted = settings.citizen_sign_in
    if wanted is None or not doors.anonymous.is_open:
        return []
    sessions = CodeSessions(
        wanted.session_secret.get_secret_value(),
        idle_s=wanted.idle_minutes * 60,
        longest_s=wanted.session_hours * 3600,
    )
    desk = AnonymousDesk(
        settings=wanted,
        provider=Provider(wanted, f"{settings.address}{ANONYMOUS.callback}"),
        sessions=sessions,
        # These pages take no files.
        largest_request=min(settings.largest_request, LARGEST_TEXT),
        over_tls=settings.address.startswith("https://"),
        caller=Caller(HsaId(settings.hsa_id), settings.name, Role.E_SERVICE),
        anonymous=doors.anonymous,
        chooser=doors.chooser,
        bound=Bound(MOST_PER_S),
        clock=gateway.store.clock,
    )
    return anonymous_routes(desk)
