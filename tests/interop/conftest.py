"""A gateway for the interop tests: a process of its own, or doors before a store in memory."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from structlog.typing import EventDict

from gateway.testing.memory import MemoryStore
from gateway.testing.process import HSA_ID, RunningGateway, running_gateway, write_settings

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT = "SE2321009101-HCGR"


@dataclass(frozen=True)
class Running:
    """Where the gateway is, and its addresses."""

    gateway: RunningGateway
    unit: str = UNIT
    hsa_id: str = HSA_ID

    @property
    def url(self) -> str:
        """Where the gateway is."""
        return self.gateway.url

    def reply_finally(self, case_number: str, text: str) -> None:
        """Wait until the case is in the unit's inbox, and answer it there."""
        path = f"/api/v1/unit-inbox/{case_number}"
        body = {"messageKind": "FINAL_REPLY", "text": text}
        with self.gateway.client("staff") as staff:
            for _ in range(1200):
                if staff.get("/api/v1/unit-inbox").json()["items"]:
                    break
                time.sleep(0.05)
            key = {"Idempotency-Key": f"reply-{case_number}"}
            staff.post(f"{path}/messages", json=body, headers=key).raise_for_status()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start `vaxel serve --with-worker` in an empty folder."""
    folder = tmp_path_factory.mktemp("gateway")
    write_settings(folder, RULES, (UNIT,), "TEST-SYSTEM")
    with running_gateway(folder, "--with-worker") as gateway:
        yield Running(gateway)


@pytest.fixture
def a_case(running: Running) -> Callable[..., dict[str, object]]:
    """Give the smallest case of a person; change any part by its name."""

    def give(case_id: str, person: dict[str, str], **changes: object) -> dict[str, object]:
        # In the order of the schema: Node's package writes elements in the order of the keys.
        smallest = {
            "caseId": case_id,
            "kind": "COMPLAINT",
            "receiver": {"type": "CARE", "hsaId": running.unit},
            "eventDate": "2026-03-02",
            "answerWanted": "INBOX",
            "submitter": {"personId": person},
            "description": "Ingen tog emot mig.",
        }
        return smallest | changes

    return give


@pytest.fixture
def store() -> MemoryStore:
    """What is kept."""
    return MemoryStore()


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """What is logged, and then not shown."""
    with structlog.testing.capture_logs() as captured:
        yield captured
