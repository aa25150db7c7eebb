"""The pages of citizens before a store in memory, as their browsers see them."""

import re

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.console.citizen.citizen import Citizen
from gateway.console.citizen.desk import CitizenDesk
from gateway.console.citizen.door import citizen_routes
from gateway.console.citizen.sessions import CitizenSessions
from gateway.console.provider import Provider
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.flow.caller import Caller, Role
from gateway.flow.own_cases import OwnCases
from gateway.settings.citizen_sign_in import CitizenSignInSettings
from gateway.testing.builders import AGDA, TOLVAN
from tests.unit.console.conftest import COMMITTEE, NOW, SECRET, UNIT

SETTINGS = CitizenSignInSettings(
    issuer="https://eid.example",
    client_id="vaxel-citizens",
    client_secret=SecretStr("the secret that the provider gave"),
    session_secret=SecretStr(SECRET),
)
PAGES = Caller(HsaId("SE-VAXEL"), "vaxel", Role.E_SERVICE)
TOLVAN_TOLVANSSON = Citizen(TOLVAN, "Tolvan Tolvansson")
AGDA_ANDERSSON = Citizen(AGDA, "Agda Andersson")
COOKIE = "__Host-vaxel-citizen-session"
FILLED = {
    "unit": UNIT.text,
    "kind": "COMPLAINT",
    "event": "2026-10-30",
    "who": "me",
    "text": "Ingen ringde upp.",
    "answer": "INBOX",
}
FOR_HER = {"who": "other", "patient": "18880309-9368", "relation": "GUARDIAN"}
TO_COMMITTEE = {"unit": COMMITTEE.text, "place": "I ambulansen"}


class Browser:
    """A browser of a citizen, who has signed in or not."""

    def __init__(self, app, sessions, citizen):
        self.client = TestClient(app, base_url="https://vaxel.example", follow_redirects=False)
        if citizen:
            self.client.cookies.set(COOKIE, sessions.written(sessions.begun(citizen)))

    def get(self, path, **more):
        return self.client.get(f"/citizen{path}", **more)

    def hidden(self, path):
        """Give what stands hidden in the last form of a page."""
        shown = self.get(path).text
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))

    def post(self, path, fields, **more):
        return self.client.post(f"/citizen{path}", data=fields, **more)

    def write(self, **fields):
        """Fill in the form of a new case, and send it."""
        filled = FILLED | fields
        return self.post("/new", self.hidden(f"/new?unit={filled['unit']}") | filled)

    def sent(self, **fields):
        """Send a case, and give its number."""
        return self.write(**fields).headers["location"].split("/")[-2]

    def add(self, number, text, **more):
        hidden = self.hidden(f"/cases/{number}")
        return self.post(f"/cases/{number}/supplement", hidden | {"text": text}, **more)


@pytest.fixture
def own_cases(doors, store):
    return OwnCases(
        store.citizen_cases, doors.citizen_inbox, store.cases, store.handlings, doors.intake
    )


@pytest.fixture
def sessions(watch):
    return CitizenSessions(SECRET, idle_s=60, longest_s=600, clock=watch)


@pytest.fixture
def desk(doors, own_cases, sessions):
    return CitizenDesk(
        settings=SETTINGS,
        provider=Provider(SETTINGS, "https://vaxel.example/citizen/signed-in"),
        sessions=sessions,
        caller=PAGES,
        intake=doors.intake,
        own_cases=own_cases,
        chooser=doors.chooser,
        limits=Limits(),
        clock=lambda: NOW,
        largest_request=100_000,
        over_tls=True,
    )


@pytest.fixture
def come(desk, sessions):
    """Open a browser: of nobody, or of a citizen who has signed in."""
    app = Starlette(routes=citizen_routes(desk))
    return lambda citizen=None: Browser(app, sessions, citizen)


@pytest.fixture
def tolvan(come):
    return come(TOLVAN_TOLVANSSON)


@pytest.fixture
def agda(come):
    return come(AGDA_ANDERSSON)
