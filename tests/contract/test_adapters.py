"""Our own adapters keep the contract that every adapter must; two of them over real sockets."""

import pytest
from pydantic import ValidationError

from adapters.file_drop import FileDrop
from adapters.inbox import Inbox
from adapters.pickup import Pickup, PickupSettings
from adapters.rest import Rest
from adapters.riv_soap import RivSoap
from gateway.adapter import TryLater
from gateway.testing.adapter_contract import CONTRACTS, AdapterContract, LocalAdapterContract
from gateway.testing.builders import make_message
from gateway.testing.dialects import FolderSystem, RestSystem, SoapSystem
from gateway.testing.foreign import FakeUnitInbox, Mood


class TestInbox(LocalAdapterContract):
    """The built-in inbox is an adapter (DESIGN decision 1)."""

    adapter = Inbox

    @pytest.fixture
    def remote(self):
        return FakeUnitInbox()


class TestFileDrop(LocalAdapterContract):
    """Folders with a message each, as JSON and as XML, on a real disk."""

    adapter = FileDrop
    moods = (Mood.WELL, Mood.BUSY, Mood.GONE)

    @pytest.fixture(params=["json", "xml"])
    def remote(self, request, tmp_path):
        return FolderSystem(tmp_path, request.param)


class TestPickup:
    """It is called by nobody; the rest of the contract is for adapters that send."""

    def test_nothing_is_ever_sent(self):
        """DOMAIN C5: what waits there is fetched."""
        pickup = Pickup(PickupSettings(), None)  # type: ignore[arg-type] # it needs no tools
        assert pickup.can.fetched
        assert isinstance(pickup.deliver(make_message()), TryLater)

    def test_a_setting_is_an_error(self):
        """DOMAIN G5: there are none, and one that does nothing would mislead."""
        with pytest.raises(ValidationError):
            Pickup.Settings.model_validate({"url": "https://diary.example"})


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
