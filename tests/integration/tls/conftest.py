"""Our doors before a store in memory, behind TLS that ends with us: real sockets."""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.protocol import BoundedHead
from gateway.facade.tls import Tls
from gateway.flow.caller import Caller, Role
from gateway.settings import TlsSettings
from gateway.testing.certificates import Authority, Issued, make_authority
from gateway.testing.memory import MemoryStore
from tests.doors import make_doors

CONTRACTS = Path(__file__).parents[3] / "wsdl"
GATEWAY, SYSTEM, OTHER = "SE5560000000-VAXEL", "SE2321000016-AVV1", "SE2321000016-AVV2"
KEY = "a key"


@dataclass
class Served:
    """Where the doors are, with the files behind them."""

    port: int
    tls: Tls
    own: Issued
    authority: Authority
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def url(self):
        """Give our address by name."""
        return f"https://localhost:{self.port}"

    def client(self, shown=None, host="localhost"):
        """Give a client that trusts us, and shows a certificate of its own or none."""
        context = self.authority.client_context(shown)
        return httpx.Client(base_url=f"https://{host}:{self.port}", verify=context)

    def stop(self):
        """Stop as a signal does, and wait until it is done."""
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture
def authority(tmp_path):
    """Who signs for all of us."""
    return make_authority(tmp_path / "certificates")


@pytest.fixture
def served(authority):
    """Open the doors; no proxy is trusted."""
    own = authority.issue("server", hosts=["localhost", "127.0.0.1"])
    tls = Tls(
        TlsSettings(certificate=own.certificate, key=own.key, client_ca=authority.certificate)
    )
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(_doors()),
            port=0,
            loop="uvloop",
            http=BoundedHead,
            log_config=None,
            ssl_context_factory=lambda *_: tls.context,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    served = Served(port, tls, own, authority, server, thread)
    yield served
    served.stop()


def _doors():
    store, known = MemoryStore(), [_known(SYSTEM, KEY), _known(OTHER)]
    return make_doors(
        store,
        RouteTable("1", {}, {}, {}),
        lambda: datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        identity=Identity(known, ()),
        name="vaxel-test",
        hsa_id=HsaId(GATEWAY),
        largest_request=1_000_000,
        contracts=CONTRACTS,
    )


def _known(hsa_id, *keys):
    digests = frozenset(hashlib.sha256(key.encode()).hexdigest() for key in keys)
    return KnownCaller(Caller(HsaId(hsa_id), hsa_id, Role.CASE_SYSTEM), digests)
