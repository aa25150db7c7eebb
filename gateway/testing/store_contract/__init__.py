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
from gateway.testing.store_contract.destinations import DestinationsContract
from gateway.testing.store_contract.inboxes import InboxesContract
from gateway.testing.store_contract.leases import LeasesContract
from gateway.testing.store_contract.listed_replays import ListedReplaysContract
from gateway.testing.store_contract.operating import OperatingContract
from gateway.testing.store_contract.order import OrderContract
from gateway.testing.store_contract.pickups import PickupsContract
from gateway.testing.store_contract.publications import PublicationsContract
from gateway.testing.store_contract.quarantine import QuarantineContract
from gateway.testing.store_contract.replays import ReplaysContract
from gateway.testing.store_contract.steps import PollsContract, StepsContract
from gateway.testing.store_contract.unrouted import UnroutedContract
from gateway.testing.store_contract.watch import WatchContract

__all__ = ["StoreContract"]


class StoreContract(
    CasesContract,
    ChangesContract,
    DeliveriesContract,
    OrderContract,
    LeasesContract,
    PickupsContract,
    OperatingContract,
    ReplaysContract,
    ListedReplaysContract,
    UnroutedContract,
    DestinationsContract,
    InboxesContract,
    WatchContract,
    QuarantineContract,
    StepsContract,
    PollsContract,
    PublicationsContract,
):
    """Everything that a store promises."""
