"""One gateway with the stand-in identity provider beside it, and one browser, for a module."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gateway.console.site import CITIZENS as CITIZEN_PAGES
from gateway.console.site import STAFF as STAFF_PAGES
from gateway.demo.identity_provider import SECRET_VARIABLE
from gateway.settings.citizen_sign_in import CitizenClaimNames
from gateway.testing.dialects import SoapSystem
from gateway.testing.ports import free_port
from gateway.testing.process import (
    RunningGateway,
    running_gateway,
    write_settings,
)
from tests.browser.citizen import Citizen, signed_in_citizen
from tests.browser.steps import follow
from tests.browser.vendor import SYSTEM, Vendor, routes_to

CONTRACTS = Path(__file__).parents[2] / "wsdl"
CHROMIUM = Path("/usr/bin/chromium")
RULES = Path(__file__).parents[2] / "routing_rules"
UNIT, OTHER_UNIT, COMMITTEE = "SE2321009202-VCHAMN", "SE2321009101-5A1L", "SE2321009101-PATN"
_CLIENT, _SECRET = "vaxel", "a secret of the stand-in"
_PATIENCE_MS = 20_000
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SIGN_IN = """
[{table}]
issuer = "http://127.0.0.1:{port}"
client_id = "{client}"
client_secret = "{secret}"
session_secret = "only for gateways that tests have made"
stand_in = true
"""
_NUMBER = CitizenClaimNames().personal_number
CITIZENS: dict[str, dict[str, Any]] = {
    "tolvan": {_NUMBER: "191212121212", "name": "Tolvan Tolvansson"},
    "kim": {_NUMBER: "196711222940", "name": "Kim Krona"},
}
_AT_UNIT = {"name": "Hamnens vårdcentral", "units": [UNIT]}
PEOPLE: dict[str, dict[str, Any]] = {
    "receiver": {
        "hsa_id": "SE2321009202-P001",
        "name": "Maria Mottagare",
        "assignments": [{**_AT_UNIT, "role": "case-receiver"}],
    },
    "distributor": {
        "hsa_id": "SE2321009202-P002",
        "name": "Fredrik Fördelare",
        "assignments": [{**_AT_UNIT, "role": "case-distributor"}],
    },
    "both": {
        "hsa_id": "SE2321009202-P003",
        "name": "Ulla Uppdrag",
        "assignments": [
            {**_AT_UNIT, "role": "case-receiver"},
            {"name": "Patientnämnden", "units": [COMMITTEE], "role": "committee-staff"},
        ],
    },
    "follow-up": {
        "hsa_id": "SE2321009202-P006",
        "name": "Ulf Uppföljare",
        "assignments": [
            {"name": "Region Sydvik", "regions": ["sydvik"], "role": "regional-follow-up"}
        ],
    },
    "elsewhere": {
        "hsa_id": "SE2321009101-P004",
        "name": "Annan Enhet",
        "assignments": [
            {"name": "Annan enhet", "units": [OTHER_UNIT], "role": "case-receiver"},
        ],
    },
    "nobody": {"hsa_id": "SE2321009101-P005", "name": "Utan Uppdrag", "assignments": []},
}


@dataclass(frozen=True)
class Place:
    """A gateway that people can sign in to."""

    gateway: RunningGateway

    @property
    def console(self) -> str:
        return f"{self.gateway.url}/console"

    def submit(self, case_id: str) -> str:
        """Send a case to the unit, and wait until it lies in the inbox."""
        number = str(self.gateway.submit(case_id, UNIT).json()["caseNumber"])
        self.wait_for(number)
        return number

    def wait_for(self, number: str) -> None:
        """Wait until a case lies in the inbox of its unit."""
        with self.gateway.client("staff") as staff:
            until = time.monotonic() + 60
            while staff.get(f"/api/v1/unit-inbox/{number}").status_code != 200:
                assert time.monotonic() < until, "the case did not come to the inbox"
                time.sleep(0.1)


@pytest.fixture(scope="module")
def system() -> Iterator[SoapSystem]:
    """A vendor's system, which takes what comes."""
    with SoapSystem(CONTRACTS) as system:
        yield system


@pytest.fixture(scope="module")
def vendor(place, system) -> Vendor:
    return Vendor(system, place.gateway.url)


@pytest.fixture(scope="module")
def citizen(place, browser) -> Iterator[Citizen]:
    """A citizen at the pages, signed in for the whole module."""
    with _window(browser) as page:
        yield signed_in_citizen(page, f"{place.gateway.url}{CITIZEN_PAGES.home}", "Kim Krona")


@pytest.fixture(scope="module")
def place(tmp_path_factory, system) -> Iterator[Place]:
    folder, ports = tmp_path_factory.mktemp("place"), (free_port(), free_port())
    rules = routes_to(system, RULES, folder / "rules")
    write_settings(folder, rules, (UNIT, OTHER_UNIT), SYSTEM)
    with (folder / "vaxel.toml").open("a") as settings:
        for table, port in zip(("sign_in", "citizen_sign_in"), ports, strict=True):
            told = {"table": table, "port": port, "client": _CLIENT, "secret": _SECRET}
            settings.write(_SIGN_IN.format(**told))
    with (
        running_gateway(folder, "--with-worker") as gateway,
        _provider(folder, ports[0], f"{gateway.url}{STAFF_PAGES.callback}", PEOPLE),
        _provider(folder, ports[1], f"{gateway.url}{CITIZEN_PAGES.callback}", CITIZENS),
    ):
        yield Place(gateway)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"there is no {CHROMIUM}: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page of a browser where nobody has signed in, and scripts do not run."""
    with _window(browser) as page:
        yield page


@pytest.fixture
def sign_in(place) -> Callable[[Page, str], None]:
    """Give what signs in one of PEOPLE, as people do."""

    def signed_in(page: Page, person: str) -> None:
        page.goto(place.console)
        follow(page.locator("main a.ds-button"))
        follow(page.get_by_role("link", name=PEOPLE[person]["name"]))

    return signed_in


@contextmanager
def _provider(
    folder: Path, port: int, back: str, known: dict[str, dict[str, Any]]
) -> Iterator[None]:
    people = folder / f"people-{port}.json"
    people.write_text(json.dumps(known))
    command = [sys.executable, "-m", "gateway.demo.identity_provider", "--port", str(port)]
    command += ["--client-id", _CLIENT, "--redirect-uri", back]
    environment = os.environ | {SECRET_VARIABLE: _SECRET}
    process = subprocess.Popen([*command, "--people", str(people)], env=environment)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    # Without movement: a section that opens slowly takes its button away from under a click.
    context = browser.new_context(
        locale="sv-SE", java_script_enabled=False, reduced_motion="reduce"
    )
    context.set_default_timeout(_PATIENCE_MS)
    yield context.new_page()
    context.close()


def _wait_until_up(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the identity provider did not start")
