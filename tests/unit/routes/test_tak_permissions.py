"""Call permissions of a TAK that the routing rules lack are told, a line each."""

from datetime import UTC, date, datetime

import pytest

from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.permission import PROCESS_CASE
from gateway.routes.build import build
from gateway.routes.tak.permissions import lacking
from gateway.routes.tak.table import At, Days, TakPermission
from tests.tak_examples import SENDER, VC
from tests.unit.routes.conftest import adapter_faults, draft

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEADER = "sender,contract,address,valid_from,valid_to\n"
GIVEN = f"{HEADER}{SENDER},{PROCESS_CASE},SE2321009101-SJH,,\n"
FROM_MAY = Days(date(2026, 5, 1), None)


def may(receiver=VC, valid=FROM_MAY):
    """Make a permission."""
    place = At("anropsBehorighetsInfo", 1)
    return TakPermission(HsaId(receiver), HsaId(SENDER), PROCESS_CASE, valid, place)


def told(files, permission, region="nordmark"):
    """Tell what is lacking."""
    table = build(draft(files), adapter_faults)
    assert isinstance(table, RouteTable), table
    return list(lacking([permission], table, region, NOW))


@pytest.mark.parametrize(
    ("permission", "lines"),
    [
        (may(), [f"{SENDER},{PROCESS_CASE},{VC},2026-05-01,"]),
        (may("*"), [f"{SENDER},{PROCESS_CASE},*,2026-05-01,"]),
        (may("se2321009101-sjh"), []),
        (may("SE2321009202-VC"), []),
        (may(valid=Days(date(2026, 5, 1), date(2026, 11, 21))), []),
        (
            may("SE2321009101-KLIN", Days(date(2027, 1, 1), date(2027, 2, 1))),
            [f"{SENDER},{PROCESS_CASE},SE2321009101-KLIN,2027-01-01,2027-02-01"],
        ),
    ],
)
def test_a_permission_that_is_not_given_is_told_as_it_would_be_written(files, permission, lines):
    """DOMAIN B12: of the region's units and of everybody, now or from when it begins."""
    assert told(files | {"permissions.csv": GIVEN}, permission) == lines


def test_without_permissions_none_is_lacking(files):
    """DOMAIN B12: then nobody is asked for any."""
    assert told(files, may()) == []
