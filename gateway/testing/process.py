"""A gateway as a process of its own, for tests that look at it from outside."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.ports import free_port

HSA_ID = "TEST-VAXEL"
E_SERVICE = "TEST-ESERVICE"
# Callers of these names have these keys; they open nothing but gateways made by tests.
_NAMES = ("e-service", "staff", "operator", "case-system", "national")
KEYS = {name: f"key-of-{name}" for name in _NAMES}

_READY_WITHIN_S = 120.0


@dataclass(frozen=True)
class RunningGateway:
    """A running process and where it is; its log is in `folder`."""

    folder: Path
    url: str
    process: subprocess.Popen[bytes]

    def client(self, name: str) -> httpx.Client:
        """Give a REST client of one of the known callers."""
        return httpx.Client(base_url=self.url, headers={"X-API-Key": KEYS[name]})

    def submit(self, case_id: str, unit: str) -> httpx.Response:
        """Send the smallest case over REST, as the e-service."""
        case = {
            "caseId": case_id,
            "kind": "COMPLAINT",
            "receiver": {"type": "CARE", "hsaId": unit},
            "eventDate": "2026-03-02",
            "answerWanted": "INBOX",
            "submitter": {"personId": {"oid": PERSONNUMMER_OID, "number": "196711222940"}},
            "description": "Ingen svarade i telefonen.",
        }
        with self.client("e-service") as client:
            return client.post("/api/v1/cases", json=case)

    def log(self) -> str:
        """Read what it has logged."""
        return (self.folder / "log").read_text()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def write_settings(folder: Path, rules: Path, units: tuple[str, ...], system: str) -> None:
    """Write a vaxel.toml where every role has a caller, and staff work in `units`."""
    callers = {
        "e-service": ("e-service", E_SERVICE, ()),
        "staff": ("case-receiver", "TEST-STAFF", units),
        "operator": ("operator", "TEST-OPERATOR", ()),
        "case-system": ("case-system", system, ()),
        "national": ("national-operator", "TEST-NATIONAL", ()),
    }
    lines = [
        f'routing_rules = "{rules}"',
        f'hsa_id = "{HSA_ID}"',
        'trusted_proxies = ["127.0.0.1/32"]',
        'anonymous_secret = "only for gateways that tests have made"',
        'secrets = { sydvik_synergi = "whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0" }',
    ]
    for name, (role, hsa_id, of) in callers.items():
        digest = hashlib.sha256(KEYS[name].encode()).hexdigest()
        lines += [
            "[[callers]]",
            f'hsa_id = "{hsa_id}"',
            f'name = "{name}"',
            f'role = "{role}"',
            f"units = {list(of)}",
            f'keys_sha256 = ["{digest}"]',
        ]
    (folder / "vaxel.toml").write_text("\n".join(lines))


@contextmanager
def running_gateway(
    folder: Path, *arguments: str, database_url: str = ""
) -> Iterator[RunningGateway]:
    """Run `vaxel serve` in `folder` until the block ends; whatever happens, it is stopped."""
    bind = f"127.0.0.1:{free_port()}"
    with running_command(
        folder, "serve", *arguments, bind=bind, database_url=database_url
    ) as process:
        running = RunningGateway(folder, f"http://{bind}", process)
        _wait_until_live(running)
        yield running


@contextmanager
def running_command(
    folder: Path, *arguments: str, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a `vaxel` command with these settings, those left empty out; stop it at the end."""
    told = {f"VAXEL_{name.upper()}": value for name, value in settings.items() if value}
    if settings.get("database_url", "").startswith("postgresql"):
        told["VAXEL_ATTACHMENT_STORE__FOLDER"] = str(folder / "var" / "attachments")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 our own program
            [sys.executable, "-m", "gateway", *arguments],
            cwd=folder,
            env=os.environ | told,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(_READY_WITHIN_S)


def _wait_until_live(running: RunningGateway) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        if running.process.poll() is not None:
            raise RuntimeError(f"the gateway did not start:\n{running.log()}")
        try:
            httpx.get(f"{running.url}/health/live").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"the gateway did not open its port:\n{running.log()}")
