"""A whole gateway sends a case on to the next platform, with certificates at both ends."""

import shutil
import time
from pathlib import Path

import pytest

from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.certificates import make_authority
from gateway.testing.process import HSA_ID, running_gateway, write_settings
from tests.tls_system import TlsSystem

RULES = Path(__file__).parents[2] / "routing_rules"
COMMITTEE, SYSTEM = "SE2321009202-PATN", "SE2321009202-PLATINA"


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path / "certificates")


@pytest.fixture
def platform(authority):
    with TlsSystem(authority.issue("platform", hosts=["127.0.0.1"]), authority.certificate) as one:
        yield one


@pytest.fixture
def gateway(tmp_path, authority, platform):
    """Run a gateway whose region has its committee's cases behind the platform."""
    us = authority.issue("us", serial_number=HSA_ID)
    settings = f"""
url = "https://127.0.0.1:{platform.port}/vp"
logical_address = "{platform.logical_address}"
client_certificate = "{us.certificate}"
client_key = "{us.key}"
trusted_ca = "{authority.certificate}"
original_consumer = "SE5560000000-E177"
platform = true
"""
    shutil.copytree(RULES, tmp_path / "rules")
    region = tmp_path / "rules/sydvik/region.toml"
    before, name, after = region.read_text().partition("[destinations.platina.settings]\n")
    region.write_text(before + name + settings + "\n[" + after.partition("\n[")[2])
    write_settings(tmp_path, tmp_path / "rules", (COMMITTEE,), SYSTEM)
    with running_gateway(tmp_path, "--with-worker") as running:
        yield running


def test_a_case_goes_on_to_the_next_platform(gateway, platform):
    """Issue 4, 9; INTEROP §2.5–2.7, SoapUI 1.4.1: and it knows where the case has been."""
    case = {
        "caseId": "onward-1",
        "kind": "COMPLAINT",
        "receiver": {"type": "COMMITTEE", "hsaId": COMMITTEE, "place": "Akuten i Sydvik"},
        "eventDate": "2026-03-02",
        "answerWanted": "INBOX",
        "submitter": {"personId": {"oid": PERSONNUMMER_OID, "number": "196711222940"}},
        "description": "Ingen svarade i telefonen.",
    }
    with gateway.client("e-service") as client:
        client.post("/api/v1/cases", json=case).raise_for_status()
    until = time.monotonic() + 20
    while not platform.arrivals and time.monotonic() < until:
        time.sleep(0.05)
    (head,) = platform.heads
    assert head["x-rivta-routing-history"] == f"SE5560000000-E177#{HSA_ID}"
    assert head["x-rivta-original-serviceconsumer-hsaid"] == "SE5560000000-E177"
    assert not [name for name in head if name.lower().startswith("x-vp-")]
