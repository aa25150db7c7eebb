"""Stand-in case systems in this process, and our doors before a store in memory: real sockets."""

import hashlib
import threading
import time
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from adapters.rest import Rest, RestSettings
from adapters.riv_soap import RivSoap, RivSoapSettings
from gateway.adapter import Tools
from gateway.demo import case_server, rest_system, soap_system
from gateway.demo.desk import Posted, keep_answering
from gateway.domain.hsa import HsaId
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.flow.caller import Caller, Role
from gateway.testing import builders
from gateway.testing.dialects import RestSystem
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.testing.memory import MemoryStore
from gateway.testing.ports import free_port
from gateway.wire import lent_client
from tests.doors import make_doors

CONTRACTS = Path(__file__).parents[3] / "wsdl"
GATEWAY = "SE5560000000-VAXEL"
KEYS = {rest_system.KEY_VARIABLE: "a key", rest_system.SECRET_VARIABLE: RestSystem.secret}


def doors(store):
    """Open doors where the case system is known by its HSA-id and its key."""
    table, clock = RouteTable("1", {}, {}, {}), lambda: builders.NOW
    system = Caller(builders.CASE_SYSTEM, "the stand-in", Role.CASE_SYSTEM)
    digest = hashlib.sha256(KEYS[rest_system.KEY_VARIABLE].encode()).hexdigest()
    return make_doors(
        store,
        table,
        clock,
        identity=Identity([KnownCaller(system, frozenset({digest}))], [ip_network("127.0.0.0/8")]),
        name="vaxel-test",
        hsa_id=HsaId(GATEWAY),
        largest_request=16_000_000,
        contracts=CONTRACTS,
    )


class Gateway:
    """Our doors before a store in memory, which open when told to."""

    def __init__(self):
        self.store = MemoryStore()
        self.port = free_port()
        app = make_app(doors(self.store))
        self.server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_config=None))
        self.thread = threading.Thread(target=self.server.run)

    def open(self):
        self.thread.start()

    def close(self):
        self.server.should_exit = True
        self.thread.join()

    def holds(self, message):
        """Keep the case of a message, as it was when it was accepted."""
        new = builders.make_new_case(message.case, number=message.case_number)
        self.store.cases.add([new])


@pytest.fixture
def closed_gateway():
    return Gateway()


@pytest.fixture
def gateway(closed_gateway):
    closed_gateway.open()
    yield closed_gateway
    closed_gateway.close()


class StandIn:
    """A stand-in in this process, with the adapter that calls it."""

    def __init__(self, kind, gateway, **told):
        url = f"http://127.0.0.1:{gateway.port}"
        given = case_server.Given(0, url, builders.CASE_SYSTEM.text, **told)
        desk = given.desk()
        dialect_of, self.adapter_of = KINDS[kind]
        self.dialect = dialect = dialect_of(desk, given)
        self.closed = False
        self.server = case_server.server(given, desk, dialect)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        start(keep_answering, desk, self.post, repeat=given.repeat_replies)
        start(self.server.serve_forever, 0.01)

    def deliver(self, message):
        with lent_client(Policy(read_timeout_s=5)) as http:
            tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), "SE5560000000-VAXEL")
            return self.adapter_of(self.url, tools).deliver(message)

    def post(self, reply):
        return Posted.REFUSED if self.closed else self.dialect.post(reply)

    def account(self):
        return httpx.get(self.url).json()

    def settled(self):
        """Wait until every reply that is owed has its answer, then give the account."""
        until = time.monotonic() + 10
        while self.account()["replies_waiting"] and time.monotonic() < until:
            time.sleep(0.02)
        return self.account()

    def close(self):
        self.closed = True
        self.server.shutdown()
        self.server.server_close()


def start(target, *args, **kwargs):
    threading.Thread(target=target, args=args, kwargs=kwargs, daemon=True).start()


def rest(url, tools):
    settings = {"url": url, "signing_secret": RestSystem.secret}
    return Rest(RestSettings.model_validate(settings), tools)


def soap(url, tools):
    settings = {"url": url, "logical_address": builders.CASE_SYSTEM.text}
    return RivSoap(RivSoapSettings.model_validate(settings), tools)


KINDS: dict[str, tuple[Any, Any]] = {
    "rest": (partial(rest_system.dialect, keys=KEYS), rest),
    "soap": (soap_system.dialect, soap),
}


@pytest.fixture(params=KINDS)
def stand_in(request):
    """Start stand-ins: `stand_in(gateway, repeat_replies=True)`."""
    started = []

    def one(gateway, **told):
        started.append(StandIn(request.param, gateway, **told))
        return started[-1]

    yield one
    for system in started:
        system.close()
