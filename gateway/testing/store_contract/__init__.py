"""
What every store promises, as tests that it inherits.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            return open_my_store()

Each test begins with an empty store.
"""

from gateway.testing.store_contract.alarms import AlarmsContract
from gateway.testing.store_contract.boards import BoardsContract
from gateway.testing.store_contract.cases import CasesContract
from gateway.testing.store_contract.changes import ChangesContract
from gateway.testing.store_contract.citizen_cases import CitizenCasesContract
from gateway.testing.store_contract.clock import ClockContract
from gateway.testing.store_contract.counted_replays import CountedReplaysContract
from gateway.testing.store_contract.deliveries import DeliveriesContract
from gateway.testing.store_contract.destinations import DestinationsContract
from gateway.testing.store_contract.forwarding import ForwardingContract
from gateway.testing.store_contract.handlings import HandlingsContract
from gateway.testing.store_contract.inboxes import InboxesContract
from gateway.testing.store_contract.keeping import KeepingContract
from gateway.testing.store_contract.leases import LeasesContract
from gateway.testing.store_contract.listed_replays import ListedReplaysContract
from gateway.testing.store_contract.notices import NoticesContract
from gateway.testing.store_contract.operating import OperatingContract
from gateway.testing.store_contract.order import OrderContract
from gateway.testing.store_contract.pickups import PickupsContract
from gateway.testing.store_contract.publications import PublicationsContract
from gateway.testing.store_contract.quarantine import QuarantineContract
from gateway.testing.store_contract.references import ReferencesContract
from gateway.testing.store_contract.registered import RegisteredCasesContract
from gateway.testing.store_contract.replays import ReplaysContract
from gateway.testing.store_contract.retention import RetentionContract
from gateway.testing.store_contract.statistics import StatisticsContract
from gateway.testing.store_contract.steps import PollsContract, StepsContract
from gateway.testing.store_contract.themes import ThemesContract
from gateway.testing.store_contract.unit_lists import UnitListsContract
from gateway.testing.store_contract.unmatched_retention import UnmatchedRetentionContract
from gateway.testing.store_contract.unrouted import UnroutedContract
from gateway.testing.store_contract.uploads import UploadsContract
from gateway.testing.store_contract.watch import WatchContract

__all__ = ["StoreContract"]


class StoreContract(
    CasesContract,
    ChangesContract,
    DeliveriesContract,
    OrderContract,
    ForwardingContract,
    LeasesContract,
    PickupsContract,
    OperatingContract,
    ReplaysContract,
    CountedReplaysContract,
    ListedReplaysContract,
    UnroutedContract,
    DestinationsContract,
    HandlingsContract,
    InboxesContract,
    CitizenCasesContract,
    UnitListsContract,
    ReferencesContract,
    BoardsContract,
    ClockContract,
    ThemesContract,
    AlarmsContract,
    WatchContract,
    QuarantineContract,
    UploadsContract,
    StepsContract,
    PollsContract,
    PublicationsContract,
    StatisticsContract,
    RegisteredCasesContract,
    NoticesContract,
    KeepingContract,
    RetentionContract,
    UnmatchedRetentionContract,
):
    """Everything that a store promises."""
