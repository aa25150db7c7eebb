"""Our own adapters keep the contract that every adapter must; two of them over real sockets."""

import pytest

from adapters.inbox import Inbox
from adapters.rest import Rest
from adapters.riv_soap import RivSoap
from gateway.testing.adapter_contract import CONTRACTS, AdapterContract, LocalAdapterContract
from gateway.testing.dialects import RestSystem, SoapSystem
from gateway.testing.foreign import FakeUnitInbox


class TestInbox(LocalAdapterContract):
    """The built-in inbox is an adapter (DESIGN decision 1)."""

    adapter = Inbox

    @pytest.fixture
    def remote(self):
        return FakeUnitInbox()


class TestRest(AdapterContract):
    """Signed JSON, verified there with the library that receivers use."""

    adapter = Rest

    @pytest.fixture
    def remote(self):
        with RestSystem() as system:
            yield system


class TestRivSoap(AdapterContract):
    """RIV-TA, checked there against the schema of the contract."""

    adapter = RivSoap

    @pytest.fixture
    def remote(self):
        with SoapSystem(CONTRACTS) as system:
            yield system
