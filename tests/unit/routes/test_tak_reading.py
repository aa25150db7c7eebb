"""What a TAK says is read in every form that it has, and never believed when it is nonsense."""

import json
from datetime import date

import httpx
import pytest

from gateway.domain.hsa import HsaId
from gateway.flow.permission import PROCESS_CASE
from gateway.routes.tak.calling import heard
from gateway.routes.tak.reading import read_tak_file
from gateway.routes.tak.table import Days, TakTable
from tests.tak_examples import (
    OTHER_CONTRACT,
    SENDER,
    URL,
    VC,
    export,
    fault,
    packed,
    permission,
    permissions_answer,
    route,
    routes_answer,
    snapshot,
    written,
)

FOREVER = Days(date(2026, 10, 1), None)
DTD = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def hear(routes=None, permissions=None, status=200):
    """Read answers of a TAK."""
    told = {
        "hamtaAllaVirtualiseringar": routes or routes_answer([route()]),
        "hamtaAllaAnropsBehorigheter": permissions or permissions_answer([permission()]),
    }
    return heard(lambda operation: (status, told[operation]))


def faults(tak):
    """Word what is wrong."""
    return [str(finding) for finding in tak.findings]


def only_route(tak):
    """Give the route of a table that has one, and is right."""
    assert faults(tak) == []
    [one] = tak.routes
    return one


@pytest.mark.parametrize(
    "read",
    [
        hear,
        lambda: read_tak_file("a", written(snapshot()), None, ()),
        lambda: read_tak_file("a", packed(snapshot()), None, ()),
        lambda: read_tak_file("a", written(export()), None, ()),
    ],
    ids=["SokVagvalsInfo", "published", "published, packed", "exported"],
)
def test_a_route_and_a_permission_are_read_from_every_form(read):
    """INTEROP §3.3, §3.8: the same, whoever tells it."""
    tak = read()
    one = only_route(tak)
    assert (one.receiver, one.contract, one.address) == (HsaId(VC), PROCESS_CASE, URL)
    assert (one.profile, one.valid) == ("RIVTABP21", FOREVER)
    [may] = tak.permissions
    assert (may.receiver, may.sender, may.valid) == (HsaId(VC), HsaId(SENDER), FOREVER)


@pytest.mark.parametrize(
    ("begins", "ends", "days"),
    [
        ("2026-10-25T00:00:00", "2026-12-31T00:00:00", (date(2026, 10, 25), date(2026, 12, 31))),
        ("2026-10-24T22:00:00Z", "2026-12-31T23:59:59", (date(2026, 10, 25), date(2026, 12, 31))),
        ("2026-10-25T00:00:00.000+02:00", "2076-01-01", (date(2026, 10, 25), None)),
        ("2000-01-01T00:00:00", "2010-01-01T00:00:00", (None, date(2010, 1, 1))),
    ],
)
def test_times_are_days_in_sweden_and_the_last_one_is_included(begins, ends, days):
    """INTEROP §3.2, §3.8: no zone is Swedish, and not fourteen hours this way or that."""
    tak = hear(routes_answer([route(begins=begins, ends=ends)]))
    assert only_route(tak).valid == Days(*days)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"adress": ""}, "virtualiseringsInfo:2: missing-key: adress is empty"),
        ({"receiverId": "SE1 "}, "virtualiseringsInfo:2: bad-hsa-id: receiverId: 'SE1 '"),
        ({"fromTidpunkt": "i morgon"}, "virtualiseringsInfo:2: bad-date: fromTidpunkt: 'i mor"),
        ({"tomTidpunkt": "2026-01-01"}, "virtualiseringsInfo:2: bad-period: fromTidpunkt 2026"),
    ],
)
def test_a_fault_is_told_with_its_row(fields, told):
    """DOMAIN B10: which row, which rule, and what is there."""
    [found] = faults(hear(routes_answer([route(), route(**fields)])))
    assert found.startswith(told)


def test_rows_of_other_contracts_are_nobodys_business():
    """INTEROP §4: a list of contracts limits what is read; faults of others do not matter."""
    rows = [route(tjansteKontrakt=OTHER_CONTRACT, adress="", fromTidpunkt=""), route()]
    assert only_route(hear(routes_answer(rows))).place.row == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"routes": fault("Publicerad version saknas")},
            "is a fault: 'Publicerad version saknas'",
        ),
        ({"routes": b"<html>Sign in</html>"}, "is no SOAP 1.1 answer"),
        ({"routes": b"Service Unavailable"}, "is not XML (line 1)"),
        ({"routes": routes_answer([route()])[:-40]}, "is not XML"),
        ({"routes": permissions_answer([permission()])}, "holds no hamtaAllaVirtualiseringarRes"),
        ({"routes": DTD}, "document type declaration"),
        ({"status": 404}, "was answered with HTTP 404"),
    ],
)
def test_an_answer_that_is_none_is_told(answers, told):
    """INTEROP §4: a failure, whatever else was answered."""
    assert told in faults(hear(**answers))[0]


def test_a_tak_that_does_not_answer_is_told_once_for_each_question():
    """INTEROP §4: no contact."""

    def ask(operation):
        raise httpx.ConnectError("refused")

    assert [": ".join(found.split(": ")[:2]) for found in faults(heard(ask))] == [
        "hamtaAllaVirtualiseringar: no-answer",
        "hamtaAllaAnropsBehorigheter: no-answer",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is no JSON"),
        (b"\x1f\x8bnonsense", "is no JSON, and no JSON in gzip"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "is neither a published version"),
        (written({"data": {"vagval": {}}}), "must be a list of objects"),
        (written({"data": None}), "there is nothing of"),
    ],
)
def test_a_file_that_is_nothing_of_a_tak_is_told(data, told):
    """DOMAIN B10: refused, whatever it is."""
    tak = read_tak_file("a.json", data, None, ())
    assert isinstance(tak, TakTable)
    assert told in faults(tak)[0]


def test_a_row_that_points_at_nothing_is_told():
    """INTEROP §3.3: ids that lead nowhere."""
    whole = snapshot()
    whole["data"]["anropsadress"] = []
    assert {found.split(": ")[2][:8] for found in faults(_read(whole))} == {"adress i", "rivProfi"}


@pytest.mark.parametrize("nonsense", [{"id": 1}, ["x"], None, 1.5, 10**30])
@pytest.mark.parametrize("part", ["anropsadress", "logiskadress", "tjanstekontrakt"])
def test_a_row_that_points_with_nonsense_is_told(part, nonsense):
    """DOMAIN B10: what is read is findings, whatever it is."""
    whole = snapshot()
    whole["data"]["vagval"][0]["relationships"][part] = nonsense
    assert faults(_read(whole))


@pytest.mark.parametrize("nonsense", [{"a": 1}, ["x"], None, 1.5])
def test_an_address_that_is_no_text_is_told(nonsense):
    """DOMAIN B10: the same of what is pointed at."""
    whole = snapshot()
    whole["data"]["anropsadress"][0]["adress"] = nonsense
    assert "adress is empty or no text" in faults(_read(whole))[0]


def test_a_snapshot_that_unfolds_without_end_is_cut_off(monkeypatch):
    """A few bytes can unfold to gigabytes."""
    monkeypatch.setattr("gateway.routes.tak.reading.LARGEST_FILE", 1000)
    [found] = faults(read_tak_file("a.gz", packed({"data": "x" * 5000}), None, ()))
    assert "unfolds to over 1000 bytes" in found


def _read(document):
    return read_tak_file("a.json", json.dumps(document).encode(), None, ())
