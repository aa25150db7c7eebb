"""
What every store promises, as tests that it inherits.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            return open_my_store()

Each test begins with an empty store.
"""

from gateway.testing.store_contract.cases import CasesContract
from gateway.testing.store_contract.changes import ChangesContract
from gateway.testing.store_contract.deliveries import DeliveriesContract
from gateway.testing.store_contract.inboxes import InboxesContract
from gateway.testing.store_contract.operating import OperatingContract
from gateway.testing.store_contract.order import OrderContract

__all__ = ["StoreContract"]


class StoreContract(
    CasesContract,
    ChangesContract,
    DeliveriesContract,
    OrderContract,
    OperatingContract,
    InboxesContract,
):
    """Everything that a store promises."""
