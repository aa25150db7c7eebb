"""
Routes are asked while the table is published a thousand times, in one process and in memory.

No case is sent here: that is done over HTTP, with what was kept counted, in bench/publications.py.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role
from gateway.routes.build import build
from gateway.routes.draft import Draft
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing, publish_first
from gateway.testing.memory import MemoryStore

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NATIONAL = Caller(HsaId("SE5560000000-NAT"), "national", Role.NATIONAL)
PUBLICATIONS, ASKERS = 300, 4
FILE = "norr/units.csv"
REGION = b"""
name = "Norr"
code = "25"
[committee]
hsa_id = "SE2321009101-PATN"
name = "Patientnamnden"
destination = "even"
[destinations]
even = { title = "Even", adapter = "inbox" }
odd = { title = "Odd", adapter = "inbox" }
"""
HEAD = "hsa_id,name,place,provider,parent,destination,valid_from,valid_to"


def units(number):
    """Every unit goes where the number of its publication says."""
    to = "odd" if number % 2 else "even"
    rows = [f"SE2321009101-{unit},Enhet,Norr,,,{to},," for unit in range(20)]
    return "\n".join([HEAD, *rows]).encode()


def made(files):
    return build(Draft(files), lambda _: [])


def test_none_fails_and_none_sees_half_a_table():
    """DOMAIN B10: all units of what was asked go where that one publication says."""
    store = MemoryStore()
    files = Draft({"norr/region.toml": REGION, FILE: units(1)})
    publish_first(store.publications, files, made, "first", "why", NOW)
    live = LiveTable(store.publications, made)
    publishing = Publishing(live, store.publications, store.overview.open_cases, lambda: NOW)
    done = threading.Event()
    with ThreadPoolExecutor(ASKERS) as pool:
        asking = [pool.submit(_seen, publishing, done) for _ in range(ASKERS)]
        for number in range(2, PUBLICATIONS + 2):
            publishing.publish({FILE: units(number)}, None, number - 1, "why", NATIONAL)
        done.set()
        seen = set().union(*(asked.result() for asked in asking))
    assert {(number, to) for number, to in seen if to != f"norr/{_parity(number)}"} == set()
    assert len(seen) > ASKERS


def _seen(publishing, done):
    """Ask for one unit after the other; gives what was asked and where the unit goes."""
    seen = set()
    while not done.is_set():
        for unit in range(20):
            ask = HsaId(f"SE2321009101-{unit}"), Kind.COMPLAINT, ReceiverType.CARE, None
            found, asked = publishing.explain(*ask)
            seen.add((asked.number, found.destination.key))
    return seen


def _parity(number):
    return "odd" if number % 2 else "even"
