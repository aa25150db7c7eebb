"""A vendor's case system behind SOAP: it takes what comes, and says what a test tells it to."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from gateway.demo.desk import Posted, Reply
from gateway.demo.soap_system import Caller
from gateway.testing.dialects import SoapSystem
from gateway.testing.foreign import Arrival
from gateway.testing.process import HSA_ID

SYSTEM = "SE2321009101-AVVIKELSE"
# A unit whose cases go to the system.
SYSTEM_UNIT = "SE2321009101-HCBJ"
_PATIENCE_S = 60


class Vendor:
    """The system as its people use it; `calls` are its own calls to the gateway."""

    def __init__(self, system: SoapSystem, gateway_url: str) -> None:
        self._system = system
        self._calls = Caller(gateway_url, SYSTEM, HSA_ID)

    def got(self, number: str, event: str) -> Arrival:
        """Wait until this has come about a case."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            for arrival in list(self._system.arrivals):
                if (arrival.case_number, arrival.event) == (number, event):
                    return arrival
            assert time.monotonic() < until, f"no {event} has come about {number}"
            time.sleep(0.05)

    def say(self, number: str, kind: str, to: str | None = None) -> Posted:
        """Post a message with the words of the demo's systems."""
        called, now = self._system.case_id(number) or "", datetime.now(UTC)
        return self._calls.post(Reply(str(uuid4()), kind, number, called, now, to))


def routes_to(system: SoapSystem, rules: Path, folder: Path) -> Path:
    """Copy the example regions, with one destination where the system is."""
    shutil.copytree(rules, folder, ignore=shutil.ignore_patterns("__*"))
    region = folder / "nordmark/region.toml"
    text = region.read_text(encoding="utf-8")
    there = "[destinations.avvikelse.settings]\n"
    before, after = text.split(there)
    rest = after.split("\n", 2)[2]
    settings = "".join(f'{key} = "{value}"\n' for key, value in system.settings.items())
    region.write_text(f"{before}{there}{settings}{rest}", encoding="utf-8")
    return folder
