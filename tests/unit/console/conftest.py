"""The pages before a store in memory, as browsers of staff see them."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.console.provider import Provider
from gateway.console.staff.desk import Desk
from gateway.console.staff.door import console_routes
from gateway.console.staff.people import Assignment, Person
from gateway.console.staff.sessions import Sessions
from gateway.domain.case import Receiver, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.identity import Identity
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.settings.sign_in import SignInSettings
from gateway.testing.builders import E_SERVICE, make_attachment, make_case, make_message
from gateway.testing.memory import MemoryStore
from tests.doors import make_doors

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
UNIT, OTHER_UNIT, COMMITTEE = (HsaId(f"SE2321000016-{one}") for one in ("3C4D", "7G8H", "PN"))
SECRET = "only for tests, and long enough for them"  # noqa: S105 opens nothing
SETTINGS = SignInSettings(
    issuer="https://idp.example",
    client_id="vaxel",
    client_secret=SecretStr("the secret that the provider gave"),
    session_secret=SecretStr(SECRET),
)


class Watch:
    def __init__(self):
        self.now = 1_000_000

    def __call__(self):
        return self.now


class Browser:
    """A browser of somebody who has signed in."""

    def __init__(self, app, sessions, assignment):
        self.client = TestClient(app, base_url="https://vaxel.example", follow_redirects=False)
        if assignment:
            person = Person(HsaId(f"SE-{assignment.role.name}"), "Maria", (assignment,))
            cookie = sessions.written(sessions.begun(person))
            self.client.cookies.set("__Host-vaxel-session", cookie)

    def get(self, path, **more):
        return self.client.get(f"/console{path}", **more)

    def fill(self, page, there, **fields):
        """Send a form of a page, with what stands hidden in it."""
        return self.fill_shown(self.get(page).text, there, **fields)

    def send(self, number, form, **fields):
        """Send a form of a case's page."""
        return self.fill(f"/cases/{number}", f"/cases/{number}/{form}", **fields)

    def fill_shown(self, shown, there, **fields):
        """Send a form of a page that was shown before."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
        return self.client.post(f"/console{there}", data=hidden | fields)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def store():
    return MemoryStore(lambda: NOW)


@pytest.fixture
def doors(store):
    told = {"name": "test", "hsa_id": HsaId("SE-VAXEL"), "contracts": None}
    identity, largest = Identity([], ()), 100_000
    table = _table()
    return make_doors(
        store, table, lambda: NOW, identity=identity, largest_request=largest, **told
    )


@pytest.fixture
def browse(doors, store, watch):
    """Open a browser: of nobody, or of somebody in a role at a unit."""
    sessions = Sessions(SECRET, idle_s=60, longest_s=600, clock=watch)
    desk = Desk(
        settings=SETTINGS,
        provider=Provider(SETTINGS, "https://vaxel.example/console/signed-in"),
        sessions=sessions,
        cases=store.cases,
        staff_inbox=doors.staff_inbox,
        handling=doors.handling,
        replies=doors.replies,
        keeping=doors.keeping,
        archiving=doors.archiving,
        registering=doors.registering,
        themes=doors.themes,
        measures=doors.measures,
        reports=doors.reports,
        chooser=doors.chooser,
        clock=lambda: NOW,
        largest_request=10_000,
        over_tls=True,
    )
    app = Starlette(routes=console_routes(desk))

    def opened(role=None, unit=UNIT):
        regions = ("norr",) if role is Role.FOLLOW_UP else ()
        units = (unit.text,) if role in INBOX_ROLES else ()
        assignment = Assignment("Enheten", role, units, regions) if role else None
        return Browser(app, sessions, assignment)

    return opened


@pytest.fixture
def receiver(browse):
    return browse(Role.CASE_RECEIVER)


@pytest.fixture
def number(doors, store):
    """A case with a file that lies in the unit's inbox."""
    case = make_case(
        receiver=Receiver(ReceiverType.CARE, UNIT),
        description="<script>alert(1)</script>",
        attachments=(make_attachment(file_name="bild å.png"),),
    )
    return submitted(doors, store, case)


def submitted(doors, store, case):
    """Submit a case and lay it in the inbox of its holder; give its number."""
    e_service = Caller(E_SERVICE, "1177", Role.E_SERVICE)
    kept = asyncio.run(doors.intake.submit(case, e_service))
    number = kept.receipt.case_number
    store.unit_inboxes.put(make_message(case_number=number, case=case))
    return number


def _table():
    key = "norr/inkorg"
    inbox = Destination(key, "norr", "inkorg", "inbox", {}, Policy(), None, "Inkorgen")
    rows = {
        unit.key: (Row(Unit(unit, "Enheten", "Luleå", "norr"), inbox, ALWAYS, "units.csv", 2),)
        for unit in (UNIT, OTHER_UNIT)
    }
    region = Region("norr", "Norr", "25", Committee(COMMITTEE, "Nämnden", inbox), anonymous=True)
    return RouteTable("v1", {"norr": region}, {key: inbox}, rows)
