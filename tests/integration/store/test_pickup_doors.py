"""A whole gateway for a system that fetches: region file, doors on a socket, worker, database."""

import hashlib
import threading
import time
from contextlib import contextmanager
from functools import partial
from importlib.metadata import EntryPoint
from ipaddress import ip_network

import httpx
import pytest
import requests
import uvicorn
import zeep

from gateway import plugins
from gateway.app import build_routes, load_routes
from gateway.app.contents import contents_of
from gateway.app.facade import make_facade
from gateway.app.gateway import Gateway
from gateway.flow.caller import Role
from gateway.routes import read
from gateway.routes.live import LiveTable
from gateway.routes.publishing import publish_first
from gateway.settings import CallerSettings, Settings
from gateway.settings.attachments import AttachmentStoreSettings
from gateway.store.sql_store import open_store
from gateway.testing.ports import free_port
from gateway.testing.process import KEYS

pytest_plugins = ["gateway.testing.postgres"]

UNIT, COMMITTEE, SYSTEM = "SE2321009101-VC", "SE2321009101-PATN", "SE2321009101-DIARIET"
TYPES = plugins.found(
    EntryPoint(name, f"adapters.{name}:{kind}", plugins.GROUP)
    for name, kind in (("inbox", "Inbox"), ("pickup", "Pickup"))
)
REGION = f"""
name = "Region Norr"
code = "25"
[committee]
hsa_id = "{COMMITTEE}"
name = "Patientnämnden"
destination = "diariet"
[destinations.diariet]
title = "Diariet hämtar själv"
adapter = "pickup"
system = "{SYSTEM}"
"""
UNITS = (
    "hsa_id,name,place,provider,parent,destination,valid_from,valid_to\n"
    f"{UNIT},Vårdcentralen,Luleå,,,diariet,,\n"
)


@pytest.fixture
def settings(url, tmp_path):
    """A region whose only system fetches, and its callers."""
    folder = tmp_path / "rules" / "norr"
    folder.mkdir(parents=True)
    (folder / "region.toml").write_text(REGION)
    (folder / "units.csv").write_text(UNITS)
    callers = (
        _caller("e-service", "TEST-ESERVICE", Role.E_SERVICE),
        _caller("case-system", SYSTEM, Role.CASE_SYSTEM),
    )
    return Settings(
        database_url=url,
        attachment_store=AttachmentStoreSettings(folder=tmp_path / "attachments"),
        routing_rules=tmp_path / "rules",
        callers=callers,
        trusted_proxies=(ip_network("127.0.0.1/32"),),
    )


@pytest.fixture
def door(settings):
    """The address of a running gateway."""
    with _running(settings) as url:
        yield url


@pytest.fixture
def asked(door):
    """Ask the running gateway as one of its callers."""
    with httpx.Client(base_url=door, timeout=20) as client:

        def ask(caller, method, path, **more):
            headers = {"X-API-Key": KEYS[caller]} | more.pop("headers", {})
            answer = client.request(method, f"/api/v1{path}", headers=headers, **more)
            return answer.raise_for_status().json()

        yield ask


@pytest.fixture
def called(door, settings):
    """Call a contract of the message box with zeep, which knows nothing but what is served."""
    session = requests.Session()
    session.headers["x-vp-sender-id"] = SYSTEM

    def call(name, **body):
        wsdl = f"{door}/soap/{name}/1/rivtabp21?wsdl"
        service = zeep.Client(wsdl, transport=zeep.Transport(session=session)).service
        header = {"LogicalAddress": settings.hsa_id}
        return getattr(service, name)(_soapheaders=header, **body)

    yield call
    session.close()


def test_a_pickup_destination_passes_the_check_and_one_with_settings_does_not(settings):
    """DOMAIN C5, G5: as `vaxel check` reads it."""
    assert not isinstance(load_routes(settings, TYPES), list)
    file = settings.routing_rules / "norr/region.toml"
    file.write_text(file.read_text() + '[destinations.diariet.settings]\nurl = "https://x.se"\n')
    found = load_routes(settings, TYPES)
    assert isinstance(found, list)
    assert ["settings.url is no setting" in fault.message for fault in found] == [True]


