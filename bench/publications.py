"""How soon a large table is live on three nodes, and what callers notice of many publications."""

import tempfile
import threading
import time
from base64 import b64decode, b64encode
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bench import load
from bench.processes import UNIT, gateway
from bench.routes import large_draft, renamed, write_rules
from gateway.store.engine import Database
from gateway.store.publications import SqlPublications
from gateway.testing.postgres import PostgresServer
from gateway.testing.process import KEYS, RunningGateway, running_gateway, write_settings

NODES = 3
PUBLICATIONS = 1000
_CLIENTS = 4
_UNITS_PATH = "nordmark/units.csv"
_NAME = b"Norrfors lasarett"
_LOAD_S = 120.0


@dataclass(frozen=True)
class Published:
    """Seconds until three nodes used a new table; and cases taken in during many publications."""

    swapped_s: float
    publications: int
    accepted: int
    refused: int
    not_on_disk: int


def figures(postgres: PostgresServer) -> Published:
    """Measure both."""
    swapped_s = _swapped_s(postgres.new_database())
    with tempfile.TemporaryDirectory() as folder, gateway(Path(folder)) as measured:
        done = threading.Event()
        publishing = threading.Thread(target=_publish_many, args=(measured.port, done))
        publishing.start()
        accepted, refused = [], 0
        until = time.monotonic() + _LOAD_S
        while not done.is_set() and time.monotonic() < until:
            run = load.send(measured.port, UNIT, _CLIENTS, 2.0, f"at-{time.monotonic()}")
            accepted += run.receipts
            refused += run.refused
        publishing.join()
        measured.kill()
        lost = set(accepted) - measured.on_disk()
        return Published(swapped_s, PUBLICATIONS, len(accepted), refused, len(lost))


def _swapped_s(database_url: str) -> float:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        rules = Path(folder) / "rules"
        rules.mkdir()
        write_rules(rules)
        write_settings(Path(folder), rules, (UNIT,), "NOBODY")
        nodes = [
            stack.enter_context(running_gateway(Path(folder), database_url=database_url))
            for _ in range(NODES)
        ]
        publications = SqlPublications(Database(database_url))
        first, draft = publications.newest(), renamed(large_draft())
        if first is None:
            raise RuntimeError("the first node has published the folder")
        began = time.monotonic()
        publications.publish(replace(first, number=2, version=draft.version), draft.files)
        while {_version(node) for node in nodes} != {draft.version}:
            time.sleep(0.02)
        return time.monotonic() - began


def _version(node: RunningGateway) -> str:
    told: str = httpx.get(f"{node.url}/status").json()["RouteTableVersion"]
    return told


def _publish_many(port: int, done: threading.Event) -> None:
    headers = {"X-API-Key": KEYS["national"]}
    place = "/api/v1/routing/publications"
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        [units] = [
            file
            for file in client.get(f"{place}/1/files").json()["files"]
            if file["path"] == _UNITS_PATH
        ]
        for number in range(1, PUBLICATIONS + 1):
            named = b64decode(units["content"]).replace(_NAME, b"%s %d" % (_NAME, number))
            file = units | {"content": b64encode(named).decode()}
            body = {"basedOn": number, "reason": "bench", "files": [file]}
            client.post(place, json=body).raise_for_status()
    done.set()
