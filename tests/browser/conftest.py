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

from gateway.demo.identity_provider import SECRET_VARIABLE
from gateway.testing.process import (
    RunningGateway,
    free_port,
    running_gateway,
    write_settings,
)

CHROMIUM = Path("/usr/bin/chromium")
RULES = Path(__file__).parents[2] / "routing_rules"
UNIT, OTHER_UNIT, COMMITTEE = "SE2321009202-VCHAMN", "SE2321009101-5A1L", "SE2321009101-PATN"
SYSTEM = "SE2321009202-SYNERGI"
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
[sign_in]
issuer = "http://127.0.0.1:{port}"
client_id = "{client}"
client_secret = "{secret}"
session_secret = "only for gateways that tests have made"
stand_in = true
"""
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
        with self.gateway.client("staff") as staff:
            until = time.monotonic() + 60
            while staff.get(f"/api/v1/unit-inbox/{number}").status_code != 200:
                assert time.monotonic() < until, "the case did not come to the inbox"
                time.sleep(0.1)
        return number


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    folder, port = tmp_path_factory.mktemp("place"), free_port()
    write_settings(folder, RULES, (UNIT,), SYSTEM)
    with (folder / "vaxel.toml").open("a") as settings:
        settings.write(_SIGN_IN.format(port=port, client=_CLIENT, secret=_SECRET))
    with running_gateway(folder, "--with-worker") as gateway, _provider(folder, port, gateway.url):
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
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    context.set_default_timeout(_PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in(place) -> Callable[[Page, str], None]:
    """Give what signs in one of PEOPLE, as people do."""

    def signed_in(page: Page, person: str) -> None:
        page.goto(place.console)
        page.locator("main a.ds-button").click()
        page.get_by_role("link", name=PEOPLE[person]["name"]).click()

    return signed_in


@contextmanager
def _provider(folder: Path, port: int, gateway_url: str) -> Iterator[None]:
    people = folder / "people.json"
    people.write_text(json.dumps(PEOPLE))
    command = [sys.executable, "-m", "gateway.demo.identity_provider", "--port", str(port)]
    command += ["--client-id", _CLIENT, "--redirect-uri", f"{gateway_url}/console/signed-in"]
    environment = os.environ | {SECRET_VARIABLE: _SECRET}
    process = subprocess.Popen([*command, "--people", str(people)], env=environment)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield
    finally:
        process.terminate()
        process.wait(60)


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