def test_a_case_and_its_supplement_are_fetched_in_order_and_answered(asked):
    """DOMAIN C5, C3, D2: from the citizen to the system, and its word back."""
    number = asked("e-service", "POST", "/cases", json=_case())["caseNumber"]
    path, key = f"/cases/{number}/supplements", {"Idempotency-Key": "s-1"}
    asked("e-service", "POST", path, json={"text": "Mer."}, headers=key)
    [case] = asked("case-system", "GET", "/pickups")["items"]
    assert asked("case-system", "GET", "/pickups") == {"items": []}
    receipt = f"/pickups/{case['deliveryId']}/receipt"
    assert asked("case-system", "POST", receipt, json={"externalCaseId": "D-1"})["state"]
    [added] = asked("case-system", "GET", "/pickups")["items"]
    events = [pickup["message"]["caseEvent"] for pickup in (case, added)]
    assert events == ["SUBMITTED", "SUPPLEMENTED"]
    word = {"messageId": "m-1", "messageKind": "RECEIVED", "externalCaseId": "D-1"}
    word["sentTime"] = "2026-03-02T09:30:00+01:00"
    assert asked("case-system", "POST", "/case-messages", json=word)["caseNumber"] == number


def test_zeep_lists_gets_and_deletes_what_is_in_the_box(asked, called):
    """INTEROP §5.2: the standard contracts, from the served WSDL alone."""
    number = asked("e-service", "POST", "/cases", json=_case())["caseNumber"]
    [meta] = called("ListMessages").messageMetas
    assert (meta.targetOrganization, meta.status) == (SYSTEM, "RECEIVED")
    [got] = called("GetMessages", messageIds=[meta.messageId]).responses
    assert f"<r:caseNumber>{number}</r:caseNumber>" in got.message
    assert got.serviceContractType.ServiceContractNamespace == meta.serviceContractType
    for _ in range(2):
        deleted = called("DeleteMessages", messageIds=[meta.messageId])
        assert (deleted.result.code, deleted.deletedIds) == ("OK", [meta.messageId])
    assert called("ListMessages").messageMetas == []


def test_the_worker_leaves_what_waits_to_its_system(asked):
    """DOMAIN C5: also when it is there all the time and nobody fetches."""
    asked("e-service", "POST", "/cases", json=_case())
    time.sleep(0.6)
    [pickup] = asked("case-system", "GET", "/pickups")["items"]
    assert pickup["message"]["case"]["caseId"] == "e-1"


@contextmanager
def _running(settings):
    contents = contents_of(settings)
    store = open_store(settings.database_url.get_secret_value(), contents.open)
    built = partial(build_routes, settings, TYPES)
    publish_first(
        store.publications, read(settings.routing_rules), built, "norr", "x", store.clock()
    )
    live = LiveTable(store.publications, built)
    gateway = Gateway(settings, live, store, TYPES, contents)
    facade, port = make_facade(gateway, gateway.worker()), free_port()
    server = uvicorn.Server(uvicorn.Config(facade, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    store.close()


def _caller(name, hsa_id, role):
    digest = hashlib.sha256(KEYS[name].encode()).hexdigest()
    return CallerSettings(hsa_id=hsa_id, name=name, role=role, keys_sha256=(digest,))


def _case():
    person = {"oid": "1.2.752.129.2.1.3.1", "number": "196711222940"}
    return {
        "caseId": "e-1",
        "kind": "COMPLAINT",
        "receiver": {"type": "CARE", "hsaId": UNIT},
        "eventDate": "2026-03-02",
        "answerWanted": "INBOX",
        "submitter": {"personId": person},
        "description": "Ingen svarade i telefonen.",
    }
