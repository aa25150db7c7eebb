"""The demo's processes: what each is started with, secrets by environment only."""

import os
import sys
from collections.abc import Iterator, Mapping

from gateway.console.site import CITIZENS as CITIZEN_PAGES
from gateway.console.site import STAFF as STAFF_PAGES
from gateway.console.site import Site as Pages
from gateway.demo import e_service, identity_provider, rest_system, staff
from gateway.demo.people import CITIZENS, STAFF, SignIn
from gateway.demo.phone import CALLED_UNITS
from gateway.demo.site import AVVIKELSE, HSA_ID, PLATINA, SYNERGI, Site, System
from gateway.demo.supervision import Program
from gateway.demo.trust import showing, trusting
from gateway.demo.witnesses import E_SERVICE_RECORD, INBOXES, STAFF_RECORD, notebook
from gateway.settings import PREFIX

# How long the REST system is down, in seconds from when it is called first.
OUTAGE_S = 5.0
# Between two cases of the same door; it makes a load that can be watched.
PACE_S = 0.3

_PYTHON = (sys.executable, "-m")


def systems(site: Site) -> Iterator[Program]:
    """The vendors' systems: one repeats its replies, one is down at first."""
    yield _system(site, AVVIKELSE, "soap_system", "--repeat-replies", *_phone(site, AVVIKELSE))
    yield _system(site, PLATINA, "soap_system")
    down = ("--fail-first-seconds", str(OUTAGE_S), *_phone(site, SYNERGI))
    secrets = {
        rest_system.KEY_VARIABLE: site.keys.synergi,
        rest_system.SECRET_VARIABLE: site.keys.signing,
    }
    yield _system(site, SYNERGI, "rest_system", *down, environment=secrets)


def gateway(site: Site) -> Iterator[Program]:
    """The product: its doors, a worker beside them, and who signs people in to its pages."""
    yield Program("gateway", (*_PYTHON, "gateway", "serve"), site.gateway_url)
    yield Program("worker", (*_PYTHON, "gateway", "work"))
    yield _provider(site, "sign-in of staff", STAFF, STAFF_PAGES)
    yield _provider(site, "sign-in of citizens", CITIZENS, CITIZEN_PAGES)


def people(site: Site) -> Iterator[Program]:
    """The e-service with its citizens, and the staff at the built-in inbox."""
    at = ("--gateway-url", site.gateway_url)
    notes = ("--record", E_SERVICE_RECORD, "--inboxes", INBOXES)
    load = ("--day", site.today.isoformat(), "--pace", str(PACE_S))
    yield Program(
        "e-service",
        (*_PYTHON, "gateway.demo.e_service", *at, "--gateway-hsa-id", HSA_ID, *notes, *load),
        environment={e_service.KEY_VARIABLE: site.keys.e_service}
        | _known_by_certificate(site, "e-service", e_service.HSA_ID),
    )
    yield Program(
        "staff",
        (*_PYTHON, "gateway.demo.staff", *at, "--record", STAFF_RECORD),
        environment={staff.KEY_VARIABLE: site.keys.staff} | trusting(site.authority.certificate),
    )


def clean_environment() -> dict[str, str]:
    """Give the environment without settings of another gateway, which would win over ours."""
    kept = {name: v for name, v in os.environ.items() if not name.upper().startswith(PREFIX)}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _system(
    site: Site,
    system: System,
    module: str,
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> Program:
    command = (
        *_PYTHON,
        f"gateway.demo.{module}",
        *("--port", str(site.system_ports[system.name])),
        *("--gateway-url", site.gateway_url, "--gateway-hsa-id", HSA_ID),
        *("--hsa-id", system.hsa_id, "--log", notebook(system)),
        *options,
    )
    known = _known_by_certificate(site, system.name, system.hsa_id)
    return Program(system.name, command, site.system_url(system), {**known, **(environment or {})})


def _provider(site: Site, name: str, sign_in: SignIn, pages: Pages) -> Program:
    port = str(site.provider_ports[sign_in.table])
    return Program(
        name,
        (
            *(*_PYTHON, "gateway.demo.identity_provider", "--port", port),
            *("--client-id", sign_in.client_id, "--people", sign_in.people_file),
            *("--redirect-uri", f"{site.gateway_url}{pages.callback}"),
        ),
        site.provider_url(sign_in),
        {identity_provider.SECRET_VARIABLE: site.keys.sign_in},
    )


def _phone(site: Site, system: System) -> tuple[str, ...]:
    return ("--calls-to", CALLED_UNITS[system.name], "--day", site.today.isoformat())


def _known_by_certificate(site: Site, name: str, hsa_id: str) -> dict[str, str]:
    issued = site.authority.issue(name, serial_number=hsa_id)
    return trusting(site.authority.certificate) | showing(issued)
